/** The head of the console: title, state, and what may be done with the whole session. Markup for a view. */
import { html, nothing, type TemplateResult } from "lit";
import type { SessionFace } from "../../sdk/index.ts";
import type { Writing } from "../design/writing.ts";
import type { Rights, SessionMove } from "./rights.ts";

export interface HeadView {
  readonly session: string;
  readonly face: SessionFace;
  readonly rights: Rights;
  readonly texts: Writing;
  readonly nowMs: number;
  readonly isOffline: boolean;
  /** What is being done, and why the last was refused. */
  readonly busy: ReadonlySet<string>;
  readonly refusal: string;
  readonly move: (move: SessionMove) => void;
  readonly invite: () => void;
}

export const STATES: Readonly<Record<SessionFace["status"], string>> = {
  draft: "Draft",
  scheduled: "Scheduled",
  live: "Live",
  paused: "Paused",
  ended: "Ended",
  cancelled: "Cancelled",
};

const MOVES: Readonly<Record<SessionMove, { readonly label: string; readonly icon: string }>> = {
  start: { label: "Go live", icon: "live" },
  pause: { label: "Pause", icon: "pause" },
  resume: { label: "Resume", icon: "play" },
  end: { label: "End", icon: "stop" },
  cancel: { label: "Cancel", icon: "withdraw" },
};

export function headOf(view: HeadView): TemplateResult {
  const { face, session, rights, refusal, isOffline } = view;
  const main = rights.moves.filter((move) => move !== "cancel");
  return html`<header class="head" tabindex="-1" data-keeps-focus>
    <div class="name">
      <h1><bdi>${face.title}</bdi></h1>
      <p class="state">
        <span class="chip ${face.status}">${STATES[face.status]}</span>
        <span class="quiet figures">${sinceText(view)}</span>
      </p>
    </div>
    <div class="deeds">
      ${
        main.length > 0
          ? html`<div class="moves" role="group" aria-label="Session">
              ${main.map((move) => moveButton(move, view))}
            </div>`
          : nothing
      }
      ${
        rights.invites
          ? html`<wa-button
              appearance="outlined"
              ?disabled=${isOffline}
              ?loading=${view.busy.has("invite")}
              @click=${view.invite}
              ><wa-icon slot="start" name="share"></wa-icon>Moderator</wa-button
            >`
          : nothing
      }
      <wa-button appearance="outlined" href="/overlay/${session}" target="_blank" rel="noopener"
        ><wa-icon slot="start" name="external"></wa-icon>Overlay</wa-button
      >
      ${rights.moves.includes("cancel") ? moveButton("cancel", view) : nothing}
    </div>
    <p class="refusal" role="alert">${refusal}</p>
    ${
      isOffline
        ? html`<p class="offline" role="status">
            <wa-icon name="offline"></wa-icon>No connection. What you see may be out of date; trying again by
            itself.
          </p>`
        : nothing
    }
  </header>`;
}

/** The first is what most come for. */
function moveButton(move: SessionMove, { busy, isOffline, move: act }: HeadView): TemplateResult {
  const { label, icon } = MOVES[move];
  const isFirst = move === "start" || move === "resume";
  return html`<wa-button
    variant=${isFirst ? "brand" : "neutral"}
    appearance=${isFirst || move === "pause" ? "accent" : move === "end" ? "outlined" : "plain"}
    ?disabled=${isOffline}
    ?loading=${busy.has(move)}
    @click=${() => act(move)}
    ><wa-icon slot="start" name=${icon}></wa-icon>${label}</wa-button
  >`;
}

function sinceText({ face, texts, nowMs }: HeadView): string {
  const { status, startedAt, endedAt, scheduledAt } = face;
  if (status === "scheduled" && scheduledAt !== undefined) {
    const atMs = Date.parse(scheduledAt);
    return atMs > nowMs ? `in ${texts.span(atMs - nowMs)}` : `for ${texts.moment(atMs)}`;
  }
  if (endedAt !== undefined) return texts.moment(Date.parse(endedAt));
  if (startedAt !== undefined) return `for ${texts.span(Math.max(0, nowMs - Date.parse(startedAt)))}`;
  return "viewers see it when it goes live";
}

/** The console's page, `/console/{session}`: asks who is there and for which session, and shows it. Touches its own page. */
import "../signed-in/shell.ts";
import "./session.ts";
import { html, LitElement, type TemplateResult } from "lit";
import type { Schemas } from "../../sdk/api.ts";
import { api } from "../signed-in/api.ts";
import { wordsFor } from "../signed-in/problems.ts";
import { signedIn } from "../signed-in/style.ts";
import { whoIsSignedIn, type Who } from "../signed-in/who.ts";
import { STATES } from "./header.ts";
import { consoleStyle } from "./style.ts";

type Summary = Schemas["SessionSummary"];

const SESSION = /^\/console\/(ses_[0-9a-z]{26})\/?$/;

export class DropcastConsole extends LitElement {
  static override styles = [...signedIn, consoleStyle];
  static override properties = {
    who: { state: true },
    sessions: { state: true },
    fault: { state: true },
  };

  declare protected who: Who | undefined;
  /** To choose from, where the address names none. */
  declare protected sessions: readonly Summary[] | undefined;
  declare protected fault: string | undefined;
  readonly #session = SESSION.exec(location.pathname)?.[1];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override render(): TemplateResult {
    return html`<dropcast-shell .who=${this.who} page="console">${this.#page()}</dropcast-shell>`;
  }

  async #begin(): Promise<void> {
    try {
      this.fault = undefined;
      const who = await whoIsSignedIn();
      if (this.#session === undefined && who.session !== undefined)
        return location.replace(`/console/${who.session}`);
      this.who = who;
      if (this.#session === undefined) this.sessions = await sessionsOf(who);
    } catch (error) {
      this.fault = wordsFor(error);
    }
  }

  #page(): TemplateResult {
    if (this.fault !== undefined) {
      return html`<div class="message">
        <wa-icon name="offline"></wa-icon>
        <p role="alert">${this.fault}</p>
        <wa-button variant="brand" @click=${() => void this.#begin()}>Try again</wa-button>
      </div>`;
    }
    if (this.#session === undefined) return this.#choice();
    return html`<console-session .session=${this.#session} .who=${this.who}></console-session>`;
  }

  #choice(): TemplateResult {
    if (!this.sessions)
      return html`<div class="message" aria-busy="true"><p>Loading your sessions…</p></div>`;
    if (this.sessions.length === 0) {
      return html`<div class="message">
        <wa-icon name="live"></wa-icon>
        <h1>No session yet</h1>
        <p>Make one with <code>POST /v1/sessions</code>, then run it from here.</p>
        <wa-button href="/docs">Read how</wa-button>
      </div>`;
    }
    return html`<div class="message">
      <h1>Which session?</h1>
      <ul class="sessions panel">
        ${this.sessions.map(
          ({ id, title, status }) =>
            html`<li>
              <a href="/console/${id}"
                ><bdi>${title}</bdi
                ><span class="state"><span class="chip ${status}">${STATES[status]}</span></span></a
              >
            </li>`,
        )}
      </ul>
    </div>`;
  }
}

async function sessionsOf({ seller, creator }: Who): Promise<readonly Summary[]> {
  const query = seller === undefined ? { creator: creator ?? "" } : { seller };
  const { data } = await api.GET("/v1/sessions", { params: { query } });
  return data.data;
}

customElements.define("dropcast-console", DropcastConsole);

/** The offers of the console, each with its price, its units and what may be done with it. Markup for rows. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Writing } from "../design/writing.ts";
import type { OfferMove } from "./rights.ts";
import { BADGES, unitsText, type Row } from "./rows.ts";

export interface OffersView {
  readonly session: string;
  readonly rows: readonly Row[];
  readonly texts: Writing;
  readonly nowMs: number;
  readonly isOffline: boolean;
  /** `offer move` that is under way. */
  readonly busy: ReadonlySet<string>;
  /** Why the last thing was refused, by offer. */
  readonly refusals: ReadonlyMap<string, string>;
  readonly move: (row: Row, move: OfferMove) => void;
  readonly reprice: (row: Row) => void;
  readonly restock: (row: Row) => void;
}

const MOVES: Readonly<Record<OfferMove, { readonly label: string; readonly icon: string }>> = {
  open: { label: "Open", icon: "open" },
  close: { label: "Close", icon: "close" },
  pin: { label: "Pin", icon: "pin" },
  unpin: { label: "Unpin", icon: "unpin" },
  withdraw: { label: "Withdraw", icon: "withdraw" },
};

export function offersOf(view: OffersView): TemplateResult {
  if (view.rows.length === 0) {
    return html`<div class="panel empty">
      <wa-icon name="bag"></wa-icon>
      <p>
        No offers yet. Add one with <code>POST /v1/sessions/${view.session}/offers</code>; it shows here at
        once.
      </p>
    </div>`;
  }
  return html`<ul class="offers">
    ${repeat(
      view.rows,
      ({ id }) => id,
      (row) => offerOf(row, view),
    )}
  </ul>`;
}

function offerOf(row: Row, view: OffersView): TemplateResult {
  const { texts } = view;
  return html`<li>
    <article class="panel offer ${row.badge}" aria-labelledby=${row.id} tabindex="-1" data-keeps-focus>
      <div class="top">
        ${picture(row, view)}
        <div class="what">
          <h2 id=${row.id}><bdi>${row.title}</bdi></h2>
          <p class="chips">
            ${row.isPinned ? html`<span class="chip pinned"><wa-icon name="pin"></wa-icon>Pinned</span>` : nothing}
            <span class="chip ${row.badge}">${BADGES[row.badge]}</span>
            ${windowOf(row, view)}
          </p>
          <p class="cost figures">
            <strong>${texts.money(row.price)}</strong>
            ${row.was ? html`<s><span class="heard">before </span>${texts.money(row.was)}</s>` : nothing}
            ${row.floor ? html`<span class="quiet">floor ${texts.money(row.floor)}</span>` : nothing}
          </p>
        </div>
      </div>
      <div class="units figures">
        ${barOf(row)}
        <p>
          ${unitsText(row, texts)}${
            row.captured && row.captured.amount > 0
              ? html`<span class="taken">${texts.money(row.captured)}</span>`
              : nothing
          }
        </p>
      </div>
      ${deedsOf(row, view)}
      <p class="refusal" role="alert">${view.refusals.get(row.id) ?? ""}</p>
    </article>
  </li>`;
}

function picture({ id, hasImage }: Row, { session }: OffersView): TemplateResult {
  return html`<div class="picture" aria-hidden="true">
    <wa-icon name="bag"></wa-icon>
    ${
      hasImage
        ? html`<img
            src="/v1/sessions/${session}/offers/${id}/image"
            alt=""
            loading="lazy"
            decoding="async"
            @error=${({ currentTarget }: Event) => currentTarget instanceof HTMLElement && (currentTarget.hidden = true)}
          />`
        : nothing
    }
  </div>`;
}

function windowOf(
  { opensAtMs, closesAtMs }: Row,
  { texts, nowMs }: OffersView,
): TemplateResult | typeof nothing {
  const atMs = opensAtMs ?? closesAtMs;
  if (atMs === undefined || atMs <= nowMs) return nothing;
  return html`<span class="quiet figures"
    >${opensAtMs === undefined ? "closes" : "opens"} in ${texts.span(atMs - nowMs)}</span
  >`;
}

/** Sold, held and left as one bar. By attributes: the page's policy allows no style in markup. */
function barOf({ sold, held, left }: Row): TemplateResult {
  const all = Math.max(1, sold + held + left);
  const part = (units: number): number => (units / all) * 100;
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="left" width="100" height="4" />
      <rect class="held" width=${part(sold + held)} height="4" />
      <rect class="sold" width=${part(sold)} height="4" />`}
  </svg>`;
}

function deedsOf(row: Row, view: OffersView): TemplateResult | typeof nothing {
  const { isOffline, busy } = view;
  if (row.moves.length === 0 && !row.mayReprice && !row.mayStock) return nothing;
  const button = (label: string, icon: string, name: string, act: () => void): TemplateResult =>
    html`<wa-button
      appearance="plain"
      variant=${isCalledFor(name, row) ? "brand" : "neutral"}
      ?disabled=${isOffline}
      ?loading=${busy.has(`${row.id} ${name}`)}
      @click=${act}
      ><wa-icon slot="start" name=${icon}></wa-icon>${label}<span class="heard">
        ${row.title}</span
      ></wa-button
    >`;
  const move = (name: OfferMove): TemplateResult =>
    button(MOVES[name].label, MOVES[name].icon, name, () => view.move(row, name));
  const isLast = (name: OfferMove): boolean => name === "withdraw";
  return html`<div class="tools" role="group" aria-label=${`What to do with ${row.title}`}>
    ${row.moves.filter((name) => !isLast(name)).map(move)}
    ${row.mayReprice ? button("Price", "tag", "reprice", () => view.reprice(row)) : nothing}
    ${row.mayStock ? button("Stock", "box", "stock", () => view.restock(row)) : nothing}
    ${row.moves.filter(isLast).map(move)}
  </div>`;
}

/** What most would do next stands out. */
function isCalledFor(name: string, { badge }: Row): boolean {
  if (badge === "soldOut") return name === "stock";
  return name === "open" && badge === "scheduled";
}

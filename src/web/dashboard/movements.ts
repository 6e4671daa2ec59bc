/** Transfers and payouts, the newest first, each with how it stands in words. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Schemas } from "../../sdk/api.ts";
import { api } from "../signed-in/api.ts";
import { askedOf, csvAddress, type Dash } from "./dash.ts";
import { blocks } from "./loaded.ts";
import { Paged, type At } from "./paged.ts";
import { badge, csvLink } from "./parts.ts";
import { dashboardStyles } from "./styles.ts";
import { MOVEMENTS, PAYOUTS } from "./words.ts";

type Transfer = Schemas["Transfer"];
type Payout = Schemas["Payout"];

const PAGE = 10;

/** What each list is called, and what it says of a row and of nothing. */
const KINDS = {
  payouts: {
    title: "Payouts",
    what: "To the bank",
    none: "None yet. A payout takes what is at the provider to your bank.",
  },
  transfers: {
    title: "Transfers",
    what: "Your share of order",
    none: "None yet. A transfer moves your share of an order to your account at the provider.",
  },
} as const;

export class DropcastMovements extends LitElement {
  static override properties = { dash: { attribute: false }, kind: {} };
  static override styles = dashboardStyles;

  declare dash: Dash;
  declare kind: keyof typeof KINDS;

  constructor() {
    super();
    this.kind = "payouts";
  }

  readonly #items = new Paged<Transfer | Payout, readonly [Dash, keyof typeof KINDS]>(
    this,
    async ([dash, kind], at, signal) =>
      kind === "payouts"
        ? (await api.GET("/v1/payouts", asked(dash, at, signal))).data
        : (await api.GET("/v1/transfers", asked(dash, at, signal))).data,
    () => [this.dash, this.kind],
  );

  protected override render(): TemplateResult {
    const { title, what, none } = KINDS[this.kind];
    const csv = csvAddress(`/v1/${this.kind}`, askedOf(this.dash.party));
    return html`<section class="panel" aria-labelledby="title">
      <div class="head">
        <h2 id="title">${title}</h2>
        ${this.#items.items.length > 0 ? csvLink(csv, this.kind) : nothing}
      </div>
      ${this.#items.shown(blocks(3, "s"), (items) => this.#list(items, what, none))}
    </section>`;
  }

  #list(items: readonly (Transfer | Payout)[], what: string, none: string): TemplateResult {
    if (items.length === 0) return html`<p class="empty">${none}</p>`;
    return html`<table class="list">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">State</th>
          <th scope="col" class="number">Amount</th>
        </tr>
      </thead>
      <tbody>
        ${items.map((item) => this.#row(item, what))}
      </tbody>
    </table>`;
  }

  #row(item: Transfer | Payout, what: string): TemplateResult {
    const { date, money } = this.dash.formats;
    const name = "order" in item ? `${what} …${shortOrder(item.order)}` : what;
    const reversed = "reversed" in item && item.reversed.amount > 0 ? item.reversed : undefined;
    return html`<tr>
      <th scope="row">${date(item.createdAt)}<span class="sub wide">${name}</span></th>
      <td>
        ${badge(("order" in item ? MOVEMENTS : PAYOUTS)[item.status])}
        ${item.failure === undefined ? nothing : html`<span class="sub">${item.failure}</span>`}
      </td>
      <td class="number">
        ${money(item.amount)}
        ${reversed ? html`<span class="sub">${money(reversed)} taken back</span>` : nothing}
      </td>
    </tr>`;
  }
}

/** An order's id ends with its session's: what tells it from others is before that. */
function shortOrder(order: string): string {
  return order.slice("ord_".length, "ord_".length + 26).slice(-6);
}

function asked({ party }: Dash, at: At, signal: AbortSignal | undefined) {
  return { params: { query: { ...askedOf(party), limit: PAGE, ...at } }, ...(signal ? { signal } : {}) };
}

customElements.define("dropcast-movements", DropcastMovements);

/** Orders, the latest first: a seller's of all sessions or of one, a creator's of the sessions they host. */
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Schemas } from "../../sdk/api.ts";
import { api } from "../signed-in/api.ts";
import { askedOf, csvAddress, type Dash, type Party } from "./dash.ts";
import { blocks, Loaded } from "./loaded.ts";
import { boughtIn } from "./order-view.ts";
import { Paged } from "./paged.ts";
import { badge, csvLink } from "./parts.ts";
import { readSessions } from "./reports.ts";
import { dashboardStyles } from "./styles.ts";
import { teach } from "./teach.ts";
import { FAILURES, ORDERS } from "./words.ts";

type Order = Schemas["ListedOrder"];

const PAGE = 25;
const ALL = "all";

export class DropcastOrders extends LitElement {
  static override properties = { dash: { attribute: false }, session: {} };
  static override styles = [
    ...dashboardStyles,
    css`
      .csv {
        margin-inline-start: auto;
      }
      wa-select {
        inline-size: min(100%, 24rem);
      }
      wa-select::part(form-control) {
        display: flex;
        align-items: center;
        gap: var(--dc-space-3);
      }
      wa-select::part(form-control-input) {
        flex: 1;
      }
      wa-select::part(form-control-label) {
        margin: 0;
      }
    `,
  ];

  declare dash: Dash;
  /** The one whose orders are shown; empty for all, and for the newest where there is no list of all. */
  declare session: string;

  constructor() {
    super();
    this.session = "";
  }

  readonly #sessions = new Loaded(
    this,
    ([{ party }]: readonly [Dash], signal) => readSessions(party, signal),
    () => [this.dash] as const,
  );

  readonly #orders = new Paged(
    this,
    async ([{ party }, session]: readonly [Dash, string | undefined], at, signal) => {
      if (session === undefined) return undefined;
      const query = { ...ordersOf(party, session), limit: PAGE, ...at };
      return (await api.GET("/v1/orders", { params: { query }, ...(signal ? { signal } : {}) })).data;
    },
    () => [this.dash, this.#chosen] as const,
  );

  get #chosen(): string | undefined {
    if (this.session !== "") return this.session;
    return this.dash.party.kind === "seller" ? ALL : this.#sessions.value?.[0]?.id;
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <div class="head top">
        <h1>Orders</h1>
        ${this.#csv()} ${this.#choice()}
      </div>
      ${this.#sessions.shown(blocks(1, "l"), () =>
        this.#chosen === undefined
          ? this.#list([])
          : this.#orders.shown(blocks(1, "l"), (items) => this.#list(items)),
      )}
    </div>`;
  }

  #csv(): TemplateResult | typeof nothing {
    const chosen = this.#chosen;
    if (chosen === undefined || this.#orders.items.length === 0) return nothing;
    return csvLink(csvAddress("/v1/orders", ordersOf(this.dash.party, chosen)), "these orders");
  }

  #choice(): TemplateResult | typeof nothing {
    const sessions = this.#sessions.value ?? [];
    if (sessions.length === 0) return nothing;
    return html`<wa-select
      label="Session"
      .value=${this.#chosen ?? ""}
      @change=${(event: Event) => {
        const { value } = event.currentTarget as unknown as { value: string };
        location.hash = value === ALL ? "#orders" : `#orders/${value}`;
      }}
    >
      ${this.dash.party.kind === "seller" ? html`<wa-option value=${ALL}>All sessions</wa-option>` : nothing}
      ${sessions.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
    </wa-select>`;
  }

  #list(orders: readonly Order[]): TemplateResult {
    if (orders.length === 0) {
      const text =
        "As soon as somebody buys, the order is here, some seconds later: what, for how much, and how the payment stands.";
      return teach({ icon: "bag", title: "No orders yet", text });
    }
    return html`<section class="panel">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col" class="wide">Payment</th>
            <th scope="col" class="number">Amount</th>
          </tr>
        </thead>
        <tbody>
          ${orders.map((order) => this.#row(order))}
        </tbody>
      </table>
    </section>`;
  }

  #row(order: Order): TemplateResult {
    const { id, due, refunded, status, placedAt, failure } = order;
    const { money, moment, number } = this.dash.formats;
    const said = badge(ORDERS[status]);
    const { bought, skus } = boughtIn(order, number);
    return html`<tr>
      <th scope="row">
        <bdi>${bought}</bdi>
        ${skus === undefined ? nothing : html`<span class="sub"><bdi>${skus}</bdi></span>`}
        <span class="sub">${moment(placedAt)} <span class="wide"> · ${id}</span></span>
      </th>
      <td class="wide">
        ${said}${failure === undefined ? nothing : html`<span class="sub">${FAILURES[failure]}</span>`}
      </td>
      <td class="number">
        ${money(due)}<span class="sub narrow">${said}</span>
        ${
          refunded.amount > 0 && refunded.amount < due.amount
            ? html`<span class="sub">${money(refunded)} refunded</span>`
            : nothing
        }
      </td>
    </tr>`;
  }
}

/** The query of the orders of one session, or of all there are. */
function ordersOf(
  party: Party,
  session: string,
): { seller: string } | { creator: string } | { session: string } {
  return session === ALL ? askedOf(party) : { session };
}

customElements.define("dropcast-orders", DropcastOrders);

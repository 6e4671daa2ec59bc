/** `<console-restock>`: how many units of an offer's SKUs the session may sell; set only while nobody else has set it. */
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import type { Writing } from "../design/writing.ts";
import type { Pool } from "./deeds.ts";
import { dialogStyle } from "./dialog-style.ts";

export interface RestockWish {
  readonly title: string;
  readonly defaultZone: string;
  readonly texts: Writing;
  /** Or why they are not to be had, in words. */
  readonly pools: () => Promise<readonly Pool[] | string>;
  /** Resolves with why it was refused, or with nothing when it was done. */
  readonly submit: (pool: Pool, allocated: number) => Promise<string | undefined>;
}

export class ConsoleRestock extends LitElement {
  static override styles = [
    ...dialogStyle,
    css`
      .row {
        display: flex;
        gap: var(--dc-space-2);
        align-items: end;
      }
      .row wa-input {
        flex: 1;
        min-inline-size: 0;
      }
      .pool + .pool {
        padding-block-start: var(--dc-space-4);
        border-block-start: 1px solid var(--dc-line);
      }
    `,
  ];
  static override properties = {
    wish: { state: true },
    pools: { state: true },
    isOpen: { state: true },
    busy: { state: true },
    said: { state: true },
    fault: { state: true },
  };

  declare protected wish: RestockWish | undefined;
  declare protected pools: readonly Pool[] | undefined;
  declare protected isOpen: boolean;
  /** The pool that is being set. */
  declare protected busy: string;
  /** What was said of each pool, by its key. */
  declare protected said: Readonly<Record<string, string>>;
  /** Why the pools are not there. */
  declare protected fault: string;

  constructor() {
    super();
    this.isOpen = false;
    this.busy = "";
    this.said = {};
    this.fault = "";
  }

  async open(wish: RestockWish): Promise<void> {
    this.wish = wish;
    this.pools = undefined;
    this.fault = "";
    this.said = {};
    this.busy = "";
    this.isOpen = true;
    await this.#look(wish);
  }

  /** The pools as they are now, unless another offer's are asked for by then. */
  async #look(wish: RestockWish): Promise<void> {
    const pools = await wish.pools();
    if (this.wish !== wish) return;
    if (typeof pools === "string") this.fault = pools;
    else [this.pools, this.fault] = [pools, ""];
  }

  override render(): TemplateResult {
    const { wish, pools } = this;
    return html`<wa-dialog
      label=${`Stock of ${wish?.title ?? ""}`}
      ?open=${this.isOpen}
      @wa-hide=${() => (this.isOpen = false)}
    >
      <div class="stack">
        ${
          wish && pools
            ? keyed(
                wish,
                repeat(pools, keyOf, (pool) => this.#pool(pool, wish)),
              )
            : nothing
        }
        ${pools || this.fault ? nothing : html`<p class="quiet" role="status">Loading…</p>`}
        <p class="bad" role="alert">${this.fault}</p>
        ${pools?.length === 0 ? html`<p>No stock is allocated for it yet.</p>` : nothing}
        <p class="quiet">More units go to the waitlist first, then on sale at once.</p>
      </div>
      <wa-button slot="footer" appearance="outlined" @click=${() => (this.isOpen = false)}>Done</wa-button>
    </wa-dialog>`;
  }

  #pool(pool: Pool, { texts: { number }, defaultZone }: RestockWish): TemplateResult {
    const key = keyOf(pool);
    const name = pool.zone === defaultZone ? pool.sku : `${pool.sku} in ${pool.zone}`;
    return html`<form class="stack pool" novalidate @submit=${(event: Event) => void this.#set(event, pool)}>
      <dl class="facts">
        <dt>Held</dt>
        <dd>${number(pool.held)}</dd>
        <dt>Sold</dt>
        <dd>${number(pool.committed)}</dd>
        <dt>Left</dt>
        <dd>${number(pool.available)}</dd>
      </dl>
      <div class="row">
        <wa-input
          name="allocated"
          label=${`Units of ${name} in all`}
          type="number"
          inputmode="numeric"
          min=${pool.held + pool.committed}
          value=${pool.allocated}
        ></wa-input>
        <wa-button type="submit" variant="brand" ?loading=${this.busy === key}>Set</wa-button>
      </div>
      <p class=${this.said[key] === SET ? "quiet" : "bad"} role="alert">${this.said[key] ?? ""}</p>
    </form>`;
  }

  async #set(event: Event, pool: Pool): Promise<void> {
    event.preventDefault();
    const { wish } = this;
    if (!wish || this.busy || !(event.currentTarget instanceof HTMLFormElement)) return;
    const key = keyOf(pool);
    const typed = event.currentTarget.querySelector("wa-input")?.value ?? "";
    const allocated = Number(typed);
    if (typed === "" || !Number.isInteger(allocated) || allocated < 0) {
      this.said = { ...this.said, [key]: "Write a whole number of units." };
      return;
    }
    this.busy = key;
    const refusal = await wish.submit(pool, allocated);
    await this.#look(wish);
    if (this.wish !== wish) return;
    this.busy = "";
    this.said = { ...this.said, [key]: refusal ?? SET };
  }
}

const SET = "Set.";

function keyOf({ zone, sku }: Pool): string {
  return `${zone}/${sku}`;
}

customElements.define("console-restock", ConsoleRestock);

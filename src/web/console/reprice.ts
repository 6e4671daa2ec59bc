/** `<console-reprice>`: a new price for an offer: what it may be, and what becomes of prices that viewers have already. */
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Writing } from "../design/writing.ts";
import { majorOf, minorOf } from "./amounts.ts";
import { dialogStyle } from "./dialog-style.ts";
import { priceFault, type Repricing } from "./rows.ts";

export interface RepriceWish {
  readonly title: string;
  readonly repricing: Repricing;
  readonly texts: Writing;
  /** Resolves with why it was refused, or with nothing when it was done. */
  readonly submit: (amount: number, olderTokens: "honour" | "void") => Promise<string | undefined>;
}

export class ConsoleReprice extends LitElement {
  static override styles = dialogStyle;
  static override properties = {
    wish: { state: true },
    isOpen: { state: true },
    isBusy: { state: true },
    fault: { state: true },
  };

  declare protected wish: RepriceWish | undefined;
  declare protected isOpen: boolean;
  declare protected isBusy: boolean;
  declare protected fault: string;

  constructor() {
    super();
    this.isOpen = false;
    this.isBusy = false;
    this.fault = "";
  }

  open(wish: RepriceWish): void {
    this.wish = wish;
    this.fault = "";
    this.isBusy = false;
    this.isOpen = true;
  }

  /** There before it opens: only then is the focus put where `autofocus` wants it. */
  override render(): TemplateResult {
    const { wish } = this;
    return html`<wa-dialog
      label=${`Price of ${wish?.title ?? ""}`}
      ?open=${this.isOpen}
      @wa-hide=${() => (this.isOpen = false)}
      @wa-after-show=${() => this.#select()}
    >
      ${
        // Fields that were filled in for another offer are not used again.
        keyed(wish, wish ? this.#form(wish) : nothing)
      }
      <wa-button slot="footer" appearance="outlined" @click=${() => (this.isOpen = false)}>Keep it</wa-button>
      <wa-button
        slot="footer"
        variant="brand"
        ?loading=${this.isBusy}
        @click=${(event: Event) => void this.#submit(event)}
        >Change the price</wa-button
      >
    </wa-dialog>`;
  }

  #form({ repricing, texts }: RepriceWish): TemplateResult {
    const { now, headline, floor, most } = repricing;
    return html`<form class="stack" @submit=${(event: Event) => void this.#submit(event)}>
      <dl class="facts">
        <dt>Now</dt>
        <dd>${texts.money(now)}</dd>
        ${
          headline.amount === now.amount
            ? nothing
            : html`<dt>Before the drop</dt>
                <dd>${texts.money(headline)}</dd>`
        }
        <dt>Floor</dt>
        <dd>${floor ? texts.money(floor) : "none"}</dd>
        ${
          most
            ? html`<dt>At most</dt>
                <dd>${texts.money(most)}</dd>`
            : nothing
        }
      </dl>
      <wa-input
        name="amount"
        label=${`New price in ${headline.currency}`}
        inputmode="decimal"
        autocomplete="off"
        autofocus
        value=${majorOf(now)}
        @input=${() => (this.fault = "")}
      ></wa-input>
      <wa-radio-group name="older" label="Who has seen the price before" value="honour">
        <wa-radio value="honour">may still buy at it for a minute or two</wa-radio>
        <wa-radio value="void">must tap again, at the new one</wa-radio>
      </wa-radio-group>
      <p class="bad" role="alert">${this.fault}</p>
    </form>`;
  }

  /** Whoever types writes a new price. */
  #select(): void {
    this.renderRoot.querySelector("wa-input")?.select();
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const { wish } = this;
    if (!wish || this.isBusy) return;
    const { repricing, texts } = wish;
    const amount = minorOf(this.#valueOf("wa-input"), repricing.headline.currency);
    this.fault = priceFault(amount, repricing, texts) ?? "";
    if (this.fault || amount === undefined) return;
    this.isBusy = true;
    const older = this.#valueOf("wa-radio-group") === "void" ? "void" : "honour";
    const refusal = await wish.submit(amount, older);
    // Closed meanwhile, and opened for another: it is about that one now.
    if (this.wish !== wish) return;
    this.fault = refusal ?? "";
    this.isBusy = false;
    if (!this.fault) this.isOpen = false;
  }

  #valueOf(name: "wa-input" | "wa-radio-group"): string {
    return String(this.renderRoot.querySelector(name)?.value ?? "");
  }
}

customElements.define("console-reprice", ConsoleReprice);

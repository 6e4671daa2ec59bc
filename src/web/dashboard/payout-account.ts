/** The party's account at the payment provider: how it stands, and the way to open or finish it there. */
import "@awesome.me/webawesome/dist/components/input/input.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Schemas } from "../../sdk/api.ts";
import { api } from "../signed-in/api.ts";
import { wordsFor } from "../signed-in/problems.ts";
import { tell } from "../signed-in/tell.ts";
import type { Dash, Party } from "./dash.ts";
import { emblem } from "./parts.ts";
import { dashboardStyles } from "./styles.ts";
import { ACCOUNTS, type Word } from "./words.ts";

export type Account = Schemas["PaymentAccount"];

/** A party's account. Whoever shows it loads it first: how much room it takes depends on how it stands. */
export async function accountOf({ kind, id }: Party, signal: AbortSignal): Promise<Account> {
  if (kind === "seller") {
    const path = { seller: id };
    return (await api.GET("/v1/sellers/{seller}/payment-account", { params: { path }, signal })).data;
  }
  const path = { creator: id };
  return (await api.GET("/v1/creators/{creator}/payment-account", { params: { path }, signal })).data;
}

const EVERY = {
  daily: "every day",
  weekly: "on Mondays",
  monthly: "on the first of the month",
  manual: "when asked for",
};

export class DropcastPayoutAccount extends LitElement {
  static override properties = {
    dash: { attribute: false },
    account: { attribute: false },
    again: { attribute: false },
    isBusy: { state: true },
  };
  static override styles = [
    ...dashboardStyles,
    css`
      .panel {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--dc-space-3) var(--dc-space-4);
      }
      .said {
        flex: 1 1 14rem;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--dc-space-2);
      }
      wa-input {
        inline-size: 12rem;
      }
    `,
  ];

  declare dash: Dash;
  declare account: Account;
  /** Loads it once more. */
  declare again: () => Promise<void>;
  declare protected isBusy: boolean;

  protected override render(): TemplateResult {
    const { status, payoutSchedule, nextPayoutAt } = this.account;
    const word: Word = ACCOUNTS[status];
    const { date } = this.dash.formats;
    const paid =
      payoutSchedule && status === "enabled"
        ? `Paid out ${EVERY[payoutSchedule.interval]}${nextPayoutAt === undefined ? "" : `, next on ${date(nextPayoutAt)}`}.`
        : word.note;
    return html`<section class="panel" aria-labelledby="account">
      ${emblem("bank", status === "enabled" ? "good" : "warn")}
      <div class="said">
        <h2 id="account">${word.text}</h2>
        <p class="quiet">${paid}</p>
      </div>
      ${this.#step(this.account)}
    </section>`;
  }

  #step({ status }: Account): TemplateResult | typeof nothing {
    if (status === "enabled") return nothing;
    if (status !== "none") {
      return html`<wa-button variant="brand" ?loading=${this.isBusy} @click=${() => void this.#onward()}
        >Go on at the provider</wa-button
      >`;
    }
    return html`<form @submit=${(event: SubmitEvent) => void this.#open(event)}>
      <wa-input
        name="country"
        label="Country (two letters)"
        placeholder="DE"
        maxlength="2"
        autocomplete="country"
        required
      ></wa-input>
      <wa-button type="submit" variant="brand" ?loading=${this.isBusy}>Open an account</wa-button>
    </form>`;
  }

  async #open(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form).get("country");
    const country = typeof given === "string" ? given.trim().toUpperCase() : "";
    if (!/^[A-Z]{2}$/.test(country)) return tell(this, "A country has two letters, such as DE.", "bad");
    await this.#carefully(async () => {
      const { kind, id } = this.dash.party;
      const body = { country, payoutSchedule: { interval: "daily" as const, minimums: [] } };
      await (kind === "seller"
        ? api.PUT("/v1/sellers/{seller}/payment-account", { params: { path: { seller: id } }, body })
        : api.PUT("/v1/creators/{creator}/payment-account", { params: { path: { creator: id } }, body }));
      await this.again();
    });
  }

  /** To the provider's own pages, which lead back here. */
  #onward(): Promise<void> {
    return this.#carefully(async () => {
      const { kind, id } = this.dash.party;
      const body = { returnUrl: location.href };
      const { data } = await (kind === "seller"
        ? api.POST("/v1/sellers/{seller}/payment-account/onboarding-links", {
            params: { path: { seller: id } },
            body,
          })
        : api.POST("/v1/creators/{creator}/payment-account/onboarding-links", {
            params: { path: { creator: id } },
            body,
          }));
      location.assign(data.url);
    });
  }

  async #carefully(work: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await work();
    } catch (error) {
      tell(this, wordsFor(error), "bad");
    } finally {
      this.isBusy = false;
    }
  }
}

customElements.define("dropcast-payout-account", DropcastPayoutAccount);

/** Earnings: what was earned and where it is, by day and by session; transfers and payouts; the account they go to; statements. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Schemas } from "../../sdk/api.ts";
import { api } from "../signed-in/api.ts";
import { askedOf, csvAddress, type Dash } from "./dash.ts";
import "../design/charts.ts";
import { earnedChart, placesOf } from "./earnings-view.ts";
import { blocks, Loaded } from "./loaded.ts";
import "./movements.ts";
import { bar, csvLink } from "./parts.ts";
import "./payout-account.ts";
import { accountOf } from "./payout-account.ts";
import { clockIn, daysUpTo } from "./periods.ts";
import { readEarnedDays, type EarningsDay } from "./reports.ts";
import { dashboardStyles } from "./styles.ts";
import { teach } from "./teach.ts";

type Total = Schemas["EarningsTotal"];
type SessionRow = Schemas["EarningsRow"];

interface Earned {
  readonly totals: readonly Total[];
  readonly sessions: readonly SessionRow[];
  /** The last ones, and what was earned on those of them on which anything was. */
  readonly days: readonly string[];
  readonly earnedOn: readonly EarningsDay[];
}

const ROWS = 20;
/** Days of the chart. The ledger's are UTC's. */
const SPAN = 30;
const utc = clockIn("UTC");

export class DropcastEarnings extends LitElement {
  static override properties = { dash: { attribute: false } };
  static override styles = [
    ...dashboardStyles,
    css`
      .earned {
        font-size: 2rem;
        font-weight: 700;
        line-height: 1.2;
        letter-spacing: -0.02em;
        font-variant-numeric: tabular-nums;
      }
      .places {
        margin-block-start: var(--dc-space-4);
      }
      .total {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
      }
      .start {
        align-content: start;
      }
      dropcast-chart {
        --chart-height: 11rem;
      }
    `,
  ];

  declare dash: Dash;

  /** All at once: what came later would move what is below it. */
  readonly #earnings = new Loaded(
    this,
    async ([{ party }]: readonly [Dash], signal): Promise<Earned> => {
      const nowMs = Date.now();
      const [since = ""] = daysUpTo(nowMs, SPAN, utc);
      const query = { ...askedOf(party), limit: ROWS };
      const [{ data }, earnedOn] = await Promise.all([
        api.GET("/v1/reports/earnings", { params: { query }, signal }),
        readEarnedDays(party, since, signal),
      ]);
      // A clock that is behind hides nothing that the record has.
      const lastMs = Math.max(nowMs, Date.parse(earnedOn.at(-1)?.day ?? "") || 0);
      return {
        totals: data.totals ?? [],
        sessions: data.by === "session" ? data.data : [],
        days: daysUpTo(lastMs, SPAN, utc),
        earnedOn,
      };
    },
    () => [this.dash] as const,
  );

  readonly #account = new Loaded(
    this,
    ([{ party }]: readonly [Dash], signal) => accountOf(party, signal),
    () => [this.dash] as const,
  );

  /** Nothing stands below the account before it is there: each of its states is of another height. */
  protected override render(): TemplateResult {
    const bones = html`<div class="stack">${blocks(1, "m")}${blocks(1, "l")}</div>`;
    return html`<div class="stack">
      <h1>Earnings</h1>
      ${this.#account.shown(
        bones,
        (account) =>
          html`<dropcast-payout-account
            .dash=${this.dash}
            .account=${account}
            .again=${() => this.#account.again()}
          ></dropcast-payout-account>`,
      )}
      ${this.#account.isWaiting ? nothing : this.#earnings.shown(bones, (earnings) => this.#content(earnings))}
    </div>`;
  }

  #content(earned: Earned): TemplateResult {
    const { totals, sessions } = earned;
    if (totals.length === 0) {
      const text =
        "With the first sale your share shows here, down to the cent: what you earned, what is on its way, and what has reached your bank.";
      return teach({ icon: "money", title: "Nothing earned yet", text });
    }
    const { party } = this.dash;
    const csv = csvAddress("/v1/reports/earnings", askedOf(party));
    return html`<div class="stack">
      <div class=${totals.length > 1 ? "two" : "stack"}>${totals.map((total) => this.#total(total))}</div>
      <section class="panel" aria-labelledby="by-day">
        <div class="head">
          <h2 id="by-day">By day</h2>
          ${csvLink(csvAddress("/v1/reports/earnings", { ...askedOf(party), by: "day" }), "earnings by day (UTC)")}
        </div>
        <div class=${totals.length > 1 ? "two" : "stack"}>
          ${totals.map(({ currency }) => this.#chart(earned, currency))}
        </div>
      </section>
      <div class="two">
        <div class="stack start">
          <section class="panel" aria-labelledby="by-session">
            <div class="head">
              <h2 id="by-session">By session</h2>
              ${csvLink(csv, "earnings by session")}
            </div>
            ${this.#sessions(sessions)}
          </section>
          <dropcast-movements kind="payouts" .dash=${this.dash}></dropcast-movements>
        </div>
        <dropcast-movements kind="transfers" .dash=${this.dash}></dropcast-movements>
      </div>
    </div>`;
  }

  #total(total: Total): TemplateResult {
    const { formats, party } = this.dash;
    const { currency, earned } = total;
    const path = `/v1/${party.kind}s/${party.id}/statement`;
    return html`<section class="panel" aria-label=${`Earned in ${currency}`}>
      <div class="total">
        <div>
          <p class="quiet">Earned in all</p>
          <p class="earned">${formats.money(earned)}</p>
        </div>
        ${csvLink(csvAddress(path, { currency }), `the statement in ${currency}`)}
      </div>
      <table class="list places">
        <caption class="heard">
          Where it is
        </caption>
        <tbody>
          ${placesOf(total).map(
            ({ name, note, amount, share }) =>
              html`<tr>
                <th scope="row">${name}<span class="sub">${note}</span>${bar(share)}</th>
                <td class="number">${formats.money({ amount, currency })}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  #chart({ days, earnedOn }: Earned, currency: string): TemplateResult {
    const chart = earnedChart(earnedOn, days, currency, this.dash.formats);
    if (!chart) {
      return html`<p class="empty">Nothing was earned in ${currency} in the last ${days.length} days.</p>`;
    }
    return html`<div>
      <p class="quiet">${chart.label}</p>
      <dropcast-chart .view=${chart}></dropcast-chart>
    </div>`;
  }

  #sessions(rows: readonly SessionRow[]): TemplateResult {
    const { money } = this.dash.formats;
    return html`<table class="list">
      <thead>
        <tr>
          <th scope="col">Session</th>
          <th scope="col" class="number wide">Arrived</th>
          <th scope="col" class="number">Earned</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ session, title, transferred, earned }) =>
            html`<tr>
              <th scope="row"><bdi>${title ?? session}</bdi></th>
              <td class="number wide">${money(transferred)}</td>
              <td class="number">${money(earned)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

customElements.define("dropcast-earnings", DropcastEarnings);

/** The overview: what is on now, what was sold in a period beside the one before, what sold best, when, and with whom. */
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import "../design/charts.ts";
import { remembered } from "../signed-in/remembered.ts";
import { askedOf, csvAddress, type Dash, type SessionSummary } from "./dash.ts";
import { heatStyles } from "./heat-styles.ts";
import { blocks, Loaded } from "./loaded.ts";
import { bestTemplate, heatTemplate, tilesTemplate } from "./overview-templates.ts";
import { shownOf, tilesOf, type Shown } from "./overview-view.ts";
import { csvLink } from "./parts.ts";
import { daysUpTo, HOUR_MS, periodsOf, SPANS, type Period, type Span } from "./periods.ts";
import {
  iso,
  readBest,
  readEarned,
  readHours,
  readSessions,
  type EarningsTotal,
  type SalesRow,
} from "./reports.ts";
import { currenciesOf, type SoldInHour } from "./sales.ts";
import { dashboardStyles } from "./styles.ts";
import { teachSessions } from "./teach.ts";
import "./live-now.ts";

/** How often the record is asked whether there is more: in general, and at most while live numbers are ahead of it. */
const ASK_MS = 5_000;
const CATCH_UP_MS = 1_000;
const BEST = 8;
/** Sessions whose live numbers are asked for: the newest. */
const LIVE = 4;

/** What the record says of a period. */
interface Recorded {
  readonly span: Span;
  readonly period: Period;
  readonly before: Period;
  readonly days: readonly string[];
  readonly daysBefore: readonly string[];
  readonly hours: readonly SoldInHour[];
  readonly hoursBefore: readonly SoldInHour[];
}

/** What it says in one currency. */
interface Details {
  readonly span: Span;
  readonly currency: string;
  readonly offers: readonly SalesRow[];
  readonly hosts: readonly SalesRow[];
  readonly earned: EarningsTotal | undefined;
  readonly earnedBefore: EarningsTotal | undefined;
}

const BONES = html`<div class="stack">${blocks(1, "m")}${blocks(1, "l")}</div>`;

export class DropcastOverview extends LitElement {
  static override properties = { dash: { attribute: false }, span: { state: true }, chosen: { state: true } };
  static override styles = [...dashboardStyles, heatStyles];

  declare dash: Dash;
  declare protected span: Span;
  /** Undefined until somebody chooses: then it is the currency with most orders. */
  declare protected chosen: string | undefined;

  #askedAtMs = 0;
  #isAsking = false;
  #asking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.span = 30;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#asking = setInterval(() => {
      if (!document.hidden) void this.#catchUp();
    }, ASK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#asking);
  }

  readonly #sessions = new Loaded(
    this,
    ([{ party }]: readonly [Dash], signal) => readSessions(party, signal),
    () => [this.dash] as const,
  );

  /** Read again when the sessions say that there is more. */
  readonly #record: Loaded<Recorded | undefined, readonly [Dash, Span, string | undefined]> = new Loaded(
    this,
    ([dash, span, state], signal) => this.#readRecord(dash, span, state, signal),
    () => [this.dash, this.span, this.#sessions.value && stateOf(this.#sessions.value)] as const,
  );

  readonly #details = new Loaded(
    this,
    ([dash, recorded, currency]: readonly [Dash, Recorded | undefined, string | undefined], signal) =>
      readDetails(dash, recorded, currency, signal),
    () => [this.dash, this.#record.value, this.#currency] as const,
  );

  async #readRecord(
    { party, formats }: Dash,
    span: Span,
    state: string | undefined,
    signal: AbortSignal,
  ): Promise<Recorded | undefined> {
    if (state === undefined) return undefined;
    // A clock that is behind hides nothing that the record has.
    const nowMs = Math.max(Date.now(), Date.parse(state) || 0);
    const { now: period, before } = periodsOf(span, nowMs, formats.clock);
    const last = this.#record.value;
    const isSame = last?.span === span && hourOf(last.before.untilMs) === hourOf(before.untilMs);
    const [hours, hoursBefore] = await Promise.all([
      readHours(party, period, signal),
      // What was before stays as it was, until another hour of it is compared with.
      isSame ? last.hoursBefore : readHours(party, before, signal),
    ]);
    const days = daysUpTo(nowMs, 2 * span, formats.clock);
    return {
      span,
      period,
      before,
      days: days.slice(span),
      daysBefore: days.slice(0, span),
      hours,
      hoursBefore,
    };
  }

  /** Thousands of hours are put on the viewer's clock once, and not whenever the page is shown anew. */
  readonly #shown = remembered(shownOf);

  get #currencies(): readonly string[] {
    const recorded = this.#record.value;
    if (!recorded) return [];
    const sold = currenciesOf([...recorded.hours, ...recorded.hoursBefore]);
    const first = this.#sessions.value?.[0]?.captured.currency;
    return sold.length === 0 && first !== undefined ? [first] : sold;
  }

  get #currency(): string | undefined {
    const there = this.#currencies;
    return this.chosen !== undefined && there.includes(this.chosen) ? this.chosen : there[0];
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <div class="head top">
        <h1>Overview</h1>
        <div class="controls">${this.#currencyChoice()}${this.#spanChoice()}</div>
      </div>
      ${this.#sessions.shown(BONES, (sessions) =>
        this.#record.shown(BONES, (recorded) => (recorded ? this.#content(recorded, sessions) : BONES)),
      )}
    </div>`;
  }

  #spanChoice(): TemplateResult {
    return html`<wa-radio-group
      label="Period"
      class="unlabelled"
      orientation="horizontal"
      size="s"
      .value=${String(this.span)}
      @change=${(event: Event) => {
        const { value } = event.currentTarget as unknown as { value: string };
        this.span = SPANS.find((span) => String(span) === value) ?? this.span;
      }}
    >
      ${SPANS.map((span) => html`<wa-radio appearance="button" value=${String(span)}>${span} days</wa-radio>`)}
    </wa-radio-group>`;
  }

  #currencyChoice(): TemplateResult | typeof nothing {
    const there = this.#currencies;
    if (there.length < 2) return nothing;
    return html`<wa-radio-group
      label="Currency"
      class="unlabelled"
      orientation="horizontal"
      size="s"
      .value=${this.#currency ?? ""}
      @change=${(event: Event) => {
        this.chosen = (event.currentTarget as unknown as { value: string }).value;
      }}
    >
      ${there.map((code) => html`<wa-radio appearance="button" value=${code}>${code}</wa-radio>`)}
    </wa-radio-group>`;
  }

  #content(recorded: Recorded, sessions: readonly SessionSummary[]): TemplateResult {
    const currency = this.#currency;
    if (currency === undefined) return teachSessions(this.dash.party);
    const live = sessions.filter(({ status }) => status === "live" || status === "paused").slice(0, LIVE);
    const known = this.#details.value;
    // What is known in another currency, or of another period, is not shown in its place.
    const details = known?.currency === currency && known.span === recorded.span ? known : undefined;
    const shown = this.#shown(recorded, currency, this.dash.formats);
    return html`<div class="stack">
      <dropcast-live-now
        .dash=${this.dash}
        .sessions=${live}
        .currency=${currency}
        @dropcast-ahead=${() => void this.#catchUp()}
      ></dropcast-live-now>
      ${this.#figures(shown, recorded, details)} ${this.#tables(shown, recorded, details)}
    </div>`;
  }

  #figures(
    { sales, chart }: Shown,
    { days, period }: Recorded,
    details: Details | undefined,
  ): TemplateResult {
    const { formats, party } = this.dash;
    const amounts = {
      now: details && (details.earned?.earned.amount ?? 0),
      before: details?.earnedBefore?.earned.amount,
    };
    const than = `the ${days.length} days before`;
    const csv = csvAddress("/v1/reports/sales", { ...askedOf(party), ...iso(period), by: "day" });
    return html`
      ${tilesTemplate(tilesOf(sales, amounts, formats), formats, than)}
      <section class="panel" aria-labelledby="days">
        <div class="head">
          <h2 id="days">Sales by day</h2>
          ${csvLink(csv, "sales by day (UTC)")}
        </div>
        <dropcast-chart .view=${chart}></dropcast-chart>
      </section>
    `;
  }

  #tables(
    { sales: { currency }, heat }: Shown,
    { period, days }: Recorded,
    details: Details | undefined,
  ): TemplateResult {
    const { formats, party } = this.dash;
    const { offers = [], hosts = [] } = details ?? {};
    const csv = (by: string): string =>
      csvAddress("/v1/reports/sales", { ...askedOf(party), ...iso(period), by, currency });
    const none = html`<p class="empty">
      Nothing was sold in the last ${days.length} days. Choose a longer period, or go live.
    </p>`;
    const byOffer = { what: "Offer", nameOf: (row: SalesRow) => row.title ?? row.offer ?? "" };
    const byHost = { what: "Host", nameOf: (row: SalesRow) => row.name ?? row.creator ?? "Without a host" };
    return html`<div class="two">
        <section class="panel" aria-labelledby="best">
          <div class="head">
            <h2 id="best">Best offers</h2>
            ${csvLink(csv("offer"), "sales by offer")}
          </div>
          ${
            details
              ? offers.length > 0
                ? bestTemplate(offers, byOffer, formats)
                : none
              : this.#details.shown(blocks(1, "m"), () => blocks(1, "m"))
          }
        </section>
        <section class="panel" aria-labelledby="hours">
          <div class="head">
            <h2 id="hours">Best hours</h2>
            ${csvLink(csv("hour"), "sales by hour (UTC)")}
          </div>
          ${heatTemplate(heat, currency, formats)}
        </section>
      </div>
      ${
        party.kind === "seller" && hosts.length > 0
          ? html`<section class="panel" aria-labelledby="hosts">
              <div class="head">
                <h2 id="hosts">Hosts</h2>
                ${csvLink(csv("creator"), "sales by host")}
              </div>
              ${bestTemplate(hosts, byHost, formats)}
            </section>`
          : nothing
      }`;
  }

  async #catchUp(): Promise<void> {
    if (this.#isAsking || Date.now() - this.#askedAtMs < CATCH_UP_MS) return;
    // News ends what is being read of older news: in a rush nothing would ever be read to its end.
    if (this.#record.isLoading || this.#details.isLoading) return;
    this.#isAsking = true;
    await this.#sessions.again();
    this.#askedAtMs = Date.now();
    this.#isAsking = false;
  }
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS);
}

/** When anything of any of them was recorded last. */
function stateOf(sessions: readonly SessionSummary[]): string {
  return sessions.reduce((last, { updatedAt }) => (updatedAt > last ? updatedAt : last), "");
}

async function readDetails(
  { party }: Dash,
  recorded: Recorded | undefined,
  currency: string | undefined,
  signal: AbortSignal,
): Promise<Details | undefined> {
  if (!recorded || currency === undefined) return undefined;
  const { span, period, before } = recorded;
  const best = (by: "offer" | "creator"): Promise<readonly SalesRow[]> =>
    readBest(party, period, { by, currency, limit: BEST }, signal);
  const [offers, hosts, earned, earnedBefore] = await Promise.all([
    best("offer"),
    party.kind === "seller" ? best("creator") : [],
    readEarned(party, period, currency, signal),
    readEarned(party, before, currency, signal),
  ]);
  return { span, currency, offers, hosts, earned, earnedBefore };
}

customElements.define("dropcast-overview", DropcastOverview);

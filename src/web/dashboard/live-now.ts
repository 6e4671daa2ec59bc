/**
 * What sells at this moment, from the sessions' own memory: it moves within a second, while reports are some seconds behind.
 * Asks as long as the page is seen. Says `dropcast-ahead` whenever it has more than the record, so that this is read again.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import "../design/charts.ts";
import type { ChartView } from "../design/charts.ts";
import type { Dash, SessionStats, SessionSummary } from "./dash.ts";
import { sampled } from "../signed-in/samples.ts";
import { isAhead, missingOf } from "./live-view.ts";
import { badge } from "./parts.ts";
import { readStats } from "./reports.ts";
import { dashboardStyles } from "./styles.ts";
import { SESSIONS } from "./words.ts";

/** So that a sale is seen within a second, also where an answer takes its time. */
const ASK_MS = 450;
/** Where no answer comes there is no hurry. */
const ASK_AGAIN_MS = 3_000;

interface Known {
  readonly stats: SessionStats;
  readonly viewers: readonly number[];
}

export class DropcastLiveNow extends LitElement {
  static override properties = {
    dash: { attribute: false },
    sessions: { attribute: false },
    currency: { attribute: false },
  };
  static override styles = [
    ...dashboardStyles,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
        gap: var(--dc-space-4);
      }
      .panel {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--dc-space-3);
        border-color: color-mix(in oklab, var(--dc-accent) 45%, var(--dc-line));
      }
      .head {
        flex-wrap: nowrap;
      }
      .title {
        display: flex;
        align-items: center;
        gap: var(--dc-space-2);
        min-inline-size: 0;
      }
      .head wa-badge,
      .head wa-button {
        flex: none;
      }
      .now {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--dc-space-2) var(--dc-space-5);
        align-items: end;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: var(--dc-space-2) var(--dc-space-3);
        align-items: end;
        font-variant-numeric: tabular-nums;
      }
      li:only-child .now {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
      }
      dt {
        color: var(--dc-quiet);
        font-size: var(--dc-text-s);
      }
      dd {
        font-size: 1.125rem;
        font-weight: 700;
      }
      dl > div {
        flex: 1 1 0;
      }
      dl > div:first-child {
        flex-basis: 100%;
      }
      div:first-child > dd {
        color: var(--dc-accent);
        font-size: 1.75rem;
        line-height: 1.2;
        letter-spacing: -0.02em;
      }
      @media (width >= 48rem) {
        li:only-child dl > div:first-child {
          flex: 2 1 0;
        }
      }
      /* There before the chart is, so that nothing moves. */
      .watched {
        block-size: 2.25rem;
      }
      .foot {
        min-block-size: 1.25rem;
      }
    `,
  ];

  declare dash: Dash;
  /** Those that are live or paused, as the record has them. */
  declare sessions: readonly SessionSummary[];
  /** Of the totals below: sessions in another one are not in them. */
  declare currency: string;

  readonly #known = new Map<string, Known>();
  #asking: ReturnType<typeof setTimeout> | undefined;
  #isOffline = false;
  readonly #seen = (): void => this.#ask();

  constructor() {
    super();
    this.sessions = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#seen);
    this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
    clearTimeout(this.#asking);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.sessions.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="live-now">
      <h2 id="live-now">Live now</h2>
      <ul>
        ${repeat(
          this.sessions,
          ({ id }) => id,
          (session) => this.#card(session),
        )}
      </ul>
    </section>`;
  }

  #card(session: SessionSummary): TemplateResult {
    const known = this.#known.get(session.id);
    const { money, number } = this.dash.formats;
    const stats = known?.stats;
    const figure = (name: string, value: string | undefined): TemplateResult =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value ?? "–"}</dd>
      </div>`;
    return html`<li class="panel">
      <div class="head">
        <div class="title">
          ${badge(SESSIONS[stats?.status ?? session.status])}
          <h3><bdi>${session.title}</bdi></h3>
        </div>
        <wa-button size="s" appearance="outlined" href=${`/console/${session.id}`}>Console</wa-button>
      </div>
      <div class="now">
        <dl data-session=${session.id}>
          ${figure("Captured", stats && money(stats.captured))} ${figure("Sold", stats && number(stats.sold))}
          ${figure("Held", stats && number(stats.held))} ${figure("Watching", stats && number(stats.viewers))}
        </dl>
        <div class="watched">
          ${known ? html`<dropcast-chart .view=${this.#viewers(known)}></dropcast-chart>` : nothing}
        </div>
      </div>
      <p class="quiet foot">${this.#foot(session, stats)}</p>
    </li>`;
  }

  #foot(session: SessionSummary, stats: SessionStats | undefined): string {
    if (this.#isOffline) return "No answer: these numbers stand still. Trying again.";
    if (!stats) return "";
    if (stats.captured.currency !== this.currency)
      return `The totals below are those in ${this.currency} alone.`;
    const missing = missingOf(stats, session);
    return missing > 0
      ? `${this.dash.formats.money({ ...stats.captured, amount: missing })} of it is on its way into the totals below.`
      : "All of it is in the totals below.";
  }

  #viewers({ stats, viewers }: Known): ChartView {
    const { number } = this.dash.formats;
    return {
      kind: "spark",
      label: `Watching: ${number(stats.viewers)} now, ${number(stats.viewersPeak)} at most`,
      steps: viewers.map(() => ""),
      series: [{ name: "Watching", values: viewers }],
      write: number,
    };
  }

  #ask(): void {
    clearTimeout(this.#asking);
    if (!this.isConnected || document.hidden) return;
    void this.#read().then(() => {
      clearTimeout(this.#asking);
      this.#asking = setTimeout(() => this.#ask(), this.#isOffline ? ASK_AGAIN_MS : ASK_MS);
    });
  }

  async #read(): Promise<void> {
    const answers = await Promise.allSettled(this.sessions.map(({ id }) => readStats(id)));
    const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    this.#isOffline = found.length < answers.length;
    for (const stats of found) {
      const last = this.#known.get(stats.session);
      // Answers may overtake each other.
      if (last && stats.at < last.stats.at) continue;
      this.#known.set(stats.session, { stats, viewers: sampled(last?.viewers ?? [], stats.viewers) });
    }
    this.requestUpdate();
    const isMore = this.sessions.some((session) => {
      const stats = this.#known.get(session.id)?.stats;
      return stats !== undefined && isAhead(stats, session);
    });
    if (isMore) this.dispatchEvent(new Event("dropcast-ahead"));
  }
}

customElements.define("dropcast-live-now", DropcastLiveNow);

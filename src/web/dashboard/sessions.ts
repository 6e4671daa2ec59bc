/** Sessions: what each was, what it sold, and how many of those who came tapped and bought. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { api } from "../signed-in/api.ts";
import { askedOf, csvAddress, type Dash, type SessionSummary } from "./dash.ts";
import { boughtOf, funnelOf, type FunnelStep } from "./funnel.ts";
import { blocks } from "./loaded.ts";
import { Paged } from "./paged.ts";
import { badge, bar, csvLink } from "./parts.ts";
import { DAY_MS } from "./periods.ts";
import { readStats } from "./reports.ts";
import { dashboardStyles, facts } from "./styles.ts";
import { teachSessions } from "./teach.ts";
import { SESSIONS } from "./words.ts";

const PAGE = 20;
/** The CSV has the sales of a year. */
const CSV_MS = 365 * DAY_MS;
const OVER = new Set(["ended", "cancelled"]);
const STEPS = { views: "Views", taps: "Taps", orders: "Orders" } as const satisfies Record<
  FunnelStep["name"],
  string
>;

export class DropcastSessions extends LitElement {
  static override properties = { dash: { attribute: false } };
  static override styles = [
    ...dashboardStyles,
    facts,
    css`
      li {
        display: grid;
        gap: var(--dc-space-3) var(--dc-space-5);
      }
      .title {
        display: grid;
        gap: var(--dc-space-1);
      }
      .title > div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--dc-space-2);
      }
      .funnel dd .quiet {
        font-weight: 400;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--dc-space-2);
      }
      @media (width >= 60rem) {
        li {
          grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr) minmax(0, 1.2fr) 11rem;
          align-items: center;
        }
        .actions {
          justify-content: end;
        }
      }
    `,
  ];

  declare dash: Dash;

  readonly #sessions = new Paged(
    this,
    async ([{ party }]: readonly [Dash], at, signal) => {
      const query = { ...askedOf(party), limit: PAGE, ...at };
      const { data } = await api.GET("/v1/sessions", { params: { query }, ...(signal ? { signal } : {}) });
      return { ...data, data: await Promise.all(data.data.map(asItIsNow)) };
    },
    () => [this.dash] as const,
  );

  protected override render(): TemplateResult {
    const { party } = this.dash;
    const from = new Date(Math.floor((Date.now() - CSV_MS) / DAY_MS) * DAY_MS).toISOString();
    const csv = csvAddress("/v1/reports/sales", { ...askedOf(party), from, by: "session" });
    return html`<div class="stack">
      <div class="head top">
        <h1>Sessions</h1>
        ${this.#sessions.items.length > 0 ? csvLink(csv, "sales by session, of a year") : nothing}
      </div>
      ${this.#sessions.shown(blocks(4, "m"), (items) =>
        items.length === 0
          ? teachSessions(party)
          : html`<ul class="stack">
              ${items.map((session) => this.#item(session))}
            </ul>`,
      )}
    </div>`;
  }

  #item(session: SessionSummary): TemplateResult {
    const { id, title, status, creatorName, captured, unitsSold, refunded } = session;
    const { money, number } = this.dash.formats;
    return html`<li class="panel">
      <div class="title">
        <h2><bdi>${title}</bdi></h2>
        <div>
          ${badge(SESSIONS[status])}<span class="quiet">${this.#when(session)}</span>
          ${
            this.dash.party.kind === "seller" && creatorName !== undefined
              ? html`<span class="quiet">with <bdi>${creatorName}</bdi></span>`
              : nothing
          }
        </div>
      </div>
      <dl>
        <div>
          <dt>Captured</dt>
          <dd>${money(captured)}</dd>
        </div>
        <div>
          <dt>Units</dt>
          <dd>${number(unitsSold)}</dd>
        </div>
        <div>
          <dt>Refunded</dt>
          <dd>${refunded.amount === 0 ? "–" : money(refunded)}</dd>
        </div>
      </dl>
      ${this.#funnel(session)}
      <div class="actions">
        ${
          boughtOf(session) > 0
            ? html`<wa-button size="s" appearance="outlined" href=${`#orders/${id}`}>Orders</wa-button>`
            : nothing
        }
        ${
          OVER.has(status)
            ? nothing
            : html`<wa-button size="s" appearance="outlined" href=${`/console/${id}`}>Console</wa-button>`
        }
      </div>
    </li>`;
  }

  #when({ createdAt, scheduledAt, startedAt, endedAt, status }: SessionSummary): string {
    const { moment } = this.dash.formats;
    if (startedAt !== undefined)
      return endedAt === undefined ? `since ${moment(startedAt)}` : moment(startedAt);
    if (status === "scheduled" && scheduledAt !== undefined) return `for ${moment(scheduledAt)}`;
    return `made ${moment(createdAt)}`;
  }

  #funnel(session: SessionSummary): TemplateResult {
    const { number, percent } = this.dash.formats;
    const steps = funnelOf(session);
    if (!steps) return html`<p class="quiet">Nobody has come yet.</p>`;
    return html`<dl class="funnel">
      ${steps.map(
        ({ name, count, share, width }) =>
          html`<div>
            <dt>${STEPS[name]}</dt>
            <dd>
              ${number(count)}
              ${share === undefined ? nothing : html`<span class="quiet">${percent(share)}</span>`}
              ${bar(width)}
            </dd>
          </div>`,
      )}
    </dl>`;
  }
}

/** While it is live, the record has views and taps from up to a minute ago: then the session itself is asked. */
async function asItIsNow(session: SessionSummary): Promise<SessionSummary> {
  if (session.status !== "live" && session.status !== "paused") return session;
  const stats = await readStats(session.id).catch(() => session);
  return { ...session, views: stats.views, taps: stats.taps };
}

customElements.define("dropcast-sessions", DropcastSessions);

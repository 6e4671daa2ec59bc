/** Links: what each brought, a few seconds behind; making one, copying it, showing it as a QR code, archiving it. */
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api } from "../signed-in/api.ts";
import { wordsFor } from "../signed-in/problems.ts";
import { tell } from "../signed-in/tell.ts";
import { askedOf, csvAddress, type Dash } from "./dash.ts";
import type { DropcastLinkDialog } from "./link-dialog.ts";
import { targetName, windowName, type Link, type LinkStats } from "./link-view.ts";
import { blocks, Loaded } from "./loaded.ts";
import { Paged } from "./paged.ts";
import { badge, csvLink } from "./parts.ts";
import { readSessions } from "./reports.ts";
import { dashboardStyles, facts } from "./styles.ts";
import { teach } from "./teach.ts";
import "./link-dialog.ts";

/** Of each link its numbers are asked for by itself: no more at once than can be asked for every few seconds. */
const PAGE = 12;
const ASK_MS = 4_000;

export class DropcastLinks extends LitElement {
  static override properties = {
    dash: { attribute: false },
    shownQr: { state: true },
    leaving: { state: true },
  };
  static override styles = [
    ...dashboardStyles,
    facts,
    css`
      li {
        display: grid;
        gap: var(--dc-space-3) var(--dc-space-5);
      }
      li.archived {
        color: var(--dc-quiet);
      }
      h2 {
        overflow-wrap: anywhere;
      }
      .target {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--dc-space-1) var(--dc-space-2);
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        align-items: center;
        gap: var(--dc-space-1);
      }
      .qr {
        display: block;
        inline-size: min(100%, 18rem);
        margin-inline: auto;
        border-radius: var(--dc-radius-s);
        background: #ffffff;
      }
      @media (width >= 60rem) {
        li {
          grid-template-columns: minmax(0, 1.3fr) minmax(0, 1.2fr) auto;
          align-items: center;
        }
        .actions {
          min-inline-size: 10rem;
          justify-content: end;
        }
      }
    `,
  ];

  declare dash: Dash;
  /** The link whose QR code is shown. */
  declare protected shownQr: Link | undefined;
  /** The link that is to be archived, once that is confirmed. */
  declare protected leaving: Link | undefined;

  readonly #stats = new Map<string, LinkStats>();
  #asking: ReturnType<typeof setTimeout> | undefined;
  /** Where the next ones begin whose numbers are asked for. */
  #turn = 0;
  readonly #seen = (): void => this.#ask();

  readonly #sessions = new Loaded(
    this,
    ([{ party }]: readonly [Dash], signal) => readSessions(party, signal),
    () => [this.dash] as const,
  );

  readonly #links = new Paged<Link, readonly [Dash]>(
    this,
    async ([{ party }], at, signal) => {
      const query = { ...askedOf(party), limit: PAGE, ...at };
      const { data } = await api.GET("/v1/links", { params: { query }, ...(signal ? { signal } : {}) });
      void this.#read(data.data);
      return data;
    },
    () => [this.dash],
  );

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#seen);
    this.#asking = setTimeout(this.#seen, ASK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
    clearTimeout(this.#asking);
  }

  protected override render(): TemplateResult {
    const make = (): void =>
      this.renderRoot.querySelector<DropcastLinkDialog>("dropcast-link-dialog")?.show();
    const csv = csvLink(csvAddress("/v1/links", askedOf(this.dash.party)), "links and what came of them");
    const button = html`<wa-button variant="brand" @click=${make}
      ><wa-icon slot="start" name="plus"></wa-icon>New link</wa-button
    >`;
    return html`<div class="stack">
        <div class="head top">
          <h1>Links</h1>
          ${this.#links.items.length > 0 ? html`<div class="controls">${csv}${button}</div>` : nothing}
        </div>
        ${this.#links.shown(blocks(3, "m"), (items) => (items.length === 0 ? noLinks(button) : this.#list(items)))}
      </div>
      <dropcast-link-dialog
        .dash=${this.dash}
        .sessions=${this.#sessions.value ?? []}
        @dropcast-link-made=${(event: CustomEvent<Link>) => this.#links.change((items) => [event.detail, ...items])}
      ></dropcast-link-dialog>
      ${this.#qrDialog()}${this.#archiveDialog()}`;
  }

  #list(items: readonly Link[]): TemplateResult {
    return html`<ul class="stack">
      ${repeat(
        items,
        ({ id }) => id,
        (link) => this.#item(link),
      )}
    </ul>`;
  }

  #item(link: Link): TemplateResult {
    const isArchived = link.archivedAt !== undefined;
    return html`<li class=${isArchived ? "panel archived" : "panel"}>
      <div>
        <h2 id=${link.id} tabindex="-1">${link.url.replace(/^https?:\/\//, "")}</h2>
        <p class="quiet target">
          <span>to <bdi>${targetName(link, this.#sessions.value ?? [])}</bdi>,</span>
          <span>counts for ${windowName(link.windowMinutes)}</span>
          ${link.coupon === undefined ? nothing : badge({ text: link.coupon, tone: "neutral", note: "Coupon" })}
          ${isArchived ? badge({ text: "Archived", tone: "neutral" }) : nothing}
        </p>
      </div>
      ${this.#numbers(this.#stats.get(link.id))}
      <div class="actions">${isArchived ? nothing : this.#actions(link)}</div>
    </li>`;
  }

  #numbers(stats: LinkStats | undefined): TemplateResult {
    const { money, number } = this.dash.formats;
    const orders = stats?.sales.reduce((sum, sale) => sum + sale.orders, 0);
    // Amounts of different currencies stand beside each other; they are never added.
    const revenue = stats?.sales.map(({ attributed }) => money(attributed)).join(" · ");
    const figure = (name: string, value: string | undefined): TemplateResult =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value ?? "–"}</dd>
      </div>`;
    return html`<dl data-numbers>
      ${figure("Clicks", stats && number(stats.clicks))}
      ${figure("Orders", orders === undefined ? orders : number(orders))}
      ${figure("Revenue", revenue === "" ? "–" : revenue)}
    </dl>`;
  }

  #actions(link: Link): TemplateResult {
    return html`<wa-copy-button value=${link.url} copy-label=${`Copy ${link.code}`}></wa-copy-button>
      <wa-button size="s" appearance="plain" @click=${() => (this.shownQr = link)}
        ><wa-icon name="qr" label=${`QR code of ${link.code}`}></wa-icon
      ></wa-button>
      <wa-button size="s" appearance="plain" @click=${() => (this.leaving = link)}
        ><wa-icon name="archive" label=${`Archive ${link.code}`}></wa-icon
      ></wa-button>`;
  }

  #qrDialog(): TemplateResult {
    const link = this.shownQr;
    const address = `/v1/links/${link?.id ?? ""}/qr`;
    return html`<wa-dialog
      label=${`QR code of ${link?.code ?? ""}`}
      light-dismiss
      ?open=${link !== undefined}
      @wa-after-hide=${() => (this.shownQr = undefined)}
    >
      ${link ? html`<img class="qr" src=${address} alt=${`QR code that leads to ${link.url}`} />` : nothing}
      <wa-button slot="footer" appearance="outlined" href=${address} download=${`${link?.code ?? "link"}.svg`}
        ><wa-icon slot="start" name="download"></wa-icon>SVG</wa-button
      >
    </wa-dialog>`;
  }

  #archiveDialog(): TemplateResult {
    const link = this.leaving;
    return html`<wa-dialog
      class="archive"
      label="Archive this link?"
      ?open=${link !== undefined}
      @wa-after-hide=${() => (this.leaving = undefined)}
    >
      <p>
        <strong>${link?.url}</strong> leads nowhere from then on, and its code is not given to another link.
        Its clicks and orders stay. This cannot be undone.
      </p>
      <wa-button slot="footer" appearance="outlined" data-dialog="close">Keep it</wa-button>
      <wa-button slot="footer" variant="danger" @click=${() => void this.#archive(link)}>Archive</wa-button>
    </wa-dialog>`;
  }

  async #archive(link: Link | undefined): Promise<void> {
    if (!link) return;
    this.leaving = undefined;
    const dialog = this.renderRoot.querySelector(".archive");
    const hidden = new Promise((resolve) =>
      dialog?.addEventListener("wa-after-hide", resolve, { once: true }),
    );
    try {
      const { data } = await api.DELETE("/v1/links/{link}", { params: { path: { link: link.id } } });
      this.#links.change((items) => items.map((item) => (item.id === data.id ? data : item)));
      await hidden;
      // The button that had the focus went with the link's use.
      this.renderRoot.querySelector<HTMLElement>(`#${link.id}`)?.focus();
      tell(this, "Archived", "good");
    } catch (error) {
      tell(this, wordsFor(error), "bad");
    }
  }

  #ask(): void {
    clearTimeout(this.#asking);
    if (!this.isConnected || document.hidden) return;
    const open = this.#links.items.filter(({ archivedAt }) => archivedAt === undefined);
    const from = this.#turn < open.length ? this.#turn : 0;
    this.#turn = from + PAGE;
    void this.#read(open.slice(from, this.#turn)).then(() => {
      clearTimeout(this.#asking);
      this.#asking = setTimeout(this.#seen, ASK_MS);
    });
  }

  /** What does not come this time comes the next. */
  async #read(links: readonly Link[]): Promise<void> {
    await Promise.allSettled(
      links.map(async ({ id }) => {
        const { data } = await api.GET("/v1/links/{link}/stats", { params: { path: { link: id } } });
        this.#stats.set(id, data);
      }),
    );
    this.requestUpdate();
  }
}

function noLinks(button: TemplateResult): TemplateResult {
  const text =
    "A short link of your own counts who came by it and what they bought, so that what you sold is yours to show. Put it in a post, a bio or, as a QR code, on a table.";
  return teach({ icon: "link", title: "No links yet", text }, button);
}

customElements.define("dropcast-links", DropcastLinks);

/**
 * The dashboard for sellers and creators, at `/dashboard`: `#overview`, `#sessions`, `#earnings`, `#links`, `#orders` and
 * `#orders/{session}`. Signed in by the cookie; without it the sign-in page comes first. Touches its own page alone.
 */
import "../signed-in/shell.ts";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { englishOf } from "../signed-in/english.ts";
import { whoIsSignedIn, type Who } from "../signed-in/who.ts";
import { partyOf, type Dash } from "./dash.ts";
import "./earnings.ts";
import { formatsFor } from "./formats.ts";
import "./links.ts";
import { blocks, troubled } from "./loaded.ts";
import "./orders.ts";
import "./overview.ts";
import "./sessions.ts";
import { dashboardStyles } from "./styles.ts";

const SECTIONS = [
  ["overview", "Overview", "chart"],
  ["sessions", "Sessions", "live"],
  ["earnings", "Earnings", "money"],
  ["links", "Links", "link"],
  ["orders", "Orders", "bag"],
] as const;
type Section = (typeof SECTIONS)[number][0];

export class DropcastDashboard extends LitElement {
  static override properties = {
    who: { state: true },
    section: { state: true },
    trouble: { state: true },
  };
  static override styles = [
    ...dashboardStyles,
    css`
      :host {
        min-block-size: 100dvb;
        background: var(--dc-page);
      }
      .page {
        max-inline-size: 80rem;
        margin-inline: auto;
        padding: var(--dc-space-4) clamp(0.75rem, 3vw, 2rem) 6rem;
      }
      nav {
        position: fixed;
        inset: auto 0 0;
        z-index: 1;
        display: grid;
        grid-template-columns: repeat(5, minmax(0, 1fr));
        padding-block-end: env(safe-area-inset-bottom);
        border-block-start: 1px solid var(--dc-line);
        background: var(--dc-surface);
      }
      nav a {
        display: grid;
        justify-items: center;
        align-content: center;
        gap: 0.125rem;
        min-block-size: 3.5rem;
        color: var(--dc-quiet);
        font-size: 0.75rem;
        text-decoration: none;
      }
      nav a:focus-visible {
        outline-offset: -0.1875rem;
      }
      nav wa-icon {
        font-size: 1.25rem;
      }
      nav a[aria-current] {
        color: var(--dc-accent);
        font-weight: 600;
      }
      @media (width >= 48rem) {
        .page {
          padding-block-end: 3rem;
        }
        nav {
          position: static;
          display: flex;
          gap: var(--dc-space-1);
          margin-block-end: var(--dc-space-4);
          border: 0;
          background: none;
        }
        nav a {
          display: flex;
          align-items: center;
          gap: var(--dc-space-2);
          min-block-size: var(--dc-target);
          padding-inline: var(--dc-space-3);
          border-radius: var(--dc-radius-s);
          font-size: var(--dc-text-m);
        }
        nav a:hover {
          background: color-mix(in oklab, var(--dc-text) 6%, transparent);
        }
        nav a[aria-current] {
          background: var(--dc-surface);
          box-shadow: 0 0 0 1px var(--dc-line);
        }
        nav wa-icon {
          font-size: 1rem;
        }
      }
    `,
  ];

  declare protected who: Who | undefined;
  declare protected section: { readonly name: Section; readonly of: string };
  declare protected trouble: unknown;
  #dash: Dash | undefined;

  constructor() {
    super();
    this.section = sectionIn(location.hash);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#moved);
    void this.#signIn();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#moved);
  }

  protected override render(): TemplateResult {
    return html`<dropcast-shell .who=${this.who} page="dashboard">
      <div class="page">${this.#nav()}${this.#content()}</div>
    </dropcast-shell>`;
  }

  protected override updated(): void {
    const title = SECTIONS.find(([name]) => name === this.section.name)?.[1] ?? "";
    document.title = `${title} · Dropcast`;
  }

  #nav(): TemplateResult {
    return html`<nav aria-label="Sections">
      ${SECTIONS.map(
        ([name, title, icon]) =>
          html`<a href=${`#${name}`} aria-current=${this.section.name === name ? "page" : nothing}
            ><wa-icon name=${icon}></wa-icon>${title}</a
          >`,
      )}
    </nav>`;
  }

  #content(): TemplateResult {
    if (this.trouble !== undefined) return troubled(this.trouble, () => void this.#signIn());
    const dash = this.#dash;
    if (!dash) return html`<div aria-busy="true">${blocks(1, "m")}</div>`;
    switch (this.section.name) {
      case "overview":
        return html`<dropcast-overview .dash=${dash}></dropcast-overview>`;
      case "sessions":
        return html`<dropcast-sessions .dash=${dash}></dropcast-sessions>`;
      case "earnings":
        return html`<dropcast-earnings .dash=${dash}></dropcast-earnings>`;
      case "links":
        return html`<dropcast-links .dash=${dash}></dropcast-links>`;
      case "orders":
        return html`<dropcast-orders .dash=${dash} .session=${this.section.of}></dropcast-orders>`;
    }
  }

  async #signIn(): Promise<void> {
    this.trouble = undefined;
    try {
      const who = await whoIsSignedIn();
      const party = partyOf(who);
      // A moderator's sign-in is for one session, and has no dashboard.
      if (!party) return location.replace(`/console/${who.session ?? ""}`);
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      this.#dash = { party, formats: formatsFor(englishOf(navigator.language), timeZone) };
      this.who = who;
    } catch (error) {
      this.trouble = error;
    }
  }

  readonly #moved = (): void => {
    this.section = sectionIn(location.hash);
    scrollTo(0, 0);
  };
}

function sectionIn(hash: string): { readonly name: Section; readonly of: string } {
  const [asked, of = ""] = hash.slice(1).split("/");
  const name = SECTIONS.find(([known]) => known === asked)?.[0] ?? "overview";
  return { name, of: /^ses_[0-9a-z]+$/.test(of) ? of : "" };
}

customElements.define("dropcast-dashboard", DropcastDashboard);

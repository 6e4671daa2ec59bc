/**
 * `<dropcast-shell>`: the frame of the signed-in pages: a bar with the way home, who is signed in and signing out; the page
 * in its slot; and what `tell` says, at the edge of the screen. Touches its own tree, and the network to sign out.
 */
import "../design/components.ts";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { wordsFor } from "./problems.ts";
import { signedIn } from "./style.ts";
import { TELL, type Told } from "./tell.ts";
import { signOut, type Who } from "./who.ts";

/** Long enough to be read, with time to look up. Bad news stays until it is put away. */
const SHOWN_MS = 6_000;
/** On a phone more would cover the page. */
const AT_ONCE = 3;

export class DropcastShell extends LitElement {
  static override styles = [
    ...signedIn,
    css`
      .bar {
        display: flex;
        align-items: center;
        gap: var(--dc-space-2) var(--dc-space-4);
        min-block-size: 3.25rem;
        padding-inline: clamp(0.75rem, 3vw, 2rem);
        border-block-end: 1px solid var(--dc-line);
        background: var(--dc-surface);
      }
      .home {
        display: inline-flex;
        align-items: center;
        gap: var(--dc-space-2);
        min-block-size: var(--dc-target);
        color: inherit;
        font-weight: 700;
        letter-spacing: -0.01em;
        text-decoration: none;
      }
      .home img {
        inline-size: 1.5rem;
        block-size: 1.5rem;
      }
      nav {
        flex: 1;
      }
      nav a {
        display: inline-flex;
        align-items: center;
        min-block-size: var(--dc-target);
        padding-inline: var(--dc-space-2);
        color: var(--dc-quiet);
        text-decoration: none;
      }
      nav a[aria-current] {
        color: var(--dc-text);
        font-weight: 600;
      }
      .who {
        display: flex;
        align-items: center;
        gap: var(--dc-space-2);
        min-inline-size: 0;
      }
      .who p {
        display: grid;
        min-inline-size: 0;
        text-align: end;
        line-height: 1.25;
      }
      .who bdi {
        overflow: hidden;
        max-inline-size: 14rem;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-weight: 600;
      }
      .skip {
        position: absolute;
        inset-block-start: var(--dc-space-2);
        inset-inline-start: var(--dc-space-2);
        z-index: 1;
        padding: var(--dc-space-2) var(--dc-space-4);
        border-radius: var(--dc-radius-s);
        background: var(--dc-ink);
        color: var(--dc-on-ink);
      }
      .skip:not(:focus) {
        clip-path: inset(50%);
      }
      main:focus {
        outline: none;
      }
      .told {
        position: fixed;
        inset-block-end: var(--dc-space-4);
        inset-inline: var(--dc-space-4);
        z-index: 2;
        display: grid;
        gap: var(--dc-space-2);
        justify-items: end;
        pointer-events: none;
      }
      .told p {
        display: flex;
        gap: var(--dc-space-3);
        align-items: center;
        max-inline-size: min(30rem, 100%);
        padding: var(--dc-space-1) var(--dc-space-1) var(--dc-space-1) var(--dc-space-4);
        border: 1px solid var(--dc-edge);
        border-inline-start: 0.3rem solid var(--dc-quiet);
        border-radius: var(--dc-radius-s);
        background: var(--dc-surface);
        box-shadow: var(--wa-shadow-l);
        overflow-wrap: anywhere;
        pointer-events: auto;
      }
      .told .good {
        border-inline-start-color: var(--dc-good);
      }
      .told .bad {
        border-inline-start-color: var(--dc-accent);
      }
      @media (width < 48rem) {
        /* Above the bar that pages have at the bottom there. */
        .told {
          inset-block-end: calc(5rem + env(safe-area-inset-bottom));
        }
      }
      @media (width < 34rem) {
        /* Still read out. */
        .sign-out span {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .home span {
          display: none;
        }
        .sign-out wa-icon {
          margin: 0;
        }
        .who bdi {
          max-inline-size: 9rem;
        }
      }
    `,
  ];
  static override properties = { who: { attribute: false }, page: {}, told: { state: true } };

  /** Undefined while it is not known yet. */
  declare who: Who | undefined;
  /** Which of the pages in the bar is shown. */
  declare page: "dashboard" | "console" | "sign-in";
  declare protected told: readonly Told[];

  constructor() {
    super();
    this.told = [];
    this.addEventListener(TELL, (event) => this.#tell((event as CustomEvent<Told>).detail));
  }

  override render(): TemplateResult {
    return html`
      <header class="bar">
        <a class="skip" href="#main" @click=${(event: Event) => this.#skip(event)}>Skip to the content</a>
        <a
          class="home"
          aria-label="Dropcast, home"
          href=${this.who?.session ? `/console/${this.who.session}` : "/dashboard"}
          ><img src="/favicon.svg" alt="" /><span>Dropcast</span></a
        >
        <nav aria-label="Pages">${this.#pages()}</nav>
        ${this.#who()}
      </header>
      <main id="main" tabindex="-1"><slot></slot></main>
      <div class="told" role="status">
        ${repeat(
          this.told,
          (told) => told,
          (told) =>
            html`<p class=${told.tone}>
              <span>${told.text}</span>
              <wa-button appearance="plain" @click=${() => this.#close(told)}
                ><wa-icon name="xmark" label="Close"></wa-icon
              ></wa-button>
            </p>`,
        )}
      </div>
    `;
  }

  #pages(): TemplateResult | typeof nothing {
    if (!this.who || this.who.session !== undefined) return nothing;
    return html`<a href="/dashboard" aria-current=${this.page === "dashboard" ? "page" : nothing}
      >Dashboard</a
    >`;
  }

  #who(): TemplateResult | typeof nothing {
    if (!this.who) return nothing;
    const { name, seller, session } = this.who;
    const role = session !== undefined ? "Moderator" : seller === undefined ? "Creator" : "Seller";
    return html`<div class="who">
      <p><bdi>${name}</bdi><span class="quiet">${role}</span></p>
      <wa-button class="sign-out" appearance="plain" @click=${() => void this.#leave()}
        ><wa-icon slot="start" name="sign-out"></wa-icon><span>Sign out</span></wa-button
      >
    </div>`;
  }

  /** By hand: an address inside a shadow tree leads nowhere. */
  #skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  }

  async #leave(): Promise<void> {
    try {
      await signOut();
    } catch (error) {
      this.#tell({ text: wordsFor(error), tone: "bad" });
    }
  }

  #tell(told: Told): void {
    const others = this.told.filter(({ text }) => text !== told.text);
    this.told = [...others, told].slice(-AT_ONCE);
    if (told.tone !== "bad") setTimeout(() => this.#putAway(told), SHOWN_MS);
  }

  /** By hand: the button that had the focus is gone then. */
  #close(told: Told): void {
    this.#putAway(told);
    this.renderRoot.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
  }

  #putAway(told: Told): void {
    this.told = this.told.filter((other) => other !== told);
  }
}

customElements.define("dropcast-shell", DropcastShell);

/**
 * The dialog that makes a link: where it leads, its code, a coupon, its window, UTM fields. Gives it along with
 * `dropcast-link-made`.
 */
import "@awesome.me/webawesome/dist/components/details/details.js";
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { DropcastError } from "../../sdk/index.ts";
import { api } from "../signed-in/api.ts";
import { wordsFor } from "../signed-in/problems.ts";
import { tell } from "../signed-in/tell.ts";
import type { Dash, SessionSummary } from "./dash.ts";
import { faultText, hostsOf, requestOf, windowName, WINDOWS, type Link, type Wish } from "./link-view.ts";
import { dashboardStyles } from "./styles.ts";

const EMPTY: Wish = {
  goes: "session",
  session: "",
  page: "",
  code: "",
  coupon: "",
  window: String(Math.max(...WINDOWS)),
  source: "",
  medium: "",
  campaign: "",
  creator: "",
};

export class DropcastLinkDialog extends LitElement {
  static override properties = {
    dash: { attribute: false },
    sessions: { attribute: false },
    wish: { state: true },
    isOpen: { state: true },
    isBusy: { state: true },
    refused: { state: true },
  };
  static override styles = [
    ...dashboardStyles,
    css`
      form {
        display: grid;
        gap: var(--dc-space-4);
      }
      .refused {
        color: var(--dc-accent);
      }
      wa-details > div {
        display: grid;
        gap: var(--dc-space-3);
      }
    `,
  ];

  declare dash: Dash;
  declare sessions: readonly SessionSummary[];
  declare protected wish: Wish;
  declare protected isOpen: boolean;
  declare protected isBusy: boolean;
  /** Why the API did not make it, in words. */
  declare protected refused: string;
  /** Another one each time that it is opened. */
  #opening = {};

  constructor() {
    super();
    this.sessions = [];
    this.wish = EMPTY;
    this.isOpen = false;
    this.isBusy = false;
    this.refused = "";
  }

  show(): void {
    const first = this.sessions.find(({ status }) => status !== "ended" && status !== "cancelled");
    const session = first?.id ?? "";
    const creator = first?.creator ?? [...hostsOf(this.sessions).keys()][0] ?? "";
    this.wish = { ...EMPTY, session, creator, goes: session === "" ? "page" : "session" };
    this.refused = "";
    this.isBusy = false;
    this.#opening = {};
    this.isOpen = true;
  }

  protected override render(): TemplateResult {
    return html`<wa-dialog
      label="New link"
      ?open=${this.isOpen}
      @wa-after-hide=${(event: Event) => {
        // A choice inside hides its list, too.
        if (event.target === event.currentTarget) this.isOpen = false;
      }}
    >
      ${this.isOpen ? this.#form() : nothing}
      <wa-button slot="footer" appearance="outlined" data-dialog="close">Cancel</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.isBusy} @click=${() => void this.#make()}
        >Make the link</wa-button
      >
    </wa-dialog>`;
  }

  #form(): TemplateResult {
    const { wish } = this;
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.#make();
      }}
    >
      <wa-radio-group
        label="Leads to"
        orientation="horizontal"
        .value=${wish.goes}
        @change=${(event: Event) => this.#set("goes", event)}
      >
        <wa-radio appearance="button" value="session" ?disabled=${this.sessions.length === 0}
          >A session</wa-radio
        >
        <wa-radio appearance="button" value="page">A page</wa-radio>
      </wa-radio-group>
      ${wish.goes === "session" ? this.#session() : this.#field("page", "Address", "Begins with https://", "url")}
      ${this.dash.party.kind === "seller" ? this.#creator() : nothing}
      ${this.#field("code", "Code (optional)", "3 to 32 letters, digits and dashes; one is made for you without")}
      ${this.#field("coupon", "Coupon (optional)", "A creator's code: it is applied on the session's page")}
      ${this.#window()}
      <wa-details summary="For your own analytics (UTM)">
        <div>
          ${this.#field("source", "Source", "Such as instagram")}
          ${this.#field("medium", "Medium", "Such as social")}
          ${this.#field("campaign", "Campaign", "Such as friday-drop")}
        </div>
      </wa-details>
      <p class="refused" role="alert">${this.refused}</p>
    </form>`;
  }

  #session(): TemplateResult {
    return html`<wa-select
      label="Session"
      .value=${this.wish.session}
      @change=${(event: Event) => {
        this.#set("session", event);
        const host = this.sessions.find(({ id }) => id === this.wish.session)?.creator;
        if (host !== undefined) this.wish = { ...this.wish, creator: host };
      }}
    >
      ${this.sessions.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
    </wa-select>`;
  }

  #creator(): TemplateResult {
    const hosts = hostsOf(this.sessions);
    if (hosts.size === 0) return this.#field("creator", "Creator", "Whose link it is: an id, cre_…");
    return html`<wa-select
      label="Creator"
      hint="Whose link it is"
      .value=${this.wish.creator}
      @change=${(event: Event) => this.#set("creator", event)}
    >
      ${[...hosts].map(([id, name]) => html`<wa-option value=${id}>${name}</wa-option>`)}
    </wa-select>`;
  }

  #window(): TemplateResult {
    return html`<wa-select
      label="Counts for"
      hint="How long after a click an order still counts for the creator"
      .value=${this.wish.window}
      @change=${(event: Event) => this.#set("window", event)}
    >
      ${WINDOWS.map((minutes) => html`<wa-option value=${minutes}>${windowName(minutes)}</wa-option>`)}
    </wa-select>`;
  }

  #field(name: keyof Wish, label: string, hint: string, type: "text" | "url" = "text"): TemplateResult {
    return html`<wa-input
      label=${label}
      hint=${hint}
      type=${type}
      autocomplete="off"
      .value=${this.wish[name]}
      @input=${(event: Event) => this.#set(name, event)}
    ></wa-input>`;
  }

  #set(name: keyof Wish, event: Event): void {
    const { value } = event.currentTarget as unknown as { value: string };
    this.wish = { ...this.wish, [name]: value };
  }

  async #make(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.refused = "";
    const opening = this.#opening;
    // Closed meanwhile, and opened for another link: it is about that one now.
    const isLate = (): boolean => this.#opening !== opening;
    try {
      const { data } = await api.POST("/v1/links", { body: requestOf(this.wish, this.dash.party) });
      if (!isLate()) this.isOpen = false;
      tell(this, `${data.url} is ready`, "good");
      this.dispatchEvent(new CustomEvent<Link>("dropcast-link-made", { detail: data }));
    } catch (error) {
      if (isLate()) return tell(this, refusedFor(error), "bad");
      this.refused = refusedFor(error);
      await this.updateComplete;
      // On a phone the form is longer than what is seen of it.
      this.renderRoot.querySelector(".refused")?.scrollIntoView({ block: "nearest" });
    } finally {
      if (!isLate()) this.isBusy = false;
    }
  }
}

/** Which field it is about, where the API says so. */
function refusedFor(error: unknown): string {
  const faults = error instanceof DropcastError ? error.problem?.errors : undefined;
  if (!Array.isArray(faults) || faults.length === 0) return wordsFor(error);
  return faultText(faults);
}

customElements.define("dropcast-link-dialog", DropcastLinkDialog);

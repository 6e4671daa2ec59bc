/**
 * The sign-in page: `/sign-in#code=…&to=…` signs in and goes on; without a code it asks for one, or for an API key, which
 * makes one and is not kept. Touches the address and the network.
 */
import "../signed-in/shell.ts";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/spinner/spinner.js";
import type WaInput from "@awesome.me/webawesome/dist/components/input/input.js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { createApi, type Schemas } from "../../sdk/api.ts";
import { api } from "../signed-in/api.ts";
import { signedIn } from "../signed-in/style.ts";
import { arrivalOf, isKey, wayOn, type Arrival } from "./arrival.ts";
import { style } from "./style.ts";
import { codeCommand, whyNot } from "./words.ts";

export class DropcastSignIn extends LitElement {
  static override styles = [...signedIn, style];
  static override properties = {
    busy: { state: true },
    arriving: { state: true },
    typed: { state: true },
    fault: { state: true },
    already: { state: true },
    offered: { state: true },
  };

  declare protected busy: boolean;
  /** By the code of the address: nobody need type anything unless it is of no use. */
  declare protected arriving: boolean;
  declare protected typed: string;
  declare protected fault: string | undefined;
  /** Who is signed in before a code is used, or all the same where it was of no use. */
  declare protected already: Schemas["SignIn"] | undefined;
  /** The address's code, while somebody is signed in without it. */
  declare protected offered: string | undefined;
  #arrival: Arrival = {};

  constructor() {
    super();
    this.busy = false;
    this.arriving = false;
    this.typed = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#arrive);
    this.#arrive();
  }

  override disconnectedCallback(): void {
    removeEventListener("hashchange", this.#arrive);
    super.disconnectedCallback();
  }

  /** The code goes from the address at once: from the history too, and from what is shared of it. */
  readonly #arrive = (): void => {
    const arrival = arrivalOf(location.hash, location.origin);
    if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
    this.#arrival = { ...this.#arrival, ...arrival };
    if (arrival.code === undefined) return;
    this.arriving = true;
    void this.#enter(arrival.code);
  };

  /** A link may be anybody's: who is signed in becomes somebody else by their own hand only. */
  async #enter(code: string): Promise<void> {
    this.already = await current();
    if (!this.already) return this.#signIn(code);
    this.offered = code;
    this.arriving = false;
  }

  async #signIn(codeOrKey: string): Promise<void> {
    this.busy = true;
    this.fault = undefined;
    try {
      const code = isKey(codeOrKey) ? await codeFrom(codeOrKey.trim()) : codeOrKey;
      const { data } = await api.POST("/v1/sign-ins/redeem", { body: { code } });
      this.typed = "";
      location.replace(wayOn(data, this.#arrival.to));
    } catch (error) {
      this.fault = whyNot(error);
      this.offered = undefined;
      this.already = await current();
      this.busy = false;
      this.arriving = false;
      await this.updateComplete;
      this.renderRoot.querySelector<WaInput>("wa-input")?.focus();
    }
  }

  override render(): TemplateResult {
    return html`<dropcast-shell page="sign-in">
      <section class="panel">
        ${
          this.arriving
            ? html`<h1>Signing in</h1>
                <p class="arriving" role="status"><wa-spinner></wa-spinner>One moment</p>`
            : this.#asking()
        }
      </section>
    </dropcast-shell>`;
  }

  #asking(): TemplateResult {
    return html`<h1>Sign in</h1>
      <p class="quiet">For sellers, creators and their moderators. No password: a code from an API key.</p>
      ${this.#already()} ${this.#form()}
      <details ?open=${this.fault !== undefined}>
        <summary>How to get a code</summary>
        <p>A moderator gets a link from the host, who makes it in the console.</p>
        <p>Whoever has an API key enters the key here, or lets a server make a code:</p>
        <pre
          tabindex="0"
          role="region"
          aria-label="Command that makes a code"
          .textContent=${codeCommand(location.origin)}
        ></pre>
      </details>`;
  }

  #form(): TemplateResult {
    return html`<form @submit=${this.#submit}>
      <div role="alert">${this.fault === undefined ? nothing : html`<p class="fault">${this.fault}</p>`}</div>
      <wa-input
        label="Code or API key"
        placeholder="XXXX-XXXX-XXXX"
        hint="A code works once, for ten minutes. A key stays with you: it is not kept here."
        type=${isKey(this.typed) ? "password" : "text"}
        autocomplete="off"
        autocapitalize="off"
        autocorrect="off"
        spellcheck="false"
        maxlength="100"
        required
        autofocus
        .value=${this.typed}
        @input=${this.#type}
      ></wa-input>
      <wa-button type="submit" variant="brand" ?loading=${this.busy}>Sign in</wa-button>
    </form>`;
  }

  #already(): TemplateResult | typeof nothing {
    if (!this.already) return nothing;
    const to = wayOn(this.already, this.#arrival.to);
    return html`<p class="already">
        <span>You are signed in as <bdi>${this.already.name}</bdi>.</span> <a href=${to}>Go on</a>
      </p>
      ${this.#instead()}`;
  }

  #instead(): TemplateResult | typeof nothing {
    const code = this.offered;
    if (code === undefined) return nothing;
    return html`<wa-button appearance="outlined" ?loading=${this.busy} @click=${() => void this.#signIn(code)}
      >Sign in by the link instead</wa-button
    >`;
  }

  /** A key is covered up: whoever streams may show this screen. */
  readonly #type = (event: Event): void => {
    this.typed = (event.target as WaInput).value ?? "";
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (!this.busy && this.typed.trim() !== "") void this.#signIn(this.typed);
  };
}

async function codeFrom(key: string): Promise<string> {
  const { data } = await createApi({ api: location.origin, key }).POST("/v1/sign-ins", { body: {} });
  return data.code;
}

/** Undefined where nobody is, or nobody answers. */
async function current(): Promise<Schemas["SignIn"] | undefined> {
  try {
    return (await api.GET("/v1/sign-ins/current")).data;
  } catch {
    return undefined;
  }
}

customElements.define("dropcast-sign-in", DropcastSignIn);

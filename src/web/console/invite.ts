/** `<console-invite>`: a link that lets a moderator into this session alone, to copy or to point a phone at. */
import "@awesome.me/webawesome/dist/components/copy-button/copy-button.js";
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { encode } from "uqr";
import type { Guest } from "./deeds.ts";
import { dialogStyle } from "./dialog-style.ts";

export interface Invitation {
  readonly id: string;
  readonly url: string;
  readonly code: string;
  readonly until: string;
  /** A moment of today, as the host's clock has it. */
  readonly clock: (at: string) => string;
  /** Or why they are not to be had, in words. */
  readonly guests: () => Promise<readonly Guest[] | string>;
  /** Resolves with why it was refused, or with nothing when it was done. */
  readonly showOut: (guest: Guest) => Promise<string | undefined>;
}

export class ConsoleInvite extends LitElement {
  static override styles = [
    ...dialogStyle,
    css`
      figure {
        justify-self: center;
        padding: var(--dc-space-3);
        border-radius: var(--dc-radius-s);
        background: #fff;
      }
      svg {
        display: block;
        inline-size: min(14rem, 60vw);
        block-size: auto;
      }
      .link {
        display: flex;
        gap: var(--dc-space-2);
        align-items: center;
        padding-inline-start: var(--dc-space-4);
        border: 1px solid var(--dc-line);
        border-radius: var(--dc-radius-s);
      }
      h3 {
        margin: 0;
        font-size: var(--dc-text-m);
      }
      .guest {
        display: flex;
        justify-content: space-between;
        gap: var(--dc-space-3);
        align-items: center;
      }
      .link > span {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];
  static override properties = {
    invitation: { state: true },
    guests: { state: true },
    refusal: { state: true },
    isOpen: { state: true },
  };

  declare protected invitation: Invitation | undefined;
  declare protected guests: readonly Guest[];
  declare protected refusal: string;
  declare protected isOpen: boolean;
  #looks = 0;

  constructor() {
    super();
    this.isOpen = false;
    this.guests = [];
    this.refusal = "";
  }

  async open(invitation: Invitation): Promise<void> {
    this.invitation = invitation;
    this.refusal = "";
    this.isOpen = true;
    await this.#look(invitation);
  }

  async #look({ guests }: Invitation): Promise<void> {
    this.#looks += 1;
    const look = this.#looks;
    const found = await guests();
    // Who was shown out meanwhile may still be in it.
    if (look !== this.#looks) return;
    if (typeof found === "string") this.refusal ||= found;
    else this.guests = found;
  }

  override render(): TemplateResult {
    const { invitation } = this;
    return html`<wa-dialog
      label="Let a moderator in"
      ?open=${this.isOpen}
      @wa-hide=${(event: Event) => this.#hidden(event)}
    >
      ${invitation ? this.#link(invitation) : nothing}
      <p class="bad" role="alert">${this.refusal}</p>
      <wa-button slot="footer" variant="brand" class="done" autofocus @click=${() => (this.isOpen = false)}
        >Done</wa-button
      >
    </wa-dialog>`;
  }

  #link(invitation: Invitation): TemplateResult {
    const { url, code, until } = invitation;
    return html`<div class="stack">
      <p>Whoever opens this link may do in this session what you may, and nothing anywhere else.</p>
      <figure>${qrOf(url)}</figure>
      <div class="link">
        <span dir="ltr">${url}</span>
        <wa-copy-button value=${url} copy-label="Copy the link"></wa-copy-button>
      </div>
      <p class="quiet">
        It works once, until ${until}. Or type the code <strong dir="ltr">${code}</strong> on the sign-in
        page.
      </p>
      ${this.#others(invitation)}
    </div>`;
  }

  /** Everybody but whoever this link is for. */
  #others(invitation: Invitation): TemplateResult | typeof nothing {
    const others = this.guests.filter(({ id }) => id !== invitation.id);
    if (others.length === 0) return nothing;
    return html`<section aria-labelledby="others">
      <h3 id="others">Let in before</h3>
      <ul>
        ${others.map(
          (guest) =>
            html`<li class="guest">
              <span>${guestText(guest, invitation)}</span>
              <wa-button appearance="plain" @click=${() => void this.#showOut(guest, invitation)}
                >Show out</wa-button
              >
            </li>`,
        )}
      </ul>
    </section>`;
  }

  async #showOut(guest: Guest, invitation: Invitation): Promise<void> {
    this.refusal = (await invitation.showOut(guest)) ?? "";
    await this.#look(invitation);
    await this.updateComplete;
    // The button that had the focus went with its guest.
    if (!this.shadowRoot?.activeElement) this.renderRoot.querySelector<HTMLElement>(".done")?.focus();
  }

  /** Tooltips inside tell of their hiding too. */
  #hidden(event: Event): void {
    if (event.target instanceof Element && event.target.localName === "wa-dialog") this.isOpen = false;
  }
}

function guestText({ redeemedAt, createdAt }: Guest, { clock }: Invitation): string {
  return redeemedAt === undefined
    ? `Link of ${clock(createdAt)}, not used yet`
    : `Signed in since ${clock(redeemedAt)}`;
}

/** Drawn dark on light in any scheme, as scanners want it. */
function qrOf(text: string): TemplateResult {
  const { data, size } = encode(text);
  const modules = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return html`<svg
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label="QR code of the link"
    fill="#000"
    shape-rendering="crispEdges"
  >
    ${svg`<path d=${modules.join("")} />`}
  </svg>`;
}

customElements.define("console-invite", ConsoleInvite);

/**
 * The overlay for OBS and other mixers: the pinned offer over a video, at `/overlay/{session}`. `?offer=` shows another
 * one, `?theme=dark|light|clear`, `?place=bottom-start|bottom|bottom-end|top-start|top|top-end|center` and `?scale=0.5` to
 * `3` fit it to the scene, `?lang=` is the language. Follows its session by the SDK; touches its own page alone.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { clientOf, type SessionClient } from "../../sdk/index.ts";
import type { Messages } from "../card/messages.ts";
import { priceLines } from "../card/price-lines.ts";
import { textsFor } from "../card/texts.ts";
import { tokens } from "../design/tokens.ts";
import { Chips, type Chip } from "./chips.ts";
import { buyMessagesFor, isolated } from "./messages.ts";
import { overlayStyle } from "./style.ts";
import {
  happeningsBetween,
  leftOf,
  sceneOf,
  stagingOf,
  type Bought,
  type Happenings,
  type Scene,
  type Status,
} from "./scene.ts";

const SECOND_MS = 1_000;
/** What is taken is told together for so long: in a rush a sum moves more than a flicker. */
const TAKEN_MS = 900;
/** A buy is told of while it is fresh: not after a cut, or when the overlay is opened. */
const FRESH_MS = 10_000;

/** What is said where it is not the units that are left. */
const SAID = {
  scheduled: "soon",
  paused: "paused",
  sold_out: "soldOut",
  closed: "closed",
  over: "over",
} as const satisfies Record<Exclude<Status, "open">, keyof Messages>;

export class DropcastOverlay extends LitElement {
  static override styles = [tokens, overlayStyle];

  readonly #staging = stagingOf(new URL(location.href));
  readonly #texts = textsFor(this.#staging?.lang ?? "en");
  readonly #buyMessages = buyMessagesFor(this.#texts.locale);
  readonly #chips = new Chips(() => this.requestUpdate());
  readonly #client: SessionClient | undefined;
  #stop: (() => void) | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #scene: Scene | undefined;
  /** The most units there were of each offer. */
  readonly #most = new Map<string, number>();
  #taken = 0;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    const session = this.#staging?.session;
    if (session !== undefined) this.#client = clientOf({ api: location.origin, session, isMonitor: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { theme = "dark", place = "bottom-start", scale = 1 } = this.#staging ?? {};
    this.setAttribute("theme", theme);
    this.setAttribute("place", place);
    this.lang = this.#texts.locale;
    this.dir = this.#texts.messages.dir;
    this.style.setProperty("--overlay-scale", String(scale));
    this.#stop = this.#client?.subscribe(() => this.#changed());
    this.#clock = setInterval(() => this.requestUpdate(), SECOND_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    clearInterval(this.#clock);
    clearTimeout(this.#telling);
    this.#chips.clear();
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.#client) return html`<p class="hint">Add a session to the address: /overlay/ses_…</p>`;
    if (this.#client.state.missing) return html`<p class="hint">There is no such session.</p>`;
    const scene = this.#scene;
    return scene ? this.#card(scene, this.#client) : nothing;
  }

  protected override updated(changes: PropertyValues): void {
    super.updated(changes);
    const fill = this.renderRoot.querySelector<HTMLElement>(".fill");
    // By the object model: the page's policy allows no style in markup.
    if (fill && this.#scene) fill.style.transform = `scaleX(${this.#scene.share})`;
  }

  #card({ offer, status, left, share, deadlineMs }: Scene, client: SessionClient): TemplateResult {
    const { messages } = this.#texts;
    const { now, was } = priceLines(offer.price);
    const leftMs = (deadlineMs ?? 0) - client.nowMs();
    const isCounting = leftMs > 0 && status !== "over" && status !== "closed";
    return html`
      <main class="card" data-status=${status}>
        <h1>${offer.title}</h1>
        <p class="prices">
          <span class="price">${this.#texts.money(now)}</span>
          ${was ? html`<s class="was">${this.#texts.money(was)}</s>` : nothing}
        </p>
        <div class="bar"><div class="fill" data-low=${share <= 0.2 ? "yes" : "no"}></div></div>
        <p class="cue">
          <span>${status === "open" ? messages.left(this.#texts.number(left)) : messages[SAID[status]]}</span>
          ${isCounting ? html`<time>${this.#texts.span(leftMs)}</time>` : nothing}
        </p>
        ${status === "sold_out" ? html`<p class="stamp" aria-hidden="true">${messages.soldOut}</p>` : nothing}
        <p class="taken" aria-hidden="true"></p>
        <ol class="buys" aria-hidden="true">
          ${this.#chips.places.map((chip) => html`<li>${keyed(chip?.id, chip ? this.#chip(chip) : nothing)}</li>`)}
        </ol>
      </main>
    `;
  }

  #chip({ units, shownAs }: Chip): TemplateResult {
    const { bought, boughtBy } = this.#buyMessages;
    const count = this.#texts.number(units);
    return html`<span class="buy">
      ${shownAs === undefined ? bought(count) : boughtBy(isolated(shownAs), count)}
    </span>`;
  }

  #changed(): void {
    const { state } = this.#client ?? {};
    if (!state) return;
    for (const { id, ...offer } of Object.values(state.picture?.offers ?? {}))
      this.#most.set(id, Math.max(this.#most.get(id) ?? 0, leftOf(offer)));
    const wanted = this.#staging?.offer;
    const shown = wanted ?? state.picture?.session.pinned ?? "";
    const next = sceneOf(state, wanted, this.#most.get(shown) ?? 0, this.#scene);
    const happenings = next && happeningsBetween(this.#scene, next);
    if (next?.offer.id !== this.#scene?.offer.id) this.#chips.clear();
    else this.#chips.keepNames(next?.buys ?? []);
    if (happenings) this.#tellBought(happenings.bought);
    this.#scene = next;
    this.requestUpdate();
    if (happenings) void this.updateComplete.then(() => this.#perform(happenings));
  }

  #tellBought(bought: Bought): void {
    const last = bought.buys.at(-1);
    const nowMs = this.#client?.nowMs() ?? 0;
    if (last && nowMs - Date.parse(last.at) < FRESH_MS) this.#chips.tell(bought);
  }

  #perform({ priceDropped, soldOut, taken }: Happenings): void {
    const find = (selector: string): HTMLElement | null =>
      this.renderRoot.querySelector<HTMLElement>(selector);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    if (priceDropped)
      find(".price")?.animate(DROP, { duration: 900, easing: "cubic-bezier(0.2, 1.4, 0.4, 1)" });
    if (soldOut) find(".stamp")?.animate(STAMP, { duration: 450, easing: "cubic-bezier(0.3, 1.5, 0.5, 1)" });
    this.#taken += taken;
    if (this.#taken > 0 && this.#telling === undefined) this.#tellTaken();
  }

  #tellTaken(): void {
    const chip = this.renderRoot.querySelector<HTMLElement>(".taken");
    if (chip) {
      chip.textContent = this.#texts.number(-this.#taken);
      chip.animate(RISE, { duration: TAKEN_MS * 2, easing: "ease-out" });
    }
    this.#taken = 0;
    this.#telling = setTimeout(() => {
      this.#telling = undefined;
      if (this.#taken > 0) this.#tellTaken();
    }, TAKEN_MS);
  }
}

const DROP: Keyframe[] = [
  { transform: "translateY(-0.6em) scale(1.25)", opacity: 0.2 },
  { transform: "translateY(0.08em) scale(1.08)", opacity: 1, offset: 0.6 },
  { transform: "none", opacity: 1 },
];
const STAMP: Keyframe[] = [
  { transform: "rotate(-9deg) scale(2.4)", opacity: 0 },
  { transform: "rotate(-9deg) scale(1)", opacity: 1 },
];
const RISE: Keyframe[] = [
  { transform: "translateY(60%)", opacity: 0 },
  { transform: "none", opacity: 1, offset: 0.2 },
  { transform: "none", opacity: 1, offset: 0.75 },
  { transform: "translateY(-30%)", opacity: 0 },
];

customElements.define("dropcast-overlay", DropcastOverlay);
document.body.append(document.createElement("dropcast-overlay"));

/** The card as an element: attributes in, markup out, and the timers that keep it true. Touches its own tree alone. */
import { LitElement, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from "lit";
import { creatorCodeInAddress, type ClientState, type SessionClient } from "../../sdk/index.ts";
import { controls } from "../design/controls.ts";
import { base, tokens } from "../design/tokens.ts";
import { cardStyles } from "./card-styles.ts";
import { fire, type Reserved } from "./events.ts";
import { Following } from "./following.ts";
import { languageAround } from "./page-language.ts";
import { variantNames } from "./price-lines.ts";
import { offerIdOf, offerOf, PINNED, unitsOf } from "./stage.ts";
import { cardTemplate, type Choice, type Hands } from "./templates.ts";
import { textsFor, type Texts } from "./texts.ts";
import { bareView, staleInMs, type View } from "./view.ts";
import { Visit } from "./visit.ts";

/** Where the script came from the API is, unless `api` says otherwise. */
const HOME = new URL(import.meta.url).origin;
/** How often a payment that waits for the viewer's bank is asked after. */
const ASK_MS = 4_000;

export class DropcastCard extends LitElement {
  static override properties: PropertyDeclarations = {
    session: {},
    offer: {},
    offers: {},
    api: {},
    code: {},
    paymentMethod: { attribute: "payment-method" },
    shownAs: { attribute: "shown-as" },
    viewerToken: { attribute: false },
    onCart: { attribute: false },
  };
  static override styles: CSSResultGroup = [tokens, base, controls, cardStyles];

  declare session: string;
  declare offer: string;
  declare offers: string;
  declare api: string;
  declare code: string;
  declare paymentMethod: string;
  /** Under which first name the viewer has agreed to be shown when they buy. */
  declare shownAs: string | undefined;
  /** Gives the viewer's token, where the page knows its viewers. Set it before the card is connected. */
  declare viewerToken: (() => Promise<string>) | undefined;
  /** Is told of each reservation, and again when the viewer goes to the checkout. */
  declare onCart: ((reserved: Reserved) => void) | undefined;

  readonly #following = new Following(() => this.requestUpdate());
  readonly #visits = new Map<string, Visit>();
  readonly #addressCode = creatorCodeInAddress();
  #chosen: string | undefined;
  #shown: string | undefined;
  #view: View | undefined;
  #last = "";
  #said = "";
  #lostImage: string | undefined;
  #hadFocus = false;
  #isReady = false;
  #ticking: ReturnType<typeof setTimeout> | undefined;
  #pricing: ReturnType<typeof setTimeout> | undefined;
  #asking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.session = "";
    this.offer = PINNED;
    this.offers = "";
    this.api = HOME;
    this.code = "";
    this.paymentMethod = "";
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, "lang"];
  }

  override attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    super.attributeChangedCallback(name, before, now);
    if (name === "lang") this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#ask);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#ask);
    clearTimeout(this.#ticking);
    clearTimeout(this.#pricing);
    this.#pricing = undefined;
    this.#stopAsking();
    this.#following.stop();
  }

  protected override willUpdate(): void {
    this.#hadFocus = Boolean(this.shadowRoot?.activeElement);
    if (!this.isConnected || this.session === "") return;
    const { api, session, viewerToken } = this;
    const options = { api: api || HOME, session, ...(viewerToken ? { viewerToken } : {}) };
    if (!this.#following.follow(options)) return;
    this.#visits.clear();
    this.#shown = undefined;
    this.#isReady = false;
  }

  protected override render(): TemplateResult {
    const texts = textsFor(languageAround(this));
    const client = this.#following.client;
    const nowMs = client?.nowMs() ?? Date.now();
    const visit = client && this.#visitNow(client);
    const view = visit?.view(texts, nowMs) ?? this.#bare(client?.state, texts);
    this.#view = view;
    this.#hear(view);
    return cardTemplate({
      view,
      texts,
      nowMs,
      hands: this.#hands,
      image: this.#imageOf(view),
      choices: client ? this.#choices(client.state) : [],
      peak: visit?.peak ?? 0,
      agreed: visit?.hasAgreed ?? false,
      said: this.#said,
    });
  }

  protected override updated(): void {
    const view = this.#view;
    for (const [offer, visit] of this.#visits) visit.report(offer === this.#shown ? view : undefined);
    if (view?.offer && !this.#isReady) {
      this.#isReady = true;
      fire(this, "dropcast:ready", { session: this.session, offer: view.offer.id });
    }
    // What had the focus may be gone with the state it belonged to; the button never is.
    if (this.#hadFocus && !this.shadowRoot?.activeElement) {
      this.#focus("#primary");
    }
    if (this.isConnected) this.#keepTrue();
  }

  /** Of the offer on screen. */
  get #visit(): Visit | undefined {
    return this.#visits.get(this.#shown ?? "");
  }

  /** The offer's visit; one that is in the middle of a purchase keeps its place, or takes it again, when another is pinned. */
  #visitNow(client: SessionClient): Visit | undefined {
    const { state } = client;
    const before = this.#visit;
    const isChosen = this.#list.length > 0;
    const kept = this.offer === PINNED && !isChosen ? this.#underWay(before) : undefined;
    const id = kept ?? offerIdOf(state.picture, this.#wanted);
    if (id === undefined || !offerOf(state, id)) return undefined;
    let visit = this.#visits.get(id);
    if (!visit) {
      const settings = () => this.#settings;
      const changed = () => this.requestUpdate();
      visit = new Visit(id, { client, settings, changed, stage: this });
      this.#visits.set(id, visit);
    }
    if (before && visit !== before && !isChosen) visit.settle();
    this.#shown = id;
    return visit;
  }

  /** An offer of which units are held or paid for: the one on screen, else one that the viewer has waited for here. */
  #underWay(before: Visit | undefined): string | undefined {
    if (before?.isUnderWay) return this.#shown;
    return [...this.#visits].find(([, visit]) => visit.isUnderWay)?.[0];
  }

  get #settings() {
    const { session, paymentMethod, shownAs, onCart } = this;
    const code = (this.code?.trim() || this.#addressCode).toUpperCase();
    return { session, code, paymentMethod: paymentMethod ?? "", shownAs: shownAs ?? "", onCart };
  }

  get #list(): readonly string[] {
    return (this.offers ?? "").split(/\s+/).filter(Boolean);
  }

  get #wanted(): string {
    return this.#chosen ?? this.#list[0] ?? (this.offer || PINNED);
  }

  #bare(state: ClientState | undefined, texts: Texts): View {
    this.#shown = undefined;
    return bareView(state, this.#wanted, texts);
  }

  #choices(state: ClientState): readonly Choice[] {
    const { picture } = state;
    const offers = this.#list.map((id) => offerOf(state, id)).filter((offer) => offer !== undefined);
    const names = variantNames(offers.map(({ title }) => title));
    return offers.map((offer, at) => ({
      id: offer.id,
      name: names[at] ?? offer.title,
      soldOut: picture !== undefined && unitsOf(picture, offer) === 0,
    }));
  }

  #imageOf({ offer }: View): string | undefined {
    if (!offer?.image || this.#lostImage === offer.image) return undefined;
    return `${this.api || HOME}/v1/sessions/${this.session}/offers/${offer.id}/image`;
  }

  /** What is new since the card could first be read is read out. */
  #hear({ stage, said }: View): void {
    if (stage === "loading" || said === this.#last) return;
    if (this.#last !== "") this.#said = said;
    this.#last = said;
  }

  readonly #hands: Hands = {
    act: (deed) => {
      if (this.#view) void this.#visit?.act(deed, this.#view);
      if (deed === "join") void this.updateComplete.then(() => this.#focus("[type=checkbox]"));
    },
    step: (by) => this.#visit?.choose((this.#view?.quantity ?? 1) + by),
    agree: (isGiven) => this.#visit?.agree(isGiven),
    choose: (offer) => {
      this.#chosen = offer;
      this.requestUpdate();
    },
    imageFailed: () => {
      this.#lostImage = this.#view?.offer?.image;
      this.requestUpdate();
    },
  };

  /** Sets the timers that the view needs: for what counts down, for a price to be signed, for an order at the bank. */
  #keepTrue(): void {
    const client = this.#following.client;
    const visit = this.#visit;
    clearTimeout(this.#ticking);
    if (!client || !visit || !this.#view) return;
    const staleMs = staleInMs(this.#view, client.nowMs(), visit.settledAtMs);
    if (staleMs !== undefined) this.#ticking = setTimeout(() => this.requestUpdate(), staleMs);

    if (visit.lacksPrice && this.#pricing === undefined) {
      this.#pricing = setTimeout(() => {
        this.#pricing = undefined;
        void visit.getPrice();
      }, Math.random() * visit.priceWithinMs);
    }

    if (visit.unconfirmed !== undefined) this.#asking ??= setInterval(this.#ask, ASK_MS);
    else this.#stopAsking();
  }

  #focus(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }

  #stopAsking(): void {
    clearInterval(this.#asking);
    this.#asking = undefined;
  }

  /** The viewer is back from the bank's page, or may be: how does the order stand? */
  readonly #ask = (): void => {
    const order = this.#visit?.unconfirmed;
    if (document.hidden || order === undefined) return;
    // A failure says nothing new: the next one asks again.
    this.#following.client?.refreshOrder(order).catch(() => undefined);
  };
}

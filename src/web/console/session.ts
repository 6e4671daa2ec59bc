/** `<console-session>`: one session for its host: follows it by the desk and shows what there is. Touches its own tree. */
import "./confirm.ts";
import "./invite.ts";
import "./reprice.ts";
import "./restock.ts";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Picture } from "../../sdk/index.ts";
import { remembered } from "../signed-in/remembered.ts";
import { writingIn } from "../design/writing.ts";
import { englishOf } from "../signed-in/english.ts";
import { signedIn } from "../signed-in/style.ts";
import { tell } from "../signed-in/tell.ts";
import type { Who } from "../signed-in/who.ts";
import { Acts } from "./acts.ts";
import { Choice } from "./choice.ts";
import { questionBefore, type ConsoleConfirm, type Question } from "./confirm.ts";
import {
  allocate,
  guestsOf,
  hideName,
  invite,
  moveOffer,
  moveSession,
  poolsOf,
  reprice,
  showBuys,
  showOut,
  type ShowBuys,
} from "./deeds.ts";
import { Desk } from "./desk.ts";
import { feedOf, type FeedLine } from "./feed.ts";
import { headOf } from "./header.ts";
import type { ConsoleInvite } from "./invite.ts";
import type { JournalEvent } from "./journal.ts";
import type { NamedBuy } from "./names.ts";
import { offerStyle } from "./offer-style.ts";
import { offersOf } from "./offers.ts";
import { feedList, numbersOf, refusedOf, salesChart, salesPanel, viewersChart } from "./panels.ts";
import { refusalText } from "./refusals.ts";
import type { ConsoleReprice } from "./reprice.ts";
import type { ConsoleRestock } from "./restock.ts";
import { rightsOf, type OfferMove, type Rights, type SessionMove } from "./rights.ts";
import { repriced, repricingOf, rowsOf, type Row } from "./rows.ts";
import { salesOf, slotOf } from "./sales.ts";
import { shownBuys } from "./shown-buys.ts";
import { consoleStyle } from "./style.ts";

/** The journal is read out no more often than this, and then only its newest line. */
const HEARD_EVERY_MS = 5_000;
const texts = writingIn(englishOf(navigator.language));
const clock = new Intl.DateTimeFormat(texts.locale, { timeStyle: "medium", hourCycle: "h23" });
const shortClock = new Intl.DateTimeFormat(texts.locale, { timeStyle: "short", hourCycle: "h23" });
const clockOf = (atMs: number): string => clock.format(atMs);

interface Dialogs {
  readonly "console-confirm": ConsoleConfirm;
  readonly "console-reprice": ConsoleReprice;
  readonly "console-restock": ConsoleRestock;
  readonly "console-invite": ConsoleInvite;
}

export class ConsoleSession extends LitElement {
  static override styles = [...signedIn, consoleStyle, offerStyle];
  static override properties = { session: {}, who: { attribute: false }, heard: { state: true } };

  declare session: string;
  declare who: Who | undefined;
  declare protected heard: string;
  #desk: Desk | undefined;
  #stop: (() => void) | undefined;
  #heardAtMs = 0;
  /** What has the focus before the page is shown anew, and where it goes should that be gone after. */
  #focus: { readonly on: HTMLElement; readonly to: HTMLElement | null } | undefined;
  /** What cannot have the focus for the moment, and what has it instead. */
  #lent: { readonly on: HTMLElement; readonly to: HTMLElement | null } | undefined;
  /** Of the journal's lines. */
  #newest: FeedLine | undefined;
  readonly #acts = new Acts(
    () => this.requestUpdate(),
    (error) => this.#wordsFor(error),
  );
  readonly #shownBuys = new Choice<ShowBuys>(
    () => this.requestUpdate(),
    () => this.#desk?.isBehind ?? false,
  );

  // The page is shown anew many times a second in a rush; journal and terms are not read as often.
  readonly #feed = remembered(
    (events: readonly JournalEvent[], offers: Desk["offers"], defaultZone: string) =>
      feedOf(events, { texts, titleOf: (offer) => offers.get(offer)?.title ?? "An offer", defaultZone }),
  );
  readonly #sales = remembered((events: readonly JournalEvent[], slotMs: number) => {
    const sales = salesOf(events, slotMs);
    return { total: sales.total, view: salesChart(sales, texts, clockOf) };
  });
  readonly #viewers = remembered((samples: readonly number[]) =>
    samples.length > 1 ? viewersChart(samples, texts) : undefined,
  );

  constructor() {
    super();
    this.heard = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#desk = undefined;
  }

  protected override willUpdate(changes: PropertyValues): void {
    super.willUpdate(changes);
    const on = this.shadowRoot?.activeElement;
    this.#focus =
      on instanceof HTMLElement ? { on, to: on.closest<HTMLElement>("[data-keeps-focus]") } : undefined;
    if (this.#desk || !this.who || !this.session) return;
    this.#desk = new Desk(this.session, () => this.requestUpdate());
    this.#stop = this.#desk.start();
  }

  protected override updated(changes: PropertyValues): void {
    super.updated(changes);
    this.#keepFocus();
    const title = this.#desk?.client.picture?.session.title;
    if (title !== undefined) document.title = `${title} · Console`;
    this.#hear(this.#newest);
  }

  override render(): TemplateResult {
    const desk = this.#desk;
    const picture = desk?.client.picture;
    if (desk?.isRefused) return refused(this.who);
    if (!desk || !picture || !this.who) return skeleton();
    const rights = rightsOf(this.who, picture.session);
    if (!rights) return refused(this.who);
    return this.#page(desk, picture, rights);
  }

  #page(desk: Desk, picture: Picture, rights: Rights): TemplateResult {
    const { session: face } = picture;
    const { stats, isOffline } = desk;
    const nowMs = desk.nowMs();
    const { busy, refusals } = this.#acts;
    const rows = rowsOf(picture, desk.offers, stats?.offers ?? {}, rights);
    const { total, view } = this.#sales(desk.events, slotOf(nowMs));
    const lines = this.#feed(desk.events, desk.offers, face.defaultZone);
    this.#newest = lines[0];
    return html`
      <div class="page">
        ${headOf({
          session: this.session,
          face,
          rights,
          texts,
          nowMs,
          isOffline,
          busy,
          refusal: refusals.get("session") ?? "",
          move: (move) => void this.#moveSession(move, face.title),
          invite: () => void this.#invite(),
        })}
        <section class="numbers-column" aria-label="Live numbers">
          ${numbersOf(stats, this.#viewers(desk.viewers), texts)}
        </section>
        <section class="offers-column" aria-label="Offers">
          ${offersOf({
            session: this.session,
            rows,
            texts,
            nowMs,
            isOffline,
            busy,
            refusals,
            move: (row, move) => void this.#moveOffer(row, move),
            reprice: (row) => this.#reprice(row, rights),
            restock: (row) => void this.#restock(row, picture),
          })}
        </section>
        <div class="charts-column">${salesPanel(total, view, texts)} ${refusedOf(stats, texts)}</div>
        <section class="panel feed-column" aria-labelledby="journal" tabindex="-1" data-keeps-focus>
          <h2 id="journal">What happens</h2>
          ${
            rights.showsBuys
              ? shownBuys({
                  shown: this.#shownBuys.shown(face.showBuys ?? "named"),
                  isOffline,
                  show: (wanted) => void this.#showBuys(wanted),
                })
              : nothing
          }
          ${feedList({
            lines,
            clock: clockOf,
            isOffline,
            busy,
            hide: rights.hides ? (buy) => void this.#hide(buy) : undefined,
          })}
        </section>
      </div>
      <p class="heard" role="status">${this.heard}</p>
      <console-confirm></console-confirm>
      <console-reprice></console-reprice>
      <console-restock></console-restock>
      <console-invite></console-invite>
    `;
  }

  #wordsFor(error: unknown): string {
    return refusalText(error, this.#desk?.client.picture?.session.currency ?? "USD", texts);
  }

  /** A row that moves, and a button that goes or is disabled, would take it along; one that is enabled has it back. */
  #keepFocus(): void {
    const { on, to } = this.#focus ?? {};
    if (this.#lent && this.#lent.to !== on) this.#lent = undefined;
    if (this.#lent) return void this.#giveBack(this.#lent.on);
    if (!on) return;
    const isOff = on.matches("[disabled]");
    if (isOff) this.#lent = this.#focus;
    if (isOff || this.shadowRoot?.activeElement !== on)
      (on.isConnected && !isOff ? on : to)?.focus({ preventScroll: true });
  }

  async #giveBack(on: HTMLElement): Promise<void> {
    if (on.matches("[disabled]")) return;
    const lent = this.#lent;
    // What is in the component is enabled a moment after it.
    if (on instanceof LitElement) await on.updateComplete;
    if (this.#lent !== lent || this.shadowRoot?.activeElement !== lent?.to) return;
    this.#lent = undefined;
    if (on.isConnected) on.focus({ preventScroll: true });
  }

  /** A rush is not read out line by line. */
  #hear(line: FeedLine | undefined): void {
    const nowMs = Date.now();
    if (!line || line.text === this.heard || nowMs - this.#heardAtMs < HEARD_EVERY_MS) return;
    // What there was when the page came is there to be read, and not news.
    const isFirst = this.#heardAtMs === 0;
    this.#heardAtMs = nowMs;
    if (!isFirst) this.heard = line.text;
  }

  #dialog<Name extends keyof Dialogs>(name: Name): Dialogs[Name] | undefined {
    return this.renderRoot.querySelector<Element & Dialogs[Name]>(name) ?? undefined;
  }

  async #isSure(question: Question | undefined): Promise<boolean> {
    return question === undefined || ((await this.#dialog("console-confirm")?.ask(question)) ?? false);
  }

  async #moveSession(move: SessionMove, title: string): Promise<void> {
    if (!(await this.#isSure(questionBefore(move, title)))) return;
    await this.#act("session", move, () => moveSession(this.session, move));
  }

  async #moveOffer({ id, title }: Row, move: OfferMove): Promise<void> {
    if (!(await this.#isSure(questionBefore(move, title)))) return;
    await this.#act(id, `${id} ${move}`, () => moveOffer(this.session, id, move));
  }

  async #hide({ order }: NamedBuy): Promise<void> {
    await this.#act("session", `hide ${order}`, () => hideName(this.session, order));
  }

  async #showBuys(wanted: ShowBuys): Promise<void> {
    await this.#shownBuys.make(wanted, (now) =>
      this.#act("session", "show buys", () => showBuys(this.session, now)),
    );
  }

  /** Whether it was done. */
  async #act(place: string, name: string, act: () => Promise<void>): Promise<boolean> {
    const isDone = await this.#acts.run(place, name, act);
    this.#desk?.refresh();
    await this.updateComplete;
    // On a phone the session's moves are far from the head that says why.
    if (place === "session")
      this.renderRoot.querySelector(".head .refusal:not(:empty)")?.scrollIntoView({ block: "nearest" });
    return isDone;
  }

  #reprice({ id, title, price }: Row, rights: Rights): void {
    const terms = this.#desk?.offers.get(id);
    if (!terms) return tell(this, "The terms of this offer are still on their way. Try again in a moment.");
    this.#dialog("console-reprice")?.open({
      title,
      texts,
      repricing: repricingOf(terms, price, rights),
      // On the terms there are by then: what somebody else changed meanwhile is not undone.
      submit: (amount, older) =>
        this.#refusalOf(() =>
          reprice(this.session, id, repriced(this.#desk?.offers.get(id) ?? terms, amount, rights), older),
        ),
    });
  }

  async #restock({ id, title }: Row, { offers, session }: Picture): Promise<void> {
    const skus = offers[id]?.lines.map(({ sku }) => sku) ?? [];
    await this.#dialog("console-restock")?.open({
      title,
      texts,
      defaultZone: session.defaultZone,
      pools: () => poolsOf(this.session, skus).catch((error: unknown) => this.#wordsFor(error)),
      submit: (pool, allocated) => this.#refusalOf(() => allocate(this.session, pool, allocated)),
    });
  }

  /** Why it was refused, in words; undefined when it was done. */
  async #refusalOf(act: () => Promise<void>): Promise<string | undefined> {
    try {
      await act();
      this.#desk?.refresh();
      return undefined;
    } catch (error) {
      return this.#wordsFor(error);
    }
  }

  async #invite(): Promise<void> {
    await this.#act("session", "invite", async () => {
      const { id, url, code, expiresAt } = await invite(this.session);
      const minute = (at: string): string => shortClock.format(Date.parse(at));
      void this.#dialog("console-invite")?.open({
        id,
        url,
        code,
        until: minute(expiresAt),
        clock: minute,
        guests: () => guestsOf(this.session).catch((error: unknown) => this.#wordsFor(error)),
        showOut: (guest) => this.#refusalOf(() => showOut(guest)),
      });
    });
  }
}

function refused(who: Who | undefined): TemplateResult {
  const [label, home] =
    who?.session === undefined
      ? ["To the dashboard", "/dashboard"]
      : ["To your session", `/console/${who.session}`];
  return html`<div class="message">
    <wa-icon name="warning"></wa-icon>
    <h1>This session is not there, or not yours</h1>
    <p>Perhaps you are signed in as somebody else, or the address is not whole.</p>
    <wa-button href=${home} variant="brand">${label}</wa-button>
  </div>`;
}

function skeleton(): TemplateResult {
  return html`<div class="page hint" aria-busy="true">
    <header class="head"><h1 class="skeleton">Loading the session</h1></header>
    <span class="numbers-column skeleton"></span><span class="offers-column skeleton"></span
    ><span class="charts-column skeleton"></span><span class="feed-column skeleton"></span>
    <p class="heard" role="status">Loading the session</p>
  </div>`;
}

customElements.define("console-session", ConsoleSession);

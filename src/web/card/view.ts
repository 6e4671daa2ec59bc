/** What the card shows for what is known: every word, amount and button, without any markup. Pure. */
import type { ClientState, DropcastError, Money, OfferPicture, Price, Purchase } from "../../sdk/index.ts";
import { inAll, priceLines, type PriceLines } from "./price-lines.ts";
import { isAside, isEnded, isLost, purchaseView, tapping } from "./purchase-view.ts";
import { reasonOf } from "./reasons.ts";
import { isScarce, offerOf, opensAtMs, stageOf, unitsOf, type Stage } from "./stage.ts";
import type { Texts } from "./texts.ts";

/** What a button does. */
export type Deed = "buy" | "reserve" | "pay" | "checkout" | "join" | "confirm" | "verify";
export type SideDeed = "extend" | "release" | "again";

/** What went wrong with the last thing the viewer did here. */
export interface Trouble {
  readonly code: DropcastError["code"];
  /** Server's clock, epoch ms. */
  readonly retryAtMs?: number | undefined;
}

/** All that decides what is shown. */
export interface Seen {
  readonly state: ClientState;
  /** An offer's id or `pinned`. */
  readonly offer: string;
  readonly nowMs: number;
  /** Units the viewer chose. */
  readonly quantity: number;
  /** There is a payment method: a tap buys. Else it reserves. */
  readonly pays: boolean;
  /** The page has a checkout of its own. */
  readonly hasCheckout: boolean;
  /** A signed price that says more than the picture: with the creator code, or newer. */
  readonly price?: Price | undefined;
  readonly trouble?: Trouble | undefined;
  /** A refusal from before the offer could be bought again. */
  readonly past?: DropcastError | undefined;
  /** What one unit cost when the viewer tapped, where it costs something else now: nothing was done. */
  readonly repricedFrom?: Money | undefined;
  /** A purchase that the viewer has put aside to buy another. */
  readonly aside?: Purchase | undefined;
  /** What the viewer asked for and has no answer to. */
  readonly doing?: Deed | SideDeed | undefined;
  /** The viewer is asked to agree to waiting, and whether they have. */
  readonly consent?: "asked" | "given" | undefined;
  /** The most units that were seen. */
  readonly peak: number;
  /** Offer or price changed a moment ago: a tap now would be meant for what was there before. */
  readonly isSettling?: boolean;
}

export interface Primary {
  /** Absent where there is nothing to do: the button then says why. */
  readonly deed?: Deed;
  readonly label: string;
  readonly busy?: boolean | undefined;
  readonly done?: boolean | undefined;
  /** Where `verify` leads, in a new tab. */
  readonly href?: string;
}

export interface Note {
  readonly text: string;
  readonly tone: "quiet" | "good" | "bad";
  /** Counts down to; epoch ms. */
  readonly untilMs?: number;
  /** What is read out instead: a clock is not. */
  readonly said?: string;
}

export interface View {
  readonly stage: Stage;
  readonly offer?: OfferPicture;
  readonly price?: PriceLines;
  /** What the primary button costs. */
  readonly charge?: Money;
  readonly units: number;
  readonly scarce: boolean;
  readonly stock: string;
  readonly quantity: number;
  /** The most units that the offer's limits let one tap have; 1 where there is nothing to choose. */
  readonly most: number;
  /** The units can be chosen now. */
  readonly choosable: boolean;
  readonly badge: string;
  readonly countdown?: { readonly label: string; readonly untilMs: number } | undefined;
  readonly primary: Primary;
  readonly side: readonly { readonly deed: SideDeed; readonly label: string }[];
  readonly note?: Note | undefined;
  readonly consent?: string | undefined;
  /** Read out when it changes: states and outcomes, never a tick. */
  readonly said: string;
}

/** Units one tap may ask for where the offer has no limit. */
const MOST = 10;

export function viewOf(seen: Seen, texts: Texts): View {
  const { state, nowMs } = seen;
  const { picture } = state;
  const stage = stageOf(state, seen.offer);
  const offer = offerOf(state, seen.offer);
  if (!picture || !offer) return bareView(state, seen.offer, texts);

  const units = unitsOf(picture, offer);
  const { quantity, most } = quantityOf(offer, units, seen.quantity);
  const price = seen.price ?? offer.price;
  const charge = inAll(price, quantity);
  const known = state.purchases[offer.id];
  const found = known && !isAside(known, seen.aside) ? known : undefined;
  const purchase = found && !isEnded(found, nowMs) ? found : undefined;
  const bought = purchase && purchaseView(purchase, seen, texts, stage);
  const primary = bought?.primary ?? offered(stage, seen, texts, offer, charge);
  const note = noteOf(seen, texts, stage, offer, found, bought?.note);
  const { messages } = texts;
  const countdown = countdownOf(seen, stage, offer, messages);
  return {
    stage,
    offer,
    price: priceLines(price),
    charge,
    units,
    scarce: stage === "open" && isScarce(units, seen.peak),
    stock:
      stage === "soldout" ? messages.soldOut : stage === "open" ? messages.left(texts.number(units)) : "",
    quantity: bought?.primary && purchase ? purchase.quantity : quantity,
    most,
    choosable: stage === "open" && !bought?.primary && !seen.doing,
    badge: badgeOf(stage, messages),
    countdown: countdown && countdown.untilMs > nowMs ? countdown : undefined,
    primary: isIdle(seen, primary) ? withoutDeed(primary) : primary,
    side: state.connection === "offline" ? [] : (bought?.side ?? []),
    note,
    consent:
      stage === "soldout" && !bought?.primary && seen.consent && offer.waitlist
        ? messages.consent(texts.money(charge))
        : undefined,
    said:
      note?.said ??
      note?.text ??
      (stage === "open" && !primary.busy && !primary.done ? messages.onSale : primary.label),
  };
}

/** The whole of what can be said while there is no offer. */
export function bareView(state: ClientState | undefined, offer: string, { messages }: Texts): View {
  const stage = state ? stageOf(state, offer) : "missing";
  const isOffline = stage === "loading" && state?.connection === "offline";
  const isTold = stage === "loading" || stage === "missing" || stage === "over";
  const text = isOffline ? messages.offlineNote : messages[isTold ? stage : "unpinned"];
  return {
    stage,
    units: 0,
    scarce: false,
    stock: "",
    quantity: 1,
    most: 1,
    choosable: false,
    badge: "",
    primary: { label: text },
    side: [],
    note: { text, tone: isOffline ? "bad" : "quiet" },
    said: text,
  };
}

/** Units that a tap asks for, of those wanted, and the most that one may. */
export function quantityOf(
  { limits }: OfferPicture,
  units: number,
  wanted: number,
): { quantity: number; most: number } {
  const allowed = Math.min(limits.perOrder ?? MOST, limits.perViewer ?? MOST, MOST);
  return { quantity: Math.max(1, Math.min(wanted, allowed, Math.max(1, units))), most: allowed };
}

/** The button while nothing is bought. */
function offered(stage: Stage, seen: Seen, texts: Texts, offer: OfferPicture, charge: Money): Primary {
  const { messages } = texts;
  const { doing } = seen;
  if (stage === "open") {
    const label = seen.pays ? messages.buy(texts.money(charge)) : messages.reserve(texts.money(charge));
    // What was asked of a hold that has ended meanwhile takes nothing.
    const isTap = doing === "buy" || doing === "reserve";
    if (doing) return { label: isTap ? tapping(seen, messages) : label, busy: true };
    const retryAtMs = seen.trouble?.retryAtMs ?? 0;
    return retryAtMs > seen.nowMs ? { label } : { deed: seen.pays ? "buy" : "reserve", label };
  }
  if (stage === "soldout" && offer.waitlist) {
    if (doing) return { label: messages.join, busy: true };
    if (seen.consent === "asked") return { label: messages.join };
    return { deed: seen.consent === "given" ? "confirm" : "join", label: messages.join };
  }
  return { label: shut(stage, messages) };
}

function shut(stage: Exclude<Stage, "open">, messages: Texts["messages"]): string {
  if (stage === "soldout") return messages.soldOut;
  return stage === "scheduled" ? messages.notOpenYet : messages[stage];
}

/** Nothing can be done offline, and nothing bought while offer or price have only just changed. */
function isIdle({ state, isSettling = false }: Seen, { deed }: Primary): boolean {
  const buys = deed === "buy" || deed === "reserve" || deed === "confirm";
  return state.connection === "offline" || (isSettling && buys);
}

/** A button that is shown and does nothing. */
function withoutDeed({ label, busy, done }: Primary): Primary {
  return { label, busy, done };
}

function noteOf(
  seen: Seen,
  texts: Texts,
  stage: Stage,
  offer: OfferPicture,
  found: Purchase | undefined,
  own: Note | undefined,
): Note | undefined {
  const { messages } = texts;
  if (seen.state.connection === "offline") return { text: messages.offlineNote, tone: "bad" };
  // A price that changed under the tap is told as that, and not as the refusal it was.
  const refusal = found?.refusal === seen.past ? undefined : found?.refusal;
  const trouble = seen.trouble ?? (seen.repricedFrom ? undefined : refusal);
  if (trouble && found?.step !== "bought" && found?.step !== "pending") {
    const retryAtMs = "retryAtMs" in trouble ? trouble.retryAtMs : undefined;
    return retryAtMs !== undefined && retryAtMs > seen.nowMs
      ? { text: messages.retryIn, tone: "bad", untilMs: retryAtMs, said: messages.reasons.busy }
      : { text: messages.reasons[reasonOf(trouble.code)], tone: "bad" };
  }
  const to = (seen.price ?? offer.price).due;
  if (seen.repricedFrom && seen.repricedFrom.amount !== to.amount) {
    return { text: messages.repriced(texts.money(seen.repricedFrom), texts.money(to)), tone: "bad" };
  }
  if (own) return own;
  if (found && isLost(found, seen.nowMs)) return { text: messages.ranOut, tone: "quiet" };
  return stageNote(seen, texts, stage, offer);
}

function stageNote(
  { state }: Seen,
  { messages, moment, number }: Texts,
  stage: Stage,
  offer: OfferPicture,
): Note | undefined {
  const { picture } = state;
  if (stage === "paused") return { text: messages.pausedNote, tone: "quiet" };
  const opens = stage === "scheduled" && picture ? opensAtMs(picture, offer) : undefined;
  if (opens !== undefined) return { text: messages.opensOn(moment(opens)), tone: "quiet" };
  const { perViewer } = offer.limits;
  if (stage !== "open" || perViewer === undefined) return undefined;
  return { text: messages.perPerson(number(perViewer)), tone: "quiet" };
}

function countdownOf({ state }: Seen, stage: Stage, offer: OfferPicture, messages: Texts["messages"]) {
  if (stage === "scheduled" && state.picture) {
    const untilMs = opensAtMs(state.picture, offer);
    return untilMs === undefined ? undefined : { label: messages.opensIn, untilMs };
  }
  if ((stage !== "open" && stage !== "soldout") || offer.closesAt === undefined) return undefined;
  return { label: messages.endsIn, untilMs: Date.parse(offer.closesAt) };
}

function badgeOf(stage: Stage, messages: Texts["messages"]): string {
  if (stage === "open" || stage === "soldout") return messages.live;
  if (stage === "scheduled") return messages.soon;
  return stage === "paused" ? messages.paused : "";
}

/**
 * In how many ms what is shown will be out of date by the clock alone; undefined when nothing counts down. A tap counts
 * from `settledAtMs` on.
 */
export function staleInMs({ countdown, note }: View, nowMs: number, settledAtMs: number): number | undefined {
  // A span is shown in whole seconds, rounded up: it changes when a whole number of them is left.
  const spans = [countdown?.untilMs, note?.untilMs]
    .filter((at) => at !== undefined && at > nowMs)
    .map((at) => ((at ?? 0) - nowMs) % 1000 || 1000);
  const waits = settledAtMs > nowMs ? [...spans, settledAtMs - nowMs] : spans;
  return waits.length === 0 ? undefined : Math.min(...waits);
}

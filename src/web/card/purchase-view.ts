/** What the card shows of a purchase under way or done: hold, waitlist, payment, bank's question, outcome. Pure. */
import type { Money, OwnOrder, Purchase, Reservation } from "../../sdk/index.ts";
import type { Stage } from "./stage.ts";
import type { Texts } from "./texts.ts";
import type { Note, Primary, Seen, View } from "./view.ts";

const MINUTE_MS = 60_000;

interface PurchaseView {
  readonly primary?: Primary;
  readonly side?: View["side"];
  readonly note?: Note;
}

/** The units are no longer held, though the viewer's bank may still be asking. */
export function isLost({ step, reservation }: Purchase, nowMs: number): boolean {
  if (step !== "action" || !reservation) return step === "expired";
  const { status, expiresAt = "" } = reservation;
  return status !== "held" || Date.parse(expiresAt) <= nowMs;
}

/** A purchase that leaves the offer as it was: it can be bought again at once. */
export function isEnded(purchase: Purchase, nowMs: number): boolean {
  const { step } = purchase;
  return step === "released" || step === "refused" || isLost(purchase, nowMs);
}

/** Put aside to buy another: news of it brings it back only when it comes to another end. */
export function isAside(purchase: Purchase, aside: Purchase | undefined): boolean {
  return purchase.step === aside?.step && heldAs(purchase) === heldAs(aside);
}

/** The reservation that a purchase is made by. */
function heldAs({ reservation, order }: Purchase): string | undefined {
  return order?.reservation ?? reservation?.id;
}

/** What is said of a tap for units until it is answered: who joins a waitlist buys nothing yet. */
export function tapping({ pays, doing }: Seen, { buying, reserving }: Texts["messages"]): string {
  return pays && doing !== "confirm" ? buying : reserving;
}

/** Undefined for a purchase that has ended. */
export function purchaseView(
  purchase: Purchase,
  seen: Seen,
  texts: Texts,
  stage: Stage,
): PurchaseView | undefined {
  const { messages } = texts;
  const { order, reservation } = purchase;
  switch (purchase.step) {
    case "pending":
      if (reservation) return heldView(reservation, seen, texts, true);
      return { primary: { label: tapping(seen, messages), busy: true } };
    case "held":
      return reservation && heldView(reservation, seen, texts, seen.doing !== undefined);
    case "waiting":
      return {
        primary: { label: messages.waiting, done: true },
        side: [{ deed: "release", label: messages.leave }],
        note: { text: messages.waitingNote, tone: "quiet" },
      };
    case "paying":
      return { primary: { label: messages.paying, busy: true } };
    case "action":
      return order && actionView(order, reservation, seen, texts);
    case "bought":
      return {
        primary: { label: messages.bought, done: true },
        side:
          stage === "open" && mayHaveMore(purchase, seen) ? [{ deed: "again", label: messages.again }] : [],
        note: { text: order ? messages.boughtNote(orderName(order.id)) : messages.bought, tone: "good" },
      };
    case "failed":
      return { note: { text: failureText(order, texts), tone: "bad" } };
    default:
      return undefined;
  }
}

/** As far as this purchase says: the viewer may have had others before. */
function mayHaveMore({ offer, quantity }: Purchase, { state }: Seen): boolean {
  return quantity < (state.picture?.offers[offer]?.limits.perViewer ?? Infinity);
}

function heldView(reservation: Reservation, seen: Seen, texts: Texts, busy: boolean): PurchaseView {
  const { messages } = texts;
  const pay = messages.pay(texts.money(dueOf(reservation)));
  const primary: Primary = seen.pays
    ? { deed: "pay", label: seen.doing === "pay" ? messages.paying : pay }
    : seen.hasCheckout
      ? { deed: "checkout", label: messages.checkout }
      : { label: messages.reserved, done: true };
  return {
    primary: busy ? { label: primary.label, busy } : primary,
    side: busy
      ? []
      : [
          ...(isExtendable(reservation) ? [{ deed: "extend", label: messages.extend } as const] : []),
          { deed: "release", label: messages.release },
        ],
    note: heldNote(reservation, seen, texts),
  };
}

/** For how long units are held, after what else there is to say; read out by the minute. */
function heldNote(
  { expiresAt }: Reservation,
  { nowMs }: Seen,
  { messages, span }: Texts,
  before?: string,
): Note {
  const text = before === undefined ? messages.heldFor : `${before} ${messages.heldFor}`;
  if (expiresAt === undefined) return { text: before ?? text, tone: "quiet" };
  const untilMs = Date.parse(expiresAt);
  const minutes = Math.ceil((untilMs - nowMs) / MINUTE_MS);
  return { text, tone: "quiet", untilMs, said: `${text} ${span(minutes * MINUTE_MS)}` };
}

/** The bank's page opens in another tab: only an address of the web is followed. */
function actionView(
  { paymentAction }: OwnOrder,
  reservation: Reservation | undefined,
  seen: Seen,
  texts: Texts,
): PurchaseView {
  const { messages } = texts;
  const url = paymentAction?.url ?? "";
  if (!/^https?:/i.test(url)) return { primary: { label: messages.paying, busy: true } };
  return {
    primary: { deed: "verify", label: messages.verify, href: url },
    note: reservation
      ? heldNote(reservation, seen, texts, messages.verifyNote)
      : { text: messages.verifyNote, tone: "quiet" },
  };
}

/** What a reservation costs, all its lines and units. */
export function dueOf({ lines }: Reservation): Money {
  const amount = lines.reduce((sum, { price, quantity }) => sum + price.due.amount * quantity, 0);
  return { amount, currency: lines[0]?.price.due.currency ?? "USD" };
}

function isExtendable({ expiresAt, latestAt }: Reservation): boolean {
  return expiresAt !== undefined && latestAt !== undefined && expiresAt < latestAt;
}

function failureText(order: OwnOrder | undefined, { messages }: Texts): string {
  if (order?.failure === "declined") return messages.declined;
  return order?.failure === "hold_lost" ? messages.holdLost : messages.captureFailed;
}

/** An order as a person can say it: the random part of its id, after the time and before the session's. */
export function orderName(id: string): string {
  return id.slice(4, 30).slice(-8).toUpperCase();
}

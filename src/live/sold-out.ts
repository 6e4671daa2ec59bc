/**
 * Refusing a tap for what is sold out without asking the session, where that is sound: it would refuse as well, and did
 * not sell to this very tap before. The session says what is needed for it; relays and the edge decide by it. Pure.
 */
import { Buffer } from "node:buffer";
import type { Envelope, ReservationItem } from "../domain/commands.ts";
import type { OfferId, TokenId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { availableByZone, type Offer } from "../domain/offer.ts";
import type { OfferPicture, Picture, SessionFace } from "../domain/picture.ts";
import type { Shortage } from "../domain/refusal.ts";
import { refuse, type Refused } from "../domain/reply.ts";
import type { SessionState } from "../domain/session.ts";
import { demandOf } from "../domain/stock.ts";

/**
 * What a place that is not the session needs to refuse a tap for what is sold out. As long as an offer stays sold out
 * and has no waitlist nobody spends a token of it: the tokens spent when it had sold out are all there are.
 */
export interface Scarcity {
  /** The journal's sequence number up to which this holds. */
  readonly cursor: number;
  /** When the session said so, by its own clock. */
  readonly atMs: number;
  /**
   * Offers that are open, sold out everywhere and have no waitlist; each with the time until which that stays so unless
   * somebody does something: the earliest deadline of a hold on its stock, the end of its window, its next price.
   */
  readonly soldOut: Readonly<Record<OfferId, number>>;
  /** 32-bit hashes of all spent tokens' ids, sorted, big-endian, in base64: four bytes a token. */
  readonly spentTokens: string;
}

/** Makes a session's scarcity; makes its long parts anew only when an offer sold out or came back, or a deadline passed. */
export class ScarcityMaker {
  #key = "";
  #untilMs = Number.NEGATIVE_INFINITY;
  #made: Scarcity | undefined;

  /** Undefined when nothing is sold out, or too many tokens are spent to tell of. What was due must have been applied. */
  of(state: SessionState, nowMs: number): Scarcity | undefined {
    const now = { cursor: state.seq, atMs: Math.max(state.atMs, nowMs) };
    const isSame = now.atMs < this.#untilMs && this.#made?.cursor === now.cursor;
    const offers = isSame ? undefined : soldOutOffers(state);
    const key = offers?.map(({ id, changedSeq }) => `${id}:${changedSeq}`).join() ?? this.#key;
    if (offers?.length === 0) return (this.#made = undefined);
    if (this.#made && key === this.#key && now.atMs < this.#untilMs) {
      this.#made = { ...this.#made, ...now };
    } else if (offers) {
      this.#key = key;
      const soldOut = endsOf(state, offers);
      this.#untilMs = Math.min(...Object.values(soldOut));
      this.#made = { ...now, soldOut, spentTokens: hashesOf(state.spentTokens.keys()) };
    }
    return this.#made;
  }
}

function soldOutOffers(state: SessionState): Offer[] {
  if (state.status !== "live" || state.spentTokens.size > LIMITS.spentTokensTold) return [];
  return [...state.offers.values()].filter((offer) => isSoldOut(state, offer));
}

function isSoldOut(state: SessionState, offer: Offer): boolean {
  if (offer.status !== "open" || offer.backorder !== undefined) return false;
  return Object.values(availableByZone(state, offer)).every((units) => units === 0);
}

/** Past the times that a clock can have. */
const NEVER_MS = 8.64e15;

function endsOf(state: SessionState, offers: readonly Offer[]): Record<OfferId, number> {
  const freesAtMs = new Map<string, number>();
  for (const { status, expiresAtMs = NEVER_MS, units } of state.reservations.values()) {
    if (status !== "held") continue;
    for (const { sku } of units) freesAtMs.set(sku, Math.min(freesAtMs.get(sku) ?? NEVER_MS, expiresAtMs));
  }
  const ends: Record<OfferId, number> = {};
  for (const { id, lines, closesAtMs = NEVER_MS, priceSteps } of offers) {
    ends[id] = Math.min(
      closesAtMs,
      ...priceSteps.map(({ atMs }) => atMs),
      ...lines.map(({ sku }) => freesAtMs.get(sku) ?? NEVER_MS),
    );
  }
  return ends;
}

/** What a place knows of a session: its face, and an offer with the cursor by which it was so. */
export interface Known {
  readonly face: SessionFace;
  offer(id: OfferId): { readonly offer: OfferPicture; readonly cursor: number } | undefined;
}

/** What a place knows that has the whole picture. */
export function knownFrom({ session, offers, cursor }: Picture): Known {
  return {
    face: session,
    offer: (id) => {
      const offer = Object.hasOwn(offers, id) ? offers[id] : undefined;
      return offer && { offer, cursor };
    },
  };
}

/** As much of a tap for stock as it can be refused by. */
export interface Asked {
  readonly items: readonly AskedItem[];
  readonly zone?: string;
  readonly allowPartial: boolean;
}

export type AskedItem = Pick<
  ReservationItem,
  "token" | "tokenExpiresAtMs" | "offer" | "priceVersion" | "maxQuantity" | "quantity"
>;

/** A tap by its id and fingerprint, and what it asks for. */
export interface AskedTap extends Pick<Envelope, "id" | "fingerprint"> {
  readonly asked: Asked;
}

/** What a tap asks for; undefined for one that is about a reservation or may wait: the session alone can answer it. */
export function askedIn({ id, fingerprint, command }: Envelope): AskedTap | undefined {
  if (command.type === "order.buy") return { id, fingerprint, asked: command.reserve };
  if (command.type !== "reservation.reserve" || command.backorder) return undefined;
  return { id, fingerprint, asked: command };
}

/** Whether what a place has been told covers an offer that it sees sold out; else the session must be asked. */
export function covers(
  scarcity: Scarcity | undefined,
  id: OfferId,
  known: Known,
  nowMs: number,
): scarcity is Scarcity {
  if (!scarcity || !Object.hasOwn(scarcity.soldOut, id)) return false;
  const seen = known.offer(id);
  const untilMs = Math.min(scarcity.soldOut[id] ?? 0, scarcity.atMs + LIMITS.soldOutTrustMs);
  return seen !== undefined && scarcity.cursor >= seen.cursor && nowMs + LIMITS.clocksApartMs < untilMs;
}

/** Whether a place sees an offer sold out for good: nobody can wait for it either. */
export function looksSoldOut(id: OfferId, known: Known): boolean {
  const offer = known.offer(id)?.offer;
  return offer !== undefined && offer.soldOut && !offer.waitlist;
}

/**
 * The refusal of a tap for what is sold out, worded as the session's; undefined when only the session can say. It is no
 * answer of record: it uses up neither the tap's tokens nor its id.
 *
 * A tap that bought has its tokens among the spent ones, and one whose token has expired may have: both go to the
 * session, which repeats its answer. So does what might be refused for another reason, as far as it can be seen.
 */
export function soldOutRefusal(
  asked: Asked,
  scarcity: Scarcity,
  known: Known,
  nowMs: number,
): Refused | undefined {
  const { items, allowPartial } = asked;
  const atMs = Math.max(nowMs, scarcity.atMs);
  if (known.face.status !== "live" || !items.every((item) => isFit(item, known, atMs))) return undefined;
  if (new Set(items.map(({ token }) => token)).size < items.length) return undefined;
  const isOut = ({ offer }: AskedItem): boolean =>
    looksSoldOut(offer, known) && covers(scarcity, offer, known, atMs);
  if (!(allowPartial ? items.every(isOut) : items.some(isOut))) return undefined;
  if (isSpentIn(scarcity, asked)) return undefined;
  return refuse({ code: "out_of_stock", available: shortagesOf(asked, known), waitlist: false });
}

/** Whether a token of a tap is among those that were spent; one in a few hundred thousand seems so and is not. */
export function isSpentIn(scarcity: Scarcity, { items }: Asked): boolean {
  const spent = spentIn(scarcity);
  return items.some(({ token }) => has(spent, hashOf(token)));
}

/** Nothing to be seen from here but the stock keeps the item from being bought. */
function isFit(item: AskedItem, known: Known, atMs: number): boolean {
  const offer = known.offer(item.offer)?.offer;
  return (
    offer?.status === "open" &&
    item.priceVersion === offer.priceVersion &&
    item.quantity <= Math.min(item.maxQuantity, offer.limits.perOrder ?? item.maxQuantity) &&
    atMs + LIMITS.clockSkewMs < item.tokenExpiresAtMs
  );
}

/** Of each SKU what the request would need, and what of it can be seen to be there. */
function shortagesOf({ items, zone: wanted }: Asked, known: Known): Shortage[] {
  const zone = wanted ?? known.face.defaultZone;
  const available = new Map<string, number>();
  const bundles = items.flatMap((item) => {
    const offer = known.offer(item.offer)?.offer;
    if (!offer) return [];
    const units = Object.hasOwn(offer.available, zone) ? (offer.available[zone] ?? 0) : 0;
    for (const { sku, quantity } of offer.lines) {
      available.set(sku, Math.max(available.get(sku) ?? 0, units * quantity));
    }
    return [{ lines: offer.lines, quantity: item.quantity }];
  });
  return demandOf(zone, bundles).map(({ sku, quantity }) => ({
    sku,
    zone,
    requested: quantity,
    available: available.get(sku) ?? 0,
  }));
}

/** FNV-1a, 32 bits. Two tokens that meet cost a question to the session, nothing else. */
function hashOf(token: TokenId): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < token.length; index++) {
    value = Math.imul(value ^ token.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

function hashesOf(tokens: Iterable<TokenId>): string {
  const hashes = Uint32Array.from(tokens, hashOf).toSorted();
  const bytes = Buffer.alloc(hashes.length * 4);
  for (const [index, hash] of hashes.entries()) bytes.writeUInt32BE(hash, index * 4);
  return bytes.toString("base64");
}

/** Read once for each scarcity, not for each tap. */
const read = new WeakMap<Scarcity, Buffer>();

function spentIn(scarcity: Scarcity): Buffer {
  const known = read.get(scarcity);
  if (known) return known;
  const bytes = Buffer.from(scarcity.spentTokens, "base64");
  read.set(scarcity, bytes);
  return bytes;
}

function has(hashes: Buffer, hash: number): boolean {
  let low = 0;
  let high = hashes.length / 4;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = hashes.readUInt32BE(middle * 4);
    if (other === hash) return true;
    if (other < hash) low = middle + 1;
    else high = middle;
  }
  return false;
}

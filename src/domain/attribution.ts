/**
 * Which creator an order is attributed to, by versioned rules, with a record of why: coupon over token over click, the
 * last touch within a kind, nothing from outside its window, nobody for what they buy themselves. Pure.
 */
import { apportion } from "./apportion.ts";
import type { CreatorId, OrderId, SellerId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import type { Referral } from "./referral.ts";

/** Links have their windows in minutes, all else is in ms. */
export const MINUTE_MS = 60_000;

export type LinkId = `lnk_${string}`;
export type ClickId = `clk_${string}`;

/** Somebody came by a creator's link, as a verified click token says. */
export interface Click {
  readonly click: ClickId;
  readonly link: LinkId;
  readonly creator: CreatorId;
  /** In whole seconds: a token says no more. */
  readonly atMs: number;
}

/**
 * What may speak for a creator: a coupon of theirs that the order was bought with, a click token that came with the order
 * (out of the address or the cookie alike), or a click that is known of the viewer by other ways, of which there are none
 * yet.
 */
export const CANDIDATE_KINDS = ["coupon", "token", "click"] as const;
export type CandidateKind = (typeof CANDIDATE_KINDS)[number];

/** Rules are never changed, only followed by a version with the next number: a record names the one it was made by. */
export interface AttributionRules {
  readonly version: number;
  /** The strongest first, each kind once. */
  readonly order: readonly CandidateKind[];
  /** How long before the order a touch of each kind may lie at the most, to the millisecond. */
  readonly windowMs: Readonly<Record<CandidateKind, number>>;
}

/**
 * The rules in force: a coupon or a link is remembered for a month, what is only known of a viewer for a week. Since
 * version 2 a coupon speaks for nobody but the creator whose it is by its session; by version 1 it spoke for the creator
 * by whose link with that coupon the viewer came. Since version 3 the last of several coupons is that of the later line; by
 * version 2 it was the one whose code goes first, whatever the viewer did. Since version 4 a link may have a window of its
 * own, shorter than these; by version 3 it had none.
 */
export const ATTRIBUTION_RULES: AttributionRules = {
  version: 4,
  order: CANDIDATE_KINDS,
  windowMs: {
    coupon: LIMITS.attributionWindowMaxMs,
    token: LIMITS.attributionWindowMaxMs,
    click: 7 * 86_400_000,
  },
};

/** Something that may speak for a creator. `kind` and `id` together name it. */
export interface Candidate {
  readonly kind: CandidateKind;
  /** Of the evidence: the click's id, the coupon's code. */
  readonly id: string;
  readonly creator: CreatorId;
  readonly link?: LinkId;
  /** It counts for this seller's sales only; without one for everybody's. */
  readonly seller?: SellerId;
  /** When the viewer touched it. */
  readonly atMs: number;
  /** Of a coupon: the last of the order's lines that was bought with it, from 0. Lines stand as they came into the cart. */
  readonly line?: number;
  /**
   * How long before the order it may lie at the most by its own link; a coupon is used with the order, and has none. In a
   * record the window that it had, the rules' or that, whichever is shorter; absent in records by rules before version 4.
   */
  readonly windowMs?: number;
}

type Windowed = Candidate & { readonly windowMs: number };

/** What is to be attributed. */
export interface AttributedOrder {
  readonly order: OrderId;
  readonly seller: SellerId;
  readonly placedAtMs: number;
  /** Creators that the buyer is known to be, or to stand for. */
  readonly buyerIs: readonly CreatorId[];
}

/** Why a candidate could not win at all. */
export type Ineligible = "after_order" | "outside_window" | "other_seller" | "self_purchase";
/** Why an eligible one did not: a stronger kind, a later touch, or one at the same time that goes first by its id. */
export type Beaten = "outranked" | "older_touch" | "tie_lost";
export type Verdict = "won" | Beaten | Ineligible;

export type Judged = Candidate & { readonly verdict: Verdict };

/** The record of a decision: enough to see, and to check, why it came out as it did. */
export interface AttributionDecision {
  readonly order: OrderId;
  /** Version of the rules. */
  readonly rules: number;
  /** The longest window that each kind could have. */
  readonly windowMs: Readonly<Record<CandidateKind, number>>;
  /** Everything that was considered, the strongest first. */
  readonly candidates: readonly Judged[];
  /** Absent when nobody is: then the order is the session's own. */
  readonly winner?: Windowed;
  /** What the winner has of the order, or why nothing; absent without a winner, and in records by rules before version 2. */
  readonly referral?: Referral;
}

/**
 * The same for the same candidates in whatever order they come.
 *
 * @throws {RangeError} for rules that do not have each kind once, or a window from a minute to 30 days for each.
 */
export function decideAttribution(
  rules: AttributionRules,
  order: AttributedOrder,
  candidates: readonly Candidate[],
): AttributionDecision {
  refuseOddRules(rules);
  const judged = candidates
    .map((candidate) => ({ ...candidate, windowMs: windowOf(rules, candidate) }))
    .map((candidate) => ({ candidate, fault: faultOf(order, candidate) }))
    .toSorted((a, b) => Number(a.fault !== undefined) - Number(b.fault !== undefined) || ranked(rules, a, b));
  const first = judged[0];
  const winner = first?.fault === undefined ? first?.candidate : undefined;
  return {
    order: order.order,
    rules: rules.version,
    windowMs: rules.windowMs,
    candidates: judged.map(({ candidate, fault }, at) => ({
      ...candidate,
      verdict: fault ?? (winner === undefined || at === 0 ? "won" : beatenBy(winner, candidate)),
    })),
    ...(winner ? { winner } : {}),
  };
}

function refuseOddRules({ version, order, windowMs }: AttributionRules): void {
  const kinds = order.toSorted().join();
  if (kinds !== CANDIDATE_KINDS.toSorted().join()) {
    throw new RangeError(`rules ${version} have the kinds ${kinds}`);
  }
  for (const kind of CANDIDATE_KINDS) {
    const window = windowMs[kind];
    const isWithin = window >= LIMITS.attributionWindowMinMs && window <= LIMITS.attributionWindowMaxMs;
    if (!isWithin) throw new RangeError(`rules ${version} have a window of ${window} ms for a ${kind}`);
  }
}

function windowOf({ windowMs }: AttributionRules, candidate: Candidate): number {
  return Math.min(windowMs[candidate.kind], candidate.windowMs ?? Infinity);
}

/** The first reason not to consider it. A touch at the very end of its window is still in it. */
function faultOf(
  { seller, placedAtMs, buyerIs }: AttributedOrder,
  candidate: Windowed,
): Ineligible | undefined {
  if (candidate.atMs > placedAtMs) return "after_order";
  if (placedAtMs - candidate.atMs > candidate.windowMs) return "outside_window";
  if (candidate.seller !== undefined && candidate.seller !== seller) return "other_seller";
  return buyerIs.includes(candidate.creator) ? "self_purchase" : undefined;
}

interface Considered {
  readonly candidate: Candidate;
}

/** By kind, then the later touch, then by name, so that no two different ones are alike. */
function ranked({ order }: AttributionRules, { candidate: a }: Considered, { candidate: b }: Considered) {
  return order.indexOf(a.kind) - order.indexOf(b.kind) || earlier(a, b) || compared(nameOf(a), nameOf(b));
}

/** More than 0 where `a` was touched before `b`: all coupons of an order are used at one time, but line after line. */
function earlier(a: Candidate, b: Candidate): number {
  return b.atMs - a.atMs || (b.line ?? 0) - (a.line ?? 0);
}

function nameOf({ id, creator, link, seller, line, windowMs }: Candidate): string {
  return JSON.stringify([id, creator, link, seller, line, windowMs]);
}

/** By code units: no locale has a say in who is paid. */
function compared(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function beatenBy(winner: Candidate, candidate: Candidate): Beaten {
  if (candidate.kind !== winner.kind) return "outranked";
  return earlier(candidate, winner) > 0 ? "older_touch" : "tie_lost";
}

/** Minor units of one currency. */
export interface AttributedMoney {
  /** What was attributed when the order was captured: all that was captured, or the part of it that counts. */
  readonly attributed: number;
  readonly captured: number;
  /** Of what was captured, all that went back so far. */
  readonly refunded: number;
}

/**
 * What stays attributed after refunds: in proportion to what was kept, to the minor unit, half a unit for the creator.
 * It depends on how much went back, not on in how many parts.
 *
 * @throws {RangeError} for more attributed or refunded than captured, or less than nothing of any.
 */
export function attributedAmount({ attributed, captured, refunded }: AttributedMoney): number {
  for (const amount of [attributed, refunded]) {
    if (!(amount >= 0 && amount <= captured)) throw new RangeError(`${amount} of ${captured} captured`);
  }
  const [kept = 0] = apportion(attributed, [captured - refunded, refunded]);
  return kept;
}

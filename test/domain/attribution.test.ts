/** Attribution: who an order is attributed to, why, and what a refund leaves of it. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ATTRIBUTION_RULES,
  CANDIDATE_KINDS,
  attributedAmount,
  decideAttribution,
  type AttributedOrder,
  type AttributionRules,
  type Candidate,
  type CandidateKind,
  type Verdict,
} from "../../src/domain/attribution.ts";
import { LIMITS } from "../../src/domain/limits.ts";

const DAY = 86_400_000;
const PLACED = Date.UTC(2026, 10, 22, 18);
const ORDER: AttributedOrder = { order: "ord_1", seller: "sel_1", placedAtMs: PLACED, buyerIs: [] };
const click: Candidate = { kind: "click", id: "clk_1", creator: "cre_a", atMs: PLACED - 1_000 };
const token: Candidate = { kind: "token", id: "clk_2", creator: "cre_b", link: "lnk_2", atMs: PLACED - DAY };
const coupon: Candidate = { kind: "coupon", id: "MAYA10", creator: "cre_c", atMs: PLACED };

function verdicts(order: AttributedOrder, ...candidates: Candidate[]): Record<string, Verdict> {
  const { candidates: judged } = decideAttribution(ATTRIBUTION_RULES, order, candidates);
  return Object.fromEntries(judged.map(({ id, verdict }) => [id, verdict]));
}

describe("an order is attributed", () => {
  it("by its coupon, then by the token that came with it, then by a known click", () => {
    expect(verdicts(ORDER, click, token, coupon)).toEqual({
      MAYA10: "won",
      clk_2: "outranked",
      clk_1: "outranked",
    });
    expect(verdicts(ORDER, click, token)).toEqual({ clk_2: "won", clk_1: "outranked" });
    expect(verdicts(ORDER, click)).toEqual({ clk_1: "won" });
  });

  it("by the last touch of a kind, and at the same time by the id", () => {
    const earlier: Candidate = { ...click, id: "clk_0", atMs: click.atMs - 1 };
    const beside: Candidate = { ...click, id: "clk_3" };
    expect(verdicts(ORDER, beside, earlier, click)).toEqual({
      clk_1: "won",
      clk_3: "tie_lost",
      clk_0: "older_touch",
    });
  });

  it("by the coupon of the later line, whatever its name, and at the same line by that", () => {
    const first: Candidate = { ...coupon, id: "AAA", line: 0 };
    const later: Candidate = { ...coupon, line: 2 };
    expect(verdicts(ORDER, first, later, { ...later, id: "ZZZ" })).toEqual({
      MAYA10: "won",
      ZZZ: "tie_lost",
      AAA: "older_touch",
    });
  });

  it("within the window, to its last millisecond, and not after the order", () => {
    const week = ATTRIBUTION_RULES.windowMs.click;
    expect(verdicts(ORDER, { ...click, atMs: PLACED - week })).toEqual({ clk_1: "won" });
    expect(verdicts(ORDER, { ...click, atMs: PLACED - week - 1 })).toEqual({ clk_1: "outside_window" });
    expect(verdicts(ORDER, { ...click, atMs: PLACED })).toEqual({ clk_1: "won" });
    expect(verdicts(ORDER, { ...click, atMs: PLACED + 1 })).toEqual({ clk_1: "after_order" });
  });

  it("within the link's own window where that is shorter, and never beyond the rules'", () => {
    const short: Candidate = { ...token, windowMs: DAY };
    expect(verdicts(ORDER, short)).toEqual({ clk_2: "won" });
    expect(verdicts(ORDER, { ...short, atMs: short.atMs - 1 }, click)).toEqual({
      clk_2: "outside_window",
      clk_1: "won",
    });
    const week = ATTRIBUTION_RULES.windowMs.click;
    const late: Candidate = { ...click, atMs: PLACED - week - 1, windowMs: 30 * DAY };
    expect(verdicts(ORDER, late)).toEqual({ clk_1: "outside_window" });
  });

  it("to nobody for what they buy themselves: the next one gets it", () => {
    expect(verdicts({ ...ORDER, buyerIs: ["cre_c"] }, click, token, coupon)).toEqual({
      MAYA10: "self_purchase",
      clk_2: "won",
      clk_1: "outranked",
    });
  });

  it("by links for its seller only, where a link is for one", () => {
    expect(verdicts(ORDER, { ...token, seller: "sel_1" })).toEqual({ clk_2: "won" });
    expect(verdicts(ORDER, { ...token, seller: "sel_2" }, click)).toEqual({
      clk_2: "other_seller",
      clk_1: "won",
    });
  });

  it("with a record that names rules, windows, winner and everything considered", () => {
    expect(decideAttribution(ATTRIBUTION_RULES, ORDER, [click, { ...token, windowMs: 3 * DAY }])).toEqual({
      order: "ord_1",
      rules: 4,
      windowMs: ATTRIBUTION_RULES.windowMs,
      candidates: [
        { ...token, windowMs: 3 * DAY, verdict: "won" },
        { ...click, windowMs: 7 * DAY, verdict: "outranked" },
      ],
      winner: { ...token, windowMs: 3 * DAY },
    });
    expect(decideAttribution(ATTRIBUTION_RULES, ORDER, [])).not.toHaveProperty("winner");
  });

  it("by rules with every kind once and windows from a minute to thirty days", () => {
    const { windowMs } = ATTRIBUTION_RULES;
    const odd: Partial<AttributionRules>[] = [
      { order: ["coupon", "token"] },
      { order: ["coupon", "token", "token"] },
      { windowMs: { ...windowMs, click: LIMITS.attributionWindowMinMs - 1 } },
      { windowMs: { ...windowMs, coupon: LIMITS.attributionWindowMaxMs + 1 } },
      { windowMs: { ...windowMs, token: Number.NaN } },
    ];
    for (const over of odd) {
      expect(() => decideAttribution({ ...ATTRIBUTION_RULES, ...over }, ORDER, [])).toThrow(RangeError);
    }
  });
});

const window = fc.oneof(
  fc.constantFrom(60_000, 3_600_000, DAY, 30 * DAY),
  fc.integer({ min: 60_000, max: 30 * DAY }),
);
const rules: fc.Arbitrary<AttributionRules> = fc.record({
  version: fc.integer({ min: 1, max: 9 }),
  order: fc.shuffledSubarray([...CANDIDATE_KINDS], { minLength: 3 }),
  windowMs: fc.record({ coupon: window, token: window, click: window }),
});
const creators = fc.constantFrom("cre_a", "cre_b", "cre_c");
const order: fc.Arbitrary<AttributedOrder> = fc.record({
  order: fc.constant("ord_1"),
  seller: fc.constantFrom("sel_1", "sel_2"),
  placedAtMs: fc.constant(PLACED),
  buyerIs: fc.uniqueArray(creators, { maxLength: 2 }),
});
/** Few of everything, so that links overlap, touches coincide and lie on the edge of a window. */
const candidates: fc.Arbitrary<Candidate[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom(...CANDIDATE_KINDS),
      id: fc.constantFrom("1", "2", "3", "4"),
      creator: creators,
      link: fc.option(fc.constantFrom("lnk_1" as const, "lnk_2" as const)),
      seller: fc.option(fc.constantFrom("sel_1" as const, "sel_2" as const)),
      line: fc.option(fc.nat(2)),
      windowMs: fc.option(window),
      beforeMs: fc.oneof(
        fc.constantFrom(-1, 0, 1, 60_000, 60_001, DAY, DAY + 1, 30 * DAY, 30 * DAY + 1),
        fc.integer({ min: -DAY, max: 40 * DAY }),
      ),
    })
    .map(({ link, seller, line, windowMs, beforeMs, ...rest }) => ({
      ...rest,
      ...(line === null ? {} : { line }),
      ...(windowMs === null ? {} : { windowMs }),
      ...(link ? { link } : {}),
      ...(seller ? { seller } : {}),
      atMs: PLACED - beforeMs,
    })),
  { maxLength: 12 },
);

/** With the window that it has: what its link says, if it does, but no more than the rules. */
function windowed(
  by: { readonly windowMs: Readonly<Record<CandidateKind, number>> },
  candidate: Candidate,
): Candidate & { readonly windowMs: number } {
  const longest = by.windowMs[candidate.kind];
  const { windowMs = longest } = candidate;
  return { ...candidate, windowMs: windowMs < longest ? windowMs : longest };
}

/** The rules once more, as a person would say them. */
function mayWin(by: AttributionRules, of: AttributedOrder, candidate: Candidate): boolean {
  const { atMs, seller, creator } = candidate;
  const agoMs = of.placedAtMs - atMs;
  const isInTime = agoMs >= 0 && agoMs <= windowed(by, candidate).windowMs;
  return isInTime && (seller === undefined || seller === of.seller) && !of.buyerIs.includes(creator);
}

function isLater(one: Candidate | undefined, other: Candidate): boolean {
  if (!one || one.atMs !== other.atMs) return (one?.atMs ?? 0) > other.atMs;
  return (one.line ?? 0) > (other.line ?? 0);
}

describe("whatever the links, coupons and windows", () => {
  it("one of those that may win does, and none beats it; when none may, nobody wins", () => {
    fc.assert(
      fc.property(rules, order, candidates, (by, of, all) => {
        const { winner, candidates: judged } = decideAttribution(by, of, all);
        const able = all.filter((candidate) => mayWin(by, of, candidate));
        expect(winner !== undefined).toBe(able.length > 0);
        expect(judged.filter(({ verdict }) => verdict === "won")).toHaveLength(winner ? 1 : 0);
        if (!winner) return;
        expect(able.map((candidate) => windowed(by, candidate))).toContainEqual(winner);
        for (const other of able) {
          const [rank, best] = [by.order.indexOf(other.kind), by.order.indexOf(winner.kind)];
          expect(rank > best || (rank === best && !isLater(other, winner))).toBe(true);
        }
      }),
    );
  });

  it("every candidate is in the record, with a verdict that is true of it", () => {
    fc.assert(
      fc.property(rules, order, candidates, (by, of, all) => {
        const { winner, candidates: judged } = decideAttribution(by, of, all);
        const bare = judged.map(({ verdict, ...candidate }) => (verdict ? candidate : undefined));
        expect(bare).toHaveLength(all.length);
        expect(bare).toEqual(expect.arrayContaining(all.map((candidate) => windowed(by, candidate))));
        for (const { verdict, ...candidate } of judged) {
          const { kind, atMs, seller, creator, windowMs = 0 } = candidate;
          const isBeaten = mayWin(by, of, candidate) && kind === winner?.kind;
          const isTrue: Record<Verdict, boolean> = {
            won: mayWin(by, of, candidate),
            outranked: mayWin(by, of, candidate) && kind !== winner?.kind,
            older_touch: isBeaten && isLater(winner, candidate),
            tie_lost: isBeaten && !isLater(winner, candidate),
            after_order: atMs > of.placedAtMs,
            outside_window: of.placedAtMs - atMs > windowMs,
            other_seller: seller !== undefined && seller !== of.seller,
            self_purchase: of.buyerIs.includes(creator),
          };
          expect(isTrue[verdict], verdict).toBe(true);
        }
      }),
    );
  });

  it("the record is the same in whatever order the candidates come", () => {
    const shuffled = candidates.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(rules, order, shuffled, (by, of, [all, otherwise]) => {
        expect(decideAttribution(by, of, otherwise)).toEqual(decideAttribution(by, of, all));
      }),
    );
  });

  it("what could not win changes nothing for the others", () => {
    fc.assert(
      fc.property(rules, order, candidates, (by, of, all) => {
        const able = all.filter((candidate) => mayWin(by, of, candidate));
        expect(decideAttribution(by, of, able).winner).toEqual(decideAttribution(by, of, all).winner);
      }),
    );
  });

  it("a longer window never loses the order to nobody", () => {
    fc.assert(
      fc.property(rules, order, candidates, (by, of, all) => {
        const longest = { coupon: 30 * DAY, token: 30 * DAY, click: 30 * DAY };
        const longer = decideAttribution({ ...by, windowMs: longest }, of, all);
        const free = all.map((candidate) => ({ ...candidate, windowMs: 30 * DAY }));
        const isAttributed = decideAttribution(by, of, all).winner !== undefined;
        for (const { winner } of [longer, decideAttribution(by, of, free)]) {
          expect(isAttributed && winner === undefined).toBe(false);
        }
      }),
    );
  });
});

describe("what stays attributed after refunds", () => {
  const money = fc.bigInt({ min: 0n, max: BigInt(LIMITS.moneyAmount) }).map(Number);
  const sale = fc.tuple(money, money, money).map(([a, b, c]) => {
    const captured = Math.max(a, b, c);
    return { captured, attributed: Math.min(a, b, c), refunded: [a, b, c].toSorted((x, y) => x - y)[1] ?? 0 };
  });

  it("is in proportion, to the minor unit", () => {
    expect(attributedAmount({ attributed: 900, captured: 1_000, refunded: 0 })).toBe(900);
    expect(attributedAmount({ attributed: 900, captured: 1_000, refunded: 333 })).toBe(600);
    expect(attributedAmount({ attributed: 1, captured: 2, refunded: 1 })).toBe(1);
    expect(attributedAmount({ attributed: 900, captured: 1_000, refunded: 1_000 })).toBe(0);
    expect(attributedAmount({ attributed: 0, captured: 0, refunded: 0 })).toBe(0);
  });

  it("is never off by more than half a unit, and exact at both ends", () => {
    fc.assert(
      fc.property(sale, ({ attributed, captured, refunded }) => {
        const left = attributedAmount({ attributed, captured, refunded });
        expect(Number.isSafeInteger(left)).toBe(true);
        const exactTimes2 = 2n * BigInt(attributed) * BigInt(captured - refunded);
        const off = 2n * BigInt(left) * BigInt(captured) - exactTimes2;
        expect(off <= BigInt(captured) && -off <= BigInt(captured)).toBe(true);
        expect(attributedAmount({ attributed, captured, refunded: 0 })).toBe(attributed);
        if (captured > 0) expect(attributedAmount({ attributed, captured, refunded: captured })).toBe(0);
      }),
    );
  });

  it("never grows with a refund", () => {
    fc.assert(
      fc.property(
        sale,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ attributed, captured, refunded }, share) => {
          const less = Math.floor(refunded * share);
          const before = attributedAmount({ attributed, captured, refunded: less });
          expect(attributedAmount({ attributed, captured, refunded })).toBeLessThanOrEqual(before);
        },
      ),
    );
  });

  it("is refused for more than there was", () => {
    for (const odd of [
      { attributed: 2, captured: 1, refunded: 0 },
      { attributed: 1, captured: 1, refunded: 2 },
      { attributed: 1, captured: 1, refunded: -1 },
    ]) {
      expect(() => attributedAmount(odd)).toThrow(RangeError);
    }
  });
});

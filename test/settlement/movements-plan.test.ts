/** What is moved for a party, from what it is owed and owes: cases, each as a sentence. */
import { describe, expect, it } from "vitest";
import { planOf, type Plan, type Position } from "../../src/settlement/movements/plan.ts";

const position = (order: string, owed: number, over: Partial<Position> = {}): Position => ({
  order: `ord_${order}`,
  owed,
  canLeave: true,
  reversible: 0,
  isUnderWay: false,
  ...over,
});
const nothing: Plan = { transfers: [], reversals: [], nettings: [] };

const CASES: readonly (readonly [
  what: string,
  positions: readonly Position[],
  coverable: number,
  plan: Partial<Plan>,
])[] = [
  ["earnings go out whole", [position("a", 70)], 0, { transfers: [{ order: "ord_a", amount: 70 }] }],
  ["earnings without a charge stay", [position("a", 70, { canLeave: false })], 0, {}],
  [
    "a debt comes back from its own order's transfer",
    [position("a", -30, { reversible: 70 })],
    100,
    { reversals: [{ order: "ord_a", amount: 30 }] },
  ],
  [
    "a debt comes back as far as its transfers went",
    [position("a", -90, { reversible: 70 })],
    100,
    { reversals: [{ order: "ord_a", amount: 70 }] },
  ],
  [
    "a debt comes back as far as the account can cover, debts in turn",
    [position("a", -30, { reversible: 30 }), position("b", -30, { reversible: 30 })],
    40,
    {
      reversals: [
        { order: "ord_a", amount: 30 },
        { order: "ord_b", amount: 10 },
      ],
    },
  ],
  [
    "what cannot come back is taken from other earnings, and their rest goes out",
    [position("a", -30, { reversible: 30 }), position("b", 70)],
    10,
    {
      reversals: [{ order: "ord_a", amount: 10 }],
      nettings: [{ from: "ord_b", to: "ord_a", amount: 20 }],
      transfers: [{ order: "ord_b", amount: 50 }],
    },
  ],
  [
    "a debt takes from earnings oldest first, whether or not they can leave",
    [position("a", -30), position("b", 20, { canLeave: false }), position("c", 20)],
    0,
    {
      nettings: [
        { from: "ord_b", to: "ord_a", amount: 20 },
        { from: "ord_c", to: "ord_a", amount: 10 },
      ],
      transfers: [{ order: "ord_c", amount: 10 }],
    },
  ],
  ["a debt without earnings waits for later ones", [position("a", -30, { reversible: 30 })], 0, {}],
  [
    "a debt whose order has something on its way waits for it, and leaves other earnings alone",
    [position("a", -30, { reversible: 30, isUnderWay: true }), position("b", 70)],
    100,
    { transfers: [{ order: "ord_b", amount: 70 }] },
  ],
  [
    "an account that is overdrawn covers nothing",
    [position("a", -30, { reversible: 30 }), position("b", 70)],
    -5,
    {
      nettings: [{ from: "ord_b", to: "ord_a", amount: 30 }],
      transfers: [{ order: "ord_b", amount: 40 }],
    },
  ],
];

describe("a plan", () => {
  it.each(CASES)("by which %s", (_, positions, coverable, plan) => {
    expect(planOf(positions, coverable)).toEqual({ ...nothing, ...plan });
  });
});

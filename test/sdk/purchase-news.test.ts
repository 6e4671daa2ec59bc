// What a viewer is told of several purchases of one offer ends with the truth, in whichever order news comes, late and often.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { isOpen, Purchases } from "../../src/sdk/purchases.ts";
import type { OwnOrder, PurchaseStep, Reservation } from "../../src/sdk/types.ts";
import { order, reservation } from "./things.ts";

type Change = Partial<OwnOrder>;

const paymentAction = { url: "https://bank.test" };
/** What may become of an order after it was placed, and what the viewer then has. */
const WAYS: readonly (readonly [end: PurchaseStep, changes: readonly Change[]])[] = [
  ["bought", [{ status: "captured" }]],
  ["bought", [{ status: "authorized" }, { status: "captured" }]],
  ["bought", [{ paymentPending: true, paymentAction }, { status: "captured" }]],
  ["bought", [{ status: "captured" }, { status: "refunded" }]],
  ["failed", [{ status: "failed", failure: "declined" }]],
  [
    "failed",
    [
      { paymentPending: true, paymentAction },
      { status: "failed", failure: "hold_lost" },
    ],
  ],
  ["failed", [{ status: "authorized" }, { status: "failed", failure: "capture_failed" }]],
];

/** One purchase as the server has it: a hold perhaps, and an order that moves on. */
class Made {
  readonly hold: Reservation;
  readonly end: PurchaseStep;
  readonly #states: readonly OwnOrder[];
  #at = 0;
  /** Before it only the hold is there. */
  isPlaced = false;

  constructor(nth: number, way: number) {
    const [end, changes] = WAYS[way]!;
    const id = `rsv_${nth}` as const;
    const placedAt = new Date(Date.UTC(2026, 10, 22) + nth).toISOString();
    const base = { id: `ord_${nth}`, reservation: id, placedAt } as const;
    this.hold = reservation({ id });
    this.end = end;
    this.#states = [{}, ...changes].map((change) => order({ ...base, ...change }));
  }

  moveOn(): void {
    this.#at = Math.min(this.#at + 1, this.#states.length - 1);
  }

  finish(): OwnOrder {
    this.#at = this.#states.length - 1;
    return this.#states[this.#at]!;
  }

  /** As it was once, or is. */
  told(which: number): OwnOrder {
    return this.#states[which % (this.#at + 1)]!;
  }

  /** How far it had come; -1 for another's. */
  stateOf(shown: OwnOrder): number {
    return this.#states.indexOf(shown);
  }
}

/** A viewer who taps as a card lets them, and what they know of it. */
class Viewer {
  readonly purchases = new Purchases();
  readonly made: Made[] = [];
  readonly #wishes: readonly { way: number; isHeld: boolean }[];
  #answer: (() => void) | undefined;
  readonly #seen = new Map<Made, number>();

  constructor(wishes: readonly { way: number; isHeld: boolean }[]) {
    this.#wishes = wishes;
  }

  get known() {
    return this.purchases.byOffer["ofr_a"];
  }

  get placed(): readonly Made[] {
    return this.made.filter(({ isPlaced }) => isPlaced);
  }

  /** Pays for what is held, else wants the next; false when there is nothing to tap. */
  tap(): boolean {
    const { known, purchases } = this;
    const latest = this.made.at(-1);
    if (this.#answer) return false;
    if (known?.step === "held" && latest) {
      purchases.pending(known);
      this.#place(latest);
      return true;
    }
    const wish = this.#wishes[this.made.length];
    if (!wish || (known && isOpen(known))) return false;
    const next = new Made(this.made.length, wish.way);
    this.made.push(next);
    purchases.pending({ offer: "ofr_a", quantity: 1 });
    if (wish.isHeld) this.#answer = () => purchases.held(next.hold);
    else this.#place(next);
    return true;
  }

  /** The order is there, and may be heard of before the tap is answered. */
  #place(made: Made): void {
    made.isPlaced = true;
    this.#answer = () => this.purchases.placed(made.told(0));
  }

  answer(): void {
    this.#answer?.();
    this.#answer = undefined;
    this.#look();
  }

  hear(news: OwnOrder): void {
    this.purchases.order(news);
    this.#look();
  }

  /** No order goes back on screen. */
  #look(): void {
    const shown = this.known?.order;
    for (const made of shown ? this.made : []) {
      const state = made.stateOf(shown!);
      if (state < 0) continue;
      if (state < (this.#seen.get(made) ?? 0)) throw new Error("an order went back");
      this.#seen.set(made, state);
    }
  }
}

it("ends with what became of the latest, whatever was heard of those before it", () => {
  const wishes = fc.array(fc.record({ way: fc.nat({ max: WAYS.length - 1 }), isHeld: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  });
  const what = fc.constantFrom("tap", "answer", "moveOn", "hear");
  const chances = fc.array(fc.record({ what, which: fc.nat(), state: fc.nat() }), { maxLength: 60 });
  fc.assert(
    fc.property(wishes, chances, (wanted, happened) => {
      const viewer = new Viewer(wanted);
      for (const { what: next, which, state } of happened) {
        const { placed } = viewer;
        const one = placed[which % Math.max(1, placed.length)];
        if (next === "tap") viewer.tap();
        else if (next === "answer") viewer.answer();
        else if (next === "moveOn") one?.moveOn();
        else if (one) viewer.hear(one.told(state));
      }
      // All comes to its end and is heard of, the oldest last, with what was said before it once more.
      do {
        viewer.answer();
        for (const one of viewer.placed.toReversed()) {
          viewer.hear(one.finish());
          for (const { state } of happened) viewer.hear(one.told(state));
        }
      } while (viewer.tap());
      const latest = viewer.made.at(-1)!;
      expect(viewer.known).toMatchObject({ step: latest.end, order: latest.finish() });
    }),
    { numRuns: 1_000 },
  );
});

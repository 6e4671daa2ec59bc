// The picture that a screen has is the session's at some cursor, however what is sent gets lost, doubled or late.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Pictures } from "../../src/sdk/pictures.ts";
import type { Picture, PictureChange, RecentBuy } from "../../src/sdk/types.ts";
import { offer, picture } from "./things.ts";

/** What one event changes: an offer, the recent buys, or the session itself. */
type Event = "session" | "buy" | `ofr_${string}`;

const FIRST_AT = "2026-11-22T10:00:00.000Z";

const events = fc.array(fc.constantFrom<Event>("session", "buy", "ofr_a", "ofr_b", "ofr_c"), {
  minLength: 1,
  maxLength: 30,
});

function at(history: readonly Event[], cursor: number): Picture {
  const offers = new Map<string, number>();
  const buys: RecentBuy[] = [];
  let title = "Drop";
  history.slice(0, cursor).forEach((event, index) => {
    if (event === "session") title = `Drop ${index}`;
    else if (event === "buy") buys.push({ offer: "ofr_a", quantity: 1, bought: index, at: FIRST_AT });
    else offers.set(event, index);
  });
  const whole = picture(
    cursor,
    [...offers].map(([id, units]) => offer(id, units)),
  );
  const recentBuys = buys.slice(-3);
  return { ...whole, session: { ...whole.session, title }, ...(buys.length > 0 && { recentBuys }) };
}

function between(history: readonly Event[], after: number, cursor: number): PictureChange {
  const changed = new Set(history.slice(after, cursor));
  const { session, offers, recentBuys } = at(history, cursor);
  return {
    after,
    cursor,
    ...(changed.has("session") ? { session } : {}),
    ...(changed.has("buy") && recentBuys ? { recentBuys } : {}),
    offers: Object.fromEntries(Object.entries(offers).filter(([id]) => changed.has(id as Event))),
  };
}

/** Any order of snapshots and changes, each from any time to any later one: split, dropped, doubled, overtaken. */
const sendings = fc.array(
  fc.record({
    isSnapshot: fc.boolean(),
    from: fc.nat({ max: 1_000 }),
    to: fc.nat({ max: 1_000 }),
    repeats: fc.integer({ min: 1, max: 2 }),
  }),
  { maxLength: 40 },
);

it("is always the session's at its cursor, never goes back, and ends with the steady screen's", () => {
  fc.assert(
    fc.property(events, sendings, (history, sent) => {
      const pictures = new Pictures();
      const last = history.length;
      for (const { isSnapshot, from, to, repeats } of sent) {
        const [after, cursor] = [from % (last + 1), to % (last + 1)].toSorted((a, b) => a - b) as [
          number,
          number,
        ];
        for (let nth = 0; nth < repeats; nth += 1) {
          const before = pictures.cursor;
          const taken = isSnapshot
            ? pictures.snapshot(at(history, cursor))
            : pictures.change(between(history, after, cursor));
          expect(taken === "gap").toBe(!isSnapshot && (before === undefined || after > before));
          expect(pictures.cursor ?? -1).toBeGreaterThanOrEqual(before ?? -1);
          if (pictures.cursor !== undefined) expect(pictures.picture).toEqual(at(history, pictures.cursor));
          // What did not fit is asked for, and may come split.
          if (taken === "gap" && before !== undefined) pictures.change(between(history, before, after));
        }
      }
      if (pictures.cursor === undefined) pictures.snapshot(at(history, last));
      else pictures.change(between(history, pictures.cursor, last));
      expect(pictures.picture).toEqual(at(history, last));
    }),
    { numRuns: 500 },
  );
});

it("gives the same object while nothing is new", () => {
  const pictures = new Pictures();
  const first = picture(3, [offer("ofr_a", 5)]);
  expect(pictures.snapshot(first)).toBe("news");
  expect(pictures.snapshot(picture(2, []))).toBe("known");
  expect(pictures.change({ after: 1, cursor: 3, offers: {} })).toBe("known");
  expect(pictures.picture).toBe(first);
});

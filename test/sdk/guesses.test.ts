// The stock that is shown while taps are on their way.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Guesses } from "../../src/sdk/guesses.ts";
import { offer, picture } from "./things.ts";

const shop = picture(1, [
  offer("ofr_a", 5),
  offer("ofr_pair", 2, { lines: [{ sku: "MUG", quantity: 2 }] }),
  offer("ofr_cup", 3, { lines: [{ sku: "CUP", quantity: 1 }] }),
]);
const unitsOf = (guesses: Guesses, id: string, of = shop): number | undefined =>
  guesses.over(of).offers[id]?.available["main"];

it("takes a tap's units off its offer and off all that draw on the same pool", () => {
  const guesses = new Guesses();
  guesses.add("1", "ofr_a", 2);
  expect(unitsOf(guesses, "ofr_a")).toBe(3);
  expect(unitsOf(guesses, "ofr_pair")).toBe(1);
  expect(unitsOf(guesses, "ofr_cup")).toBe(3);
});

it("shows an offer as sold out that has none left, and never less than none", () => {
  const guesses = new Guesses();
  guesses.add("1", "ofr_pair", 2);
  guesses.add("2", "ofr_a", 4);
  expect(guesses.over(shop).offers["ofr_pair"]).toMatchObject({ available: { main: 0 }, soldOut: true });
  expect(unitsOf(guesses, "ofr_a")).toBe(0);
});

it("leaves exactly the server's picture when all guesses are taken back", () => {
  const tap = fc.record({
    offer: fc.constantFrom("ofr_a", "ofr_pair", "ofr_cup", "ofr_gone"),
    units: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(tap, { maxLength: 6 }), (taps) => {
      const guesses = new Guesses();
      const before = structuredClone(shop);
      taps.forEach(({ offer: id, units }, nth) => guesses.add(String(nth), id, units));
      for (const { available } of Object.values(guesses.over(shop).offers)) {
        expect(available["main"]).toBeGreaterThanOrEqual(0);
      }
      taps.forEach((_, nth) => guesses.remove(String(nth)));
      expect(guesses.over(shop)).toBe(shop);
      expect(shop).toEqual(before);
    }),
  );
});

it("lets the server's word on an offer's stock replace the guess", () => {
  const guesses = new Guesses();
  guesses.add("1", "ofr_a", 1);
  const elsewhere = { ...shop, cursor: 2, offers: { ...shop.offers, ofr_cup: offer("ofr_cup", 1) } };
  guesses.settle(shop, elsewhere);
  expect(unitsOf(guesses, "ofr_a", elsewhere)).toBe(4);
  const sold = { ...elsewhere, cursor: 3, offers: { ...elsewhere.offers, ofr_a: offer("ofr_a", 2) } };
  guesses.settle(elsewhere, sold);
  expect(guesses.over(sold)).toBe(sold);
});

it("does not outlive its tap's answer by more than two pictures", () => {
  const guesses = new Guesses();
  guesses.add("1", "ofr_a", 1);
  guesses.answered("1");
  guesses.settle(shop, { ...shop, cursor: 2 });
  expect(unitsOf(guesses, "ofr_a")).toBe(4);
  guesses.settle(shop, { ...shop, cursor: 3 });
  expect(guesses.over(shop)).toBe(shop);
});

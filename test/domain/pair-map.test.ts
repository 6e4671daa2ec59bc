/** A map by two keys says what one map by both keys together would. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { PairMap } from "../../src/domain/pair-map.ts";

const key = fc.constantFrom("a", "b", "c");
const change = fc.record({ first: key, second: key, value: fc.option(fc.nat(), { nil: undefined }) });

it("keeps, replaces and deletes by both keys", () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const pairs = new PairMap<string, string, number>();
      const texts = new Map<string, number>();
      for (const { first, second, value } of changes) {
        if (value === undefined) pairs.delete(first, second);
        else pairs.set(first, second, value);
        if (value === undefined) texts.delete(first + second);
        else texts.set(first + second, value);
        expect(pairs.get(first, second)).toBe(texts.get(first + second));
      }
      expect(pairs.size).toBe(texts.size);
      expect(new Map([...pairs].map(([first, second, value]) => [first + second, value]))).toEqual(texts);
      expect(new Set(pairs.values())).toEqual(new Set(texts.values()));
      expect([...new PairMap(pairs)]).toEqual([...pairs]);
    }),
  );
});

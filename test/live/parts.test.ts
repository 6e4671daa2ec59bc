/** Long texts in pieces: joined they are the text again, and each piece can be stored by itself. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { partsOf } from "../../src/live/parts.ts";

it("joins to the text, whatever it has and wherever it is cut", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "é", "😀", "\u{1f468}\u200d\u{1f469}"),
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 12 }), (whole, maxChars) => {
      const parts = partsOf(whole, maxChars);
      expect(parts.join("")).toBe(whole);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(maxChars);
        expect(part.isWellFormed()).toBe(true);
      }
    }),
  );
});

// Server-sent events from chunks, wherever the network cuts them.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { EventLines } from "../../src/sdk/stream.ts";

it("gives every event's data once, however the text is cut", () => {
  const words = fc.array(fc.json(), { maxLength: 10 });
  fc.assert(
    fc.property(words, fc.array(fc.nat({ max: 400 })), (sent, cuts) => {
      const text = `retry: 1500\n\n${sent.map((data, id) => `event: frame\nid: ${id}\ndata: ${data}\n\n:\n\n`).join("")}`;
      const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
      const chunks = [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
      const lines = new EventLines();
      expect(chunks.flatMap((chunk) => lines.feed(chunk))).toEqual(sent.map((data) => data.trim()));
    }),
  );
});

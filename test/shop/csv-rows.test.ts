/** Lines of a CSV file, counted as an editor shows them. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRows } from "../../src/shop/catalog/csv-rows.ts";

interface Reading {
  rows: [number, ...string[]][];
  broken: number[];
}

function reading(text: string): Reading {
  const read: Reading = { rows: [], broken: [] };
  readRows(new TextEncoder().encode(text), {
    row: (cells, line) => read.rows.push([line, ...cells]) > 0,
    broken: (_reason, line) => read.broken.push(line) > 0,
  });
  return read;
}

describe("lines", () => {
  it.each(["\n", "\r\n", "\r"])("end in %o, inside quotes too", (end) => {
    const text = ["a,b", '"x', 'y",2', "", '3,"4', "", '5"', "6,7"].join(end);
    expect(reading(text).rows).toEqual([
      [1, "a", "b"],
      [2, `x${end}y`, "2"],
      [5, "3", `4${end}${end}5`],
      [8, "6", "7"],
    ]);
  });

  it("may end in different ways in one file", () => {
    expect(reading("a\r\nb\nc\rd\r\n\ne").rows.map(([line]) => line)).toEqual([1, 2, 3, 4, 6]);
  });

  it("are counted from 1 after a byte order mark, which is no part of the first cell", () => {
    expect(reading("\ufeffa,b\n1,2").rows).toEqual([
      [1, "a", "b"],
      [2, "1", "2"],
    ]);
  });
});

describe("quotes", () => {
  it("inside quoted cells are doubled", () => {
    expect(reading('"5"" pipe",""""\n"",""').rows).toEqual([
      [1, '5" pipe', '"'],
      [2, "", ""],
    ]);
  });

  it("that are broken cost their row only", () => {
    expect(reading('1,"a\n2,"b"\n3,c"d\n4,"e" f\n5,g')).toEqual({
      rows: [
        [2, "2", "b"],
        [5, "5", "g"],
      ],
      broken: [1, 3, 4],
    });
  });

  it("that never close are reported where they open", () => {
    expect(reading('a\n\n"b\nc\nd')).toEqual({
      rows: [
        [1, "a"],
        [4, "c"],
        [5, "d"],
      ],
      broken: [3],
    });
  });

  it.each(['a,"b', '"', 'x,"""y', '"","","x', '"" ""'])(
    "broken on every line (%o) cost time in proportion to the file, not to its square",
    (line) => {
      const { rows, broken } = reading(`${"x".repeat(100)},${line}\n`.repeat(5_000));
      expect(rows.length + broken.length).toBeGreaterThanOrEqual(2_500);
    },
  );
});

describe("any table", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "é", "😀", ",", '"', "\n", "\r", " ", "=", "\ufeff") });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  const lineEnd = fc.constantFrom("\n", "\r\n", "\r");

  it("written as CSV reads as it was, each row at its line", () => {
    fc.assert(
      fc.property(table, lineEnd, fc.boolean(), (rows, end, hasMark) => {
        let line = 1;
        const expected = rows.map((cells) => {
          const row: [number, ...string[]] = [line, ...cells];
          line += 1 + cells.join(",").split(/\r\n|\r|\n/).length - 1;
          return row;
        });
        const written = rows.map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(","));
        const text = written.join(end) + end;
        expect(reading(hasMark ? `\ufeff${text}` : text)).toEqual({ rows: expected, broken: [] });
      }),
    );
  });
});

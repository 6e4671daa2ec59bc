/** Product CSVs as real shops exported them. They are not part of the project: skipped where they are missing. */
/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from "vitest";
import { contents, read, skus } from "./parsing.ts";

const FILES = import.meta.glob<string>("../../../shared/data/catalog/*.csv", {
  query: "?raw",
  import: "default",
  eager: true,
});

const names = Object.keys(FILES);

describe("a real shop's file (skipped where ../shared/data/catalog is missing)", () => {
  it.skipIf(names.length === 0)("reads without a fault, each row a variant of the product it names", () => {
    for (const name of names) {
      const file = FILES[name] ?? "";
      const rows = file.trim().split("\n").slice(1);
      const catalog = read(file);
      expect(catalog.faults).toEqual([]);
      expect(catalog.rows).toBe(rows.length);
      expect(catalog.products).toHaveLength(new Set(rows.map((row) => row.split(",")[0])).size);
      expect(new Set(skus(catalog)).size).toBe(rows.length);
    }
  });

  it.skipIf(names.length === 0)("has titles, texts without markup, and prices", () => {
    for (const { title, description, variants } of names.flatMap((name) =>
      contents(read(FILES[name] ?? "")),
    )) {
      expect(title).not.toBe("");
      expect(description).not.toMatch(/[<>]/);
      expect(variants.every(({ price }) => price && price.amount > 0)).toBe(true);
    }
  });
});

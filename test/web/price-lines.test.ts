import { describe, expect, it } from "vitest";
import type { Price } from "../../src/sdk/index.ts";
import { inAll, priceLines, variantNames } from "../../src/web/card/price-lines.ts";
import { price, usd } from "./samples.ts";

const layered: Price = {
  total: usd(2500),
  due: usd(2000),
  layers: [
    { kind: "headline", amount: usd(4000) },
    { kind: "drop_price", amount: usd(-1000), funder: "seller" },
    { kind: "creator_code", amount: usd(-500), funder: "creator", code: "ANA10" },
    { kind: "loyalty_credit", amount: usd(-500), funder: "platform" },
  ],
};

describe("a price", () => {
  it("shows what is paid, what it was, and each thing that made it less", () => {
    expect(priceLines(layered)).toEqual({
      now: usd(2000),
      was: usd(4000),
      lines: [
        { kind: "drop_price", amount: usd(-1000) },
        { kind: "creator_code", amount: usd(-500), code: "ANA10" },
        { kind: "loyalty_credit", amount: usd(-500) },
      ],
    });
  });

  it("has no `was` and no lines where nothing was taken off", () => {
    const clipped = { kind: "creator_code", amount: usd(0), code: "ANA10" } as const;
    const { layers, ...sums } = price();
    expect(priceLines({ ...sums, layers: [...layers, clipped] })).toEqual({ now: usd(3800), lines: [] });
  });

  it("costs as much as its units together", () => {
    expect(inAll(layered, 3)).toEqual(usd(6000));
  });
});

describe("variants", () => {
  it.each([
    [
      ["Mug – blue", "Mug – grey"],
      ["blue", "grey"],
    ],
    [
      ["Mug – blue", "Bowl – blue"],
      ["Mug – blue", "Bowl – blue"],
    ],
    [
      ["Mug", "Bowl"],
      ["Mug", "Bowl"],
    ],
    [
      ["Ash mug, thrown, small", "Ash mug, thrown, large"],
      ["small", "large"],
    ],
    [["Mug – blue"], ["Mug – blue"]],
    [[], []],
  ])("%j are called %j", (titles, names) => {
    expect(variantNames(titles)).toEqual(names);
  });
});

import { describe, expect, it } from "vitest";
import { english } from "../../src/web/card/messages.ts";
import { textsFor } from "../../src/web/card/texts.ts";

describe("the language", () => {
  it.each([
    ["de-AT", "de-AT", "Ausverkauft", "ltr"],
    ["ar", "ar", "نفدت الكمية", "rtl"],
    ["en-GB", "en-GB", "Sold out", "ltr"],
    ["fr", "en", "Sold out", "ltr"],
    ["", "en", "Sold out", "ltr"],
    ["<b>", "en", "Sold out", "ltr"],
    ["constructor", "en", "Sold out", "ltr"],
  ])("%j speaks %s", (tag, locale, soldOut, dir) => {
    const { messages, ...texts } = textsFor(tag);
    expect(texts.locale).toBe(locale);
    expect(messages.soldOut).toBe(soldOut);
    expect(messages.dir).toBe(dir);
  });

  it.each(["de", "ar"])("%s has a text for everything", (tag) => {
    const { messages } = textsFor(tag);
    expect(Object.keys(messages)).toEqual(Object.keys(english));
    expect(Object.keys(messages.reasons)).toEqual(Object.keys(english.reasons));
  });
});

describe("money", () => {
  it.each([
    ["en", 1900, "USD", "$19.00"],
    ["de", 123456, "EUR", "1.234,56\u00a0€"],
    ["en", 1999, "JPY", "¥1,999"],
    ["en", 1999, "KWD", "KWD\u00a01.999"],
    ["en", 199, "HUF", "HUF\u00a01.99"],
    ["en", -1000, "USD", "-$10.00"],
  ])("in %s: %i of %s is %s", (tag, amount, currency, text) => {
    expect(textsFor(tag).money({ amount, currency })).toBe(text);
  });
});

describe("a span of time", () => {
  it.each([
    [0, "0:00"],
    [-5, "0:00"],
    [1, "0:01"],
    [59_000, "0:59"],
    [65_000, "1:05"],
    [3_600_000, "1:00:00"],
    [86_399_000, "23:59:59"],
    [86_400_000, "1 day 0 hr"],
    [187_200_000, "2 days 4 hr"],
  ])("of %i ms is %s", (ms, text) => {
    expect(textsFor("en").span(ms)).toBe(text);
  });
});

import { describe, expect, it } from "vitest";
import { theme } from "../../src/web/design/theme.ts";
import { tokens } from "../../src/web/design/tokens.ts";

const css = tokens.cssText + theme.cssText;
const pairs = [...css.matchAll(/--dc-([a-z-]+): var\([^,]+, light-dark\((#\w{6}), (#\w{6})\)\)/g)];
const colours = new Map(pairs.map(([, name = "", light = "", dark = ""]) => [name, { light, dark }]));

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each(["light", "dark"] as const)("in %s", (scheme) => {
  const colour = (name: string) => colours.get(name)?.[scheme] ?? "";

  it.each([
    ["text", "surface"],
    ["text", "raised"],
    ["text", "tint"],
    ["quiet", "surface"],
    ["quiet", "raised"],
    ["accent", "surface"],
    ["accent", "tint"],
    ["on-accent", "accent"],
    ["on-accent", "accent-strong"],
    ["good", "surface"],
    ["good", "raised"],
    ["warn", "surface"],
    ["text", "page"],
    ["quiet", "page"],
    ["accent", "page"],
    ["good", "good-tint"],
    ["warn", "warn-tint"],
    ["text", "warn-tint"],
    ["on-good", "good"],
    ["on-warn", "warn"],
    ["on-ink", "ink"],
  ])("%s reads well on %s", (ink, ground) => {
    expect(contrast(colour(ink), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ["edge", "surface"],
    ["focus", "surface"],
    ["accent", "surface"],
    ["warn", "line"],
    ["text", "line"],
  ])("%s is seen on %s", (line, ground) => {
    expect(contrast(colour(line), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});

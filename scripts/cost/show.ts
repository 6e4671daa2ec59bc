// The answers of `npm run cost` as a table and a chart for the terminal, in colours where it is one. Prints nothing.
import Table from "cli-table3";
import { stripVTControlCharacters } from "node:util";
import { plot } from "simple-ascii-chart";
import { estimate, relaysOf, type Expected } from "../../src/domain/cost/estimate.ts";
import { billOf, FEATURES, usdOf, type Bill } from "../../src/domain/cost/model.ts";
import { PRICES_AS_OF } from "../../src/domain/cost/prices.ts";
import type { Asked } from "./options.ts";

/** The ways a session can be delivered that stand beside each other, the ordinary one first. */
export function waysOf({ pollSeconds, ...session }: Asked): { name: string; expected: Expected }[] {
  const relay = { ...session, delivery: { by: "relay" } } as const;
  const polling = { by: "polling", everySeconds: pollSeconds } as const;
  return [
    { name: "relays, warm and cool", expected: { ...relay, warmup: true, cooldown: true } },
    { name: "relays, neither", expected: { ...relay, warmup: false, cooldown: false } },
    {
      name: `polling every ${pollSeconds} s`,
      expected: { ...session, delivery: polling, warmup: false, cooldown: false },
    },
  ];
}

/** By feature and way of delivery, in dollars; with what one viewer-hour, tap and order come to. */
export function tableOf(asked: Asked): string {
  const ways = waysOf(asked).map(({ name, expected }) => ({ name, bill: billOf(estimate(expected)) }));
  const table = new Table({
    head: [`USD, prices of ${PRICES_AS_OF}`, ...ways.map(({ name }) => name)],
    colAligns: ["left", ...ways.map(() => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const feature of FEATURES) {
    if (ways.every(({ bill }) => !bill.byFeature[feature])) continue;
    table.push([feature, ...ways.map(({ bill }) => usd(bill.byFeature[feature] ?? 0))]);
  }
  table.push(["TOTAL", ...ways.map(({ bill }) => usd(bill.totalNanoUsd))]);
  const each = (what: string, of: number): void => {
    if (of > 0) table.push([what, ...ways.map(({ bill }) => usd(bill.totalNanoUsd / of))]);
  };
  each("a thousand viewer-hours", (asked.viewers * asked.minutes) / 60 / 1_000);
  each("a thousand taps", asked.taps / 1_000);
  each("a unit sold", Math.min(asked.taps, asked.stock));
  return table.toString();
}

const POINTS = 10;

/** What it comes to as the audience grows, by relay and by polling; taps and stock grow with it. */
export function chartOf(asked: Asked): string {
  const most = asked.viewers * 2;
  const sizes = Array.from({ length: POINTS }, (_, at) =>
    Math.max(1, Math.round((most * (at + 1)) / POINTS)),
  );
  const [relay, , polling] = waysOf(asked).map((_, way) =>
    sizes.map((viewers): [number, number] => [viewers, usdOf(billAt(asked, viewers, way).totalNanoUsd)]),
  );
  const lines = [relay ?? [], polling ?? []];
  const [upper, lower] = usdAtEnd(relay) > usdAtEnd(polling) ? ["relays", "polling"] : ["polling", "relays"];
  const chart = plot(lines, {
    title: `USD a session, by viewers (taps and stock grow with them): ${upper} above, ${lower} below`,
    width: 60,
    height: 14,
    color: ["ansiGreen", "ansiRed"],
    formatter: (value, { axis }) => (axis === "y" ? value.toFixed(2) : short(value)),
  });
  return process.stdout.isTTY ? chart : stripVTControlCharacters(chart);
}

function usdAtEnd(line: readonly (readonly [number, number])[] | undefined): number {
  return line?.at(-1)?.[1] ?? 0;
}

function billAt(asked: Asked, viewers: number, way: number): Bill {
  const grown = viewers / asked.viewers;
  const session = { ...asked, viewers, taps: asked.taps * grown, stock: asked.stock * grown };
  const expected = waysOf(session)[way]?.expected;
  if (!expected) throw new Error(`there is no way ${way}`);
  return billOf(estimate(expected));
}

/** Relays and hubs as people say it. */
export function relaysText({ viewers, regions }: Asked): string {
  const { leaves, hubs } = relaysOf(viewers, regions);
  return hubs > 0 ? `${leaves} relays behind ${hubs} hubs` : `${leaves} relays`;
}

/** Dollars with the digits that count. */
function usd(nanoUsd: number): string {
  const dollars = usdOf(nanoUsd);
  return dollars === 0 ? "–" : dollars >= 100 ? dollars.toFixed(0) : dollars.toPrecision(3);
}

function short(value: number): string {
  return value >= 1e6 ? `${value / 1e6}M` : value >= 1_000 ? `${Math.round(value / 1_000)}k` : String(value);
}

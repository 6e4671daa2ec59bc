/** Clicks: counted exactly once each, whatever the queue does to their messages. */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LinkId } from "../../src/domain/attribution.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { consumeClicks, readClicks, sweepClicks } from "../../src/shop/links/clicks.ts";
import { newId } from "../../src/shop/rows.ts";
import type { Clicked } from "../../src/wire/links.ts";
import { failing } from "../settlement/deliver.ts";

const db = env.DB;
const HOUR = 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 22, 18, 30);
const FIRST_HOUR = Date.UTC(2026, 10, 22, 15);

function clickOf(link: LinkId, atMs: number): Clicked {
  return { click: newId("clk"), link, atMs };
}

const lines: Readonly<Record<string, unknown>>[] = [];

async function consume(bodies: readonly unknown[], nowMs = NOW_MS, database = db): Promise<void> {
  const messages = bodies.map((body, at) => {
    const nothing = (): void => undefined;
    return { id: String(at), timestamp: new Date(nowMs), attempts: 1, body, ack: nothing, retry: nothing };
  });
  await consumeClicks({ messages }, { db: database, nowMs, log: (line) => void lines.push(line) });
}

const ALL = { limit: LIMITS.pageMax };

async function hoursOf(link: LinkId): Promise<[atMs: number, clicks: number][]> {
  const found = await readClicks(db, link, {}, ALL);
  return found?.data.map(({ atMs, clicks }) => [atMs, clicks]) ?? [];
}

describe("clicks are counted exactly", () => {
  it("10,000 of one link, brought again in parts, in any order, batches failing before and after", async () => {
    const [link, other] = [newId("lnk"), newId("lnk")];
    const sent = Array.from({ length: 10_000 }, (_, at) => clickOf(link, FIRST_HOUR + at * 1_000));
    const beside = Array.from({ length: 100 }, () => clickOf(other, FIRST_HOUR));
    // Every click once, a third of them twice, some five times; all in a random order.
    const repeats = sent.flatMap((one, at) =>
      Array<Clicked>(at % 97 === 0 ? 5 : at % 3 === 0 ? 2 : 1).fill(one),
    );
    const [arriving] = fc.sample(
      fc.shuffledSubarray([...repeats, ...beside], { minLength: repeats.length + 100 }),
      {
        numRuns: 1,
        seed: 22,
      },
    );
    const batches = Array.from({ length: Math.ceil(arriving!.length / 100) }, (_, at) =>
      arriving!.slice(at * 100, (at + 1) * 100),
    );
    for (const [at, batch] of batches.entries()) {
      const failure = ([undefined, "before", "after"] as const)[at % 3];
      const delivered = consume(
        batch,
        NOW_MS,
        failing(db, () => failure),
      );
      if (failure === undefined) await delivered;
      else await expect(delivered).rejects.toThrow(`lost ${failure}`);
      // What failed comes again, also when it was counted; beside it what was confirmed too late.
      if (failure !== undefined) await Promise.all([consume(batch), consume(batches[at - 1] ?? [])]);
    }
    expect(await hoursOf(link)).toEqual([
      [FIRST_HOUR, 3_600],
      [FIRST_HOUR + HOUR, 3_600],
      [FIRST_HOUR + 2 * HOUR, 2_800],
    ]);
    expect(await readClicks(db, link, {}, ALL)).toMatchObject({ clicks: 10_000, nextCursor: null });
    expect(await hoursOf(other)).toEqual([[FIRST_HOUR, 100]]);
  });

  it("also when one click is in a batch twice", async () => {
    const link = newId("lnk");
    const click = clickOf(link, FIRST_HOUR);
    await consume([click, click, { ...click, atMs: FIRST_HOUR + HOUR }]);
    expect(await hoursOf(link)).toEqual([[FIRST_HOUR, 1]]);
  });

  it("whatever else is in the batch, which is told and dropped", async () => {
    const link = newId("lnk");
    lines.length = 0;
    await consume([null, "x", { link }, clickOf(link, FIRST_HOUR), { ...clickOf(link, 1), atMs: -1 }, [1n]]);
    expect(await hoursOf(link)).toEqual([[FIRST_HOUR, 1]]);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toEqual({ event: "click_dropped", message: "0", reason: "not a click" });
  });

  it("and not again when their ids are forgotten", async () => {
    const link = newId("lnk");
    const old = clickOf(link, FIRST_HOUR);
    const young = clickOf(link, FIRST_HOUR + 1);
    await consume([old, young]);
    const laterMs = FIRST_HOUR + LIMITS.clickKeptMs;
    await sweepClicks(db, laterMs);
    const { results } = await db.prepare("SELECT id FROM clicks WHERE link = ?").bind(link).all();
    expect(results).toEqual([{ id: young.click }]);
    await consume([old, young], laterMs);
    expect(await hoursOf(link)).toEqual([[FIRST_HOUR, 2]]);
  });
});

describe("counts are read", () => {
  it("by the hours that begin in a period, in pages that go on where they ended", async () => {
    const link = newId("lnk");
    const at = [0, 0, 1, 3, 4, 4, 4].map((hour) => clickOf(link, FIRST_HOUR - hour * HOUR + 5));
    await consume(at);
    const period = { fromMs: FIRST_HOUR - 3 * HOUR, untilMs: FIRST_HOUR };
    const first = await readClicks(db, link, period, { limit: 1 });
    expect(first).toMatchObject({ clicks: 2, data: [{ atMs: FIRST_HOUR - 3 * HOUR, clicks: 1 }] });
    const second = await readClicks(db, link, period, { limit: 1, cursor: first!.nextCursor! });
    expect(second).toEqual({
      clicks: 2,
      data: [{ atMs: FIRST_HOUR - HOUR, clicks: 1 }],
      nextCursor: null,
    });
    expect(await readClicks(db, link, {}, { limit: 1, cursor: "x" })).toBeUndefined();
    expect(await readClicks(db, newId("lnk"), {}, ALL)).toEqual({ clicks: 0, data: [], nextCursor: null });
  });
});

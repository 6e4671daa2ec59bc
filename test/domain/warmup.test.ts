/** Warm-up and cool-down as the journal has them, and the plan that is made for an audience. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { pictureSince } from "../../src/domain/picture.ts";
import { deserialize, serialize } from "../../src/domain/state.ts";
import type { WarmupPlan } from "../../src/domain/warmup.ts";
import type { Upkeep } from "../../src/live/upkeep.ts";
import { placementOf, planFor } from "../../src/warmup/plan.ts";
import { createSession } from "../../src/wire/sessions.ts";
import { ANA, MINUTE, offerTerms, refusalOf, Shop, T0, TEE } from "./shop.ts";

const OPENS = T0 + 5 * MINUTE;

function upkeep(over: Partial<Upkeep> = {}): Upkeep {
  return {
    status: "scheduled",
    expectedViewers: 1_000,
    expectedRegions: {},
    openings: [OPENS],
    images: [],
    record: {},
    head: { number: 1, lastSeq: 1, hash: "h" },
    isAtRest: true,
    ...over,
  };
}

function plan(opensAtMs: number): WarmupPlan {
  return planFor(upkeep(), opensAtMs, T0);
}

function ended(): Shop {
  const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
  shop.sell(ANA, TEE, "ord_1");
  shop.move("end");
  return shop;
}

const ARCHIVE = { key: "journals/x/manifest.json", parts: 1, bytes: 9 };
const archiveUpTo = (number: number) =>
  ({
    type: "warmup.archive",
    v: 1,
    archive: { ...ARCHIVE, head: { number, lastSeq: number + 1, hash: `h${number}` } },
  }) as const;
const coolAt = (archivedBlock: number) =>
  ({
    type: "warmup.cool",
    v: 1,
    cooled: { archivedBlock, archivedSeq: archivedBlock + 1, steps: [] },
  }) as const;

describe("a warm-up", () => {
  it("is planned once for an opening, and once for those that the plan's time covers", () => {
    const shop = Shop.created();
    const planned = (opensAtMs: number) =>
      shop.eventsOf(() => shop.send({ type: "warmup.plan", v: 1, plan: plan(opensAtMs) }));
    expect(planned(OPENS)).toEqual(["warmup.planned"]);
    expect(planned(OPENS)).toEqual([]);
    expect(planned(OPENS - MINUTE)).toEqual([]);
    expect(planned(OPENS + LIMITS.warmupHoldMs - 1)).toEqual([]);
    expect(planned(OPENS + LIMITS.warmupHoldMs)).toEqual(["warmup.planned"]);
  });

  it("is done once for its plan, and for no other", () => {
    const shop = Shop.created();
    const finish = (opensAtMs: number) =>
      shop.send({ type: "warmup.finish", v: 1, done: { opensAtMs, steps: [] } });
    expect(refusalOf(finish(OPENS))).toMatchObject({ code: "session_state_conflict" });
    shop.send({ type: "warmup.plan", v: 1, plan: plan(OPENS) });
    expect(refusalOf(finish(OPENS + 1))).toMatchObject({ code: "session_state_conflict" });
    expect(shop.eventsOf(() => finish(OPENS))).toEqual(["warmup.done"]);
    expect(shop.eventsOf(() => finish(OPENS))).toEqual([]);
    shop.send({ type: "warmup.plan", v: 1, plan: plan(OPENS + 20 * MINUTE) });
    expect(shop.state.warmup).toMatchObject({ plan: { opensAtMs: OPENS + 20 * MINUTE } });
    expect(shop.state.warmup).not.toHaveProperty("done");
  });

  it("changes nothing that viewers see, and nothing in stock", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    const { seq } = shop.state;
    shop.send({ type: "warmup.plan", v: 1, plan: plan(OPENS) });
    expect(pictureSince(shop.state, seq)).toEqual({ after: seq, cursor: seq + 1, offers: {} });
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
  });

  it("is refused once the session is over, and cooling down before", () => {
    const shop = ended();
    expect(refusalOf(shop.send({ type: "warmup.plan", v: 1, plan: plan(OPENS) }))).toMatchObject({
      code: "session_state_conflict",
    });
    expect(refusalOf(Shop.created().send(archiveUpTo(1)))).toMatchObject({ code: "session_state_conflict" });
  });
});

describe("cooling down", () => {
  it("goes by what is archived: once for a head, again for a later one, never for an earlier", () => {
    const shop = ended();
    const led = (command: Parameters<Shop["send"]>[0]) => shop.eventsOf(() => shop.send(command));
    expect(led(coolAt(3))).toEqual([]);
    expect(led(archiveUpTo(3))).toEqual(["warmup.archived"]);
    expect(led(archiveUpTo(3))).toEqual([]);
    expect(led(archiveUpTo(2))).toEqual([]);
    expect(led(coolAt(3))).toEqual(["warmup.cooled"]);
    expect(led(coolAt(3))).toEqual([]);
    expect(led(archiveUpTo(7))).toEqual(["warmup.archived"]);
    expect(led(coolAt(3))).toEqual([]);
    expect(led(coolAt(7))).toEqual(["warmup.cooled"]);
  });

  it("leaves the same state in memory, in a snapshot and by replay", () => {
    const shop = ended();
    shop.send(archiveUpTo(3));
    shop.send(coolAt(3));
    const text = serialize(shop.state);
    expect(serialize(shop.restarted().state)).toBe(text);
    expect(serialize(deserialize(text))).toBe(text);
  });

  it("is nothing that a snapshot of the version before knows of", () => {
    const { warmup: _, ...before } = JSON.parse(serialize(ended().state)) as Record<string, unknown>;
    expect(deserialize(JSON.stringify(before)).warmup).toBeUndefined();
  });
});

describe("a plan", () => {
  it("has relays where viewers are expected, as many as they need", () => {
    const expectedRegions = { EU: 6_000, NA: 1_000 };
    const { relays, tapsPerSecond } = planFor(upkeep({ expectedViewers: 7_000, expectedRegions }), OPENS, T0);
    const relaysInEurope = Math.ceil(6_000 / LIMITS.viewersPerRelay);
    expect(relays).toEqual({ EU: relaysInEurope, NA: 1 });
    expect(tapsPerSecond).toBe((relaysInEurope + 1) * LIMITS.tapsPerRelaySecond);
  });

  it("expects whoever is known from nowhere everywhere alike", () => {
    const { relays } = planFor(upkeep({ expectedViewers: 70_000 }), OPENS, T0);
    const share = Math.ceil(10_000 / LIMITS.viewersPerRelay);
    expect(relays).toEqual({ NA: share, SA: share, EU: share, AS: share, OC: share, AF: share, XX: share });
    expect(placementOf(plan(OPENS))).toMatchObject({ EU: [0], XX: [0] });
  });

  it("keeps all of it until some time after the opening, and says what that costs", () => {
    const made = planFor(
      upkeep({ images: [{ offer: TEE, url: "https://shop.example/tee.png" }] }),
      OPENS,
      T0,
    );
    expect(made).toMatchObject({ opensAtMs: OPENS, untilAtMs: OPENS + LIMITS.warmupHoldMs, media: [TEE] });
    const { byItem, totalNanoUsd } = made.cost;
    expect(Object.values(byItem).reduce((sum, nanoUsd) => sum + nanoUsd, 0)).toBe(totalNanoUsd);
    // Seven relays and the session, 128 MB each, for ten minutes at $12.50 a million GB-s.
    expect(byItem["objectGbSeconds"]).toBe(8 * 0.128 * 600 * 12_500);
    expect(totalNanoUsd).toBeLessThan(0.01 * 1e9);
  });

  it("takes so many images and no more", () => {
    const images = Array.from({ length: 80 }, (_, n) => ({
      offer: `ofr_${n}` as const,
      url: "https://a.example/b",
    }));
    expect(planFor(upkeep({ images }), OPENS, T0).media).toHaveLength(LIMITS.mediaPerWarmup);
  });
});

describe("regions of a session", () => {
  const body = { seller: `sel_${"0".repeat(26)}`, title: "Drop", currency: "USD", expectedViewers: 10 };

  it.each([
    [{ EU: 10 }, true],
    [{ EU: 6, NA: 5 }, false],
    [{ EU: 0 }, false],
    [{ MOON: 1 }, false],
  ])("%j: %j", (expectedRegions, isFine) => {
    expect(createSession.safeParse({ ...body, expectedRegions }).success).toBe(isFine);
  });
});

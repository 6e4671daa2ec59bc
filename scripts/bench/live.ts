// Contenders on workerd: reservations through one session, taps through a relay, tokens; each beside the bare thing.
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SessionId } from "../../src/domain/ids.ts";
import type { JournalCheck } from "../../src/live/session.ts";
import { timed, type Contender, type Timed } from "./contender.ts";
import type { Runtime } from "./runtime.ts";
import type { TokenRun } from "./token-runs.ts";
import { skuAt } from "./traffic.ts";
import type { BareRun, Way } from "./worker.ts";

/** Offers of a session: a broadcast's usual line-up. */
const OFFERS = 10;
const AT_ONCE = 64;
/** How long queues may take to be sent what a run led to. */
const PUBLISHED_WITHIN_MS = 10_000;

export function liveContenders(runtime: Runtime): Contender[] {
  const bare = (group: string, name: string, run: BareRun): Contender => ({
    group,
    name,
    operation: "call",
    beside: [],
    run: () => runBare(runtime, run),
  });
  const reserving = (
    group: string,
    name: string,
    reservations: number,
    way: Way,
    beside: readonly string[],
  ): Contender => ({
    group,
    name,
    operation: "reservation",
    beside,
    run: () => runReservations(runtime, reservations, way),
  });
  const token = (name: string, step: TokenRun["step"], beside: readonly string[]): Contender => ({
    group: "tokens",
    name,
    operation: "token",
    beside,
    run: () => runTokens(runtime, { step, times: 2_000 }),
  });
  const limits = ["bare call", "bare call, one row written"];
  const one = "reservations, one caller";
  const many = `reservations, ${AT_ONCE} callers at once`;
  return [
    {
      group: one,
      name: "fsync of 4 KB, in Node",
      operation: "fsync",
      beside: [],
      run: () => runFsync(runtime.folder, 50),
    },
    bare(one, "bare call", { calls: 2_000, atOnce: 1, write: false }),
    bare(one, "bare call, one row written", { calls: 100, atOnce: 1, write: true }),
    reserving(one, "batches of 1", 40, { by: "batch", size: 1 }, limits),
    reserving(one, "batches of 16", 480, { by: "batch", size: 16 }, limits),
    reserving(one, "batches of 128", 1_920, { by: "batch", size: 128 }, limits),
    bare(many, "bare call", { calls: 4_000, atOnce: AT_ONCE, write: false }),
    bare(many, "bare call, one row written", { calls: 256, atOnce: AT_ONCE, write: true }),
    reserving(many, "single calls", 1_280, { by: "call", atOnce: AT_ONCE }, limits),
    reserving(many, "taps through a relay", 1_280, { by: "relay", atOnce: AT_ONCE }, [
      ...limits,
      "single calls",
    ]),
    token("bare sign", "sign", []),
    token("issue an offer token", "issue", ["bare sign"]),
    token("bare verify", "verify_signature", []),
    token("verify an offer token", "verify", ["bare verify"]),
  ];
}

/** What the disk alone takes to keep something: the least that one commit costs here. */
function runFsync(folder: string, times: number): Promise<Timed> {
  const file = openSync(join(folder, "fsync"), "w");
  const page = Buffer.alloc(4_096);
  const time = timed(times, async () => {
    for (let at = 0; at < times; at++) {
      writeSync(file, page);
      fsyncSync(file);
    }
  });
  return time.finally(() => closeSync(file));
}

async function runBare(runtime: Runtime, run: BareRun): Promise<Timed> {
  let answered = 0;
  const time = await timed(run.calls, async () => {
    answered = (await runtime.call("/bare", run)).answered;
  });
  if (answered !== run.calls) throw new Error(`${answered} of ${run.calls} calls were answered`);
  return time;
}

async function runTokens(runtime: Runtime, run: TokenRun): Promise<Timed> {
  let done = 0;
  const time = await timed(run.times, async () => {
    done = (await runtime.call("/tokens", run)).done;
  });
  if (done !== run.times) throw new Error(`${done} of ${run.times} tokens came out well`);
  return time;
}

/** A fresh session for every run; what it promises is checked before the next begins. */
async function runReservations(runtime: Runtime, reservations: number, way: Way): Promise<Timed> {
  const { session } = await runtime.call("/prepare", { offers: OFFERS, reservations });
  await published(runtime, session);
  let held = 0;
  const time = await timed(reservations, async () => {
    held = (await runtime.call("/reserve", { session, way })).held;
  });
  const { refused } = await runtime.call("/extra", { session });
  const { pools, replayEqual, chainWhole } = await published(runtime, session);
  const sold = pools.find(({ sku }) => sku === skuAt(0));
  const promises: [boolean, string][] = [
    [held === reservations, `every reservation is acknowledged (${held} of ${reservations})`],
    [sold?.held === held && sold.allocated === held, "what is acknowledged is held, and no more"],
    [refused, "a tap beyond the stock is refused"],
    [replayEqual, "the state rebuilt from the journal equals the state in memory"],
    [chainWhole, "the blocks' hashes chain"],
  ];
  const broken = promises.filter(([kept]) => !kept).map(([, promise]) => promise);
  if (broken.length > 0) throw new Error(`broken: ${broken.join("; ")}`);
  return time;
}

/** The journal's check, once the queues were sent all of it: nothing of one step goes on in the next. */
async function published(runtime: Runtime, session: SessionId): Promise<JournalCheck> {
  const deadlineMs = Date.now() + PUBLISHED_WITHIN_MS;
  while (Date.now() < deadlineMs) {
    const check = await runtime.call("/check", { session });
    if (Object.values(check.published).every((seq) => seq === check.head.lastSeq)) return check;
    await sleep(20);
  }
  throw new Error(`the queues lack events after ${PUBLISHED_WITHIN_MS} ms`);
}

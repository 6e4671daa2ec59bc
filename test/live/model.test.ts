/** The domain's random traffic against a real LiveSession: it must answer and write what the pure rules do, evicted or not. */
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import * as fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import { closeBlock, execute, openBlock } from "../../src/domain/block.ts";
import type { Command, Envelope } from "../../src/domain/commands.ts";
import { nextDueAtMs } from "../../src/domain/due.ts";
import { emptyState } from "../../src/domain/state.ts";
import { Dice } from "../domain/model/dice.ts";
import { COMMANDS, opening, Traffic } from "../domain/model/traffic.ts";
import { MINUTE, SECOND, throughJson } from "../domain/shop.ts";
import { newSession, stubOf } from "./stage.ts";

const SEED = 20260601;
const RUNS = 8;
const TURNS = 60;
/** Tomorrow: no alarm rings by itself, the test rings them. */
const BEGINS_MS = Date.now() + 24 * 60 * MINUTE;

afterEach(() => vi.useRealTimers());

it("answers and writes as the rules do, over evictions, alarms, clock jumps and repeats", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const trial = fc.asyncProperty(fc.noBias(fc.nat()), async (seed) => run(new Dice(seed)));
  await fc.assert(trial, { seed: SEED, numRuns: RUNS });
  expect.hasAssertions();
}, 60_000);

async function run(dice: Dice): Promise<void> {
  const session = newSession();
  const rules = emptyState();
  const payloads: string[] = [];
  const traffic = new Traffic();
  const sent: Envelope[] = [];
  let nowMs = BEGINS_MS;

  /** One turn of the rules. */
  function turn(envelopes: readonly Envelope[]) {
    const open = openBlock(rules, nowMs);
    const executed = envelopes.map((sending) => execute(rules, open, throughJson(sending)));
    const block = closeBlock(rules, open);
    if (block) payloads.push(JSON.stringify(block));
    return executed;
  }

  async function both(envelopes: readonly Envelope[]): Promise<void> {
    vi.setSystemTime(nowMs);
    expect(throughJson(await stubOf(session).execute(envelopes))).toEqual(throughJson(turn(envelopes)));
  }

  await both(opening(nowMs, true).map((command, index) => envelope(`seller:${index}`, command)));
  for (let at = 0; at < TURNS; at++) {
    const batch = Array.from({ length: 1 + dice.upTo(6) }, () => {
      if (sent.length > 0 && dice.oneIn(6)) return dice.of(sent);
      const command = traffic.command(dice.of(COMMANDS), dice, rules, nowMs);
      const made = envelope(`cmd:${sent.length}`, command);
      sent.push(made);
      return made;
    });
    await both(batch);
    if (dice.oneIn(4)) await evictDurableObject(stubOf(session));
    if (dice.oneIn(3))
      nowMs += dice.of([SECOND, MINUTE, 5 * MINUTE, Math.max(0, (nextDueAtMs(rules) ?? nowMs) - nowMs)]);
    if (dice.oneIn(12)) nowMs -= dice.of([SECOND, MINUTE]);
    if (dice.oneIn(4)) {
      vi.setSystemTime(nowMs);
      // A session with nothing ahead of it has no alarm to ring.
      if (await runDurableObjectAlarm(stubOf(session))) turn([]);
    }
  }
  vi.setSystemTime(nowMs);
  turn([]);
  expect(await stubOf(session).check()).toMatchObject({ chainWhole: true, replayEqual: true });
  const blocks = await stubOf(session).blocks(0, 500, true);
  expect(blocks.map((block) => "payload" in block && block.payload)).toEqual(payloads);
}

function envelope(id: string, command: Command): Envelope {
  return { id, fingerprint: JSON.stringify(command), command };
}

/** Dead letters: whatever a queue gave up on is kept, once, as far as it can be, and for its time. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import {
  deadLetterQueueOf,
  keepDeadLetters,
  letterOf,
  noteReplay,
  sweepDeadLetters,
} from "../../src/settlement/dead-letters/keep.ts";
import { findDeadLetter, listDeadLetters } from "../../src/settlement/dead-letters/readers.ts";
import type { DeadLetter } from "../../src/settlement/dead-letters/tables.ts";

const NOW = Date.UTC(2026, 10, 21);
const SESSION = `ses_${"0".repeat(26)}`;

let messages = 0;

function keep(bodies: readonly unknown[], nowMs = NOW, ids?: readonly string[]): Promise<void> {
  const batch = bodies.map((body, at) => ({ id: ids?.[at] ?? `m${(messages += 1)}`, body }));
  return keepDeadLetters({ messages: batch as unknown as Message[] }, "payments", { db: env.DB, nowMs });
}

async function letters(): Promise<readonly Omit<DeadLetter, "body">[]> {
  return (await listDeadLetters(env.DB, { limit: 500 }))!.data;
}

it("the four queues of ours have one each; nobody else's is taken", () => {
  const ours = ["settlement", "reporting", "payments", "clicks"];
  expect(ours.map((name) => deadLetterQueueOf(`dropcast-${name}-dead`))).toEqual(ours);
  for (const name of ["dropcast-payments", "dropcast-webhooks-dead", "payments-dead", ""]) {
    expect(deadLetterQueueOf(name)).toBeUndefined();
  }
});

describe("a letter", () => {
  it("of a session's events names them", () => {
    const events = [{ type: "order.captured", v: 1, seq: 4, atMs: NOW }];
    const body = { session: SESSION, firstSeq: 4, lastSeq: 4, events };
    expect(letterOf(body)).toEqual({
      body: JSON.stringify(body),
      about: `${SESSION}, events 4 to 4, order.captured`,
    });
  });

  it("of a provider's news names what they are of", () => {
    expect(letterOf({ provider: "sandbox", dispute: "dp_1" }).about).toBe("provider sandbox, dispute dp_1");
  });

  it("too large is kept without its events, which the journal has", () => {
    const events = Array.from({ length: 500 }, () => ({ type: "order.placed", text: "ü".repeat(300) }));
    const { body, about } = letterOf({ session: SESSION, firstSeq: 1, lastSeq: 500, events });
    expect(JSON.parse(body!)).toEqual({ session: SESSION, firstSeq: 1, lastSeq: 500, events: [] });
    expect(about).toBe(`${SESSION}, events 1 to 500, order.placed`);
  });

  it("too large for anything is kept by what it is about alone", () => {
    const { body, about } = letterOf({ note: "x".repeat(LIMITS.deadLetterBytes) });
    expect(body).toBeUndefined();
    expect(about).toHaveLength(LIMITS.deadLetterAboutChars);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  it.each([
    ["nothing", undefined, undefined],
    ["null", null, "null"],
    ["text", "news", '"news"'],
    ["a list", [1, 2], "[1,2]"],
    ["a number too big for JSON", { big: 10n }, undefined],
    ["a cycle", cycle, undefined],
    ["a map", new Map([["a", 1]]), "{}"],
    ["a session that is none", { session: 7, events: "x" }, '{"session":7,"events":"x"}'],
  ])("may be %s", (_, body, kept) => {
    expect(letterOf(body).body).toBe(kept);
    expect(letterOf(body).about).toBeTypeOf("string");
  });
});

describe("the box", () => {
  it("keeps a batch of anything, and what is handed over twice once", async () => {
    const bodies = [{ provider: "sandbox", payout: "pyo_1" }, undefined, 10n, "news"];
    await keep(bodies, NOW, ["a", "b", "c", "d"]);
    await keep(bodies, NOW + 1, ["a", "b", "c", "d"]);
    const kept = await letters();
    expect(kept.map(({ message }) => message).toSorted()).toEqual(["a", "b", "c", "d"]);
    expect(kept.every(({ receivedAtMs }) => receivedAtMs === NOW)).toBe(true);
  });

  it("shows the newest first, in pages, by queue and by whether they were replayed", async () => {
    await keep([{ n: 1 }], NOW + 1_000, ["p1"]);
    await keep([{ n: 2 }], NOW + 2_000, ["p2"]);
    const [second, first] = await letters();
    expect([second!.message, first!.message]).toEqual(["p2", "p1"]);
    await noteReplay(env.DB, first!.id, NOW + 3_000);
    expect(await findDeadLetter(env.DB, first!.id)).toMatchObject({ replays: 1, replayedAtMs: NOW + 3_000 });
    const replayed = await listDeadLetters(env.DB, { status: "replayed", limit: 5 });
    expect(replayed!.data.map(({ message }) => message)).toEqual(["p1"]);
    const waiting = await listDeadLetters(env.DB, { status: "waiting", queue: "payments", limit: 1 });
    expect(waiting).toMatchObject({ data: [{ message: "p2", isReplayable: true }] });
    const next = await listDeadLetters(env.DB, { status: "waiting", limit: 1, cursor: waiting!.nextCursor! });
    expect(next!.data[0]!.message).not.toBe("p2");
    expect((await listDeadLetters(env.DB, { queue: "reporting", limit: 5 }))!.data).toEqual([]);
    expect(await listDeadLetters(env.DB, { limit: 5, cursor: "1.con_1" })).toBeUndefined();
  });

  it("is emptied of what is past its time", async () => {
    await keep([{ n: 3 }], NOW + LIMITS.deadLetterKeptMs, ["young"]);
    await sweepDeadLetters(env.DB, NOW + 2_000 + LIMITS.deadLetterKeptMs);
    const left = await letters();
    expect(left.map(({ message }) => message)).toEqual(["young", "p2"]);
  });
});

// What grows: sessions at once, offers of a session, the length of a journal. The first two by pace in-object; the
// journal by the first call after the server has started anew on it, and by the memory that takes.
import { mkdtempSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { timed, type Contender, type Timed } from "../contender.ts";
import { residentBytesOf } from "../machine.ts";
import { startRuntime, type Runtime } from "../runtime.ts";
import { soldOut } from "./promises.ts";

export const GROWTH = "growth";

const OFFERS = 10;
const BATCH = 64;
const RESERVATIONS = 6_144;
const SESSIONS = [1, 4, 16] as const;
const MANY_OFFERS = 100;
const EVENTS = [10_000, 1_000_000] as const;
/** Events that one call makes: a call must not take longer than callers wait. */
const EVENTS_A_CALL = 20_000;
const PUBLISHED_AFTER_MS = 1_000;

const sessionsName = (count: number): string =>
  count === 1 ? "1 session, 10 offers" : `${count} sessions at once`;
const journalName = (events: number): string => `waking with ${events.toLocaleString("en")} events`;

export function growthContenders(runtime: Runtime): Contender[] {
  const pace = (name: string, sessions: number, offers: number): Contender => ({
    group: GROWTH,
    name,
    operation: "reservation",
    beside: name === sessionsName(1) ? [] : [sessionsName(1)],
    run: () => runSessions(runtime, sessions, offers),
  });
  return [
    ...SESSIONS.map((count) => pace(sessionsName(count), count, OFFERS)),
    pace(`1 session, ${MANY_OFFERS} offers`, 1, MANY_OFFERS),
    ...EVENTS.map((events): Contender => {
      let journal: Promise<Journal> | undefined;
      return {
        group: GROWTH,
        name: journalName(events),
        operation: "first call",
        beside: events === EVENTS[0] ? [] : [journalName(EVENTS[0])],
        run: async () => wake(await (journal ??= fill(runtime, events))),
      };
    }),
  ];
}

/** As many reservations in all, however many sessions share them. */
async function runSessions(runtime: Runtime, count: number, offers: number): Promise<Timed> {
  const stock = RESERVATIONS / count;
  const ready = () => runtime.call("/ready", { inside: "session", opening: { offers, stock } });
  const sessions = await Promise.all(Array.from({ length: count }, ready));
  let held: number[] = [];
  const run = { size: BATCH, publishing: false };
  const work = async (): Promise<void> => {
    const results = await Promise.all(
      sessions.map(({ session }) => runtime.call("/run", { inside: "session", session, run })),
    );
    held = results.map((result) => result.held);
  };
  const time = await timed(RESERVATIONS, work, [runtime.pid()]);
  for (const [index, { session }] of sessions.entries())
    await soldOut(runtime, session, held[index] ?? 0, stock);
  return time;
}

/** A session's journal in a folder of its own. */
interface Journal {
  readonly folder: string;
  readonly tokenKeys: string;
  readonly session: Awaited<ReturnType<typeof open>>["session"];
  readonly events: number;
}

const open = (runtime: Runtime) => runtime.call("/open", { offers: OFFERS, stock: 1_000_000 });

/** Viewers reserve and release until there are so many events. */
async function fill({ folder: beside, tokenKeys }: Runtime, events: number): Promise<Journal> {
  const folder = mkdtempSync(`${beside}-journal-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const runtime = await startRuntime(folder, tokenKeys);
  try {
    const { session } = await open(runtime);
    for (let made = 0; made < events; made += EVENTS_A_CALL) {
      await runtime.call("/fill", { session, events: Math.min(EVENTS_A_CALL, events - made) });
    }
    // Its alarm would wake it before it is asked.
    await sleep(PUBLISHED_AFTER_MS);
    await runtime.call("/lie-down", { session });
    return { folder, tokenKeys, session, events };
  } finally {
    await runtime.stop();
  }
}

/** The server starts anew; what is timed is the session's first call, after another session's. */
async function wake({ folder, tokenKeys, session, events }: Journal): Promise<Timed> {
  const runtime = await startRuntime(folder, tokenKeys);
  try {
    await open(runtime);
    const before = residentBytesOf(runtime.pid()) ?? Number.NaN;
    let lastSeq = 0;
    const time = await timed(1, async () => {
      lastSeq = (await runtime.call("/head", { session })).lastSeq;
    });
    if (lastSeq < events) throw new Error(`broken: the journal ends at ${lastSeq}`);
    const bytes = (residentBytesOf(runtime.pid()) ?? Number.NaN) - before;
    await runtime.call("/lie-down", { session });
    return { ...time, facts: { memoryMB: bytes / 1e6 } };
  } finally {
    await runtime.stop();
  }
}

// Reservations inside one session's object, batch by batch, each on disk before the next begins; beside the same
// reservations as SQL rows in an object of the same kind. Tokens were verified before, as a relay does it.
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { timed, type Contender, type Timed } from "../contender.ts";
import type { Runtime } from "../runtime.ts";
import type { InsideRun } from "../worker/bench-session.ts";
import { soldOut } from "./promises.ts";

export const IN_OBJECT = "in-object";
/** A broadcast's usual line-up. */
const OFFERS = 10;

export const ROW_SETS = "a row set each, one commit for 64";
export const COMMIT_EACH = "a row set and a commit each";
export const batchesOf = (size: number): string => `batches of ${size}`;

export function inObjectContenders(runtime: Runtime): Contender[] {
  const contender = (name: string, beside: readonly string[], run: Contender["run"]): Contender => ({
    group: IN_OBJECT,
    name,
    operation: "reservation",
    beside,
    run,
  });
  const session = (reservations: number, run: InsideRun) => () => runSession(runtime, reservations, run);
  const sql = (reservations: number, size: number) => () => runSql(runtime, reservations, size);
  const both = [ROW_SETS, COMMIT_EACH];
  const quiet = { publishing: false };
  return [
    contender("fsync of 4 KB, in Node", [], () => runFsync(runtime.folder, 50)),
    contender(COMMIT_EACH, [], sql(512, 1)),
    contender(ROW_SETS, [], sql(6_400, 64)),
    contender(batchesOf(1), both, session(256, { size: 1, ...quiet })),
    contender(batchesOf(8), both, session(1_024, { size: 8, ...quiet })),
    contender(batchesOf(64), both, session(6_400, { size: 64, ...quiet })),
    contender(batchesOf(256), both, session(7_680, { size: 256, ...quiet })),
    contender(
      `${batchesOf(64)}, sent to the queues meanwhile`,
      both,
      session(6_400, { size: 64, publishing: true }),
    ),
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

/** A fresh session for every run; what it promises is checked before the next begins. */
async function runSession(runtime: Runtime, reservations: number, run: InsideRun): Promise<Timed> {
  const opening = { offers: OFFERS, stock: reservations };
  const { session } = await runtime.call("/ready", { inside: "session", opening });
  let result = { held: 0, rows: 0 };
  const work = async (): Promise<void> => {
    result = await runtime.call("/run", { inside: "session", session, run });
  };
  const time = await timed(reservations, work, [runtime.pid()]);
  await soldOut(runtime, session, result.held, reservations);
  return { ...time, facts: { rowsEach: result.rows / reservations } };
}

async function runSql(runtime: Runtime, reservations: number, size: number): Promise<Timed> {
  const opening = { offers: OFFERS, stock: reservations };
  const { session } = await runtime.call("/ready", { inside: "sql", opening });
  let result = { held: 0, rows: 0 };
  const run = { size, publishing: false };
  const work = async (): Promise<void> => {
    result = await runtime.call("/run", { inside: "sql", session, run });
  };
  const time = await timed(reservations, work, [runtime.pid()]);
  const { refused, held } = await runtime.call("/look", { session });
  if (!refused || held !== reservations || result.held !== held)
    throw new Error("broken: stock was oversold");
  return { ...time, facts: { rowsEach: result.rows / reservations } };
}

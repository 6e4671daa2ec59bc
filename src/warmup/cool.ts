/**
 * The cron's second half: a session that is over and at rest is put away. Its journal goes into the lake, its relays
 * close and forget, and nothing is left that would wake it. Every step may be repeated; what happens later (a refund)
 * has it archived anew. Calls sessions and relays, writes to the bucket.
 */
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { ArchivedJournal } from "../domain/warmup.ts";
import type { Upkeep } from "../live/upkeep.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import { archiveJournal, type ArchivePorts } from "./archive.ts";
import { recorded } from "./record.ts";
import { timed } from "./warm.ts";

export interface CoolPorts extends ArchivePorts {
  /** Sessions that are over, of which nothing has happened since then, and that were not let go. */
  readonly toCool: (asked: {
    readonly quietSinceMs: number;
    readonly limit: number;
  }) => Promise<readonly SessionId[]>;
}

/** One run. One after another, so that a few parts of one journal are in memory at a time. */
export async function sweepCooldowns({ toCool, ...ports }: CoolPorts, nowMs: number): Promise<void> {
  const quietSinceMs = nowMs - LIMITS.coolAfterMs;
  for (const session of await toCool({ quietSinceMs, limit: LIMITS.coolsPerRun })) {
    try {
      await cool(ports, session);
    } catch (error) {
      logLine({ event: "cooldown_failed", session, ...errorFacts(error) });
    }
  }
}

async function cool(ports: ArchivePorts, session: SessionId): Promise<void> {
  const { live } = ports;
  const upkeep = await live.upkeep(session);
  const isOver = upkeep?.status === "ended" || upkeep?.status === "cancelled";
  if (!isOver || !upkeep.isAtRest || isCooled(upkeep)) return;
  const archive = archivedWhole(upkeep) ?? (await archived(ports, session));
  if (!archive) return;
  const steps = [
    await timed("relays", async () => ({ done: (await live.cool(session)).relays, failed: 0 })),
    await timed("session", async () => {
      await live.rest(session);
      return { done: 1, failed: 0 };
    }),
  ];
  const { number, lastSeq } = archive.head;
  const cooled = { archivedBlock: number, archivedSeq: lastSeq, steps };
  await recorded(live, session, { type: "warmup.cool", v: 1, cooled }, number);
}

/** Nothing came after the archive but the events that say that it is there, and that the session was let go. */
function isCooled({ record: { archive, cooled }, head }: Upkeep): boolean {
  if (!archive || cooled?.archivedBlock !== archive.head.number) return false;
  return head.lastSeq <= archive.head.lastSeq + 2;
}

/** The archive there is, when nothing came after it but the event that says so: a run before was cut off there. */
function archivedWhole({ record: { archive }, head }: Upkeep): ArchivedJournal | undefined {
  return archive && head.lastSeq <= archive.head.lastSeq + 1 ? archive : undefined;
}

/** The turn that records it also forgets: answers, spent tokens and ended holds are past their use by now. */
async function archived(ports: ArchivePorts, session: SessionId): Promise<ArchivedJournal | undefined> {
  const archive = await archiveJournal(ports, session);
  const command = { type: "warmup.archive", v: 1, archive } as const;
  return (await recorded(ports.live, session, command, archive.head.number))?.archive;
}

/**
 * The cron's first half: sessions about to open are planned for, made ready, and kept so until they have opened. Every
 * step may be repeated, so that a run that is late, lost or twice does no harm. Calls sessions and relays.
 */
import { isPlannedFor } from "../domain/decide-warmup.ts";
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { UpkeepStep, WarmupPlan } from "../domain/warmup.ts";
import type { LiveClient } from "../live/client.ts";
import type { Upkeep } from "../live/upkeep.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import { placementOf, planFor } from "./plan.ts";
import { recorded } from "./record.ts";

export interface WarmPorts {
  readonly live: LiveClient;
  /** Sessions of which something opens in the span, so many at most; some of them wrongly. */
  readonly opening: (span: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit: number;
  }) => Promise<readonly SessionId[]>;
}

/** One run. What fails with one session keeps nobody else waiting, and is tried again by the next run. */
export async function sweepWarmups({ live, opening }: WarmPorts, nowMs: number): Promise<void> {
  const span = { fromMs: nowMs - LIMITS.warmupHoldMs, toMs: nowMs + LIMITS.warmupLeadMs };
  const sessions = await opening({ ...span, limit: LIMITS.warmupsPerRun });
  const all: Planned[] = [];
  for (const session of sessions) {
    const planned = await unlessItFails(session, () => plannedOf(live, session, nowMs));
    if (planned) all.push(planned);
  }
  let relays = 0;
  // The smallest first: who expects the whole world must not take the run from all others.
  for (const planned of all.toSorted((one, other) => one.relays - other.relays)) {
    if (relays >= LIMITS.relaysWarmedPerRun) return;
    relays += planned.relays;
    await unlessItFails(planned.session, () => warm(live, planned));
  }
}

async function unlessItFails<T>(session: SessionId, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    logLine({ event: "warmup_failed", session, ...errorFacts(error) });
    return undefined;
  }
}

/** What a run has to do for a session. */
interface Planned {
  readonly session: SessionId;
  readonly plan: WarmupPlan;
  /** How many relays it is about. */
  readonly relays: number;
  /** Whether a run before has done it: now it is kept warm. */
  readonly isDone: boolean;
  /** Addresses of images that are still to be fetched. */
  readonly images: readonly string[];
}

/** Undefined for a session that needs nothing now. */
async function plannedOf(live: LiveClient, session: SessionId, nowMs: number): Promise<Planned | undefined> {
  const upkeep = await live.upkeep(session);
  if (!upkeep || upkeep.status === "ended" || upkeep.status === "cancelled") return undefined;
  const opensAtMs = nextOpening(upkeep, nowMs);
  let { record } = upkeep;
  if (opensAtMs !== undefined) {
    const plan = planFor(upkeep, opensAtMs, nowMs);
    record = (await recorded(live, session, { type: "warmup.plan", v: 1, plan }, opensAtMs)) ?? {};
  }
  const { plan, done } = record;
  if (!plan || plan.untilAtMs <= nowMs) return undefined;
  const relays = Object.values(plan.relays).reduce((sum, count) => sum + count, 0);
  const media = upkeep.images.filter(({ offer }) => plan.media.includes(offer));
  const images = done ? [] : media.map(({ url }) => url);
  return { session, plan, relays, isDone: done !== undefined, images };
}

async function warm(live: LiveClient, { session, plan, isDone, images }: Planned): Promise<void> {
  const steps = await carryOut(live, session, plan, images);
  if (isDone) return;
  const command = { type: "warmup.finish", v: 1, done: { opensAtMs: plan.opensAtMs, steps } } as const;
  await recorded(live, session, command, plan.opensAtMs);
}

/** The earliest opening of the time that a run looks at for which nothing is planned. */
function nextOpening({ openings, record }: Upkeep, nowMs: number): number | undefined {
  return openings.find(
    (atMs) =>
      atMs > nowMs - LIMITS.warmupHoldMs &&
      atMs <= nowMs + LIMITS.warmupLeadMs &&
      !isPlannedFor(record, atMs),
  );
}

async function carryOut(
  live: LiveClient,
  session: SessionId,
  plan: WarmupPlan,
  addresses: readonly string[],
): Promise<UpkeepStep[]> {
  let placement = placementOf(plan);
  return [
    await timed("session", async () => {
      await live.stayAwake(session, plan.untilAtMs);
      return { done: 1, failed: 0 };
    }),
    await timed("relays", async () => {
      const warmed = await live.warm(session, placement, plan.untilAtMs);
      placement = warmed.placement;
      return { done: warmed.relays, failed: warmed.failed };
    }),
    await timed("media", async () => {
      const there = addresses.length > 0 ? await live.prefetch(session, placement, addresses) : [];
      const done = there.reduce((sum, count) => sum + count, 0);
      return { done, failed: there.length * addresses.length - done };
    }),
  ];
}

/** A step with the time that it took. */
export async function timed(
  what: UpkeepStep["what"],
  work: () => Promise<Pick<UpkeepStep, "done" | "failed">>,
): Promise<UpkeepStep> {
  const startedAtMs = Date.now();
  const { done, failed } = await work();
  return { what, done, failed, tookMs: Date.now() - startedAtMs };
}

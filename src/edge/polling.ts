/** How soon to ask for a session again, for those who poll it. Pure. */
import { LIMITS } from "../domain/limits.ts";
import type { SessionFace } from "../domain/picture.ts";

/** A session that opens in a while is asked for again after this part of the while. */
const PART_OF_WAIT = 1 / 4;

/**
 * Whole seconds, for `Retry-After`; undefined once nothing more will happen. A larger audience asks less often, so that
 * what polling costs has an end; nobody is sent further past the start of the session than one wait of a live one.
 */
export function pollAgainS(face: SessionFace, audience: number, nowMs: number): number | undefined {
  if (face.status === "ended" || face.status === "cancelled") return undefined;
  return Math.ceil(pollAgainMs(face, audience, nowMs) / 1000);
}

function pollAgainMs({ status, scheduledAtMs }: SessionFace, audience: number, nowMs: number): number {
  const shareMs = (audience / LIMITS.pollsPerSecond) * 1000;
  const liveMs = Math.min(LIMITS.pollLiveMostMs, Math.max(LIMITS.pollLiveMs, shareMs));
  if (status === "live" || status === "paused") return liveMs;
  if (scheduledAtMs === undefined) return LIMITS.pollAwayMs;
  // Close to the start, and when a host is late, it may start any moment.
  return Math.min(LIMITS.pollAwayMs, Math.max(liveMs, (scheduledAtMs - nowMs) * PART_OF_WAIT));
}

/**
 * Which sockets no longer read. The platform does not say how much of what was sent is still waiting in its memory
 * (cloudflare/workerd#988), so a sign of life is what counts: any message, be it a ping that is answered without us.
 * Pure: the sockets, their signs of life and the time are arguments.
 */
import { LIMITS } from "../domain/limits.ts";

/** What is remembered of one socket. */
export interface Reader {
  /** When it last showed life; connecting is a sign of it. */
  aliveAtMs: number;
  /** How much had been sent to everybody by then. */
  sentBefore: number;
}

/**
 * Text that may lie unread for one of so many silent sockets: together they stay within what a relay can hold. With few
 * of them a page that never says anything has an hour; in a crowd of them some seconds past `socketSilenceMs`.
 */
export function unreadShare(silent: number): number {
  return Math.min(LIMITS.socketBacklogBytes, LIMITS.relayBacklogBytes / Math.max(1, silent));
}

/**
 * Those of the readers that are silent and have too much unread, given what was sent to everybody so far. A reader that
 * showed life is noted as having read what was sent by now.
 */
export function notReading<R extends Reader>(
  readers: Iterable<R>,
  { sent, nowMs, lifeOf }: { sent: number; nowMs: number; lifeOf: (reader: R) => number },
): R[] {
  const silent: R[] = [];
  for (const reader of readers) {
    const aliveAtMs = lifeOf(reader);
    if (aliveAtMs > reader.aliveAtMs) {
      reader.aliveAtMs = aliveAtMs;
      reader.sentBefore = sent;
    }
    if (nowMs - reader.aliveAtMs >= LIMITS.socketSilenceMs) silent.push(reader);
  }
  const share = unreadShare(silent.length);
  return silent.filter(({ sentBefore }) => sent - sentBefore > share);
}

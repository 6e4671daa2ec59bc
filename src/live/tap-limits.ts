/** How many taps a relay takes, of all and of each viewer. Decides, touches nothing; time is an argument. */
import type { ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { TurnedAway } from "./client.ts";

export class TapLimits {
  /** Taps that may come in at once, filled up by the second. */
  #room: number = LIMITS.tapsPerRelayBurst;
  #filledAtMs = 0;
  /** Who was turned away since there was room, and will come back. */
  #comingBack = 0;
  readonly #waiting = new Map<ViewerId, number>();
  #windowEndsAtMs = 0;
  readonly #inWindow = new Map<ViewerId, number>();

  /** Why a tap is not let in, if it is not; `waitMs` is how long it would wait for its answer. Counts it either way. */
  turnedAway(viewer: ViewerId, waitMs: number, nowMs: number): TurnedAway | undefined {
    if (nowMs >= this.#windowEndsAtMs) {
      this.#windowEndsAtMs = nowMs + LIMITS.rateWindowMs;
      this.#inWindow.clear();
    }
    const used = (this.#inWindow.get(viewer) ?? 0) + 1;
    // With too many to count it begins anew: nobody is refused for another's taps.
    if (used === 1 && this.#inWindow.size >= LIMITS.rateKeys) this.#inWindow.clear();
    this.#inWindow.set(viewer, used);
    if (used > LIMITS.tapsPerWindow) {
      return { overloaded: true, because: "viewer", retryAfterMs: this.#windowEndsAtMs - nowMs };
    }
    if ((this.#waiting.get(viewer) ?? 0) >= LIMITS.tapsWaitingPerViewer) {
      return { overloaded: true, because: "viewer", retryAfterMs: LIMITS.overloadRetryMs };
    }
    if (!this.#hasRoom(nowMs)) {
      this.#comingBack += 1;
      return overloaded((this.#comingBack / LIMITS.tapsPerRelaySecond) * 1_000);
    }
    return waitMs > LIMITS.tapWaitMs ? overloaded(waitMs) : undefined;
  }

  entered(viewer: ViewerId): void {
    this.#waiting.set(viewer, (this.#waiting.get(viewer) ?? 0) + 1);
  }

  left(viewer: ViewerId): void {
    const waiting = (this.#waiting.get(viewer) ?? 1) - 1;
    if (waiting === 0) this.#waiting.delete(viewer);
    else this.#waiting.set(viewer, waiting);
  }

  /** A bucket for a burst, filled by the second. */
  #hasRoom(nowMs: number): boolean {
    const filledMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#room = Math.min(
      LIMITS.tapsPerRelayBurst,
      this.#room + (filledMs / 1_000) * LIMITS.tapsPerRelaySecond,
    );
    this.#filledAtMs = nowMs;
    if (this.#room < 1) return false;
    this.#room -= 1;
    // Those who were sent away come back into this room.
    if (this.#room > LIMITS.tapsPerRelayBurst / 2) this.#comingBack = 0;
    return true;
  }
}

/** Spread over as long again, so that those who are sent away together do not come back together. */
function overloaded(waitMs: number): TurnedAway {
  const leastMs = Math.min(LIMITS.overloadRetryMaxMs / 2, Math.max(LIMITS.overloadRetryMs, waitMs));
  return { overloaded: true, retryAfterMs: Math.ceil(leastMs * (1 + Math.random())) };
}

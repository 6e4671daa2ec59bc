/** What the journal says of the audience, as the promises have it: totals, now and then, that only grow. */
import type { Event } from "../../../src/domain/events.ts";
import type { SessionStatus } from "../../../src/domain/session.ts";
import { must } from "./entries.ts";

type SessionMeasured = Extract<Event, { type: "session.measured" }>;

const MINUTE_MS = 60_000;

export class AudienceBook {
  #lastAtMs = 0;
  #afterEnd = 0;
  #views = 0;
  #taps = 0;

  startedAt(atMs: number): void {
    this.#lastAtMs = atMs;
  }

  /** Once a minute while the session is on, and at most twice when it is over. */
  record(event: SessionMeasured, status: SessionStatus | undefined): void {
    const { views, taps, atMs } = event;
    if (status === "ended" || status === "cancelled") this.#afterEnd += 1;
    else {
      must(status === "live" || status === "paused", "only what is on is measured", event);
      must(atMs - this.#lastAtMs >= MINUTE_MS, "once a minute", event);
    }
    must(this.#afterEnd <= 2, "what is over stays as it is", event);
    must(views > this.#views || taps > this.#taps, "only what has grown is written", event);
    must(views >= this.#views && taps >= this.#taps, "totals only grow", event);
    this.#lastAtMs = atMs;
    this.#views = views;
    this.#taps = taps;
  }
}

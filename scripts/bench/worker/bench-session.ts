// `LiveSession` as it is, run from the inside: batches without a call each, every one on disk before the next begins.
import type { Envelope } from "../../../src/domain/commands.ts";
import type { ReservationId, SessionId } from "../../../src/domain/ids.ts";
import { LiveSession, type LiveSessionEnv } from "../../../src/live/session.ts";
import { newSession, openingOf, releaseOf, reservationOf, reservationsOf, type Opening } from "../traffic.ts";
import { countRows } from "./rows.ts";

const FILL_BATCH = 500;
/** A journal that took hours is not full of tokens that still hold. */
const FILL_TOKEN_MS = 2_000;

/** How batches are run inside an object. */
export interface InsideRun {
  readonly size: number;
  /** Whether queues are sent the events meanwhile, or wait for `publish`. */
  readonly publishing: boolean;
}

/** What became of them. */
export interface InsideResult {
  readonly held: number;
  readonly rows: number;
}

/** Queues behind it wait while it is shut. */
class Valve {
  #opened = Promise.resolve();
  open: () => void = () => undefined;

  shut(): void {
    this.#opened = new Promise((resolve) => (this.open = resolve));
  }

  before(queue: Queue<string>): Queue<string> {
    const sendBatch: typeof queue.sendBatch = async (...asked) => {
      await this.#opened;
      return queue.sendBatch(...asked);
    };
    return { sendBatch } as typeof queue;
  }
}

/** Questions for the picture that reached any object. */
let hydrated = 0;

export function hydratedSoFar(): number {
  return hydrated;
}

export class BenchSession extends LiveSession {
  readonly #rows: () => number;
  readonly #valve: Valve;
  #ready: Envelope[] = [];

  constructor(ctx: DurableObjectState, env: LiveSessionEnv) {
    const rows = countRows(ctx);
    const valve = new Valve();
    super(ctx, {
      ...env,
      SETTLEMENT_QUEUE: valve.before(env.SETTLEMENT_QUEUE),
      REPORTING_QUEUE: valve.before(env.REPORTING_QUEUE),
    });
    this.#rows = rows;
    this.#valve = valve;
  }

  override hydrate(): ReturnType<LiveSession["hydrate"]> {
    hydrated += 1;
    return super.hydrate();
  }

  /** Opens the session and makes as many reservations as there is stock ready to be sent. */
  async makeReady(opening: Opening): Promise<void> {
    const session = (this.ctx.id.name ?? newSession()) as SessionId;
    await this.execute(openingOf(session, opening));
    const nowMs = Date.now();
    this.#ready = reservationsOf(session, nowMs, opening.stock);
    await this.ctx.storage.sync();
  }

  /** Viewers reserve and release, in large batches, until there are so many events more; readers have them all. */
  async fill(events: number): Promise<void> {
    const session = this.ctx.id.name as SessionId;
    for (let left = events; left > 0; left -= FILL_BATCH) {
      const reserves = Array.from({ length: FILL_BATCH / 2 }, () =>
        reservationOf(session, Date.now(), FILL_TOKEN_MS),
      );
      await this.execute(reserves);
      await this.execute(reserves.map((envelope) => releaseOf(envelope)));
      const { lastSeq } = this.head();
      for (const outlet of ["settlement", "reporting"] as const) this.confirm(outlet, lastSeq);
      await this.ctx.storage.sync();
    }
  }

  /** Sends what had to wait. */
  async publish(): Promise<void> {
    this.#valve.open();
  }

  /** Nothing wakes it by itself. */
  async lieDown(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
  }

  /** How many of these are not held. */
  missing(reservations: readonly string[]): number {
    return reservations.filter((id) => this.reservation(id as ReservationId)?.status !== "held").length;
  }

  async runInside({ size, publishing }: InsideRun): Promise<InsideResult> {
    const before = this.#rows();
    const envelopes = this.#ready;
    if (!publishing) this.#valve.shut();
    this.#ready = [];
    let held = 0;
    for (let at = 0; at < envelopes.length; at += size) {
      const executed = await this.execute(envelopes.slice(at, at + size));
      await this.ctx.storage.sync();
      for (const { reply } of executed) if (reply.ok) held += 1;
    }
    return { held, rows: this.#rows() - before };
  }
}

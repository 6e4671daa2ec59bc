/**
 * Asks what becomes of open purchases, should no notice say so: there may be no socket, notices of a cut are not sent again,
 * and what the viewer must do for a payment is in no notice. Touches timers; the asking is the client's.
 */
import type { Purchase } from "./types.ts";

export interface OutcomesPorts {
  readonly open: () => readonly Purchase[];
  /** Asks and takes the answer in; what fails is asked again later. */
  readonly ask: (purchase: Purchase) => Promise<unknown>;
  /** The server's clock. */
  readonly nowMs: () => number;
  /** Whether notices come. */
  readonly isTold: () => boolean;
}

interface Watch {
  readonly timer: ReturnType<typeof setTimeout>;
  /** The purchase it was set for, as far as it matters for when. */
  readonly of: string;
  readonly tries: number;
}

const FIRST_MS = 400;
const GROWTH = 1.6;
/** A viewer stands before a screen that does not move: often enough. */
const UNTOLD_MS = 4_000;
const TOLD_MS = 30_000;
/** A hold that runs out is back on sale within a second. */
const AFTER_EXPIRY_MS = 1_000;

export class Outcomes {
  readonly #ports: OutcomesPorts;
  readonly #watches = new Map<string, Watch>();

  constructor(ports: OutcomesPorts) {
    this.#ports = ports;
  }

  /** Purchases may have changed. */
  update(): void {
    const wanted = new Map(this.#ports.open().flatMap((one) => watched(one)));
    for (const id of this.#watches.keys()) if (!wanted.has(id)) this.#drop(id);
    for (const [id, purchase] of wanted) {
      if (this.#watches.get(id)?.of !== markOf(purchase)) this.#set(id, purchase, 0);
    }
  }

  /** News may have been missed. */
  askAll(): void {
    for (const [, purchase] of this.#ports.open().flatMap((one) => watched(one))) void this.#ask(purchase);
  }

  stop(): void {
    for (const id of this.#watches.keys()) this.#drop(id);
  }

  #set(id: string, purchase: Purchase, tries: number): void {
    this.#drop(id);
    const timer = setTimeout(() => void this.#look(id, purchase), this.#waitMs(purchase, tries));
    this.#watches.set(id, { timer, of: markOf(purchase), tries });
  }

  #drop(id: string): void {
    clearTimeout(this.#watches.get(id)?.timer);
    this.#watches.delete(id);
  }

  async #look(id: string, purchase: Purchase): Promise<void> {
    const watch = this.#watches.get(id);
    await this.#ask(purchase);
    // Still the same: the answer, or a notice meanwhile, may have moved it on.
    if (watch && this.#watches.get(id) === watch) this.#set(id, purchase, watch.tries + 1);
  }

  async #ask(purchase: Purchase): Promise<void> {
    await this.#ports.ask(purchase).catch(() => undefined);
  }

  #waitMs({ step, reservation }: Purchase, tries: number): number {
    const mostMs = this.#ports.isTold() ? TOLD_MS : UNTOLD_MS;
    const waitMs = Math.min(mostMs, FIRST_MS * GROWTH ** tries);
    if (step === "waiting") return mostMs;
    if (step !== "held" || !reservation?.expiresAt) return waitMs;
    return Math.max(waitMs, Date.parse(reservation.expiresAt) + AFTER_EXPIRY_MS - this.#ports.nowMs());
  }
}

/** The purchase by the id of what is to be asked about; none while a tap of it is not answered. */
function watched(purchase: Purchase): readonly (readonly [string, Purchase])[] {
  const { step, order, reservation } = purchase;
  const id = step === "pending" ? undefined : (order?.id ?? reservation?.id);
  return id === undefined ? [] : [[id, purchase]];
}

function markOf({ step, reservation }: Purchase): string {
  return `${step} ${reservation?.expiresAt}`;
}

/**
 * Asks Stripe for things exactly once. The intent is in D1 before the call, Stripe's id of the answer right after it;
 * in between the idempotency key, made from our id, keeps a repetition from making a second one. Stripe may forget keys
 * after 24 hours: what was asked long ago is looked for before it is asked for again. Reads and writes `stripe_requests`.
 * @see https://docs.stripe.com/api/idempotent_requests
 */
import { and, eq, isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { LIMITS } from "../../../domain/limits.ts";
import { decided, isRefusal, quietly, type Refusal } from "./refusals.ts";
import { stripeRequests, type StripeRequest } from "./tables.ts";

type Params = Readonly<Record<string, unknown>>;

/** Something that Stripe has an id for. */
interface Made {
  readonly id: string;
}

/** How to look at what was made, by Stripe's id or by ours; undefined where Stripe has none. */
export interface Search<T extends Made> {
  readonly id: string;
  readonly read: (object: string) => Promise<T | undefined>;
  readonly find: () => Promise<T | undefined>;
}

/** How to make it. */
export interface Errand<T extends Made, P extends object> extends Search<T> {
  readonly params: P;
  /** When it was first asked for, where that is known from elsewhere too; a record that was lost must not make it new. */
  readonly startedAtMs?: number;
  /** What makes it the same request; with these different the id was used for something else. */
  readonly identity: readonly (keyof P & string)[];
  /** Whether what was refused may be asked for again under its id, with other parameters, too. */
  readonly mayAskAnew?: true;
  readonly send: (params: P, idempotencyKey: string) => Promise<T>;
}

/** The record of requests. `clock` answers in epoch milliseconds. */
export class RequestLog {
  readonly #db;
  readonly #clock: () => number;

  constructor(d1: D1Database, clock: () => number) {
    this.#db = drizzle(d1);
    this.#clock = clock;
  }

  async row(id: string): Promise<StripeRequest | undefined> {
    return this.#db.select().from(stripeRequests).where(eq(stripeRequests.id, id)).get();
  }

  /**
   * Makes it, or finds it made; repeated, it answers with what became of the first. A refusal is final unless the
   * errand says otherwise: with a key of its own, a second try could be made beside a first that is still under way.
   * Throws when Stripe gives no answer: then the same errand is to be run again.
   */
  async run<T extends Made, P extends object>(errand: Errand<T, P>): Promise<T | Refusal> {
    const opened = await this.#open(errand.id, errand.params as Params, errand.startedAtMs);
    if (!isSame(opened.params, errand.params as Params, errand.identity)) return { refusal: "id_reused" };
    if (opened.object !== null) {
      const made = await errand.read(opened.object);
      if (!made) throw new Error(`Stripe does not know ${opened.object} any more`);
      return made;
    }
    if (opened.refusal !== null && !errand.mayAskAnew) return { refusal: opened.refusal };
    let row = opened.refusal === null ? opened : await this.#anew(opened, errand.params as Params);
    const ageMs = this.#clock() - row.attemptedAtMs;
    if (ageMs >= LIMITS.stripeKeyMs) {
      const found = await this.search(errand);
      if (found) return found;
      row = await this.#next(row, null);
    } else if (ageMs >= LIMITS.stripeKeyMs - 2 * LIMITS.stripeCallMs) {
      // A call under way with this key must not meet one that was made because nothing was found.
      throw new Error(`${row.id} is at the end of its key's time`);
    }
    if (row.object !== null) throw new Error(`${row.id} was just made by somebody else`);
    const answer = await decided(errand.send(row.params as P, `${row.id}:${row.attempt}`));
    if (!isRefusal(answer)) await this.note(row.id, answer.id);
    else if (!answer.isKeyReused) await this.#next(row, answer.refusal);
    return answer;
  }

  /** What became of it, without asking for it: undefined when Stripe has none. */
  async search<T extends Made>({ id, read, find }: Search<T>): Promise<T | undefined> {
    const row = await this.row(id);
    if (row && row.object !== null) return read(row.object);
    const found = await quietly(find());
    if (found && row) await this.note(id, found.id);
    return found;
  }

  /** Records Stripe's id of what was asked for; only for requests of ours, and once. */
  async note(id: string, object: string): Promise<void> {
    await this.#db
      .update(stripeRequests)
      .set({ object, refusal: null })
      .where(and(eq(stripeRequests.id, id), isNull(stripeRequests.object)));
  }

  /**
   * Counts an attempt at what happens once whatever its key is, as a capture; the number is part of the key. Stripe
   * repeats the answer to a key for a day, its own faults too, and nothing would come of asking with the same.
   */
  async nextAttempt(id: string): Promise<number> {
    const [row] = await this.#db
      .update(stripeRequests)
      .set({ attempt: sql`${stripeRequests.attempt} + 1` })
      .where(eq(stripeRequests.id, id))
      .returning({ attempt: stripeRequests.attempt });
    // Where the record was lost the time tells attempts apart.
    return row?.attempt ?? this.#clock();
  }

  /** Nothing is to be asked under this id any more, whether it was or not. */
  async close(id: string, refusal: string): Promise<void> {
    await this.#db
      .insert(stripeRequests)
      .values({ id, params: {}, attempt: 0, attemptedAtMs: this.#clock(), refusal })
      .onConflictDoUpdate({ target: stripeRequests.id, set: { refusal } });
  }

  async #open(id: string, params: Params, startedAtMs = this.#clock()): Promise<StripeRequest> {
    const [, [row]] = await this.#db.batch([
      this.#db
        .insert(stripeRequests)
        .values({ id, params, attempt: 0, attemptedAtMs: startedAtMs })
        .onConflictDoNothing(),
      this.#db.select().from(stripeRequests).where(eq(stripeRequests.id, id)),
    ]);
    if (!row) throw new Error(`the request ${id} was not recorded`);
    return row;
  }

  /** Nothing came of the attempt before, so this one may ask for something else; whoever comes first says what. */
  async #anew({ id, attempt }: StripeRequest, params: Params): Promise<StripeRequest> {
    const isRefused = and(
      eq(stripeRequests.id, id),
      eq(stripeRequests.attempt, attempt),
      isNotNull(stripeRequests.refusal),
    );
    return this.#change(id, { params, refusal: null, attemptedAtMs: this.#clock() }, isRefused);
  }

  /** Begins the next attempt, with a key of its own; whoever else has begun it already has begun it for all. */
  async #next({ id, attempt }: StripeRequest, refusal: string | null): Promise<StripeRequest> {
    const isThis = and(
      eq(stripeRequests.id, id),
      eq(stripeRequests.attempt, attempt),
      isNull(stripeRequests.object),
    );
    return this.#change(id, { attempt: attempt + 1, attemptedAtMs: this.#clock(), refusal }, isThis);
  }

  /** The row as it is afterwards, whether it was still there to be changed or not. */
  async #change(id: string, to: Partial<StripeRequest>, condition: SQL | undefined): Promise<StripeRequest> {
    const [, [row]] = await this.#db.batch([
      this.#db.update(stripeRequests).set(to).where(condition),
      this.#db.select().from(stripeRequests).where(eq(stripeRequests.id, id)),
    ]);
    if (!row) throw new Error(`the request ${id} is gone`);
    return row;
  }
}

function isSame(a: Params, b: Params, identity: readonly string[]): boolean {
  return identity.every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

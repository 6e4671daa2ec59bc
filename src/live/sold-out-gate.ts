/**
 * A relay's part in refusing what is sold out: asks the session what it needs when taps come for it, knows which of its
 * own taps may have bought since, and repeats what it answered. Keeps a bounded lot in memory, nothing else.
 */
import type { Executed } from "../domain/block.ts";
import type { CommandId, TokenId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Refused } from "../domain/reply.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { TapOutcome } from "./client.ts";
import {
  covers,
  isSpentIn,
  looksSoldOut,
  soldOutRefusal,
  type Asked,
  type AskedTap,
  type Known,
  type Scarcity,
} from "./sold-out.ts";

interface Remembered {
  readonly fingerprint: string;
  readonly refused: Refused;
}

export class SoldOutGate {
  readonly #ask: () => Promise<Scarcity | undefined>;
  #scarcity: Scarcity | undefined;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  /** Tokens of taps that are with the session now, as often as they are. */
  readonly #underWay = new Map<TokenId, number>();
  /** Tokens that this relay's taps spent lately, with the sequence of the event; infinite where nobody knows. */
  readonly #spent = new Map<TokenId, number>();
  readonly #remembered = new Map<CommandId, Remembered>();

  constructor(ask: () => Promise<Scarcity | undefined>) {
    this.#ask = ask;
  }

  /** Whether there may be something to refuse. */
  get isTold(): boolean {
    return this.#scarcity !== undefined;
  }

  /** The answer to a tap that need not go to the session; undefined for one that must. */
  answer(
    { id, fingerprint, asked }: AskedTap,
    known: Known | undefined,
    nowMs: number,
  ): Executed | undefined {
    if (!known) return undefined;
    const scarcity = this.#scarcity;
    if (this.#mayHaveBought(asked, scarcity)) return undefined;
    const before = this.#remembered.get(id);
    if (before?.fingerprint === fingerprint) return { reply: before.refused, replayed: true };
    const soldOut = asked.items.filter(({ offer }) => looksSoldOut(offer, known));
    if (soldOut.length === 0) return undefined;
    if (!soldOut.every(({ offer }) => covers(scarcity, offer, known, nowMs))) void this.#learn(nowMs);
    const refused = scarcity && soldOutRefusal(asked, scarcity, known, nowMs);
    if (!refused) return undefined;
    // A bundle of bundles is worded afresh each time: what is remembered must be small, since it is many.
    if (isShort(refused)) put(this.#remembered, id, { fingerprint, refused });
    return { reply: refused, replayed: false };
  }

  /** A tap goes to the session. */
  sent({ asked }: AskedTap): void {
    for (const { token } of asked.items) {
      this.#underWay.set(token, (this.#underWay.get(token) ?? 0) + 1);
    }
  }

  /** The session has answered it, or not. */
  done({ asked }: AskedTap, outcome: TapOutcome): void {
    const seq = spentAtSeq(outcome);
    for (const { token } of asked.items) {
      const left = (this.#underWay.get(token) ?? 1) - 1;
      if (left === 0) this.#underWay.delete(token);
      else this.#underWay.set(token, left);
      if (seq !== undefined) put(this.#spent, token, seq);
    }
  }

  /** By what the relay has seen itself as well: what it was told may be older. */
  #mayHaveBought(asked: Asked, scarcity: Scarcity | undefined): boolean {
    const cursor = scarcity?.cursor ?? 0;
    const isOwn = asked.items.some(
      ({ token }) => this.#underWay.has(token) || (this.#spent.get(token) ?? 0) > cursor,
    );
    return isOwn || (scarcity !== undefined && isSpentIn(scarcity, asked));
  }

  /** Asks the session, one question at a time and not too often. The taps meanwhile go there, too. */
  async #learn(nowMs: number): Promise<void> {
    if (this.#isAsking || nowMs - this.#askedAtMs < LIMITS.scarcityAskMs) return;
    this.#isAsking = true;
    this.#askedAtMs = nowMs;
    try {
      this.#scarcity = await this.#ask();
    } catch (error) {
      logLine({ event: "scarcity_unknown", ...errorFacts(error) });
    }
    this.#isAsking = false;
  }
}

function isShort({ refusal }: Refused): boolean {
  return refusal.code === "out_of_stock" && refusal.available.length <= LIMITS.itemsPerReservation;
}

/** The event by which a tap's tokens were spent; infinite when its fate is not known, undefined when they were not. */
function spentAtSeq(outcome: TapOutcome): number | undefined {
  if ("overloaded" in outcome) return Number.POSITIVE_INFINITY;
  const { reply } = outcome;
  if (!reply.ok) return undefined;
  return "reservation" in reply ? reply.reservation.seq : Number.POSITIVE_INFINITY;
}

/** Keeps the latest so many; what is asked for again by then is old. */
function put<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size >= LIMITS.refusalsRemembered) map.delete(oldest);
  map.set(key, value);
}

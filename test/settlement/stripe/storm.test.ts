/**
 * The Stripe adapter in bad weather: calls are repeated at random, answers and records are lost, Stripe is away or
 * forgets its keys. Whatever happens, nothing is made twice, and what was answered is true.
 */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { MovementState, RefundState } from "../../../src/settlement/psp/port.ts";
import { Dice } from "../../domain/model/dice.ts";
import { usd } from "../../domain/shop.ts";
import { HOUR_MS, ids, Stage, type Weather } from "./stage.ts";

const STORMS = 20;
const STEPS = 14;

type State = MovementState | RefundState;

/** One thing to be made once: asked for, with an amount, and looked at. */
interface Wish {
  readonly ask: (amount: number) => Promise<State>;
  readonly look: () => Promise<State>;
  readonly amounts: () => readonly number[];
}

async function wishes(stage: Stage): Promise<readonly Wish[]> {
  const { port, double } = stage;
  const { books } = double;
  const account = await stage.enabled();
  const sent = await stage.transferOf(account, usd(3_000));
  const there = await port.transfer(sent);
  books.settle();
  const transfer = await stage.transferOf(account);
  const order = await stage.captured();
  const refund = ids.refund();
  const startedAtMs = stage.nowMs;
  const reversal = { id: ids.reversal(), transfer: "id" in there ? there.id : "", account, startedAtMs };
  const payout = { id: ids.payout(), account, startedAtMs };
  const amountsOf = (object: "refund" | "transfer" | "transfer_reversal" | "payout", id: string) => () =>
    books
      .all(object)
      .filter(({ metadata }) => Object.values(metadata).includes(id))
      .map(({ amount }) => amount);
  return [
    {
      ask: (amount) => port.transfer({ ...transfer, amount: usd(amount) }),
      look: () => port.findTransfer(transfer),
      amounts: amountsOf("transfer", transfer.id),
    },
    {
      ask: (amount) => port.reverse({ ...reversal, amount: usd(amount) }),
      look: () => port.findReversal({ ...reversal, amount: usd(1_000) }),
      amounts: amountsOf("transfer_reversal", reversal.id),
    },
    {
      ask: (amount) => port.payout({ ...payout, amount: usd(amount) }),
      look: () => port.findPayout({ ...payout, amount: usd(1_000) }),
      amounts: amountsOf("payout", payout.id),
    },
    {
      ask: (amount) => port.refund(order, refund, usd(amount)),
      look: () => port.findRefund(order, refund),
      amounts: amountsOf("refund", refund),
    },
  ];
}

/** One step: somebody asks or looks, time passes, or something is about to go wrong. */
async function step(dice: Dice, stage: Stage, weather: Weather, all: readonly Wish[]): Promise<void> {
  const wish = dice.of(all);
  const quietly = (work: Promise<unknown>) => work.catch(() => undefined);
  switch (dice.of(["ask", "ask", "ask", "other", "look", "both", "wait", "trouble", "trouble", "crash"])) {
    case "ask":
      await quietly(wish.ask(1_000));
      break;
    case "other":
      await quietly(wish.ask(900));
      break;
    case "both":
      await Promise.all([quietly(wish.ask(1_000)), quietly(wish.ask(1_000))]);
      break;
    case "look":
      await quietly(wish.look());
      break;
    case "wait":
      stage.wait(dice.of([1, 22, 23, 25, 49]) * HOUR_MS);
      break;
    case "trouble":
      stage.double.trouble({
        on: dice.of([/^POST/, /^GET/]),
        kind: dice.of(["lost", "lost", "unreachable", 429, 500] as const),
      });
      break;
    default:
      weather.crashesAt = dice.of([/^insert into "stripe_requests"/, /^update "stripe_requests"/]);
  }
}

describe("in a storm", () => {
  it.each(Array.from({ length: STORMS }, (_, seed) => seed))("(%i) nothing is made twice", async (seed) => {
    const dice = new Dice(seed + 1);
    const weather: Weather = {};
    const stage = new Stage(env.DB, undefined, weather);
    const all = await wishes(stage);
    for (let number = 0; number < STEPS; number++) await step(dice, stage, weather, all);

    // The sky clears: each is asked for until it is answered.
    delete weather.crashesAt;
    stage.double.calm();
    stage.wait(25 * HOUR_MS);
    for (const wish of all) {
      const states = [await wish.ask(1_000), await wish.ask(900)];
      const made = wish.amounts();
      expect(made).toHaveLength(1);
      const answers = states.map((state) => ("reason" in state ? state.reason : "made"));
      expect(answers).toEqual(made[0] === 1_000 ? ["made", "id_reused"] : ["id_reused", "made"]);
    }
  });
});

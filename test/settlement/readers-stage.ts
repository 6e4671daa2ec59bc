/** A ledger to read: transactions recorded as settlement records them, at times of the test's own. */
import { env } from "cloudflare:workers";
import { typeid } from "typeid-js";
import type { CreatorId, OrderId, PartyId, SellerId } from "../../src/domain/ids.ts";
import {
  payoutPaid,
  payoutStarted,
  saleOf,
  transferSent,
  transferStarted,
  type Movement,
  type Transaction,
} from "../../src/domain/ledger.ts";
import { money } from "../../src/domain/money.ts";
import type { Split } from "../../src/domain/split.ts";
import { record } from "../../src/settlement/ledger/store.ts";

const { DB: db } = env;

export function newId<P extends string>(prefix: P): `${P}_${string}` {
  return `${prefix}_${typeid().getSuffix()}`;
}

export interface Two {
  readonly seller: SellerId;
  readonly creator: CreatorId;
}

export function newTwo(): Two {
  return { seller: newId("sel"), creator: newId("cre") };
}

export async function write(
  ...recorded: readonly { transaction: Transaction; atMs: number }[]
): Promise<void> {
  await db.batch(record(db, recorded));
}

/** A sale of 100: 10 for the platform, 20 for the creator, 70 for the seller of which 7 are kept back. */
export function sale(
  two: Two,
  currency = "USD",
  order: OrderId = newId("ord"),
): { order: OrderId; transaction: Transaction } {
  const split = {
    currency,
    captured: 100,
    legs: { platform: 10, creator: 20, referral: 0, seller: 70, tax: 0, loyalty: 0 },
    reserved: 7,
  } as Split;
  return { order, transaction: saleOf(order, two, split) };
}

export function movementOf(
  party: PartyId,
  amount: number,
  { currency = "USD", order, id = newId("trf") }: { currency?: string; order?: OrderId; id?: string } = {},
): Movement {
  return {
    id,
    party,
    provider: "sandbox",
    amount: money(amount, currency),
    ...(order === undefined ? {} : { order }),
  };
}

/** What a sale's money goes through until it is in the bank, so many milliseconds apart. */
export async function wholeWay(
  two: Two,
  startMs: number,
  stepMs: number,
  currency = "USD",
): Promise<OrderId> {
  const { order, transaction } = sale(two, currency);
  const transfer = movementOf(two.seller, 63, { currency, order });
  const payout = movementOf(two.seller, 63, { currency, id: newId("pyo") });
  const steps = [
    transaction,
    transferStarted(transfer),
    transferSent(transfer),
    payoutStarted(payout),
    payoutPaid(payout),
  ];
  await write(...steps.map((step, at) => ({ transaction: step, atMs: startMs + at * stepMs })));
  return order;
}

/** Every page of a list, one after the other. */
export async function everyPage<T>(
  read: (
    cursor: string | undefined,
  ) => Promise<{ data: readonly T[]; nextCursor: string | null } | undefined>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 1_000; page++) {
    const found = await read(cursor);
    all.push(...found!.data);
    if (found!.nextCursor === null) return all;
    cursor = found!.nextCursor;
  }
  throw new Error("the list does not end");
}

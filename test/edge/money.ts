/** Money that has moved, for the routes that show it: an order split, charged, transferred, refunded and paid out. */
import { env } from "cloudflare:workers";
import { paymentPort } from "../../src/settlement/psp/index.ts";
import { moveMoney } from "../settlement/all-steps.ts";
import type { Treasury } from "../../src/settlement/treasury.ts";
import {
  buy,
  get,
  must,
  newContract,
  newOffer,
  newSession,
  newShop,
  newViewer,
  PLATFORM,
  post,
  send,
  until,
  usd,
  type Answer,
  type Drop,
  type Json,
  type Sent,
} from "./client.ts";

export const put = (path: string, sent?: Sent): Promise<Answer> => send("PUT", path, sent);

/** Settlement at a time of the test's own. */
export function treasuryAt(nowMs: () => number): Treasury {
  return { db: env.DB, port: paymentPort(env, nowMs), nowMs, log: (line) => console.error(line) };
}

/** Runs the cron's work until nothing is left of it just now. */
export async function settleDown(nowMs: () => number = Date.now): Promise<void> {
  for (let run = 0; run < 10 && (await moveMoney(treasuryAt(nowMs))) > 0; run++);
}

export function pathOf(party: string): string {
  return `/v1/${party.startsWith("sel_") ? "sellers" : "creators"}/${party}`;
}

/** Opens a party's payment account by the API and finishes its onboarding on the sandbox's page. */
export async function onboard(party: string, as = PLATFORM): Promise<void> {
  const schedule = { interval: "manual", minimums: [usd(100)] };
  await must(
    put(`${pathOf(party)}/payment-account`, { as, body: { country: "DE", payoutSchedule: schedule } }),
  );
  const returnUrl = "https://shop.test/back";
  const link = await must(
    post(`${pathOf(party)}/payment-account/onboarding-links`, { as, key: null, body: { returnUrl } }),
  );
  const { pathname, search } = new URL(link.url);
  // The answer leads to `returnUrl`, which nobody serves.
  await post(`${pathname}${search}`, { key: null, raw: "", type: "application/x-www-form-urlencoded" });
  await until(async () => {
    const { status } = await must(get(`${pathOf(party)}/payment-account`, { as }));
    return status === "enabled" ? true : undefined;
  });
}

/** A live drop of a shop with a contract: 5 % for the platform, 15 % for the creator. */
export async function newContractedDrop(units = 10, over: object = {}): Promise<Drop & { contract: string }> {
  const shop = await newShop();
  const contract = await newContract(shop, over);
  return { ...(await newOffer(await newSession(shop, { contract }), units)), contract };
}

/** Buys a unit; answers once the ledger has the sale. */
export async function soldOrder(drop: Drop, method?: string): Promise<Json> {
  const { token } = await newViewer();
  const order = await must(buy(drop, token, method === undefined ? {} : { method }));
  await transactionOf(order.id, "sale");
  return { ...order, token };
}

/** Waits for an order's transaction of a kind. */
export function transactionOf(order: string, kind: string): Promise<Json> {
  return until(async () => {
    const { data } = await must(get(`/v1/ledger/transactions?order=${order}&kind=${kind}`, { as: PLATFORM }));
    return data[0];
  });
}

export async function refund(order: string, amount: number): Promise<void> {
  const before = await refundsOf(order);
  await must(post(`/v1/orders/${order}/refunds`, { as: PLATFORM, body: { amount: usd(amount) } }));
  await until(async () => ((await refundsOf(order)) > before ? true : undefined));
}

async function refundsOf(order: string): Promise<number> {
  const { data } = await must(get(`/v1/ledger/transactions?order=${order}&kind=refund`, { as: PLATFORM }));
  return data.length;
}

/** What a party has on one of its accounts, in USD. */
export async function held(party: string, which: string): Promise<number> {
  const { data } = await must(get(`/v1/ledger/accounts?party=${party}`, { as: PLATFORM }));
  const found = data.find(({ account }: Json) => account.endsWith(`${party}:${which}`));
  return found?.balance.amount ?? 0;
}

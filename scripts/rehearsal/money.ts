// What happens to the money of a rehearsal: split at the capture, refunded in part, transferred, taken back, paid out;
// then the books are checked, and compared with the provider's. Over the public API, with the cron run by hand.
import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "./api.ts";
import type { Raced } from "./race.ts";

interface Money {
  amount: number;
  currency: string;
}

interface Order {
  id: string;
  status: string;
  due: Money;
}

interface Movement {
  id: string;
  status: string;
  amount: Money;
}

interface SaleTransaction {
  postings: { account: string; debit?: Money; credit?: Money }[];
}

/** A session's money, in minor units of its currency. */
export interface Takings {
  currency: string;
  orders: number;
  captured: number;
  platform: number;
  seller: number;
  creator: number;
  tax: number;
  /** Sum of the parts above less what was captured: zero when the split holds. */
  splitDifference: number;
  refundedOrders: number;
  refunded: number;
  transfers: number;
  transferred: number;
  reversed: number;
  payouts: number;
  paidOut: number;
}

export interface Settled {
  takings: Takings[];
  booksBalance: boolean;
  providerEqualsLedger: boolean;
  findings: Finding[];
  broken: string[];
}

/** Where provider and ledger differ. */
export interface Finding {
  kind: string;
  about: { kind: string; id: string };
  provider: { amount: Money };
  ledger: { amount: Money };
  reason?: string;
}

/** Server's own handle on time: everything that is due by the cron is done now. */
export type RunCron = () => Promise<void>;

const PARTIES = ["seller", "creator"] as const;
const MOST_RUNS = 60;
/** A run's steps follow each other through a queue: what stands still for so many runs has come to rest. */
const QUIET_RUNS = 3;

/** Moves the money of sessions that were raced for, and examines what became of it. */
export async function settleMoney(
  api: Api,
  platformKey: string,
  raced: readonly Raced[],
  runCron: RunCron,
): Promise<Settled> {
  const money = { api, platformKey, runCron };
  for (const race of raced) await openAccounts(api, race);
  const refunds = new Map(raced.map((race): [Raced, Refund[]] => [race, []]));
  const chosen = new Map<Raced, Order[]>();
  for (const race of raced) chosen.set(race, everyTenth(await capturedOrders(api, race)));
  // Refunds before anything is transferred; after it, so that transfers come back; and after the payouts, so that
  // there is nothing left to come back and the debt stays.
  for (const wave of [0, 1, 2]) {
    for (const [race, made] of refunds) {
      const orders = chosen.get(race)?.filter((_, index) => index % 3 === wave) ?? [];
      made.push(...(await refundAll(api, race, orders)));
    }
    await untilQuiet(money, refunds);
    if (wave === 1) {
      for (const race of raced) await payOut(api, race);
      await untilQuiet(money, refunds);
    }
  }
  const takings = await Promise.all(raced.map((race) => takingsOf(money, race, refunds.get(race) ?? [])));
  const books = await api.must<{ balanced: boolean }>("/v1/ledger/balance-check", { bearer: platformKey });
  const report = await api.post<{ equal: boolean }>("/v1/reconciliation/runs", platformKey);
  const findings = await api.all<Finding>("/v1/reconciliation/findings?status=open", platformKey);
  return {
    takings,
    booksBalance: books.balanced,
    providerEqualsLedger: report.equal,
    findings,
    broken: brokenPromises(takings, books.balanced, report.equal, findings.length),
  };
}

interface Running {
  api: Api;
  platformKey: string;
  runCron: RunCron;
}

/** Opens and finishes the accounts of a session's seller and creator, whose balances are paid out by hand. */
async function openAccounts(api: Api, { shop }: Raced): Promise<void> {
  for (const party of PARTIES) {
    const at = `/v1/${party}s/${shop[party]}`;
    const bearer = shop[`${party}Key`];
    const body = { country: "DE", payoutSchedule: { interval: "manual", minimums: [] } };
    await api.must(`${at}/payment-account`, { method: "PUT", bearer, body });
    const { url } = await api.post<{ url: string }>(`${at}/payment-account/onboarding-links`, bearer, {
      returnUrl: `${api.url}/payments/return`,
    });
    const answered = await fetch(url, { method: "POST", redirect: "manual" });
    if (answered.status !== 303) throw new Error(`onboarding answered ${answered.status}`);
  }
}

async function capturedOrders(api: Api, { session, shop }: Raced): Promise<Order[]> {
  const orders = await api.all<Order>(`/v1/orders?session=${session}`, shop.sellerKey);
  return orders.filter(({ status }) => status === "captured");
}

function everyTenth(orders: readonly Order[]): Order[] {
  return orders.filter((_, index) => index % 10 === 0);
}

interface Refund {
  order: string;
  amount: number;
}

/** Some in whole, some in part, some in two parts that do not come out even. */
async function refundAll(api: Api, { shop }: Raced, orders: readonly Order[]): Promise<Refund[]> {
  const made: Refund[] = [];
  for (const [index, { id, due }] of orders.entries()) {
    const third = Math.floor(due.amount / 3);
    const amounts = [[third, due.amount - third], [third], [due.amount]][index % 3] ?? [];
    for (const amount of amounts) {
      const body = { amount: { amount, currency: due.currency } };
      await api.post(`/v1/orders/${id}/refunds`, shop.sellerKey, body);
      made.push({ order: id, amount });
    }
  }
  return made;
}

async function payOut(api: Api, { shop, options: { currency } }: Raced): Promise<void> {
  for (const party of PARTIES) {
    const body = { [party]: shop[party], currency };
    const answer = await api.call("/v1/payouts", { method: "POST", bearer: shop[`${party}Key`], body });
    if (!answer.ok && answer.problem.code !== "payout_too_small")
      throw new Error(JSON.stringify(answer.problem));
  }
}

const UNDER_WAY = /^(payable|transferring)$/;

/** Runs the cron until the ledger knows of every refund and nothing is on its way any more. */
async function untilQuiet(
  { api, platformKey, runCron }: Running,
  refunds: ReadonlyMap<Raced, readonly Refund[]>,
): Promise<void> {
  const made = [...refunds.values()].flat().length;
  let before = "";
  let quietFor = 0;
  for (let run = 0; run < MOST_RUNS; run++) {
    const known = await api.all("/v1/ledger/transactions?kind=refund", platformKey);
    if (known.length < made) {
      await sleep(500);
      continue;
    }
    await runCron();
    const movements = await Promise.all([...refunds.keys()].map((race) => movementsOf(api, race)));
    const now = JSON.stringify(movements);
    const isUnderWay = movements.flat().some(({ status }) => UNDER_WAY.test(status));
    quietFor = !isUnderWay && now === before ? quietFor + 1 : 0;
    if (quietFor === QUIET_RUNS) return;
    before = now;
    // Queues and the sandbox's bank take a moment.
    await sleep(500);
  }
}

async function movementsOf(api: Api, { shop }: Raced): Promise<Movement[]> {
  const lists = await Promise.all(
    PARTIES.flatMap((party) =>
      ["transfers", "payouts"].map((kind) =>
        api.all<Movement>(`/v1/${kind}?${party}=${shop[party]}`, shop[`${party}Key`]),
      ),
    ),
  );
  return lists.flat();
}

async function takingsOf(
  { api, platformKey }: Running,
  race: Raced,
  refunds: readonly Refund[],
): Promise<Takings> {
  const { currency } = race.options;
  // Every session has a currency of its own.
  const sales = (await api.all<SaleTransaction>("/v1/ledger/transactions?kind=sale", platformKey)).filter(
    ({ postings: [first] }) => (first?.debit ?? first?.credit)?.currency === currency,
  );
  const postings = sales.flatMap((sale) => sale.postings);
  const sum = (isOf: (account: string) => boolean): number =>
    postings
      .filter(({ account }) => isOf(account))
      .reduce((total, { debit, credit }) => total + (credit?.amount ?? 0) - (debit?.amount ?? 0), 0);
  const captured = -sum((account) => account === "buyers:clearing");
  const parts = {
    platform: sum((account) => account === "platform:revenue"),
    seller: sum((account) => account.startsWith("seller:")),
    creator: sum((account) => account.startsWith("creator:")),
    tax: sum((account) => account === "tax:payable"),
  };
  const all = (kind: string): Promise<(Movement & { reversed?: Money })[]> =>
    Promise.all(
      PARTIES.map((party) =>
        api.all<Movement & { reversed?: Money }>(`/v1/${kind}?${party}=${race.shop[party]}`, platformKey),
      ),
    ).then((lists) => lists.flat());
  const [transfers, payouts] = await Promise.all([all("transfers"), all("payouts")]);
  const moved = transfers.filter(({ status, reversed }) => status === "paid" || (reversed?.amount ?? 0) > 0);
  const paid = payouts.filter(({ status }) => status === "paid");
  return {
    currency,
    orders: sales.length,
    captured,
    ...parts,
    splitDifference: parts.platform + parts.seller + parts.creator + parts.tax - captured,
    refundedOrders: new Set(refunds.map(({ order }) => order)).size,
    refunded: refunds.reduce((total, { amount }) => total + amount, 0),
    transfers: moved.length,
    transferred: moved.reduce((total, { amount }) => total + amount.amount, 0),
    reversed: moved.reduce((total, { reversed }) => total + (reversed?.amount ?? 0), 0),
    payouts: paid.length,
    paidOut: paid.reduce((total, { amount }) => total + amount.amount, 0),
  };
}

function brokenPromises(
  takings: readonly Takings[],
  booksBalance: boolean,
  isEqual: boolean,
  findings: number,
): string[] {
  const promises: [boolean, string][] = [
    [takings.every(({ splitDifference }) => splitDifference === 0), "splits sum to what was captured"],
    [
      takings.every(({ orders, payouts }) => orders === 0 || payouts > 0),
      "sellers and creators are paid out",
    ],
    [booksBalance, "the books balance"],
    [isEqual, "the provider's books equal the ledger"],
    [findings === 0, "reconciliation has nothing for a person to see"],
  ];
  return promises.filter(([kept]) => !kept).map(([, promise]) => promise);
}

/** The trace of an order: from the token to the bank, each step by its id, to each who has a part in it. */
import { beforeAll, describe, expect, it } from "vitest";
import { trace as schema } from "../../src/wire/trace.ts";
import {
  get,
  must,
  newShop,
  newViewer,
  PLATFORM,
  post,
  refused,
  until,
  type Drop,
  type Json,
} from "./client.ts";
import { newContractedDrop, onboard, refund, settleDown, soldOrder } from "./money.ts";

let drop: Drop & { contract: string };
let order: Json;
let trace: Json;

const ids = (list: Json[]): string[] => list.map(({ id }) => id);
const LATER = () => Date.now() + 3_600_000;

beforeAll(async () => {
  drop = await newContractedDrop();
  await onboard(drop.seller.id, drop.seller.key);
  await onboard(drop.creator.id, drop.creator.key);
  order = await soldOrder(drop);
  await settleDown();
  await refund(order.id, 500);
  await settleDown();
  for (const { id } of [drop.seller, drop.creator]) {
    const body = { [id.startsWith("sel_") ? "seller" : "creator"]: id, currency: "USD" };
    await must(post("/v1/payouts", { as: PLATFORM, body }));
  }
  await settleDown(LATER);
  trace = await must(get(`/v1/orders/${order.id}/trace`, { as: PLATFORM }));
});

describe("the platform's trace of a captured, refunded and paid-out order", () => {
  it("is what its schema says, and complete", () => {
    expect(schema.safeParse(trace).error).toBeUndefined();
    expect(trace.complete).toBe(true);
    expect(trace.order).toMatchObject({ id: order.id, session: drop.session, status: "refunded" });
  });

  it("begins with the token and the reservation that the order was bought with", () => {
    expect(trace.reservation).toBe(order.reservation);
    expect(trace.tokens).toEqual([
      expect.objectContaining({ token: order.lines[0].token, offer: drop.offer, quantity: 1 }),
    ]);
    expect(trace.contract).toEqual({ id: drop.contract, version: 1 });
  });

  it("has every event of the order in its block, as the audit shows it", async () => {
    expect(trace.events.map(({ type }: Json) => type)).toEqual([
      "dropcast.reservation.held.v1",
      "dropcast.order.placed.v1",
      expect.stringMatching(/reservation\.committed|order\.authorized/),
      expect.stringMatching(/reservation\.committed|order\.authorized/),
      "dropcast.order.captured.v1",
      "dropcast.order.refunded.v1",
    ]);
    const { data: blocks } = await must(get(`${drop.at}/audit?limit=500`, { as: PLATFORM }));
    const { data: events } = await must(get(`${drop.at}/events?limit=500`, { as: PLATFORM }));
    for (const { id, sequence, block } of trace.events) {
      expect(ids(events)).toContain(id);
      const proven = blocks.find(({ number }: Json) => number === block.number);
      expect(proven.hash).toBe(block.hash);
      expect([proven.firstSeq <= sequence, sequence <= proven.lastSeq]).toEqual([true, true]);
    }
  });

  it("splits what was captured", () => {
    const { captured, legs, basis } = trace.split;
    const sum = Object.values<Json>(legs).reduce((total, { amount }) => total + amount, 0);
    expect(sum).toBe(captured.amount);
    expect(legs).toMatchObject({
      platform: { amount: 100 },
      creator: { amount: 300 },
      seller: { amount: 1_600 },
    });
    expect(basis).toMatchObject({ asked: { amount: 2_000 }, platformFee: { amount: 100 } });
    expect(trace.payment).toMatchObject({ provider: "sandbox", fee: { currency: "USD" } });
  });

  it("leads to transactions that each sum to zero, caused by the events it shows", () => {
    const kinds = trace.transactions.map(({ kind }: Json) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["sale", "charge", "charge_fee", "refund", "refund_sent"]));
    for (const { id, postings } of trace.transactions) {
      const sum = postings.reduce(
        (total: number, { debit, credit }: Json) => total + (debit?.amount ?? 0) - (credit?.amount ?? 0),
        0,
      );
      expect(sum, id).toBe(0);
    }
    const causes = trace.transactions.flatMap(({ event }: Json) => event ?? []);
    expect(ids(trace.events)).toEqual(expect.arrayContaining(causes));
    expect(causes).toHaveLength(2);
  });

  it("has a transfer for each party, with its reversals and payouts", async () => {
    expect(trace.transfers.map(({ party }: Json) => party).toSorted()).toEqual(
      [drop.seller.id, drop.creator.id].toSorted(),
    );
    for (const transfer of trace.transfers) {
      expect(transfer).toMatchObject({ status: "paid", order: order.id, providerId: expect.any(String) });
      expect(ids(transfer.transactions)).toEqual([
        `sale:${order.id}`,
        `transfer_started:${transfer.id}`,
        `transfer_sent:${transfer.id}`,
      ]);
      const [reversal] = transfer.reversals;
      expect(reversal).toMatchObject({ transfer: transfer.id, status: "paid" });
      expect(transfer.reversed).toEqual(reversal.amount);
      const payout = trace.payouts.find(({ id }: Json) => id === transfer.payout);
      expect(payout).toMatchObject({ party: transfer.party, status: "paid" });
      const { transfers } = await must(get(`/v1/payouts/${payout.id}`, { as: PLATFORM }));
      expect(transfers).toEqual([transfer.id]);
    }
    expect(trace.refunds).toEqual([
      expect.objectContaining({ amount: { amount: 500, currency: "USD" }, status: "sent" }),
    ]);
    expect(trace.disputes).toEqual([]);
  });
});

describe("the trace of a party", () => {
  it("is a creator's own part: no posting, transfer or payout of anybody else", async () => {
    const own = await must(get(`/v1/orders/${order.id}/trace`, { as: drop.creator.key }));
    expect(schema.safeParse(own).error).toBeUndefined();
    expect(own.events).toEqual(trace.events);
    const accounts = own.transactions.flatMap(({ postings }: Json) =>
      postings.map(({ account }: Json) => account),
    );
    expect(accounts.length).toBeGreaterThan(0);
    for (const account of accounts) expect(account).toContain(`creator:${drop.creator.id}:`);
    for (const { party } of [...own.transfers, ...own.payouts]) expect(party).toBe(drop.creator.id);
    expect([own.transfers.length, own.payouts.length]).toEqual([1, 1]);
    expect(Object.keys(own.split.legs)).toEqual(["creator"]);
    expect(own.split.basis).not.toHaveProperty("platformFee");
    expect(own.payment).not.toHaveProperty("fee");
    expect(JSON.stringify([own.transactions, own.transfers, own.payouts])).not.toContain(drop.seller.id);
  });

  it("is a seller's own postings, transfers and payouts", async () => {
    const own = await must(get(`/v1/orders/${order.id}/trace`, { as: drop.seller.key }));
    expect(own.transfers.map(({ party }: Json) => party)).toEqual([drop.seller.id]);
    expect(own.payouts.map(({ party }: Json) => party)).toEqual([drop.seller.id]);
    expect(JSON.stringify(own.transactions)).not.toContain(drop.creator.id);
    expect(own.split.legs.seller.amount).toBe(1_600);
  });

  it("is nothing to others, viewers, or of orders there are not", async () => {
    const path = `/v1/orders/${order.id}/trace`;
    const others = await newShop();
    for (const { key } of [others.seller, others.creator]) {
      expect(refused(await get(path, { as: key }))).toBe("404 order_not_found");
    }
    expect(refused(await get(path, { as: order.token }))).toBe("403 forbidden");
    expect(refused(await get(path))).toBe("401 unauthenticated");
    const nobodys = `ord_${"0".repeat(52)}`;
    expect(refused(await get(`/v1/orders/${nobodys}/trace`, { as: PLATFORM }))).toBe("404 order_not_found");
    expect(refused(await get("/v1/orders/ord_x/trace", { as: PLATFORM }))).toBe("404 order_not_found");
  });
});

it("an order that was never paid for has its events and no money", async () => {
  const { token } = await newViewer();
  const { token: offered } = await must(
    post(`${drop.at}/offers/${drop.offer}/tokens`, { as: token, body: {} }),
  );
  const held = await must(
    post(`${drop.at}/reservations`, { as: token, body: { items: [{ token: offered }] } }),
  );
  const body = { reservation: held.reservation.id, paymentMethod: "sandbox_decline" };
  const { id } = await must(post(`${drop.at}/orders`, { as: token, body }));
  const found = await until(async () => {
    const { json: seen } = await get(`/v1/orders/${id}/trace`, { as: PLATFORM });
    return seen.order?.status === "failed" ? seen : undefined;
  });
  expect(found.events.map(({ type }: Json) => type)).toEqual([
    "dropcast.reservation.held.v1",
    "dropcast.order.placed.v1",
    expect.stringMatching(/order\.failed|reservation\.released/),
    expect.stringMatching(/order\.failed|reservation\.released/),
  ]);
  expect(found).toMatchObject({ transactions: [], transfers: [], payouts: [], complete: true });
  expect(found).not.toHaveProperty("split");
});

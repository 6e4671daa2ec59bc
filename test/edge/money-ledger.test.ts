/** The ledger, transfers, refunds and disputes over HTTP: what there is, and to whom it is shown. */
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { followDispute } from "../../src/settlement/returns/disputes.ts";
import { booksCheck, ledgerAccount, ledgerEntry, ledgerTransaction } from "../../src/wire/ledger.ts";
import { dispute, refund as refundSchema } from "../../src/wire/returns.ts";
import { tracedTransfer, transfer } from "../../src/wire/transfers.ts";
import {
  get,
  must,
  newShop,
  newViewer,
  PLATFORM,
  refused,
  type Drop,
  type Json,
  type Shop,
} from "./client.ts";
import { newContractedDrop, onboard, refund, settleDown, soldOrder, treasuryAt } from "./money.ts";

let drop: Drop;
let order: Json;
let disputed: Json;
let others: Shop;

const all = (path: string, as = PLATFORM): Promise<Json> => must(get(path, { as }));
const list = async (path: string, as?: string): Promise<Json[]> => (await all(path, as)).data;
const encoded = encodeURIComponent;

beforeAll(async () => {
  [drop, others] = await Promise.all([newContractedDrop(), newShop()]);
  await onboard(drop.seller.id);
  order = await soldOrder(drop);
  await settleDown();
  await refund(order.id, 400);
  await settleDown();
  // Its news comes before the order is settled, and would come again.
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  disputed = await soldOrder(drop, "sandbox_dispute");
  await settleDown();
  const { payment } = await all(`/v1/orders/${disputed.id}/trace`);
  await followDispute(treasuryAt(Date.now), payment.charge.replace("chg_", "dp_"));
  log.mockRestore();
});

describe("GET /v1/ledger/accounts", () => {
  it("lists all for the platform, and for each party its own", async () => {
    const whole = await list("/v1/ledger/accounts?limit=500");
    for (const one of whole) expect(ledgerAccount.safeParse(one).error).toBeUndefined();
    const names = whole.map(({ account }) => account);
    expect(names).toEqual(
      expect.arrayContaining([
        "buyers:clearing",
        "platform:revenue",
        "provider:sandbox:clearing",
        "provider:sandbox:fees",
        `seller:${drop.seller.id}:payable`,
        `creator:${drop.creator.id}:payable`,
      ]),
    );
    for (const [kind, { id, key }] of Object.entries({ seller: drop.seller, creator: drop.creator })) {
      const own = await list("/v1/ledger/accounts", key);
      expect(own.length).toBeGreaterThan(0);
      for (const { account } of own) expect(account).toContain(`${kind}:${id}:`);
      expect(await list(`/v1/ledger/accounts?party=${id}`)).toEqual(own);
      expect(await list(`/v1/ledger/accounts?party=${id}`, key)).toEqual(own);
    }
    expect(await list("/v1/ledger/accounts?currency=EUR", drop.seller.key)).toEqual([]);
  });

  it("pages, and refuses what is no page or somebody else's", async () => {
    const first = await all("/v1/ledger/accounts?limit=1");
    const second = await all(`/v1/ledger/accounts?limit=1&cursor=${encoded(first.nextCursor)}`);
    expect(second.data[0]).not.toEqual(first.data[0]);
    expect(refused(await get("/v1/ledger/accounts?cursor=x", { as: PLATFORM }))).toBe("400 bad_request");
    const foreign = `/v1/ledger/accounts?party=${drop.seller.id}`;
    expect(refused(await get(foreign, { as: others.seller.key }))).toBe("404 not_found");
    expect(refused(await get(foreign, { as: drop.creator.key }))).toBe("404 not_found");
    expect(refused(await get("/v1/ledger/accounts", { as: order.token }))).toBe("403 forbidden");
    expect(refused(await get("/v1/ledger/accounts"))).toBe("401 unauthenticated");
  });
});

describe("GET /v1/ledger/accounts/{account}/entries", () => {
  const entries = (account: string, query = ""): string =>
    `/v1/ledger/accounts/${encoded(account)}/entries${query}`;

  it("sums to the account's balance", async () => {
    for (const { account, side, balance } of await list("/v1/ledger/accounts?limit=500")) {
      const found = await list(entries(account, "?limit=500"));
      const debits = found.reduce((sum, { debit }) => sum + (debit?.amount ?? 0), 0);
      const credits = found.reduce((sum, { credit }) => sum + (credit?.amount ?? 0), 0);
      expect(side === "debit" ? debits - credits : credits - debits, account).toBe(balance.amount);
      for (const one of found) expect(ledgerEntry.safeParse(one).error).toBeUndefined();
    }
  });

  it("is a party's own, of a period and a currency", async () => {
    const account = `seller:${drop.seller.id}:payable`;
    const own = await list(entries(account), drop.seller.key);
    expect(own.length).toBeGreaterThan(2);
    expect(await list(entries(account, "?to=2020-01-01T00:00:00Z"), drop.seller.key)).toEqual([]);
    expect(await list(entries(account, "?from=2020-01-01T00:00:00Z&currency=USD"))).toEqual(own);
    expect(refused(await get(entries(account), { as: others.seller.key }))).toBe("404 not_found");
    expect(refused(await get(entries("platform:revenue"), { as: drop.seller.key }))).toBe("404 not_found");
    expect(refused(await get(entries("nobody:at:all"), { as: PLATFORM }))).toBe("404 not_found");
    const backwards = entries(account, "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z");
    expect(refused(await get(backwards, { as: PLATFORM }))).toBe("400 bad_request");
  });
});

describe("GET /v1/ledger/transactions", () => {
  it("shows postings that sum to zero, and to a party its own", async () => {
    const whole = await list(`/v1/ledger/transactions?order=${order.id}`);
    expect(whole.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["sale", "refund"]));
    for (const one of whole) expect(ledgerTransaction.safeParse(one).error).toBeUndefined();
    const own = await list(`/v1/ledger/transactions?order=${order.id}`, drop.creator.key);
    expect(new Set(own.map(({ kind }) => kind))).toEqual(new Set(["refund", "sale"]));
    for (const { postings } of own) {
      for (const { account } of postings) expect(account).toContain(drop.creator.id);
    }
    expect(await list(`/v1/ledger/transactions?order=${order.id}`, others.seller.key)).toEqual([]);
    expect(await list("/v1/ledger/transactions?to=2020-01-01T00:00:00Z")).toEqual([]);
    expect(await list("/v1/ledger/transactions", others.creator.key)).toEqual([]);
  });

  it("finds one by its id, of which a party sees its part", async () => {
    const path = `/v1/ledger/transactions/${encoded(`sale:${order.id}`)}`;
    expect((await all(path)).postings.length).toBeGreaterThan(
      (await all(path, drop.seller.key)).postings.length,
    );
    expect(refused(await get(path, { as: others.seller.key }))).toBe("404 not_found");
    expect(refused(await get(path.replace("sale", "nothing"), { as: PLATFORM }))).toBe("404 not_found");
    const [fee] = (await list(`/v1/ledger/transactions?order=${disputed.id}&kind=dispute_fee`)) as [Json];
    expect(fee.id).toContain("/");
    const ofFee = `/v1/ledger/transactions/${encoded(fee.id)}`;
    expect(await all(ofFee)).toEqual(fee);
    expect(refused(await get(ofFee, { as: drop.seller.key }))).toBe("404 not_found");
  });
});

describe("GET /v1/ledger/balance-check", () => {
  it("says for the platform whether the books balance", async () => {
    const check = await all("/v1/ledger/balance-check");
    expect(booksCheck.safeParse(check).error).toBeUndefined();
    expect(check).toMatchObject({ balanced: true, currencies: [{ currency: "USD", sum: { amount: 0 } }] });
    for (const { key } of [drop.seller, drop.creator]) {
      expect(refused(await get("/v1/ledger/balance-check", { as: key }))).toBe("403 forbidden");
    }
  });
});

describe("GET /v1/transfers", () => {
  it("lists a party's, by order, session, status and payout", async () => {
    const whole = await list(`/v1/transfers?session=${drop.session}`);
    expect(whole).toHaveLength(4);
    for (const one of whole) expect(transfer.safeParse(one).error).toBeUndefined();
    const sellers = await list("/v1/transfers", drop.seller.key);
    expect(sellers).toEqual(whole.filter(({ party }) => party === drop.seller.id));
    expect(await list(`/v1/transfers?seller=${drop.seller.id}`)).toEqual(sellers);
    const [accrued] = await list(`/v1/transfers?creator=${drop.creator.id}&status=accrued&order=${order.id}`);
    expect(accrued).toMatchObject({ order: order.id, status: "accrued" });
    expect(await list(`/v1/transfers?payout=pyo_${"0".repeat(26)}`)).toEqual([]);
    expect(await list("/v1/transfers", others.seller.key)).toEqual([]);
    expect(refused(await get(`/v1/transfers?seller=${drop.seller.id}`, { as: drop.creator.key }))).toBe(
      "404 not_found",
    );
    const both = `/v1/transfers?seller=${drop.seller.id}&creator=${drop.creator.id}`;
    expect(refused(await get(both, { as: PLATFORM }))).toBe("400 bad_request");
  });

  it("lists them as CSV, each with all that the list has of it", async () => {
    const asked = { as: drop.seller.key, headers: { Accept: "text/csv" } };
    const csv = await get(`/v1/transfers?order=${order.id}`, asked);
    expect(csv.headers.get("Content-Disposition")).toBe('attachment; filename="transfers.csv"');
    // As often as a report may be asked for: all of it is read.
    expect(csv.headers.get("RateLimit-Policy")).toMatch(/^"reports"/);
    const [of] = await list(`/v1/transfers?order=${order.id}`, drop.seller.key);
    expect(parse(csv.text, { columns: true })).toEqual([
      {
        transfer: of.id,
        created_at: of.createdAt,
        party: drop.seller.id,
        order: order.id,
        status: "paid",
        currency: "USD",
        amount: "16.00",
        provider: "sandbox",
        account: of.account,
        provider_id: of.providerId,
        failure: "",
        started_at: of.startedAt,
        updated_at: of.updatedAt,
        reversed: "3.20",
        charge: of.charge,
        payout: "",
      },
    ]);
    const none = await get("/v1/transfers?format=csv", { as: others.seller.key });
    expect(parse(none.text, { columns: true })).toEqual([]);
    const theirs = await get(`/v1/transfers?creator=${drop.creator.id}`, asked);
    expect(refused(theirs)).toBe("404 not_found");
  });

  it("traces one to its event, transactions and reversals, for the party whose it is", async () => {
    const [{ id }] = (await list(`/v1/transfers?seller=${drop.seller.id}&order=${order.id}`)) as [Json];
    const found = await all(`/v1/transfers/${id}`, drop.seller.key);
    expect(tracedTransfer.safeParse(found).error).toBeUndefined();
    const { data: events } = await all(`${drop.at}/events?limit=500`);
    const captured = events.find((event: Json) => event.id === found.event);
    expect(captured).toMatchObject({ type: "dropcast.order.captured.v1", subject: order.id });
    expect(found.reversals).toHaveLength(1);
    for (const key of [drop.creator.key, others.seller.key]) {
      expect(refused(await get(`/v1/transfers/${id}`, { as: key }))).toBe("404 not_found");
    }
    expect(refused(await get("/v1/transfers/trf_x", { as: PLATFORM }))).toBe("404 not_found");
  });
});

describe("refunds and disputes", () => {
  it("refunds are listed for those whose order it is", async () => {
    const path = `/v1/orders/${order.id}/refunds`;
    const [found, ...more] = await list(path);
    expect(more).toEqual([]);
    expect(refundSchema.safeParse(found).error).toBeUndefined();
    expect(found).toMatchObject({
      order: order.id,
      amount: { amount: 400, currency: "USD" },
      event: expect.any(String),
    });
    expect(await list(path, drop.seller.key)).toEqual([found]);
    expect(await list(path, drop.creator.key)).toEqual([found]);
    expect(refused(await get(path, { as: others.seller.key }))).toBe("404 order_not_found");
    expect(refused(await get(path, { as: (await newViewer()).token }))).toBe("403 forbidden");
  });

  it("disputes show each party what it has at stake", async () => {
    const [found] = (await list(`/v1/disputes?order=${disputed.id}`)) as [Json];
    expect(dispute.safeParse(found).error).toBeUndefined();
    expect(found).toMatchObject({ order: disputed.id, status: "open", amount: { amount: 2_000 } });
    expect(found.atStake).toMatchObject({
      seller: { amount: 1_600 },
      creator: { amount: 300 },
      platform: { amount: 100 },
    });
    const own = await all(`/v1/disputes/${found.id}`, drop.creator.key);
    expect(own.atStake).toEqual({ creator: { amount: 300, currency: "USD" } });
    expect(own).not.toHaveProperty("fee");
    expect(await list("/v1/disputes?status=open", drop.seller.key)).toHaveLength(1);
    expect(await list("/v1/disputes?status=won", drop.seller.key)).toEqual([]);
    expect(await list("/v1/disputes", others.creator.key)).toEqual([]);
    expect(await list(`/v1/disputes?seller=${drop.seller.id}`)).toHaveLength(1);
    expect(refused(await get(`/v1/disputes/${found.id}`, { as: others.seller.key }))).toBe("404 not_found");
    expect(refused(await get(`/v1/disputes?seller=${drop.seller.id}`, { as: others.seller.key }))).toBe(
      "404 not_found",
    );
  });
});

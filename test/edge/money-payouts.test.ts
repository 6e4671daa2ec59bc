/** Payment accounts, payouts, reports and statements over HTTP. */
import { parse } from "csv-parse/sync";
import { Hono } from "hono";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { AppEnv } from "../../src/edge/context.ts";
import { crossOrigin, requestIds } from "../../src/edge/headers.ts";
import { atProvider } from "../../src/edge/provider.ts";
import { ProviderRefusal, ProviderSilence } from "../../src/settlement/psp/errors.ts";
import { onboardingLink, paymentAccount } from "../../src/wire/payment-accounts.ts";
import { payout, tracedPayout } from "../../src/wire/payouts.ts";
import { earnings, sales } from "../../src/wire/reports.ts";
import { statement } from "../../src/wire/statements.ts";
import {
  get,
  must,
  newKey,
  newShop,
  patch,
  PLATFORM,
  post,
  refused,
  until,
  usd,
  type Drop,
  type Json,
} from "./client.ts";
import { held, newContractedDrop, onboard, pathOf, put, settleDown, soldOrder } from "./money.ts";

const SCHEDULE = { interval: "weekly", minimums: [usd(100), { amount: 500, currency: "JPY" }] };
const OPEN = { country: "DE", payoutSchedule: SCHEDULE };

describe("a payment account", () => {
  it("is opened by its party, onboarded by a link, and shown with what there is", async () => {
    const { seller } = await newShop();
    const path = `${pathOf(seller.id)}/payment-account`;
    expect(await must(get(path, { as: seller.key }))).toEqual({
      party: seller.id,
      status: "none",
      balances: [],
    });
    const opened = await must(put(path, { as: seller.key, body: OPEN }));
    expect(paymentAccount.safeParse(opened).error).toBeUndefined();
    expect(opened).toMatchObject({
      status: "onboarding",
      provider: "sandbox",
      country: "DE",
      payoutSchedule: SCHEDULE,
    });
    expect(new Date(opened.nextPayoutAt).getUTCDay()).toBe(1);
    await onboard(seller.id, seller.key);
    const enabled = await must(get(path, { as: PLATFORM }));
    expect(enabled).toMatchObject({ status: "enabled", account: opened.account });
    expect(enabled).not.toHaveProperty("nextPayoutAt");
  });

  it("is the same however often it is put, and stays in its country", async () => {
    const { creator } = await newShop();
    const path = `${pathOf(creator.id)}/payment-account`;
    const first = await must(put(path, { as: creator.key, body: OPEN }));
    expect(await must(put(path, { as: creator.key, body: OPEN }))).toEqual(first);
    const moved = await put(path, { as: creator.key, body: { ...OPEN, country: "FR" } });
    expect(refused(moved)).toBe("409 conflict");
  });

  it("gives links that lead back over https, or to localhost", async () => {
    const { seller } = await newShop();
    const path = `${pathOf(seller.id)}/payment-account/onboarding-links`;
    const ask = (returnUrl: string) => post(path, { as: seller.key, key: null, body: { returnUrl } });
    expect(refused(await ask("https://shop.test/"))).toBe("409 account_not_enabled");
    await must(put(`${pathOf(seller.id)}/payment-account`, { as: seller.key, body: OPEN }));
    for (const url of ["https://shop.test/back?a=1", "http://localhost:3000/", "http://127.0.0.1/"]) {
      const link = await must(ask(url));
      expect(onboardingLink.safeParse(link).error).toBeUndefined();
      expect(Date.parse(link.expiresAt)).toBeGreaterThan(Date.now());
    }
    for (const url of ["http://shop.test/", "javascript:alert(1)", "ftp://shop.test/", "shop.test", ""]) {
      expect(refused(await ask(url)), url).toBe("400 bad_request");
    }
  });

  it("is nobody else's, of nobody who is not, and of a sane shape", async () => {
    const [one, other] = await Promise.all([newShop(), newShop()]);
    const path = `${pathOf(one.seller.id)}/payment-account`;
    const link = { body: { returnUrl: "https://shop.test/" } };
    for (const as of [other.seller.key, one.creator.key]) {
      expect(refused(await get(path, { as }))).toBe("404 not_found");
      expect(refused(await put(path, { as, body: OPEN }))).toBe("404 not_found");
      expect(refused(await post(`${path}/onboarding-links`, { as, ...link }))).toBe("404 not_found");
    }
    const nobodys = `/v1/sellers/sel_${"0".repeat(26)}/payment-account`;
    expect(refused(await put(nobodys, { as: PLATFORM, body: OPEN }))).toBe("404 not_found");
    for (const body of [
      { ...OPEN, country: "Germany" },
      { ...OPEN, payoutSchedule: { interval: "hourly", minimums: [] } },
      { ...OPEN, payoutSchedule: { interval: "daily", minimums: [usd(1), usd(2)] } },
      { ...OPEN, payoutSchedule: { interval: "daily", minimums: [usd(-1)] } },
      { country: "DE" },
    ]) {
      expect(refused(await put(path, { as: one.seller.key, body }))).toBe("400 bad_request");
    }
  });
});

describe("a provider that does not do what is asked", () => {
  const ask = async (work: () => Promise<Response>): Promise<Response> => {
    const app = new Hono<AppEnv>();
    app.use(requestIds, crossOrigin);
    app.get("/", (c) => atProvider(c, work));
    return app.request("/");
  };

  it("is told of with its reason, or to be asked again", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const refusal = await ask(() => Promise.reject(new ProviderRefusal("Stripe", "country_unsupported")));
    expect([refusal.status, await refusal.json()]).toMatchObject([
      422,
      { code: "provider_refused", reason: "country_unsupported" },
    ]);
    const silence = await ask(() => Promise.reject(new ProviderSilence("no answer")));
    expect([silence.status, silence.headers.get("Retry-After")]).toEqual([503, "1"]);
    expect((await ask(() => Promise.reject(new Error("ours")))).status).toBe(500);
    log.mockRestore();
  });
});

describe("paying out", () => {
  let drop: Drop;
  let order: Json;
  const ofSeller = () => ({ seller: drop.seller.id, currency: "USD" });
  const LATER = () => Date.now() + 3_600_000;

  beforeAll(async () => {
    drop = await newContractedDrop();
    await onboard(drop.seller.id);
    order = await soldOrder(drop);
    await settleDown();
  });

  it("takes an account that is enabled", async () => {
    const body = { creator: drop.creator.id, currency: "USD" };
    const none = await post("/v1/payouts", { as: drop.creator.key, body });
    expect([refused(none), none.json.state]).toEqual(["409 account_not_enabled", "none"]);
    await must(put(`${pathOf(drop.creator.id)}/payment-account`, { as: drop.creator.key, body: OPEN }));
    const waiting = await post("/v1/payouts", { as: drop.creator.key, body });
    expect(waiting.json.state).toBe("onboarding");
    const { balances } = await must(
      get(`${pathOf(drop.creator.id)}/payment-account`, { as: drop.creator.key }),
    );
    expect(balances).toMatchObject([{ currency: "USD", owed: { amount: 300 }, atProvider: { amount: 0 } }]);
  });

  it("is for the party itself and the platform, with a key", async () => {
    const body = ofSeller();
    for (const as of [drop.creator.key, (await newShop()).seller.key]) {
      expect(refused(await post("/v1/payouts", { as, body }))).toBe("404 not_found");
    }
    expect(refused(await post("/v1/payouts", { as: order.token, body }))).toBe("403 forbidden");
    const missing = await post("/v1/payouts", { as: drop.seller.key, key: null, body });
    expect(refused(missing)).toBe("400 idempotency_key_missing");
    for (const wrong of [
      {},
      { currency: "USD" },
      { ...body, creator: drop.creator.id },
      { ...body, currency: "XYZ" },
    ]) {
      expect(refused(await post("/v1/payouts", { as: PLATFORM, body: wrong }))).toBe("400 bad_request");
    }
    const nobody = { seller: `sel_${"0".repeat(26)}`, currency: "USD" };
    expect(refused(await post("/v1/payouts", { as: PLATFORM, body: nobody }))).toBe("404 not_found");
  });

  it("pays all there is, once a key, and then there is too little", async () => {
    expect(await held(drop.seller.id, "balance")).toBe(1_600);
    const key = newKey();
    const asked = () => post("/v1/payouts", { as: drop.seller.key, key, body: ofSeller() });
    const first = await asked();
    expect(first.status).toBe(201);
    expect(payout.safeParse(first.json).error).toBeUndefined();
    expect(first.json).toMatchObject({ amount: usd(1_600), status: "transferring", party: drop.seller.id });
    expect(first.headers.get("Location")).toBe(`/v1/payouts/${first.json.id}`);
    const again = await asked();
    expect([again.text, again.headers.get("Idempotency-Replayed")]).toEqual([first.text, "true"]);
    const more = await post("/v1/payouts", { as: drop.seller.key, body: ofSeller() });
    expect(refused(more)).toBe("409 payout_too_small");
    expect(more.json).toMatchObject({ minimum: usd(100), balance: usd(0) });
    await settleDown(LATER);
    const paid = await must(get(`/v1/payouts/${first.json.id}`, { as: drop.seller.key }));
    expect(tracedPayout.safeParse(paid).error).toBeUndefined();
    const { data: transfers } = await must(get(`/v1/transfers?payout=${paid.id}`, { as: drop.seller.key }));
    expect(paid).toMatchObject({ status: "paid", transfers: transfers.map(({ id }: Json) => id) });
    expect(paid.transactions.map(({ kind }: Json) => kind)).toEqual(["payout_started", "payout_paid"]);
    expect(await held(drop.seller.id, "balance")).toBe(0);
  });

  it("lists payouts to those whose they are", async () => {
    const list = async (query: string, as: string): Promise<Json[]> =>
      (await must(get(`/v1/payouts${query}`, { as }))).data;
    const own = await list("", drop.seller.key);
    expect(own).toHaveLength(1);
    expect(own[0]).not.toHaveProperty("transfers");
    expect(await list(`?seller=${drop.seller.id}&status=paid&currency=USD`, PLATFORM)).toEqual(own);
    expect(await list("?status=failed", drop.seller.key)).toEqual([]);
    expect(await list("", drop.creator.key)).toEqual([]);
    const csv = (query: string, as: string) => get(`/v1/payouts?format=csv${query}`, { as });
    const [{ id, account, providerId, createdAt }] = own as [Json];
    const row = {
      payout: id,
      party: drop.seller.id,
      account,
      provider_id: providerId,
      created_at: createdAt,
    };
    const { text } = await csv("", drop.seller.key);
    expect(parse(text, { columns: true })).toMatchObject([
      { ...row, status: "paid", currency: "USD", amount: "16.00", failure: "" },
    ]);
    expect(parse((await csv("&status=failed", drop.seller.key)).text, { columns: true })).toEqual([]);
    expect(refused(await csv(`&seller=${drop.seller.id}`, drop.creator.key))).toBe("404 not_found");
    const path = `/v1/payouts/${own[0].id}`;
    expect(refused(await get(path, { as: drop.creator.key }))).toBe("404 not_found");
    expect(refused(await get(`/v1/payouts?seller=${drop.seller.id}`, { as: drop.creator.key }))).toBe(
      "404 not_found",
    );
  });

  describe("is in the reports", () => {
    const report = (which: "sales" | "earnings", query = "") =>
      `/v1/reports/${which}?seller=${drop.seller.id}${query}`;

    it("of sales, by whatever they are summed by", async () => {
      const as = drop.seller.key;
      const sums = { orders: 1, units: 1, unitsReturned: 0, captured: usd(2_000), refunded: usd(0) };
      const session = { session: drop.session, title: "Friday drop" };
      const rows = {
        hour: { hour: expect.stringMatching(/T\d\d:00:00\.000Z$/) },
        day: { day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
        offer: { offer: drop.offer, session: drop.session, title: "Tee" },
        session,
        creator: { creator: drop.creator.id, name: "Maya" },
      };
      await until(async () =>
        (await must(get(report("sales"), { as }))).data.length > 0 ? true : undefined,
      );
      for (const [by, row] of Object.entries(rows)) {
        const found = await must(get(report("sales", `&by=${by}`), { as }));
        expect(sales.safeParse(found).error).toBeUndefined();
        expect(found).toMatchObject({ by, data: [{ ...row, ...sums }], nextCursor: null });
      }
      const ofCreator = `/v1/reports/sales?creator=${drop.creator.id}&by=session`;
      expect((await must(get(ofCreator, { as: drop.creator.key }))).data).toEqual([{ ...session, ...sums }]);
      const { from, to } = await must(get(report("sales"), { as }));
      expect(Date.parse(from) % 86_400_000).toBe(0);
      expect(Math.ceil((Date.parse(to) - Date.parse(from)) / 86_400_000)).toBe(30);
      const before = await must(get(report("sales", "&to=2026-01-01T00:00:00Z&currency=USD"), { as }));
      expect(before).toMatchObject({
        from: "2025-12-02T00:00:00.000Z",
        to: "2026-01-01T00:00:00.000Z",
        data: [],
      });
    });

    it("of earnings, which are where the ledger has them", async () => {
      const found = await must(get(report("earnings"), { as: drop.seller.key }));
      expect(earnings.safeParse(found).error).toBeUndefined();
      const all = { earned: usd(1_600), reserved: usd(0), underWay: usd(0) };
      const total = { ...all, currency: "USD", accrued: usd(0), payable: usd(0), owedBack: usd(0) };
      const row = { ...all, session: drop.session, title: "Friday drop", currency: "USD", owed: usd(0) };
      expect(found).toEqual({
        party: drop.seller.id,
        by: "session",
        totals: [{ ...total, paidOut: usd(1_600), atProvider: usd(0) }],
        data: [{ ...row, transferred: usd(1_600) }],
        nextCursor: null,
      });
      const ofCreator = `/v1/reports/earnings?creator=${drop.creator.id}`;
      const theirs = await must(get(ofCreator, { as: drop.creator.key }));
      expect(theirs.totals).toMatchObject([{ earned: usd(300), accrued: usd(300), paidOut: usd(0) }]);
      expect(theirs.data).toMatchObject([{ session: drop.session, earned: usd(300), owed: usd(300) }]);
      const before = await must(get(report("earnings", "&to=2026-01-01T00:00:00Z"), { as: PLATFORM }));
      expect([before.data, before.totals[0]]).toMatchObject([[], { earned: usd(0), paidOut: usd(0) }]);
    });

    it("of earnings by day, which sum to what was earned, as CSV too", async () => {
      const as = drop.seller.key;
      const found = await must(get(report("earnings", "&by=day"), { as }));
      expect(earnings.safeParse(found).error).toBeUndefined();
      const day = found.data[0].day;
      const row = { day, currency: "USD", fromSales: usd(1_600), reversed: usd(0), earned: usd(1_600) };
      expect(found).toMatchObject({ by: "day", totals: [{ earned: usd(1_600) }], data: [row] });
      const csv = await get(report("earnings", "&by=day&format=csv"), { as });
      expect(csv.headers.get("Content-Disposition")).toContain(`earnings-by-day-${drop.seller.id}.csv`);
      expect(parse(csv.text, { columns: true })).toEqual([
        { day, currency: "USD", from_sales: "16.00", reversed: "0.00", earned: "16.00" },
      ]);
      expect(refused(await get(report("earnings", "&by=hour"), { as }))).toBe("400 bad_request");
    });

    it("as CSV, where no title is a formula", async () => {
      const as = drop.seller.key;
      const title = '=HYPERLINK("http://x.test","tees, cheap")';
      await must(patch(drop.at, { as, body: { title } }));
      const named = report("sales", "&by=session&format=csv");
      const csv = await until(async () => {
        const found = await get(named, { as });
        return found.text.includes("HYPERLINK") ? found : undefined;
      });
      expect(csv.headers.get("Content-Type")).toBe("text/csv; charset=utf-8; header=present");
      expect(csv.headers.get("Content-Disposition")).toBe('attachment; filename="sales-by-session.csv"');
      const row = { session: drop.session, title: `'${title}`, currency: "USD" };
      expect(parse(csv.text, { columns: true })).toEqual([
        { ...row, orders: "1", units: "1", units_returned: "0", captured: "20.00", refunded: "0.00" },
      ]);
      const earned = await get(report("earnings"), { as, headers: { Accept: "text/csv" } });
      expect(parse(earned.text, { columns: true })).toEqual([
        { ...row, earned: "16.00", owed: "0.00", reserved: "0.00", under_way: "0.00", transferred: "16.00" },
      ]);
    });

    it("which are nobody else's, of one party and of a period that is not endless", async () => {
      const other = await newShop();
      for (const which of ["sales", "earnings"] as const) {
        for (const as of [other.seller.key, drop.creator.key]) {
          expect(refused(await get(report(which), { as }))).toBe("404 not_found");
        }
        expect(refused(await get(report(which), { as: order.token }))).toBe("403 forbidden");
        expect(refused(await get(report(which)))).toBe("401 unauthenticated");
        for (const query of [
          `&creator=${drop.creator.id}`,
          "&currency=usd",
          "&cursor=x",
          "&from=yesterday",
        ]) {
          expect(refused(await get(report(which, query), { as: PLATFORM })), query).toBe("400 bad_request");
        }
        expect(refused(await get(`/v1/reports/${which}`, { as: PLATFORM }))).toBe("400 bad_request");
      }
      const since = (days: number) => `&from=${new Date(Date.now() - days * 86_400_000).toISOString()}`;
      for (const query of [since(401), `${since(93)}&by=hour`, "&by=viewer"]) {
        expect(refused(await get(report("sales", query), { as: PLATFORM })), query).toBe("400 bad_request");
      }
      for (const query of [since(399), `${since(91)}&by=hour`, since(-2)]) {
        expect((await get(report("sales", query), { as: PLATFORM })).status, query).toBe(200);
      }
    });
  });

  describe("is on the statement", () => {
    const path = () => `${pathOf(drop.seller.id)}/statement`;

    it("which adds up, page by page", async () => {
      const as = drop.seller.key;
      const whole = await must(get(`${path()}?currency=USD`, { as }));
      expect(statement.safeParse(whole).error).toBeUndefined();
      expect(whole.lines.map(({ kind }: Json) => kind)).toEqual(
        expect.arrayContaining(["sale", "transfer_started", "transfer_sent", "payout_started"]),
      );
      const sum = whole.lines.reduce((total: number, { amount }: Json) => total + amount.amount, 0);
      expect(whole.opening.amount + sum).toBe(whole.closing.amount);
      const lines: Json[] = [];
      let cursor: string | null = null;
      do {
        const page: Json = await must(
          get(`${path()}?currency=USD&limit=2${cursor === null ? "" : `&cursor=${cursor}`}`, { as }),
        );
        lines.push(...(page.data ?? page.lines));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(lines).toEqual(whole.lines);
    });

    it("as CSV for who asks for it", async () => {
      const as = drop.seller.key;
      const csv = await get(`${path()}?currency=USD`, { as, headers: { Accept: "text/csv" } });
      expect(csv.headers.get("Content-Type")).toBe("text/csv; charset=utf-8; header=present");
      expect(csv.headers.get("Content-Disposition")).toContain(`statement-${drop.seller.id}-USD.csv`);
      const rows: Json[] = parse(csv.text, { columns: true });
      const { lines, closing } = await must(get(`${path()}?currency=USD&limit=500`, { as }));
      expect(rows).toHaveLength(lines.length + 2);
      expect(rows.at(-1).owed).toBe((closing.amount / 100).toFixed(2));
      const named = await get(`${path()}?currency=USD&format=csv`, { as });
      expect(named.text.split("\r\n").length).toBe(csv.text.split("\r\n").length);
      const json = await get(`${path()}?currency=USD&format=json`, { as, headers: { Accept: "text/csv" } });
      expect(json.json.party).toBe(drop.seller.id);
    });

    it("which is nobody else's, and of one currency and a period", async () => {
      const other = await newShop();
      expect(refused(await get(`${path()}?currency=USD`, { as: other.seller.key }))).toBe("404 not_found");
      expect(refused(await get(`${path()}?currency=USD`, { as: drop.creator.key }))).toBe("404 not_found");
      expect(refused(await get(`${path()}?currency=USD`, { as: order.token }))).toBe("403 forbidden");
      for (const query of ["", "?currency=usd", "?currency=USD&from=yesterday", "?currency=USD&cursor=x"]) {
        expect(refused(await get(`${path()}${query}`, { as: PLATFORM })), query).toBe("400 bad_request");
      }
      const before = await must(get(`${path()}?currency=USD&to=2020-01-01T00:00:00Z`, { as: PLATFORM }));
      expect(before).toMatchObject({ opening: usd(0), closing: usd(0), lines: [], nextCursor: null });
    });
  });
});

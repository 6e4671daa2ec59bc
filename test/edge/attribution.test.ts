/** To whom orders are attributed, as clients see it: clicks that come with orders over HTTP and the socket, and records. */
import { env, exports } from "cloudflare:workers";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../scripts/keys.ts";
import type { CreatorId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { newId } from "../../src/edge/ids.ts";
import { CLICK_TOKEN_MS, signClickToken } from "../../src/token/click-token.ts";
import { loadKeys, type KeyRing } from "../../src/token/keys.ts";
import {
  get,
  must,
  newContract,
  newCreator,
  newDrop,
  newKey,
  newOffer,
  newSeller,
  newSession,
  newShop,
  newToken,
  newViewer,
  patch,
  PLATFORM,
  post,
  refused,
  tapOrder,
  until,
  usd,
  type Answer,
  type Drop,
  type Json,
} from "./client.ts";
import { held, refund, transactionOf } from "./money.ts";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
const CODES = { creatorCodes: [{ code: "BEN10", off: { basisPoints: 1_000 }, funder: "seller" }] };
const MONTH_MS = LIMITS.attributionWindowMaxMs;

let ben: { id: string; key: string };
let ring: KeyRing;

beforeAll(async () => {
  [ben, ring] = await Promise.all([newCreator(), loadKeys(env.TOKEN_KEYS)]);
});

/** A link of Ben's to a drop's session. */
function newLink(drop: Drop, over: object = {}): Promise<Json> {
  return must(post("/v1/links", { as: ben.key, body: { target: { session: drop.session }, ...over } }));
}

/** Follows a link as a browser does; the click token out of the address. */
async function follow(code: string): Promise<string> {
  const asked = { redirect: "manual", headers: { "User-Agent": BROWSER } } as const;
  const response = await exports.default.fetch(`https://dropcast.test/l/${code}`, asked);
  const token = new URL(response.headers.get("Location") ?? "").searchParams.get("dropcast_click");
  if (token === null) throw new Error("no click");
  return token;
}

interface Buying {
  readonly key?: string;
  readonly body?: object;
}

async function buyWith(drop: Drop, as: string, clicks: unknown, { key, body }: Buying = {}): Promise<Answer> {
  const items = [{ token: await newToken(drop, as, body) }];
  const asked = { as, body: { items, paymentMethod: "sandbox_success", clicks } };
  return post(`${drop.at}/orders`, { ...asked, ...(key === undefined ? {} : { key }) });
}

const tracePath = (order: string): string => `/v1/orders/${order}/trace`;
const recordPath = (order: string): string => `/v1/orders/${order}/attribution`;

/** The record, once it is there and what is asked of it is true. */
function recordOf(order: string, as = PLATFORM, is: (record: Json) => boolean = Boolean): Promise<Json> {
  return until(async () => {
    const { status, json } = await get(recordPath(order), { as });
    return status === 200 && is(json) ? json : undefined;
  });
}

const isCaptured = ({ sale }: Json): boolean => sale !== undefined;

describe.concurrent("an order with a click", () => {
  it("is attributed to the link's creator, with a record of why", async () => {
    const drop = await newDrop(5);
    const [link, viewer] = [await newLink(drop), await newViewer()];
    const token = await follow(link.code);
    const { json: order, status } = await buyWith(drop, viewer.token, [token]);
    expect(status).toBe(201);
    expect(order).not.toHaveProperty("clicks");
    const record = await recordOf(order.id, drop.seller.key, isCaptured);
    const candidate = {
      kind: "token",
      id: expect.stringMatching(/^clk_/),
      creator: ben.id,
      link: link.id,
      seller: drop.seller.id,
      at: expect.stringMatching(/Z$/),
      windowMs: MONTH_MS,
    };
    expect(record).toEqual({
      order: order.id,
      placedAt: order.placedAt,
      rules: 4,
      windowMs: { coupon: MONTH_MS, token: MONTH_MS, click: 7 * 86_400_000 },
      candidates: [{ ...candidate, verdict: "won" }],
      attributedTo: "guest",
      winner: candidate,
      referral: { none: "no_contract" },
      sale: { captured: usd(2_000), refunded: usd(0), attributed: usd(2_000) },
    });
    expect(await recordOf(order.id)).toEqual(record);
  });

  it("for a reservation, or over the socket, is attributed alike", async () => {
    const drop = await newDrop(5);
    const { id, code } = await newLink(drop);
    const { token: as } = await newViewer();
    const body = { items: [{ token: await newToken(drop, as) }] };
    const { reservation } = await must(post(`${drop.at}/reservations`, { as, body }));
    const paid = {
      reservation: reservation.id,
      paymentMethod: "sandbox_success",
      clicks: [await follow(code)],
    };
    const placed = await must(post(`${drop.at}/orders`, { as, body: paid }));
    const tapped = await tapOrder(drop, as, [await follow(code)]);
    for (const order of [placed.id, tapped]) {
      expect(await recordOf(order)).toMatchObject({ attributedTo: "guest", winner: { link: id } });
    }
  });

  it("that came last goes to that click, the same click told twice is one", async () => {
    const drop = await newDrop(5);
    const [first, last] = [await newLink(drop), await newLink(drop)];
    const nowMs = Date.now();
    const sign = (link: Json, atMs: number): Promise<string> =>
      signClickToken(ring, { click: newId("clk"), link: link.id, creator: link.creator, atMs });
    const [old, young] = await Promise.all([sign(first, nowMs - 60_000), sign(last, nowMs - 5_000)]);
    const { json } = await buyWith(drop, (await newViewer()).token, [old, young, old, young]);
    const { candidates } = await recordOf(json.id);
    expect(candidates.map(({ link, verdict }: Json) => [link, verdict])).toEqual([
      [last.id, "won"],
      [first.id, "older_touch"],
    ]);
  });

  it("that does not hold is sold as if there were none", async () => {
    const drop = await newDrop(9);
    const { id: link } = await newLink(drop);
    const claims = { link, creator: ben.id as CreatorId, atMs: Date.now() };
    const sign = (keys: KeyRing, atMs = claims.atMs): Promise<string> =>
      signClickToken(keys, { ...claims, click: newId("clk"), atMs });
    const elsewhere = await loadKeys(JSON.stringify([await newSigningKey(new Date(0))]));
    const whole = await sign(ring);
    const odd = [
      `${whole.slice(0, whole.lastIndexOf("."))}.${"A".repeat(86)}`,
      await sign(ring, Date.now() - CLICK_TOKEN_MS),
      await sign(elsewhere),
      (await newViewer()).token,
      "not a token",
    ];
    expect(odd).toHaveLength(LIMITS.clicksPerOrder);
    const { token } = await newViewer();
    const sold = await Promise.all(
      [odd, []].map(async (clicks) => buyWith(drop, (await newViewer()).token, clicks)),
    );
    for (const { status, json } of sold) expect([status, json.status]).toEqual([201, "captured"]);
    const [items, bought] = [[{ token: await newToken(drop, token) }], await tapOrder(drop, token, odd)];
    const records = await Promise.all(
      [...sold.map(({ json }) => json.id), bought].map((order) => recordOf(order)),
    );
    for (const record of records) {
      expect(record).toMatchObject({ candidates: [], attributedTo: "nobody" });
      expect(record).not.toHaveProperty("winner");
    }
    for (const clicks of [[...odd, "one more"], "x", [1]]) {
      const body = { items, paymentMethod: "sandbox_success", clicks };
      expect(refused(await post(`${drop.at}/orders`, { as: token, body }))).toBe("400 bad_request");
    }
  });

  it("is the same order when it is repeated, with other clicks too: the first stay", async () => {
    const drop = await newDrop(5);
    const [mine, other] = [await newLink(drop), await newLink(drop)];
    const { token: as } = await newViewer();
    const key = newKey();
    const items = [{ token: await newToken(drop, as) }];
    const ask = (clicks: string[]): Promise<Answer> =>
      post(`${drop.at}/orders`, { as, key, body: { items, paymentMethod: "sandbox_success", clicks } });
    const clicks = [await follow(mine.code)];
    const first = await ask(clicks);
    expect(first.headers.get("Idempotency-Replayed")).toBeNull();
    for (const again of [clicks, [await follow(other.code)], []]) {
      const repeat = await ask(again);
      expect([repeat.status, repeat.headers.get("Idempotency-Replayed")]).toEqual([201, "true"]);
      expect(repeat.json.id).toBe(first.json.id);
    }
    expect(await recordOf(first.json.id)).toMatchObject({
      candidates: [{ link: mine.id }],
      winner: { link: mine.id },
    });
  });

  it("of another seller's link is not attributed", async () => {
    const [drop, other] = [await newDrop(3), await newDrop(1)];
    const { code } = await newLink(other);
    const { json } = await buyWith(drop, (await newViewer()).token, [await follow(code)]);
    expect(await recordOf(json.id)).toMatchObject({
      attributedTo: "nobody",
      candidates: [{ verdict: "other_seller" }],
    });
  });
});

describe.concurrent("an order with a creator code", () => {
  async function codedDrop(): Promise<Drop> {
    return newOffer(await newSession(await newShop(), CODES), 9);
  }

  it("is the session's creator's, whatever link the viewer came by", async () => {
    const drop = await codedDrop();
    const { code } = await newLink(drop);
    const coded = { body: { creatorCode: "BEN10" } };
    const { json } = await buyWith(drop, (await newViewer()).token, [await follow(code)], coded);
    expect(await recordOf(json.id)).toMatchObject({
      attributedTo: "host",
      winner: { kind: "coupon", id: "BEN10", creator: drop.creator.id },
      candidates: [{ verdict: "won" }, { kind: "token", creator: ben.id, verdict: "outranked" }],
    });
  });

  it("of another creator is theirs, whoever's link carries it", async () => {
    const [shop, cleo] = [await newShop(), await newCreator()];
    const codes = [{ ...CODES.creatorCodes[0], creator: cleo.id }];
    const drop = await newOffer(await newSession(shop, { creatorCodes: codes }), 9);
    const { code } = await newLink(drop, { coupon: "BEN10" });
    const coded = { body: { creatorCode: "BEN10" } };
    const { json } = await buyWith(drop, (await newViewer()).token, [await follow(code)], coded);
    expect(await recordOf(json.id)).toMatchObject({
      attributedTo: "guest",
      winner: { kind: "coupon", id: "BEN10", creator: cleo.id },
      candidates: [{ verdict: "won" }, { kind: "token", creator: ben.id, verdict: "outranked" }],
    });
    const nobodys = { creatorCodes: [{ ...codes[0], creator: `cre_${"0".repeat(26)}` }] };
    expect(refused(await patch(drop.at, { as: shop.seller.key, body: nobodys }))).toBe("404 not_found");
    const unpaid = { creatorCodes: [{ ...codes[0], funder: "creator" }] };
    expect(refused(await patch(drop.at, { as: shop.seller.key, body: unpaid }))).toBe(
      "409 funder_not_agreed",
    );
  });
});

describe("the money of an order that a guest brought", () => {
  let drop: Drop;
  let order: Json;
  let contracts: { readonly ben: string; readonly host: string };

  beforeAll(async () => {
    const shop = await newShop();
    const terms = { creatorRate: [{ from: usd(0), basisPoints: 0 }], referral: { basisPoints: 1_000 } };
    const [own, host] = [await newContract({ ...shop, creator: ben }, terms), await newContract(shop)];
    contracts = { ben: own, host };
    drop = await newOffer(await newSession(shop), 5);
    const { code } = await newLink(drop);
    order = (await buyWith(drop, (await newViewer()).token, [await follow(code)])).json;
    await transactionOf(order.id, "sale");
    await refund(order.id, 501);
  });

  it("is split by their contract with the seller, too; each sees their own part", async () => {
    const referral = { contract: contracts.ben, version: 1, basisPoints: 1_000 };
    expect(await recordOf(order.id, ben.key)).toMatchObject({ attributedTo: "guest", referral });
    expect(await recordOf(order.id, drop.creator.key)).not.toHaveProperty("referral");
    const wanted = { referral: { creator: ben.id, basisPoints: 1_000, wanted: usd(200) } };
    const whole = await must(get(tracePath(order.id), { as: drop.seller.key }));
    const legs = { platform: usd(100), creator: usd(300), referral: usd(200), seller: usd(1_400) };
    expect(whole).toMatchObject({ contract: { id: contracts.host }, split: { legs, basis: wanted } });
    const theirs = await must(get(tracePath(order.id), { as: ben.key }));
    expect(theirs).not.toHaveProperty("contract");
    const basis = { base: usd(2_000), ...wanted };
    expect(theirs.split).toEqual({ captured: usd(2_000), legs: { referral: usd(200) }, basis });
    const stranger = (await newCreator()).key;
    expect(refused(await get(tracePath(order.id), { as: stranger }))).toBe("404 order_not_found");
  });

  it("is to be transferred to them, less their part of what went back", async () => {
    expect(await held(ben.id, "payable")).toBe(200 - 50);
    const { data } = await must(get(`/v1/transfers?order=${order.id}`, { as: PLATFORM }));
    const amounts = new Map(data.map(({ party, amount }: Json) => [party, amount.amount]));
    expect(amounts).toEqual(
      new Map([
        [ben.id, 150],
        [drop.creator.id, 225],
        [drop.seller.id, 1_049],
      ]),
    );
    const query = "currency=USD&from=2020-01-01T00:00:00.000Z";
    const { lines } = await must(get(`/v1/creators/${ben.id}/statement?${query}`, { as: ben.key }));
    const moved = lines.map(({ kind, amount }: Json) => `${kind} ${amount.amount}`);
    expect(moved).toEqual(["sale 200", "refund -50"]);
  });

  it("is not theirs when they buy it themselves, as the viewer that the platform knows them by", async () => {
    const reference = crypto.randomUUID();
    const body = { name: "Cleo", handle: `cleo-${reference.slice(0, 8)}`, reference };
    const { id, viewer } = await must(post("/v1/creators", { as: PLATFORM, body }));
    const asked = { as: PLATFORM, body: { creator: id, target: { session: drop.session } } };
    const { code } = await must(post("/v1/links", asked));
    const buyer = await newViewer({ reference });
    expect(buyer.id).toBe(viewer);
    const { json } = await buyWith(drop, buyer.token, [await follow(code)]);
    expect(await recordOf(json.id)).toMatchObject({
      attributedTo: "nobody",
      candidates: [{ creator: id, verdict: "self_purchase" }],
    });
  });
});

describe("the record of an order", () => {
  it("is whole for seller and platform; a creator sees their own part, others none", async () => {
    const drop = await newDrop(5);
    const viewer = await newViewer();
    const cleo = await newCreator();
    const nowMs = Date.now();
    const link = await newLink(drop);
    const body = { target: { session: drop.session } };
    const cleos = await must(post("/v1/links", { as: cleo.key, body }));
    const older = { click: newId("clk"), link: cleos.id, creator: cleos.creator, atMs: nowMs - 60_000 };
    const clicks = [await follow(link.code), await signClickToken(ring, older)];
    const { json: order } = await buyWith(drop, viewer.token, clicks);
    const whole = await recordOf(order.id, PLATFORM, isCaptured);
    const [won, lost] = whole.candidates;
    expect(await recordOf(order.id, drop.seller.key)).toEqual(whole);
    expect(await recordOf(order.id, ben.key)).toEqual({ ...whole, candidates: [won] });
    const { winner: _, sale: __, referral: ___, ...without } = whole;
    expect(await recordOf(order.id, cleo.key)).toEqual({ ...without, candidates: [lost] });
    expect(await recordOf(order.id, drop.creator.key)).toEqual({ ...without, candidates: [] });
    for (const as of [viewer.token, (await newCreator()).key, (await newSeller()).key]) {
      expect(refused(await get(recordPath(order.id), { as }))).toBe("404 order_not_found");
    }
    expect(refused(await get(recordPath(order.id)))).toBe("401 unauthenticated");
    for (const none of ["ord_x", `ord_${"0".repeat(52)}`]) {
      expect(refused(await get(recordPath(none), { as: PLATFORM }))).toBe("404 order_not_found");
    }
  });
});

describe("what came of a link", () => {
  it("is its clicks and the orders it won, less refunds", async () => {
    const drop = await newDrop(9);
    const { id, code } = await newLink(drop);
    const path = `/v1/links/${id}/stats`;
    expect(await must(get(path, { as: ben.key }))).toEqual({ clicks: 0, sales: [] });
    const orders: Json[] = [];
    for (let made = 0; made < 3; made++) {
      const { json } = await buyWith(drop, (await newViewer()).token, [await follow(code)]);
      orders.push(json);
    }
    await refund(orders[0].id, 501);
    const stats = await until(async () => {
      const seen = await must(get(path, { as: ben.key }));
      const isDone = seen.clicks === 3 && seen.sales[0]?.orders === 3 && seen.sales[0].refunded.amount > 0;
      return isDone ? seen : undefined;
    });
    const sale = { captured: usd(6_000), refunded: usd(501), attributed: usd(5_499) };
    expect(stats.sales).toEqual([{ orders: 3, guestOrders: 3, ...sale }]);
    expect(await must(get(path, { as: drop.seller.key }))).toEqual(stats);
    expect(await recordOf(orders[0].id)).toMatchObject({
      sale: { captured: usd(2_000), refunded: usd(501), attributed: usd(1_499) },
    });
    const since = await must(get(`${path}?from=${orders[2].placedAt}`, { as: ben.key }));
    expect(since.sales[0]).toMatchObject({ orders: 1 });
    for (const as of [(await newCreator()).key, (await newSeller()).key]) {
      expect(refused(await get(path, { as }))).toBe("404 not_found");
    }
    expect(refused(await get(`${path}?from=x`, { as: ben.key }))).toBe("400 bad_request");

    // What people wrote is no formula for whoever opens the file.
    const formula = { code: `-${drop.session.slice(4, 20)}`, utm: { source: "=1; =1" } };
    const idle = await newLink(drop, formula);
    const as = drop.seller.key;
    const csv = await get("/v1/links?limit=1&format=csv", { as });
    expect(csv.headers.get("Content-Disposition")).toBe('attachment; filename="links.csv"');
    const sold = { clicks: "3", currency: "USD", orders: "3", captured: "60.00", refunded: "5.01" };
    const nothing = { clicks: "0", currency: "", orders: "0", captured: "", refunded: "", attributed: "" };
    const of = { creator: ben.id, seller: drop.seller.id, target: drop.session, archived_at: "" };
    expect(parse(csv.text, { columns: true })).toMatchObject([
      { ...of, ...nothing, link: idle.id, code: `'${formula.code}`, url: idle.url, utm_source: "'=1; '=1" },
      { ...of, ...sold, link: id, code, attributed: "54.99" },
    ]);
    expect(
      refused(await get(`/v1/links?seller=${drop.seller.id}&format=csv`, { as: (await newSeller()).key })),
    ).toBe("404 not_found");
  });
});

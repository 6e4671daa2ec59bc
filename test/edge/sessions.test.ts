/** Sessions, their stock and their offers: what hosts do, what everybody sees, what others must not. */
import { describe, expect, it } from "vitest";
import { sessionSummary } from "../../src/wire/reports.ts";
import {
  buy,
  get,
  must,
  newContract,
  newDrop,
  newOffer,
  newSession,
  newShop,
  newToken,
  newViewer,
  patch,
  PLATFORM,
  post,
  refused,
  until,
  usd,
  type Json,
} from "./client.ts";

const hourFromNow = (): string => new Date(Date.now() + 3_600_000).toISOString();

describe("a session", () => {
  it("is created as a draft, or scheduled when it knows its time", async () => {
    const { seller, creator } = await newShop();
    const body = { seller: seller.id, creator: creator.id, title: "Drop", currency: "USD" };
    const draft = await post("/v1/sessions", { as: seller.key, body });
    expect([draft.status, draft.json.status]).toEqual([201, "draft"]);
    expect(draft.headers.get("Location")).toBe(`/v1/sessions/${draft.json.id}`);
    expect(draft.json).toMatchObject({
      ...body,
      defaultZone: "main",
      expectedViewers: 1_000,
      creatorCodes: [],
    });
    const scheduledAt = hourFromNow();
    const scheduled = await must(post("/v1/sessions", { as: seller.key, body: { ...body, scheduledAt } }));
    expect(scheduled).toMatchObject({ status: "scheduled", scheduledAt });
    const later = await must(
      patch(`/v1/sessions/${draft.json.id}`, { as: seller.key, body: { scheduledAt } }),
    );
    expect(later).toMatchObject({ status: "scheduled", scheduledAt });
  });

  it("is of people who exist, and of a contract between them", async () => {
    const [one, two] = await Promise.all([newShop(), newShop()]);
    const creatorRate = [{ from: { amount: 0, currency: "EUR" }, basisPoints: 1_500 }];
    const contract = await newContract(one, { currency: "EUR", creatorRate });
    const body = { seller: one.seller.id, title: "Drop", currency: "EUR" };
    const create = (over: object, as = PLATFORM): ReturnType<typeof post> =>
      post("/v1/sessions", { as, body: { ...body, ...over } });
    expect((await must(create({ contract }))).creator).toBe(one.creator.id);
    expect(refused(await create({ seller: "sel_01jd3m5n8yfx0t2qv4w6z9r1ab" }))).toBe("404 not_found");
    expect(refused(await create({ creator: "cre_01jd3m5n8yfx0t2qv4w6z9r1ab" }))).toBe("404 not_found");
    expect(refused(await create({ contract: "con_01jd3m5n8yfx0t2qv4w6z9r1ab" }))).toBe("404 not_found");
    expect(refused(await create({ contract, creator: two.creator.id }))).toBe("400 bad_request");
    expect(refused(await create({ contract, currency: "USD" }))).toBe("422 currency_mismatch");
    expect(refused(await create({ contract, seller: two.seller.id }))).toBe("404 not_found");
    expect(refused(await create({}, two.seller.key))).toBe("404 not_found");
    expect(refused(await create({}, one.creator.key))).toBe("403 forbidden");
  });

  it("moves through its life, and no other way", async () => {
    const stage = await newSession(await newShop());
    const move = (action: string): ReturnType<typeof post> =>
      post(`${stage.at}/${action}`, { as: stage.creator.key });
    for (const [action, status] of [
      ["pause", "paused"],
      ["resume", "live"],
      ["end", "ended"],
    ] as const) {
      expect((await must(move(action))).status).toBe(status);
    }
    const again = await move("start");
    expect(refused(again)).toBe("409 session_state_conflict");
    expect(again.json.status).toBe(409);
    expect(refused(await post(`${stage.at}/cancel`, { as: stage.seller.key }))).toBe(
      "409 session_state_conflict",
    );
  });

  it("is seen by everybody, with a tag by which nothing is sent twice", async () => {
    const drop = await newDrop(3);
    const first = await get(drop.at);
    expect(first.headers.get("Cache-Control")).toBe("public, no-cache");
    expect(first.json).toMatchObject({
      id: drop.session,
      session: { status: "live", title: "Friday drop", seller: drop.seller.id },
      offers: { [drop.offer]: { status: "open", available: { main: 3 }, price: { total: usd(2_000) } } },
    });
    expect(first.text).not.toContain("creatorCodes");
    const tag = first.headers.get("ETag") ?? "";
    for (const header of [tag, `"x", ${tag}`, tag.replace("W/", ""), "*"]) {
      const same = await get(drop.at, { headers: { "If-None-Match": header } });
      expect([same.status, same.text, same.headers.get("ETag")]).toEqual([304, "", tag]);
    }
    await must(post(`${drop.at}/offers/${drop.offer}/pin`, { as: drop.creator.key }));
    const changed = await get(drop.at, { headers: { "If-None-Match": tag } });
    expect([changed.status, changed.json.session.pinned]).toEqual([200, drop.offer]);
  });

  it("is changed by its seller and the platform", async () => {
    const stage = await newSession(await newShop());
    const body = { title: "Saturday drop" };
    expect((await must(patch(stage.at, { as: stage.seller.key, body }))).title).toBe(body.title);
    expect((await get(stage.at)).json.session.title).toBe(body.title);
    expect(refused(await patch(stage.at, { as: stage.seller.key, body: {} }))).toBe("400 bad_request");
    expect(refused(await patch(stage.at, { as: stage.seller.key, body: { seller: "x" } }))).toBe(
      "400 bad_request",
    );
    const codes = [{ code: "A1", off: { amount: { amount: 1, currency: "EUR" } }, funder: "seller" }];
    const foreign = await patch(stage.at, { as: PLATFORM, body: { creatorCodes: codes } });
    expect(refused(foreign)).toBe("422 currency_mismatch");
  });
});

describe("a host", () => {
  it("of another session is told that this one does not exist", async () => {
    const [drop, stranger] = await Promise.all([newDrop(1), newShop()]);
    const asks = [
      ["POST", `${drop.at}/pause`],
      ["PATCH", drop.at],
      ["POST", `${drop.at}/stock`],
      ["GET", `${drop.at}/stock`],
      ["POST", `${drop.at}/offers`],
      ["PATCH", `${drop.at}/offers/${drop.offer}`],
      ["POST", `${drop.at}/offers/${drop.offer}/close`],
      ["GET", `${drop.at}/events`],
      ["GET", `${drop.at}/audit`],
    ] as const;
    for (const [method, path] of asks) {
      const sent = { body: { title: "Mine" } };
      const send = { GET: get, POST: post, PATCH: patch }[method];
      for (const as of [stranger.seller.key, stranger.creator.key]) {
        const answer = await send(path, method === "GET" ? { as } : { as, ...sent });
        expect(refused(answer), `${method} ${path}`).toBe("404 session_not_found");
      }
      expect(refused(await send(path, method === "GET" ? {} : sent))).toBe("401 unauthenticated");
    }
    const { token } = await newViewer();
    expect(refused(await post(`${drop.at}/pause`, { as: token }))).toBe("403 forbidden");
    expect((await get(drop.at)).json.session).toMatchObject({ status: "live", title: "Friday drop" });
  });

  it("who is the creator moves the drop price, but neither headline nor floor, and spends nobody's money", async () => {
    const terms = { headline: usd(5_000), floor: usd(4_000) };
    const shop = await newShop();
    const stage = await newSession(shop, { contract: await newContract(shop) });
    const drop = await newOffer(stage, 1, { price: terms });
    const reprice = async (price: object): Promise<string> => {
      const asked = await patch(`${drop.at}/offers/${drop.offer}`, { as: drop.creator.key, body: { price } });
      return asked.status === 200 ? "200" : refused(asked);
    };
    const drops = (amount: number, funder: string): object => ({
      ...terms,
      drop: { price: usd(amount), funder },
    });
    expect(await reprice(drops(4_500, "creator"))).toBe("200");
    expect(await reprice(drops(3_000, "creator"))).toBe("422 price_below_floor");
    expect(await reprice(drops(4_500, "platform"))).toBe("403 forbidden");
    expect(await reprice({ headline: usd(5_000) })).toBe("403 forbidden");
    expect(await reprice({ ...terms, headline: usd(4_000) })).toBe("403 forbidden");
  });

  it("who is the creator hosts, but has no say over what is the seller's", async () => {
    const shop = await newShop();
    const drop = await newOffer(await newSession(shop, { contract: await newContract(shop) }), 3);
    const as = drop.creator.key;
    const offer = `${drop.at}/offers/${drop.offer}`;
    for (const path of [
      `${drop.at}/pause`,
      `${drop.at}/resume`,
      `${offer}/pin`,
      `${offer}/unpin`,
      `${offer}/close`,
      `${offer}/open`,
    ]) {
      expect((await post(path, { as })).status, path).toBe(200);
    }
    const price = { headline: usd(2_000), drop: { price: usd(1_500), funder: "creator" } };
    expect((await patch(offer, { as, body: { price } })).status).toBe(200);
    expect(refused(await patch(offer, { as, body: { title: "Mine" } }))).toBe("403 forbidden");
    const denied = [
      post(`${drop.at}/cancel`, { as }),
      patch(drop.at, { as, body: { title: "Mine" } }),
      post(`${drop.at}/stock`, { as, body: { sku: drop.sku, allocated: 99 } }),
      post(`${drop.at}/offers`, { as, body: { title: "Mine" } }),
      post(`${offer}/withdraw`, { as }),
    ];
    for (const answer of await Promise.all(denied)) expect(refused(answer)).toBe("403 forbidden");
    expect(refused(await post(`/v1/sellers/${drop.seller.id}/catalog`, { as, body: {} }))).toBe(
      "403 forbidden",
    );
  });

  it("is seen to act at once by whoever would be refused by an old picture", async () => {
    const drop = await newDrop(3);
    const { token } = await newViewer();
    await newToken(drop, token);
    const path = `${drop.at}/offers/${drop.offer}`;
    await must(post(`${path}/close`, { as: drop.creator.key }));
    const closed = await post(`${path}/tokens`, { as: token, body: {} });
    expect(refused(closed)).toBe("409 offer_not_open");
    expect(closed.json).toMatchObject({ offer: drop.offer });
    await must(post(`${path}/open`, { as: drop.creator.key }));
    await newToken(drop, token);
  });
});

describe("stock", () => {
  it("is allocated by compare-and-set and never below what is held", async () => {
    const drop = await newDrop(2);
    const { token } = await newViewer();
    const allocate = (body: object): ReturnType<typeof post> =>
      post(`${drop.at}/stock`, { as: drop.seller.key, body: { sku: drop.sku, ...body } });
    await must(
      post(`${drop.at}/reservations`, {
        as: token,
        body: { items: [{ token: await newToken(drop, token) }] },
      }),
    );
    const conflict = await allocate({ allocated: 5, expected: 3 });
    expect([refused(conflict), conflict.json.allocated]).toEqual(["409 stock_conflict", 2]);
    const inUse = await allocate({ allocated: 0 });
    expect([refused(inUse), inUse.json.held]).toEqual(["409 stock_in_use", 1]);
    expect(await must(allocate({ allocated: 5, expected: 2 }))).toEqual({
      sku: drop.sku,
      zone: "main",
      allocated: 5,
      held: 1,
      committed: 0,
      available: 4,
    });
  });

  it("is listed in pages for the host", async () => {
    const drop = await newOffer(await newDrop(1), 2);
    const allocate = { sku: drop.sku, zone: "berlin", allocated: 7 };
    await must(post(`${drop.at}/stock`, { as: drop.seller.key, body: allocate }));
    const pools = [];
    let cursor = "";
    do {
      const page = await must(get(`${drop.at}/stock?limit=1${cursor}`, { as: drop.creator.key }));
      pools.push(...page.data);
      cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    expect(pools.map(({ zone, available }) => `${zone} ${available}`)).toEqual([
      "berlin 7",
      "main 1",
      "main 2",
    ]);
  });
});

describe("an offer", () => {
  it("is shown to its host as it was made, and keeps who agreed to sell beyond stock", async () => {
    const stage = await newSession(await newShop());
    const opensAt = hourFromNow();
    const body = {
      title: "Set",
      lines: [{ sku: "A", quantity: 2 }],
      price: { headline: usd(3_000), drop: { price: usd(2_500), funder: "seller" }, floor: usd(2_000) },
      opensAt,
      backorder: true,
    };
    const { status, json } = await post(`${stage.at}/offers`, { as: stage.seller.key, body });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      ...body,
      status: "scheduled",
      priceVersion: 1,
      holdMs: 120_000,
      honoured: [],
      backorder: { by: stage.seller.id },
    });
  });

  it("is refused with its reason, or with the rule it breaks", async () => {
    const stage = await newSession(await newShop());
    const good = { title: "Tee", lines: [{ sku: "A", quantity: 1 }], price: { headline: usd(100) } };
    const create = async (over: object): Promise<string> =>
      refused(await post(`${stage.at}/offers`, { as: stage.seller.key, body: { ...good, ...over } }));
    expect(await create({ price: { headline: usd(100), floor: usd(200) } })).toBe("422 price_below_floor");
    expect(await create({ price: { headline: { amount: 1, currency: "EUR" } } })).toBe(
      "422 currency_mismatch",
    );
    const closesAt = new Date(Date.now() + 1_000).toISOString();
    expect(await create({ opensAt: hourFromNow(), closesAt })).toBe("422 offer_window_invalid");
    expect(await create({ lines: [] })).toBe("400 bad_request");
    expect(await create({ holdMs: 1 })).toBe("400 bad_request");
  });

  it("that does not exist, or was withdrawn, is not changed", async () => {
    const drop = await newDrop(1);
    const as = drop.seller.key;
    const nobodys = `${drop.at}/offers/ofr_01jd3m5n8yfx0t2qv4w6z9r1ab`;
    expect(refused(await post(`${nobodys}/open`, { as }))).toBe("404 offer_not_found");
    expect(refused(await patch(nobodys, { as, body: { title: "x" } }))).toBe("404 offer_not_found");
    const path = `${drop.at}/offers/${drop.offer}`;
    expect(refused(await patch(path, { as, body: {} }))).toBe("400 bad_request");
    expect((await must(post(`${path}/withdraw`, { as }))).status).toBe("withdrawn");
    expect(refused(await post(`${path}/open`, { as }))).toBe("409 offer_state_conflict");
  });
});

describe("the list of sessions", () => {
  it("has what was sold in each, newest first, for whom it concerns", async () => {
    const [drop, stranger] = await Promise.all([newDrop(3), newShop()]);
    const { token } = await newViewer();
    await buy(drop, token);
    await buy(drop, token, { method: "sandbox_decline" });
    const second = await newSession(drop, { title: "Saturday drop" });
    const path = `/v1/sessions?seller=${drop.seller.id}`;
    const { data } = await until(async () => {
      const page = await must(get(path, { as: drop.seller.key }));
      const [newest, first] = page.data;
      return newest?.status === "live" && first?.orders.failed === 1 ? page : undefined;
    });
    expect(data.map(({ id }: Json) => id)).toEqual([second.session, drop.session]);
    for (const summary of data) expect(sessionSummary.strict().parse(summary)).toEqual(summary);
    expect(data[1]).toMatchObject({
      seller: drop.seller.id,
      creator: drop.creator.id,
      creatorName: "Maya",
      title: "Friday drop",
      status: "live",
      reservations: { held: 2, expired: 0 },
      orders: { placed: 0, authorized: 0, captured: 1, failed: 1, cancelled: 0, refunded: 0 },
      unitsSold: 1,
      captured: usd(2_000),
      refunded: usd(0),
    });
    const creators = `/v1/sessions?creator=${drop.creator.id}`;
    for (const [query, as] of [
      [path, PLATFORM],
      [creators, PLATFORM],
      [creators, drop.creator.key],
    ] as const) {
      expect((await must(get(query, { as }))).data).toEqual(data);
    }
    const one = await must(get(`${path}&limit=1`, { as: PLATFORM }));
    const two = await must(get(`${path}&limit=1&cursor=${one.nextCursor}`, { as: PLATFORM }));
    expect([...one.data, ...two.data, two.nextCursor]).toEqual([...data, null]);
    const asks = [
      [path, stranger.seller.key, "404 not_found"],
      [path, drop.creator.key, "404 not_found"],
      [creators, drop.seller.key, "404 not_found"],
      [creators, stranger.creator.key, "404 not_found"],
      [path, token, "403 forbidden"],
      [path, undefined, "401 unauthenticated"],
      ["/v1/sessions", PLATFORM, "400 bad_request"],
      [`${path}&creator=${drop.creator.id}`, PLATFORM, "400 bad_request"],
      [`${path}&cursor=x`, PLATFORM, "400 bad_request"],
    ] as const;
    for (const [query, as, code] of asks) expect(refused(await get(query, { as })), query).toBe(code);
  });
});

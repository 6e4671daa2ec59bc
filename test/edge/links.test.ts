/** Creators' links over HTTP: who may make and see them, and what happens to whoever follows one. */
import { createExecutionContext, createMessageBatch, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/edge/app.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { verifyClickToken } from "../../src/token/click-token.ts";
import { loadKeys } from "../../src/token/keys.ts";
import worker from "../../src/worker.ts";
import {
  buy,
  get,
  must,
  newContract,
  newCreator,
  newOffer,
  newSeller,
  newSession,
  newShop,
  newViewer,
  PLATFORM,
  post,
  refused,
  remove,
  until,
  type Answer,
  type Json,
  type Shop,
} from "./client.ts";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
const TARGET = { url: "https://shop.example/mugs?page=2" };

let shop: Shop;
beforeAll(async () => {
  shop = await newShop();
});

function aCode(): string {
  return `maya-${crypto.randomUUID().slice(0, 8)}`;
}

function newLink(over: object = {}): Promise<Json> {
  return must(post("/v1/links", { as: shop.creator.key, body: { target: TARGET, ...over } }));
}

async function summaryOf(session: string, seller: Shop["seller"]): Promise<Json> {
  const { data } = await must(get(`/v1/sessions?seller=${seller.id}`, { as: seller.key }));
  return data.find(({ id }: Json) => id === session);
}

/** Follows a link as a browser does, but stays. */
async function follow(code: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
  return exports.default.fetch(`https://dropcast.test/l/${code}`, {
    method,
    redirect: "manual",
    headers: { "User-Agent": BROWSER, ...headers },
  });
}

function tokenIn(response: Response): string | null {
  return new URL(response.headers.get("Location") ?? "").searchParams.get("dropcast_click");
}

describe("a link", () => {
  it("is a creator's, under a code of theirs or one that is made", async () => {
    const code = aCode();
    const utm = { source: "maya", medium: "live" };
    const answer = await post("/v1/links", {
      as: shop.creator.key,
      body: { code, target: TARGET, utm, coupon: "MAYA10" },
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^lnk_[0-9a-z]{26}$/),
      code,
      url: `https://dropcast.test/l/${code}`,
      creator: shop.creator.id,
      target: TARGET,
      utm,
      coupon: "MAYA10",
      windowMinutes: 43_200,
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(answer.headers.get("Location")).toBe(`/v1/links/${answer.json.id}`);
    expect(await must(get(`/v1/links/${answer.json.id}`, { as: shop.creator.key }))).toEqual(answer.json);
    expect((await newLink()).code).toMatch(/^[0-9a-z]{7}$/);
  });

  it("has a code that no other has, not even when it is archived", async () => {
    const code = aCode();
    const { id } = await newLink({ code });
    const again = { as: (await newCreator()).key, body: { code, target: TARGET } };
    expect(refused(await post("/v1/links", again))).toBe("409 conflict");
    await must(remove(`/v1/links/${id}`, { as: shop.creator.key }));
    expect(refused(await post("/v1/links", again))).toBe("409 conflict");
  });

  it("is made once by its key", async () => {
    const asked = { as: shop.creator.key, key: crypto.randomUUID(), body: { target: TARGET } };
    const [first, second] = [await post("/v1/links", asked), await post("/v1/links", asked)];
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
    expect(second.json).toEqual(first.json);
    expect(refused(await post("/v1/links", { ...asked, key: null }))).toBe("400 idempotency_key_missing");
    const other = { ...asked, body: { target: TARGET, code: aCode() } };
    expect(refused(await post("/v1/links", other))).toBe("422 idempotency_key_reused");
  });

  it("by a seller or the platform is for the creator they name, and for the seller's sales", async () => {
    const { seller, creator } = shop;
    await newContract(shop);
    const body = { target: TARGET, creator: creator.id };
    expect(await must(post("/v1/links", { as: seller.key, body }))).toMatchObject({
      creator: creator.id,
      seller: seller.id,
    });
    expect(await must(post("/v1/links", { as: PLATFORM, body }))).not.toHaveProperty("seller");
    const named = { as: PLATFORM, body: { ...body, seller: seller.id } };
    expect(await must(post("/v1/links", named))).toMatchObject({ seller: seller.id });
  });

  it("by a seller is for creators with whom they have a contract in force or have sold", async () => {
    const [seller, creator] = [await newSeller(), await newCreator()];
    const make = (target: object = TARGET): Promise<Answer> =>
      post("/v1/links", { as: seller.key, body: { target, creator: creator.id } });
    await newContract({ seller, creator }, { startsAt: "2099-01-01T00:00:00.000Z" });
    expect(refused(await make())).toBe("404 not_found");
    const drop = await newOffer(await newSession({ seller, creator }), 1);
    const { session } = drop;
    expect((await make({ session })).status).toBe(201);
    // The creator need not know of a session: only when something was sold in it, and the record has that.
    await until(async () => ((await summaryOf(session, seller)) ? true : undefined));
    expect(refused(await make())).toBe("404 not_found");
    await buy(drop, (await newViewer()).token);
    await until(async () => ((await make()).status === 201 ? true : undefined));
    await newContract({ seller, creator: shop.creator });
    const body = { target: { session }, creator: shop.creator.id };
    expect((await post("/v1/links", { as: seller.key, body })).status).toBe(201);
  });

  it("to a session counts for its seller, and is none for another seller's session", async () => {
    const { session } = await newSession(shop);
    const target = { session };
    expect(await newLink({ target })).toMatchObject({ target, seller: shop.seller.id });
    const other = await newSeller();
    const body = { target, creator: shop.creator.id };
    expect(refused(await post("/v1/links", { as: other.key, body }))).toBe("404 session_not_found");
    const nowhere = { target: { session: `ses_${"0".repeat(26)}` } };
    expect(refused(await post("/v1/links", { as: shop.creator.key, body: nowhere }))).toBe(
      "404 session_not_found",
    );
  });

  it("is refused in the name of somebody else, or of nobody", async () => {
    const [other, seller] = [await newCreator(), await newSeller()];
    const make = (as: string | undefined, over: object): Promise<Answer> =>
      post("/v1/links", { as, body: { target: TARGET, ...over } });
    expect(refused(await make(shop.creator.key, { creator: other.id }))).toBe("404 not_found");
    expect(refused(await make(PLATFORM, { creator: `cre_${"0".repeat(26)}` }))).toBe("404 not_found");
    expect(refused(await make(PLATFORM, {}))).toBe("400 bad_request");
    expect(refused(await make(shop.seller.key, { creator: other.id, seller: seller.id }))).toBe(
      "404 not_found",
    );
    expect(refused(await make(shop.creator.key, { seller: `sel_${"0".repeat(26)}` }))).toBe("404 not_found");
    expect(refused(await make(undefined, {}))).toBe("401 unauthenticated");
    expect(refused(await make((await newViewer()).token, {}))).toBe("403 forbidden");
  });

  it("is refused with what it cannot have", async () => {
    const bad: object[] = [
      { code: "ab" },
      { code: "Maya" },
      { code: "a/b" },
      { code: "x".repeat(33) },
      { target: { url: "javascript:alert(1)" } },
      { target: { url: "https://dropcast.test/l/other" } },
      { target: { url: "https://dropcast.test/%6C/other" } },
      { target: { url: "https://dropcast.test./l/other?x#y" } },
      { target: { ...TARGET, session: `ses_${"0".repeat(26)}` } },
      { utm: { source: "" } },
      { utm: { source: "x\u0000" } },
      { utm: { id: "x" } },
      { coupon: "maya 10" },
      { note: "x" },
    ];
    for (const over of bad) {
      const answer = await post("/v1/links", { as: shop.creator.key, body: { target: TARGET, ...over } });
      expect(refused(answer), JSON.stringify(over)).toBe("400 bad_request");
    }
  });

  it("of another is not there", async () => {
    const { id } = await newLink();
    for (const as of [(await newCreator()).key, (await newSeller()).key]) {
      for (const path of [`/v1/links/${id}`, `/v1/links/${id}/qr`, `/v1/links/${id}/clicks`]) {
        expect(refused(await get(path, { as }))).toBe("404 not_found");
      }
      expect(refused(await remove(`/v1/links/${id}`, { as }))).toBe("404 not_found");
    }
    expect((await get(`/v1/links/${id}`, { as: PLATFORM })).status).toBe(200);
    expect(refused(await get("/v1/links/lnk_x", { as: PLATFORM }))).toBe("404 not_found");
  });

  it("is listed for its parties, newest first, in pages", async () => {
    const creator = await newCreator();
    await newContract({ seller: shop.seller, creator });
    const ids: string[] = [];
    for (let made = 0; made < 3; made++) {
      const body = { target: TARGET, creator: creator.id };
      ids.unshift((await must(post("/v1/links", { as: shop.seller.key, body }))).id);
    }
    const first = await must(get("/v1/links?limit=2", { as: creator.key }));
    expect(first.data.map(({ id }: Json) => id)).toEqual(ids.slice(0, 2));
    const rest = await must(get(`/v1/links?limit=2&cursor=${first.nextCursor}`, { as: creator.key }));
    expect(rest).toMatchObject({ data: [{ id: ids[2] }], nextCursor: null });
    const theirs = await must(get(`/v1/links?creator=${creator.id}`, { as: shop.seller.key }));
    expect(theirs.data).toHaveLength(3);
    expect(refused(await get(`/v1/links?creator=${shop.creator.id}`, { as: creator.key }))).toBe(
      "404 not_found",
    );
    expect(refused(await get("/v1/links?cursor=x", { as: creator.key }))).toBe("400 bad_request");
  });

  it("has a QR code that is an image and nothing else", async () => {
    const { id } = await newLink();
    const { status, headers, text } = await get(`/v1/links/${id}/qr`, { as: shop.creator.key });
    expect([status, headers.get("Content-Type")]).toEqual([200, "image/svg+xml"]);
    expect(headers.get("Content-Security-Policy")).toBe(
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    );
    expect(text).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^<>]*>(<(rect|path) [^<>]*\/>)+<\/svg>$/,
    );
  });
});

describe("whoever follows a link", () => {
  it("is sent on in one hop, with UTM fields and a token that proves the click", async () => {
    const { id, code } = await newLink({ utm: { source: "maya" }, coupon: "MAYA10" });
    const response = await follow(code);
    expect(response.status).toBe(302);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("Referrer-Policy")).toBe("no-referrer");
    const token = tokenIn(response) ?? "";
    expect(response.headers.get("Location")).toBe(
      `https://shop.example/mugs?page=2&utm_source=maya&dropcast_code=MAYA10&dropcast_click=${token}`,
    );
    expect(response.headers.get("Set-Cookie")).toBe(
      `dropcast_click=${token}; Max-Age=2592000; Path=/; Secure; SameSite=Lax`,
    );
    const verified = await verifyClickToken(await loadKeys(env.TOKEN_KEYS), token, Date.now());
    expect(verified).toMatchObject({ ok: true, claims: { link: id, creator: shop.creator.id } });
  });

  it("gets a click of their own each time, counted within seconds", async () => {
    const { id, code } = await newLink();
    const tokens = await Promise.all(Array.from({ length: 25 }, async () => tokenIn(await follow(code))));
    expect(new Set(tokens).size).toBe(25);
    const found = await until(async () => {
      const counts = await must(get(`/v1/links/${id}/clicks`, { as: shop.creator.key }));
      return counts.clicks >= 25 ? counts : undefined;
    });
    expect(found).toMatchObject({ clicks: 25, nextCursor: null });
    const hour = found.data[0].at;
    expect(hour).toMatch(/T\d\d:00:00\.000Z$/);
    const before = await must(get(`/v1/links/${id}/clicks?to=${hour}`, { as: shop.creator.key }));
    expect(before).toEqual({ clicks: 0, data: [], nextCursor: null });
    const odd = await get(`/v1/links/${id}/clicks?cursor=x`, { as: shop.creator.key });
    expect(refused(odd)).toBe("400 bad_request");
  });

  it("is counted once, however often the queue brings it", async () => {
    const { id } = await newLink();
    const click = { click: `clk_${"7".repeat(26)}`, link: id, atMs: Date.now() };
    for (const message of ["1", "1", "2"]) {
      const sent = { id: message, timestamp: new Date(), attempts: 1, body: click };
      await worker.queue(createMessageBatch("dropcast-clicks", [sent]), env);
    }
    const found = await must(get(`/v1/links/${id}/clicks`, { as: shop.creator.key }));
    expect(found.clicks).toBe(1);
  });

  it("to make a preview, ahead of time, or as a part of a page, is sent on and is no click", async () => {
    const { code } = await newLink();
    const asked: [Record<string, string>, string?][] = [
      [{ "User-Agent": "Twitterbot/1.0" }],
      [{ "Sec-Purpose": "prefetch" }],
      [{ "Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors" }],
      [{ "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate" }],
      [{ "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors" }],
      [{}, "HEAD"],
    ];
    for (const [headers, method] of asked) {
      const response = await follow(code, headers, method);
      expect([response.status, response.headers.get("Location")]).toEqual([302, TARGET.url]);
      expect(response.headers.get("Set-Cookie")).toBeNull();
    }
    expect(tokenIn(await follow(code, { "Sec-Fetch-Dest": "document" }))).not.toBeNull();
  });

  it("far too often from one address is sent on, and counted no more", async () => {
    const { code } = await newLink();
    const context = createExecutionContext();
    const counted: string[] = [];
    const local = { ...env, CLICKS_QUEUE: queueOf((body) => counted.push(JSON.stringify(body))) };
    const headers = { "User-Agent": BROWSER, "CF-Connecting-IP": "203.0.113.9" };
    const app = createApp();
    const follows = LIMITS.clicksPerWindow + 20;
    const start = Math.floor(Date.now() / LIMITS.rateWindowMs);
    for (let at = 0; at < follows; at++) {
      const { status } = await app.request(`https://dropcast.test/l/${code}`, { headers }, local, context);
      expect(status).toBe(302);
    }
    await waitOnExecutionContext(context);
    const windows = Math.floor(Date.now() / LIMITS.rateWindowMs) - start + 1;
    expect(counted.length).toBeLessThanOrEqual(LIMITS.clicksPerWindow * windows);
    if (windows === 1) expect(counted).toHaveLength(LIMITS.clicksPerWindow);
  });

  it("looking for codes is soon answered no more, whatever the code", async () => {
    const { code } = await newLink();
    const headers = { "CF-Connecting-IP": "203.0.113.10" };
    const nobodys = aCode();
    let asked = 0;
    // Two windows at the most: in one of them it is too often.
    while ((await follow(nobodys, headers)).status === 404) asked += 1;
    expect(asked).toBeLessThanOrEqual(2 * LIMITS.unknownCodesPerWindow);
    expect((await follow(code, headers)).status).toBe(429);
    expect((await follow(code)).status).toBe(302);
  });

  it("that is archived, or nobody's, finds nothing", async () => {
    const { id, code } = await newLink();
    expect((await follow(code)).status).toBe(302);
    const archived = await must(remove(`/v1/links/${id}`, { as: shop.creator.key }));
    expect(archived.archivedAt).toMatch(/Z$/);
    expect(await must(remove(`/v1/links/${id}`, { as: shop.creator.key }))).toEqual(archived);
    for (const none of [code, aCode(), "x", "%00", "..%2fv1"]) {
      expect(refused(await get(`/l/${none}`)), none).toBe("404 not_found");
      const page = await follow(none, { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
      expect([page.status, await page.text()]).toEqual([404, expect.stringContaining("leads nowhere")]);
      expect(page.headers.get("Content-Type")).toMatch(/^text\/html/);
    }
  });

  it("is found in whatever case it is written", async () => {
    const { code } = await newLink({ code: aCode() });
    expect((await follow(code.toUpperCase())).status).toBe(302);
  });

  it("causes no query of the database", async () => {
    const { code } = await newLink();
    const asked: PropertyKey[] = [];
    const DB = new Proxy(env.DB, {
      get: (_, key) => {
        asked.push(key);
        throw new Error("the database was asked");
      },
    });
    const context = createExecutionContext();
    const counted: unknown[] = [];
    const local = { ...env, DB, CLICKS_QUEUE: queueOf((body) => counted.push(body)) };
    const headers = { "User-Agent": BROWSER };
    const app = createApp();
    for (const path of [code, code, aCode()]) {
      const response = await app.request(`https://dropcast.test/l/${path}`, { headers }, local, context);
      expect(response.status).toBe(path === code ? 302 : 404);
    }
    await waitOnExecutionContext(context);
    expect([asked, counted.length]).toEqual([[], 2]);
  });

  it("is sent on when the click cannot be counted", async () => {
    const { code } = await newLink();
    const context = createExecutionContext();
    const broken = queueOf(() => {
      throw new Error("no queue");
    });
    const local = { ...env, CLICKS_QUEUE: broken };
    const said = vi.spyOn(console, "error").mockReturnValue();
    const url = `https://dropcast.test/l/${code}`;
    const response = await createApp().request(url, { headers: { "User-Agent": BROWSER } }, local, context);
    await waitOnExecutionContext(context);
    expect([response.status, tokenIn(response) !== null]).toEqual([302, true]);
    expect(said).toHaveBeenCalledWith(expect.stringContaining("click_not_sent"));
    said.mockRestore();
  });
});

/** The queue of clicks, but for what becomes of a message. */
function queueOf(sent: (body: unknown) => void): Queue {
  return new Proxy(env.CLICKS_QUEUE, {
    get: (queue, key) => (key === "send" ? async (body: unknown) => sent(body) : Reflect.get(queue, key)),
  });
}

/** Sign-ins without a password: from a key to a code to a cookie, what the cookie may do, and when it counts. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { sweepSignIns } from "../../src/shop/sign-ins/store.ts";
import {
  get,
  must,
  newKey,
  newSeller,
  newSession,
  newShop,
  newViewer,
  patch,
  PLATFORM,
  post,
  refused,
  remove,
  send,
  type Answer,
  type Json,
  type Sent,
} from "./client.ts";

afterEach(() => void vi.useRealTimers());

const OWN = { Origin: "https://dropcast.test", "Sec-Fetch-Site": "same-origin" };

const redeem = (code: string, headers: Record<string, string> = OWN): Promise<Answer> =>
  post("/v1/sign-ins/redeem", { body: { code }, key: null, headers });

const codeOf = async (key: string, body: object = {}): Promise<Json> =>
  must(post("/v1/sign-ins", { as: key, body }));

/** What a page of ours sends once somebody is signed in with the key. */
async function signedIn(
  key: string,
  body: object = {},
): Promise<{ id: string; headers: Record<string, string> }> {
  const { id, code } = await codeOf(key, body);
  return { id, headers: { ...OWN, Cookie: cookieOf(await redeem(code)) } };
}

function cookieOf({ headers }: Answer): string {
  return headers.get("Set-Cookie")?.split(";")[0] ?? "";
}

function pass(ms: number): void {
  vi.useFakeTimers({ now: Date.now() + ms, toFake: ["Date"] });
}

describe("a code", () => {
  it("is made from a key, with a link that has it where no server looks", async () => {
    const { key } = await newSeller();
    const made = await codeOf(key);
    expect(made.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    expect(made.url).toBe(`https://dropcast.test/sign-in#code=${made.code}&to=/dashboard`);
    expect(Date.parse(made.expiresAt) - Date.now()).toBeGreaterThan(9 * 60_000);
  });

  it("is for sellers and creators, not for viewers, the platform or nobody", async () => {
    const { token } = await newViewer();
    expect(refused(await post("/v1/sign-ins", { body: {} }))).toBe("401 unauthenticated");
    for (const as of [token, PLATFORM])
      expect(refused(await post("/v1/sign-ins", { as, body: {} }))).toBe("403 forbidden");
  });

  it("signs in as people type it", async () => {
    const { key } = await newSeller();
    for (const typed of [
      (code: string) => code.toLowerCase().replaceAll("-", ""),
      (code: string) => ` ${code.replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `,
    ]) {
      expect((await redeem(typed((await codeOf(key)).code))).status).toBe(200);
    }
  });

  it("works once, also for two at the same time", async () => {
    const { key } = await newSeller();
    const { code } = await codeOf(key);
    const both = await Promise.all([redeem(code), redeem(code)]);
    const [late] = both.filter(({ status }) => status !== 200);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(late && refused(late)).toBe("409 sign_in_code_used");
    expect(late?.headers.get("Set-Cookie")).toBeNull();
  });

  it("holds for ten minutes, and not once its key is revoked or it is withdrawn", async () => {
    const { id, key } = await newSeller();
    const [late, revoked, withdrawn] = await Promise.all([codeOf(key), codeOf(key), codeOf(key)]);
    expect((await remove(`/v1/sign-ins/${withdrawn.id}`, { as: key })).status).toBe(204);
    expect(refused(await redeem(withdrawn.code))).toBe("409 sign_in_code_expired");
    pass(10 * 60_000);
    expect(refused(await redeem(late.code))).toBe("409 sign_in_code_expired");
    vi.useRealTimers();
    const { data } = await must(get(`/v1/keys?seller=${id}`, { as: PLATFORM }));
    await must(remove(`/v1/keys/${data[0].id}`, { as: PLATFORM }));
    expect(refused(await redeem(revoked.code))).toBe("409 sign_in_code_expired");
  });

  it("of nobody is told so, whatever it looks like", async () => {
    for (const code of ["0000-0000-0000", "short", "UUUU-UUUU-UUUU", "'; DROP TABLE", "🦆".repeat(12)])
      expect(refused(await redeem(code))).toBe("422 sign_in_code_unknown");
    expect(refused(await redeem(""))).toBe("400 bad_request");
  });

  it("is kept as a hash alone, as the cookie is", async () => {
    const { key } = await newSeller();
    const { code } = await codeOf(key);
    const token = cookieOf(await redeem(code)).split("=")[1] ?? "";
    for (const table of ["sign_ins", "idempotency_keys"]) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      const kept = JSON.stringify(results);
      expect(results.length).toBeGreaterThan(0);
      for (const secret of [code, code.replaceAll("-", ""), token]) expect(kept).not.toContain(secret);
    }
  });

  it("is shown again to whoever repeats the request", async () => {
    const { key } = await newSeller();
    const again = { as: key, body: {}, key: newKey() };
    const [first, second] = [await post("/v1/sign-ins", again), await post("/v1/sign-ins", again)];
    expect(second.json).toEqual(first.json);
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
  });
});

describe("the cookie", () => {
  it("cannot be read by scripts, goes to this host alone, and lasts as long as the sign-in", async () => {
    const { key } = await newSeller();
    pass(0);
    const set = (await redeem((await codeOf(key)).code)).headers.get("Set-Cookie") ?? "";
    const [pair, ...attributes] = set.split("; ");
    expect(pair).toMatch(/^__Host-dropcast=[\w-]{43}$/);
    expect(attributes.toSorted()).toEqual([
      "HttpOnly",
      "Max-Age=43200",
      "Path=/",
      "SameSite=Strict",
      "Secure",
    ]);
  });

  it("says who is signed in, and does what the key may", async () => {
    const { seller, creator } = await newShop();
    const [shop, host] = await Promise.all([signedIn(seller.key), signedIn(creator.key)]);
    const current = await must(get("/v1/sign-ins/current", { headers: shop.headers }));
    expect(current).toMatchObject({ id: shop.id, seller: seller.id, name: "Kiln & Loom" });
    expect(await must(get("/v1/sign-ins/current", { headers: host.headers }))).toMatchObject({
      creator: creator.id,
      name: "Maya",
    });
    const body = { seller: seller.id, creator: creator.id, title: "Friday", currency: "USD" };
    const { id } = await must(post("/v1/sessions", { headers: shop.headers, body }));
    expect((await post(`/v1/sessions/${id}/start`, { headers: host.headers })).status).toBe(200);
    const titled = { headers: shop.headers, body: { title: "Saturday" } };
    expect((await patch(`/v1/sessions/${id}`, titled)).status).toBe(200);
    expect(refused(await get("/v1/keys", { headers: shop.headers }))).toBe("403 forbidden");
    const { id: other } = await newSeller();
    expect(refused(await get(`/v1/sellers/${other}`, { headers: shop.headers }))).toBe("404 not_found");
  });

  it("is the same principal as the key: a request that is repeated with it is not carried out twice", async () => {
    const { seller } = await newShop();
    const { headers } = await signedIn(seller.key);
    const again = { body: { seller: seller.id, title: "Friday", currency: "USD" }, key: newKey() };
    const [first, second] = [
      await post("/v1/sessions", { ...again, as: seller.key }),
      await post("/v1/sessions", { ...again, headers }),
    ];
    expect([second.json.id, second.headers.get("Idempotency-Replayed")]).toEqual([first.json.id, "true"]);
  });

  it("is over after twelve hours, when it is signed out, when its key is revoked", async () => {
    const { id, key } = await newSeller();
    const [first, second, third] = await Promise.all([signedIn(key), signedIn(key), signedIn(key)]);
    const current = ({ headers }: { headers: Record<string, string> }): Promise<Answer> =>
      get("/v1/sign-ins/current", { headers });
    const out = await remove("/v1/sign-ins/current", { headers: first.headers });
    expect([out.status, out.headers.get("Set-Cookie")]).toEqual([
      204,
      expect.stringContaining("__Host-dropcast=; Max-Age=0"),
    ]);
    const over = await current(first);
    expect([refused(over), over.json.reason]).toEqual(["401 unauthenticated", "sign_in_over"]);
    expect((await remove(`/v1/sign-ins/${second.id}`, { headers: third.headers })).status).toBe(204);
    expect((await current(second)).status).toBe(401);
    // A slow machine has taken some of it.
    pass(12 * 3_600_000 - 60_000);
    expect((await current(third)).status).toBe(200);
    pass(60_000);
    expect((await current(third)).status).toBe(401);
    vi.useRealTimers();
    const { data } = await must(get(`/v1/keys?seller=${id}`, { as: PLATFORM }));
    await must(remove(`/v1/keys/${data[0].id}`, { as: PLATFORM }));
    expect((await current(third)).status).toBe(401);
  });

  it("holds no longer than its key, and what is made with it no longer than itself", async () => {
    const { id } = await newSeller();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const body = { label: "tonight", for: { seller: id }, expiresAt };
    const { secret } = await must(post("/v1/keys", { as: PLATFORM, body }));
    const { headers } = await signedIn(secret);
    expect((await must(get("/v1/sign-ins/current", { headers }))).expiresAt).toBe(expiresAt);
    pass(60_000);
    const { code } = await must(post("/v1/sign-ins", { headers, body: {} }));
    expect((await redeem(code)).json.expiresAt).toBe(expiresAt);
  });

  it("is passed over where an Authorization header is sent, and where nobody need be known", async () => {
    const [one, other] = await Promise.all([newSeller(), newSeller()]);
    const { headers } = await signedIn(one.key);
    const asOther = { as: other.key, headers };
    expect(refused(await get(`/v1/sellers/${one.id}`, asOther))).toBe("404 not_found");
    expect(refused(await get(`/v1/sellers/${one.id}`, { ...asOther, as: "nonsense" }))).toBe(
      "401 unauthenticated",
    );
    expect(refused(await get("/v1/sign-ins/current", { as: one.key }))).toBe("404 not_found");
    const stale = { headers: { ...OWN, Cookie: `__Host-dropcast=${"A".repeat(43)}` } };
    expect((await post("/v1/viewers", stale)).status).toBe(201);
    const overHttp = { headers: { ...OWN, Cookie: (headers["Cookie"] ?? "").replace("__Host-", "") } };
    expect((await get("/v1/sign-ins/current", overHttp)).status).toBe(401);
  });
});

describe("a foreign page", () => {
  const foreign = {
    "another site": { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
    "a neighbour of the same site": { "Sec-Fetch-Site": "same-site", Origin: "https://shop.dropcast.test" },
    "one in a browser that does not say": { Origin: "https://evil.example" },
    "a form that hides its origin": { Origin: "null" },
    "nobody says who": {},
  } as const;

  it.each(Object.entries(foreign))("changes nothing with the cookie: %s", async (_, said) => {
    const { key, id } = await newSeller();
    const { headers } = await signedIn(key);
    const asked = { headers: { Cookie: headers["Cookie"] ?? "", ...said } };
    const body = { seller: id, title: "Friday", currency: "USD" };
    const made = await post("/v1/sessions", { ...asked, body });
    expect([refused(made), made.json.reason]).toEqual(["401 unauthenticated", "cross_site"]);
    expect((await remove("/v1/sign-ins/current", asked)).status).toBe(401);
    expect((await get("/v1/sign-ins/current", { headers })).status).toBe(200);
  });

  it("reads nothing with it, while whoever types the address does", async () => {
    const { key } = await newSeller();
    const { headers } = await signedIn(key);
    const Cookie = headers["Cookie"] ?? "";
    for (const said of Object.values(foreign).filter((one) => Object.keys(one).length > 0)) {
      const asked = { headers: { Cookie, ...said } };
      expect((await get("/v1/sign-ins/current", asked)).status).toBe(401);
      expect((await send("HEAD", "/v1/sign-ins/current", asked)).status).toBe(401);
    }
    for (const said of [{ "Sec-Fetch-Site": "none" }, {}]) {
      expect((await get("/v1/sign-ins/current", { headers: { Cookie, ...said } })).status).toBe(200);
    }
  });

  it("signs nobody in", async () => {
    const { key } = await newSeller();
    const { code } = await codeOf(key);
    for (const said of [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }])
      expect(refused(await redeem(code, said))).toBe("403 forbidden");
    expect((await redeem(code, {})).status).toBe(200);
  });
});

describe("a sign-in for one session", () => {
  it("is made by who hosts it, and leads to its console", async () => {
    const stage = await newSession(await newShop());
    const { session } = stage;
    const made = await codeOf(stage.creator.key, { session });
    expect(made.url).toBe(`https://dropcast.test/sign-in#code=${made.code}&to=/console/${session}`);
    expect((await redeem(made.code)).json).toMatchObject({ session, creator: stage.creator.id });
    const { key } = await newSeller();
    expect(refused(await post("/v1/sign-ins", { as: key, body: { session } }))).toBe("404 session_not_found");
  });

  it("does what the host does there, and nothing in another of the host's", async () => {
    const shop = await newShop();
    const [stage, other] = [await newSession(shop), await newSession(shop)];
    const { headers } = await signedIn(shop.seller.key, { session: stage.session });
    expect((await post(`${stage.at}/pause`, { headers })).status).toBe(200);
    expect((await get(`${stage.at}/stock`, { headers })).status).toBe(200);
    const hide = `/orders/ord_${"0".repeat(26)}/hide-name`;
    expect(refused(await post(stage.at + hide, { headers }))).toBe("404 order_not_found");
    expect(refused(await post(other.at + hide, { headers }))).toBe("404 session_not_found");
    expect(refused(await post(`${other.at}/pause`, { headers }))).toBe("404 session_not_found");
    expect(refused(await get(`${other.at}/stock`, { headers }))).toBe("404 session_not_found");
    expect((await get(other.at, { headers })).status).toBe(200);
    expect((await remove("/v1/sign-ins/current", { headers })).status).toBe(204);
    expect((await get(`${stage.at}/stock`, { headers })).status).toBe(401);
  });

  it("uses up nothing of what the host may ask for", async () => {
    const { seller, session, at } = await newSession(await newShop());
    const { headers } = await signedIn(seller.key, { session });
    // In one window.
    pass(0);
    const left = async (sent: Sent): Promise<string | null> =>
      (await get(`${at}/stats`, sent)).headers.get("RateLimit");
    const whole = await left({ headers });
    expect(whole).toContain(`"reads";r=${LIMITS.readsPerWindow - 1}`);
    expect(await left({ as: seller.key })).toBe(whole);
    expect(await left({ as: seller.key })).not.toBe(whole);
  });

  it("opens no other route that is not for anybody", async () => {
    const { seller, session } = await newSession(await newShop());
    const { headers } = await signedIn(seller.key, { session });
    const { paths } = await must(get("/openapi.json"));
    const asked = Object.entries<Json>(paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(async ([method, { operationId, security }]) => {
        const needsNobody = (one: object): boolean => Object.keys(one).length === 0;
        const isForAnybody = security.length === 0 || security.some(needsNobody);
        if (isForAnybody || ["getCurrentSignIn", "signOut"].includes(operationId)) return [];
        const at = path
          .replace("{seller}", seller.id)
          .replace(/\{(\w+)\}/g, (_, name: string) => `${name.slice(0, 3)}_${"0".repeat(26)}`);
        const said = refused(await send(method.toUpperCase(), at, { headers }));
        const isRefused =
          said === "403 forbidden" || (path.includes("{session}") && said === "404 session_not_found");
        return isRefused ? [] : [`${operationId}: ${said}`];
      }),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect((await Promise.all(asked)).flat()).toEqual([]);
  });
});

describe("sign-ins", () => {
  it("are listed for their seller as long as they hold, and ended by nobody else", async () => {
    const [one, other] = await Promise.all([newSeller(), newSeller()]);
    const open = await codeOf(one.key);
    const held = await signedIn(one.key);
    const gone = await signedIn(one.key);
    await remove(`/v1/sign-ins/${gone.id}`, { as: one.key });
    const { data } = await must(get("/v1/sign-ins", { headers: held.headers }));
    expect(data.map(({ id }: Json) => id)).toEqual([open.id, held.id]);
    expect(data.map(({ redeemedAt }: Json) => redeemedAt !== undefined)).toEqual([false, true]);
    expect(JSON.stringify(data)).not.toContain(open.code);
    expect((await must(get("/v1/sign-ins", { as: other.key }))).data).toEqual([]);
    expect(refused(await remove(`/v1/sign-ins/${held.id}`, { as: other.key }))).toBe("404 not_found");
    expect((await get("/v1/sign-ins/current", { headers: held.headers })).status).toBe(200);
    expect(refused(await get("/v1/sign-ins?cursor=x", { as: one.key }))).toBe("400 bad_request");
  });

  it("are removed once they are over", async () => {
    const { key } = await newSeller();
    const { id } = await signedIn(key);
    const rows = async (): Promise<number> =>
      (await env.DB.prepare("SELECT id FROM sign_ins WHERE id = ?").bind(id).all()).results.length;
    await sweepSignIns(env.DB, Date.now());
    expect(await rows()).toBe(1);
    await sweepSignIns(env.DB, Date.now() + 12 * 3_600_000);
    expect(await rows()).toBe(0);
  });
});

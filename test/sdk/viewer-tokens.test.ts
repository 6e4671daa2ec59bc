// Who the viewer is: one token for all who ask, kept, renewed in time.
import { beforeEach, expect, it, vi } from "vitest";
import { Clock } from "../../src/sdk/clock.ts";
import { ViewerTokens } from "../../src/sdk/viewer-tokens.ts";
import { API, fakeNetwork, fakeStorage, json, jwt, problem, SESSION, type Network } from "./network.ts";

const HOUR_S = 3_600;
let network: Network;
let kept: Map<string, string>;

beforeEach(() => {
  network = fakeNetwork();
  kept = fakeStorage();
  let nth = 0;
  network.answer = () => json({ token: fresh((nth += 1)) }, 201);
});

/** `aheadS`: of the server's clock before the device's. */
function fresh(nth: number, aheadS = 0): string {
  const iat = Math.floor(Date.now() / 1_000) + aheadS;
  return jwt({ sub: `vwr_${nth}`, iat, exp: iat + 12 * HOUR_S });
}

function tokensOf(host?: () => Promise<string>): ViewerTokens {
  return new ViewerTokens({ api: API, host, clock: new Clock(Date.now) });
}

it("is got once, however many ask", async () => {
  const tokens = tokensOf();
  const [one, other] = await Promise.all([tokens.token(), tokens.token()]);
  expect(one).toBe(other);
  expect(await tokens.token()).toBe(one);
  expect(network.requests).toMatchObject([{ method: "POST", path: "/v1/viewers" }]);
});

it("is one for all sessions of a page that ask at the same time", async () => {
  const [one, other] = await Promise.all([tokensOf().token(), tokensOf().token()]);
  expect(one).toBe(other);
  expect(await tokensOf().token()).toBe(one);
});

it("is kept for the next page", async () => {
  const first = await tokensOf().token();
  expect(await tokensOf().token()).toBe(first);
  expect(network.requests).toHaveLength(1);
});

it("is renewed some minutes before it runs out", async () => {
  const tokens = tokensOf();
  const first = await tokens.token();
  vi.setSystemTime(Date.now() + (12 * HOUR_S - 301) * 1_000);
  expect(await tokens.token()).toBe(first);
  vi.setSystemTime(Date.now() + 2_000);
  expect(await tokens.token()).not.toBe(first);
});

it("is not renewed by a device whose clock is a day ahead", async () => {
  network.answer = () => json({ token: fresh(1, -24 * HOUR_S) }, 201);
  const tokens = tokensOf();
  expect(await tokens.token()).toBe(await tokens.token());
  expect(network.requests).toHaveLength(1);
});

it("is forgotten when the server does not know it", async () => {
  const tokens = tokensOf();
  const first = await tokens.token();
  tokens.reject("another");
  expect(await tokens.token()).toBe(first);
  tokens.reject(first);
  expect(await tokens.token()).not.toBe(first);
});

it("does without storage", async () => {
  vi.stubGlobal("localStorage", {
    getItem: () => "not a token",
    setItem: () => {
      throw new Error("full");
    },
  });
  // What is no JWT is as good as the server says.
  expect(await tokensOf().token()).toBe("not a token");
  vi.stubGlobal("localStorage", undefined);
  expect(await tokensOf().token()).toContain("e30.");
});

it("is the page's own where the page gives one, and is not kept", async () => {
  const own = fresh(9);
  expect(await tokensOf(() => Promise.resolve(own)).token()).toBe(own);
  expect(kept.size).toBe(0);
  expect(network.requests).toEqual([]);
  const failing = tokensOf(() => Promise.reject(new Error("signed out")));
  await expect(failing.token()).rejects.toMatchObject({ code: "unauthenticated", message: "signed out" });
});

it("is refused with the server's code, and asked for again next time", async () => {
  network.answer = () => problem("rate_limited", 429, { "Retry-After": "3" });
  const tokens = tokensOf();
  await expect(tokens.token()).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 3_000 });
  network.answer = () => json({ token: fresh(1) }, 201);
  expect(await tokens.token()).toBe(fresh(1));
});

it("says what credit it grants in a session", async () => {
  const credit = { session: SESSION, amount: { amount: 500, currency: "USD" } };
  const tokens = tokensOf(() => Promise.resolve(jwt({ credit })));
  await tokens.token();
  expect(tokens.credit(SESSION)).toBe(500);
  expect(tokens.credit("ses_other")).toBe(0);
});

/** Rate limits: told in headers, strict for one viewer, wide for one address. */
import { describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { newDrop, newViewer, PLATFORM, post, refused } from "./client.ts";

const window = LIMITS.rateWindowMs / 1_000;

describe("a viewer", () => {
  it("may ask for so many tokens in a window, and is told how many are left", async () => {
    const drop = await newDrop(1);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const path = `${drop.at}/offers/${drop.offer}/tokens`;
    const start = Math.ceil(Date.now() / LIMITS.rateWindowMs) * LIMITS.rateWindowMs;
    vi.useFakeTimers({ now: start, toFake: ["Date"] });
    const first = await post(path, { as: ana.token });
    expect(first.headers.get("RateLimit-Policy")).toBe(`"tokens";q=${LIMITS.tokensPerWindow};w=${window}`);
    expect(first.headers.get("RateLimit")).toBe(`"tokens";r=${LIMITS.tokensPerWindow - 1};t=${window}`);
    const more = Array.from({ length: LIMITS.tokensPerWindow - 1 }, () => post(path, { as: ana.token }));
    for (const { status } of await Promise.all(more)) expect(status).toBe(201);
    const last = await post(path, { as: ana.token });
    expect([refused(last), last.headers.get("Retry-After"), last.headers.get("RateLimit")]).toEqual([
      "429 rate_limited",
      String(window),
      `"tokens";r=0;t=${window}`,
    ]);
    expect((await post(path, { as: ben.token })).status).toBe(201);
    vi.setSystemTime(start + LIMITS.rateWindowMs);
    expect((await post(path, { as: ana.token })).status).toBe(201);
    vi.useRealTimers();
  });
});

describe("an address", () => {
  const from = (address: string, as?: string): ReturnType<typeof post> =>
    post("/v1/viewers", { as, headers: { "CF-Connecting-IP": address } });

  it("may have so many viewers made; a developer's machine and the platform are exempt", async () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    const [first] = await Promise.all(
      Array.from({ length: LIMITS.viewersPerWindow }, () => from("203.0.113.7")),
    );
    expect(first?.headers.get("RateLimit-Policy")).toBe(`"viewers";q=${LIMITS.viewersPerWindow};w=${window}`);
    expect(refused(await from("203.0.113.7"))).toBe("429 rate_limited");
    expect((await from("203.0.113.8")).status).toBe(201);
    expect((await from("203.0.113.7", PLATFORM)).status).toBe(201);
    for (const local of ["127.0.0.1", "::1"]) {
      const { status, headers } = await from(local);
      expect([status, headers.get("RateLimit")]).toEqual([201, null]);
    }
    vi.useRealTimers();
  });
});

/** The picture that everybody may see: how old it may be, what it costs, and when to ask again. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import type { SessionFace } from "../../src/domain/picture.ts";
import { pollAgainS } from "../../src/edge/polling.ts";
import { staticOffer } from "../../src/wire/sessions.ts";
import { CONSENT, usd } from "../domain/shop.ts";
import { Isolate, OFFER, PlayedSession } from "./places.ts";

let here: Isolate;
let there: Isolate;

beforeAll(async () => {
  here = new Isolate();
  there = await Isolate.another();
});

const SECOND = 1_000;
const T0 = Date.UTC(2026, 10, 27, 18);

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

beforeEach(() => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a closed offer is not shown as open a second later", () => {
  it("from the memory of an isolate that has not heard of it", async () => {
    const session = new PlayedSession();
    expect((await here.ask(session)).offer).toBe("open");
    session.shop.close(OFFER);
    pass(SECOND);
    expect((await here.ask(session)).offer).toBe("closed");
  });

  it("from a cache that another isolate filled a moment before", async () => {
    const session = new PlayedSession();
    await there.ask(session);
    session.shop.close(OFFER);
    pass(LIMITS.pictureStaleMs - 1);
    expect((await here.ask(session)).offer).toBe("open");
    pass(SECOND - LIMITS.pictureStaleMs + 1);
    expect((await here.ask(session)).offer).toBe("closed");
    expect((await there.ask(session)).offer).toBe("closed");
  });

  it("at once where it was closed through this isolate, whatever the cache has", async () => {
    const session = new PlayedSession();
    await here.ask(session);
    session.shop.close(OFFER);
    await here.dropPicture(session);
    expect((await here.ask(session)).offer).toBe("closed");
  });

  it("because somebody asked before it was closed, and others waited for that answer", async () => {
    const session = new PlayedSession();
    session.back = async () => {
      session.back = async () => undefined;
      session.shop.close(OFFER);
      await here.dropPicture(session);
      pass(SECOND);
    };
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => here.ask(session)));
    expect(first?.offer ?? first?.status).toBe(503);
    for (const { offer } of others) expect(offer).toBe("closed");
  });

  it("because the answer took long; but one that waited for its turn is as good as any", async () => {
    const session = new PlayedSession();
    session.back = async () => pass(SECOND);
    const late = await here.ask(session);
    expect([late.status, late.headers.get("Retry-After"), late.json.code]).toEqual([503, "1", "overloaded"]);
    session.back = async () => undefined;
    session.there = async () => pass(3 * SECOND);
    pass(SECOND);
    expect((await here.ask(session)).offer).toBe("open");
  });

  it("whatever happens in which order, wherever it is asked for", async () => {
    let seed = 20_261_127;
    const below = (most: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * most);
    };
    const session = new PlayedSession();
    /** When the offer began to be so. */
    const history = [{ atMs: T0, status: "open" }];
    const statuses = new Set<string | undefined>();
    let refused = 0;
    for (let step = 0; step < 250; step++) {
      pass(below(600));
      const by = [here, there][below(2)]!;
      const toggled = below(4);
      if (toggled === 0) {
        const status = history.at(-1)?.status === "open" ? "closed" : "open";
        if (status === "open") session.shop.open(OFFER);
        else session.shop.close(OFFER);
        history.push({ atMs: Date.now(), status });
        if (below(2) === 0) await by.dropPicture(session);
        continue;
      }
      const isSlow = below(5) === 0;
      session.there = async () => pass(isSlow ? below(2_000) : below(20));
      session.back = async () => pass(isSlow ? below(2_000) : below(20));
      const seen = await by.ask(session);
      if (seen.status === 503) {
        refused += 1;
        pass(SECOND);
        continue;
      }
      const sinceMs = seen.atMs - SECOND;
      const standing = history.filter(
        ({ atMs }, at) => (history[at + 1]?.atMs ?? Infinity) > sinceMs && atMs <= seen.atMs,
      );
      statuses.add(seen.offer);
      expect(standing.map(({ status }) => status)).toContain(seen.offer);
    }
    expect(statuses).toEqual(new Set(["closed", "open"]));
    expect(refused).toBeLessThan(25);
  });
});

describe("asking the session", () => {
  it("is done once for a hundred who come at once", async () => {
    const session = new PlayedSession();
    session.there = () => scheduler.wait(30);
    const seen = await Promise.all(Array.from({ length: 100 }, () => here.ask(session)));
    expect(new Set(seen.map(({ offer }) => offer))).toEqual(new Set(["open"]));
    expect(session.calls).toBe(1);
  });

  it("is done by one isolate for the others of its data centre, and before anybody must wait", async () => {
    const session = new PlayedSession();
    await here.ask(session);
    await there.ask(session);
    expect(session.calls).toBe(1);
    pass(LIMITS.pictureStaleMs / 2);
    session.shop.close(OFFER);
    expect((await here.ask(session)).offer).toBe("open");
    expect([session.calls, (await here.ask(session)).offer]).toEqual([2, "closed"]);
    expect([(await there.ask(session)).offer, (await there.ask(session)).offer]).toEqual(["open", "closed"]);
    expect(session.calls).toBe(2);
  });

  it("in vain is told to all who wait, and to those who come in the same moment", async () => {
    const session = new PlayedSession();
    session.there = async () => {
      await scheduler.wait(10);
      throw Object.assign(new Error("busy"), { overloaded: true });
    };
    const seen = await Promise.all(Array.from({ length: 20 }, () => here.ask(session)));
    seen.push(await here.ask(session));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([503]));
    expect(session.calls).toBe(1);
    session.there = async () => undefined;
    pass(LIMITS.pictureRecheckMs + 1);
    expect((await here.ask(session)).offer).toBe("open");
  });
});

describe("an answer from memory", () => {
  it("is the long way's, header by header, whole or unchanged", async () => {
    const session = new PlayedSession();
    const route = vi.spyOn(here.app.router, "match");
    const tag = (await here.ask(session)).headers.get("ETag")!;
    await here.ask(session, { headers: { "If-None-Match": tag } });
    for (const headers of [{}, { "If-None-Match": tag }, { "If-None-Match": '"x", *' }]) {
      const long = await here.ask(session, { headers: { ...headers, "X-Request-Id": "mine" } });
      route.mockClear();
      const short = await here.ask(session, { headers });
      expect(route).not.toHaveBeenCalled();
      expect([short.status, short.json]).toEqual([long.status, long.json]);
      expect(shape(short.headers)).toEqual(shape(long.headers));
      expect(short.headers.get("X-Request-Id")).toMatch(/^req_[0-9a-f]{32}$/);
      expect(long.headers.get("X-Request-Id")).toBe("mine");
    }
    const ids = await Promise.all(Array.from({ length: 50 }, () => here.ask(session)));
    expect(new Set(ids.map(({ headers }) => headers.get("X-Request-Id")))).toHaveProperty("size", 50);
  });

  it("is not for those who send credentials, and says nothing of what does not hold", async () => {
    const session = new PlayedSession();
    await here.ask(session);
    expect((await here.ask(session, { headers: { Authorization: "Bearer x" } })).status).toBe(401);
    const head = await here.ask(session, { method: "HEAD" });
    expect([head.status, head.json]).toEqual([200, undefined]);
    expect(head.headers.get("ETag")).toBe((await here.ask(session)).headers.get("ETag"));
  });
});

/** All headers, but for the digits and the id that are of one request. */
function shape(headers: Headers): object {
  const all = Object.fromEntries(headers);
  all["server-timing"] = String(all["server-timing"]).replaceAll(/\d+/g, "0");
  return { ...all, "x-request-id": typeof all["x-request-id"] };
}

describe("whoever asks again", () => {
  it("is kept by no cache past its word, and tagged by content", async () => {
    const session = new PlayedSession();
    const first = await here.ask(session);
    expect(first.headers.get("Cache-Control")).toBe("public, no-cache");
    const tag = first.headers.get("ETag")!;
    const same = await here.ask(session, { headers: { "If-None-Match": `"x", ${tag}` } });
    expect([same.status, same.headers.get("ETag"), same.headers.get("Retry-After")]).toEqual([304, tag, "2"]);
    session.shop.close(OFFER);
    pass(SECOND);
    const changed = await here.ask(session, { headers: { "If-None-Match": tag } });
    expect([changed.status, changed.offer]).toEqual([200, "closed"]);
  });

  it("of a session that is over may keep it, and need not come back", async () => {
    const session = new PlayedSession();
    session.shop.move("end");
    const over = await here.ask(session);
    const { pictureOverMs } = LIMITS;
    expect(over.headers.get("Cache-Control")).toBe(`public, max-age=${pictureOverMs / SECOND}`);
    expect(over.headers.get("Retry-After")).toBeNull();
    pass(pictureOverMs / 2 - 1);
    await here.ask(session);
    expect(session.calls).toBe(1);
  });

  it("is told when: sooner the nearer the start, later the larger the audience, never when it is over", () => {
    const face = (over: Partial<SessionFace>): SessionFace => ({
      status: "live",
      title: "Friday drop",
      currency: "USD",
      seller: "sel_1",
      defaultZone: "main",
      ...over,
    });
    const scheduled = (inMs: number): SessionFace => face({ status: "scheduled", scheduledAtMs: T0 + inMs });
    const told = (session: SessionFace, audience = 10) => pollAgainS(session, audience, T0);
    expect([0, 10_000, 15_000, 10_000_000].map((audience) => told(face({}), audience))).toEqual([
      2, 2, 3, 10,
    ]);
    expect(told(face({ status: "paused" }))).toBe(2);
    expect([3_600_000, 120_000, 20_000, 1_000, -60_000].map((ms) => told(scheduled(ms)))).toEqual([
      60, 30, 5, 2, 2,
    ]);
    expect([
      told(face({ status: "draft" })),
      told(face({ status: "ended" })),
      told(face({ status: "cancelled" })),
    ]).toEqual([60, undefined, undefined]);
  });
});

describe("an offer without scripts", () => {
  const path = `/offers/${OFFER}`;
  const page = { path, headers: { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

  it("is data with a cursor, as fresh as the picture", async () => {
    const session = new PlayedSession();
    const whole = await here.ask(session);
    const one = await here.ask(session, { path });
    const { id, cursor, session: face } = whole.json;
    expect(one.json).toEqual({ id, cursor, session: face, offer: whole.json.offers[OFFER] });
    expect(staticOffer.parse(one.json)).toEqual(one.json);
    const same = { path, headers: { "If-None-Match": one.headers.get("ETag")! } };
    expect((await here.ask(session, same)).status).toBe(304);
    session.shop.close(OFFER);
    pass(SECOND);
    const changed = await here.ask(session, same);
    expect([changed.status, changed.json.offer.status]).toEqual([200, "closed"]);
    const none = await here.ask(session, { path: "/offers/ofr_01jd3m5n8yfx0t2qv4w6z9r1zz" });
    expect([none.status, none.json.code]).toEqual([404, "offer_not_found"]);
  });

  it("is a page for frames of any site, with nothing on it that could act", async () => {
    const session = new PlayedSession({
      title: '<script>alert(1)</script> & "Tee"',
      image: 'https://shop.example/tee.jpg"><script>',
      price: { headline: usd(3_000), drop: { price: usd(2_550), funder: "seller" } },
    });
    const shown = await here.ask(session, page);
    expect(shown.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(shown.text).not.toMatch(/<script|<form|<iframe|\son\w+=/);
    expect(shown.text.match(/<a href="[^"]*"/g)).toEqual(['<a href="?"', '<a href="?renew=auto"']);
    expect(shown.text).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Tee&quot;</h1>");
    expect(shown.text).toContain(`src="/v1/sessions/${session.id}/offers/${OFFER}/image"`);
    expect(shown.text).toContain('<html lang="en">');
    expect(shown.text).toMatch(/\$25\.50[^]*was <s>\$30\.00[^]*3 left/);
    const policy = shown.headers.get("Content-Security-Policy");
    expect(policy).toMatch(
      /^default-src 'none'; img-src 'self'; style-src 'sha256-[\w+/=]+'; .*frame-ancestors \*$/,
    );
    expect(shown.headers.get("Vary")).toBe("Accept");
    const tag = shown.headers.get("ETag")!;
    expect(tag).not.toBe((await here.ask(session, { path })).headers.get("ETag"));
    const same = await here.ask(session, { path, headers: { ...page.headers, "If-None-Match": tag } });
    expect([same.status, same.headers.get("Content-Security-Policy")]).toEqual([304, policy]);
  });

  it("loads itself again where that is asked for, and can be told to stop", async () => {
    const session = new PlayedSession();
    const [still, renewing] = [
      await here.ask(session, page),
      await here.ask(session, { ...page, path: `${path}?renew=auto` }),
    ];
    expect(still.text).not.toContain("http-equiv");
    expect(renewing.text).toMatch(/http-equiv="refresh" content="2"[^]*<a href="\?">Stop</);
    const odd = await here.ask(session, { ...page, path: `${path}?renew=never` });
    expect([odd.status, odd.json.code]).toEqual([400, "bad_request"]);
  });

  it("says in words how it stands, and rests when it is over", async () => {
    const stood = async (act: (session: PlayedSession) => void, terms = {}): Promise<string | undefined> => {
      const session = new PlayedSession(terms);
      act(session);
      return /class="state">([^<]*)</.exec((await here.ask(session, page)).text)?.[1];
    };
    expect(await stood(() => undefined)).toBe("3 left");
    expect(await stood(({ shop }) => shop.allocate("tee", 0))).toBe("Sold out");
    expect(await stood(({ shop }) => shop.allocate("tee", 0), { backorder: CONSENT })).toBe(
      "Sold out; there is a waitlist",
    );
    expect(await stood(({ shop }) => shop.close(OFFER))).toBe("Closed");
    expect(await stood(({ shop }) => shop.withdraw(OFFER))).toBe("Withdrawn");
    expect(await stood(({ shop }) => shop.move("pause"))).toBe("Paused for a moment");
    const opensAtMs = Date.UTC(2026, 10, 28, 9, 30);
    expect(await stood(() => undefined, { opensAtMs })).toMatch(
      /^Opens on November 28, 2026 at 9:30\sAM UTC$/,
    );
    const session = new PlayedSession();
    session.shop.move("end");
    const over = await here.ask(session, page);
    expect(over.text).toContain("This drop is over");
    expect(over.text).not.toContain("http-equiv");
  });
});

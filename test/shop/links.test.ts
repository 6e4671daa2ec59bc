/** Links: where they lead, what is no click, and what is published of them. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { addressOf, withClick } from "../../src/shop/links/address.ts";
import { isPreview } from "../../src/shop/links/previews.ts";
import { findPublished, publish, withdraw } from "../../src/shop/links/published.ts";
import { archiveLink, createLink, type NewLink } from "../../src/shop/links/store.ts";
import { newId } from "../../src/shop/rows.ts";
import * as wire from "../../src/wire/links.ts";
import { aCreator, aSeller, NOW_MS } from "./people.ts";

const ORIGIN = "https://live.example";
const ASKED = wire.createLink.parse({ target: { url: "https://shop.example/" } });

describe("a link's address", () => {
  const to = (url: string, over: object = {}): string =>
    addressOf({ target: { url }, utm: {}, ...over }, ORIGIN);

  it("has the UTM fields and the coupon, and keeps the target's query as it is", () => {
    const utm = { source: "maya", campaign: "autumn & winter" };
    expect(to("https://shop.example/p?sig=a%20b+c&x#top", { utm, coupon: "MAYA10" })).toBe(
      "https://shop.example/p?sig=a%20b+c&x&utm_source=maya&utm_campaign=autumn%20%26%20winter&dropcast_code=MAYA10#top",
    );
    expect(to("https://shop.example/")).toBe("https://shop.example/");
  });

  it("says what the link says where the target says otherwise", () => {
    expect(to("https://shop.example/?utm_source=x&utm_source=y", { utm: { source: "maya" } })).toBe(
      "https://shop.example/?utm_source=maya",
    );
  });

  it("of a session is its page here", () => {
    const target = { session: "ses_1" as const };
    expect(addressOf({ target, utm: { source: "maya" }, coupon: "MAYA10" }, ORIGIN)).toBe(
      `${ORIGIN}/demo?session=ses_1&code=MAYA10&utm_source=maya`,
    );
  });

  it("carries one click, the last", () => {
    expect(withClick("https://shop.example/?dropcast_click=old&a=1#x", "a.b-_.c")).toBe(
      "https://shop.example/?dropcast_click=a.b-_.c&a=1#x",
    );
  });
});

describe("a target", () => {
  const accepts = (url: string): boolean =>
    wire.createLink.safeParse({ target: { url } } satisfies Record<string, unknown>).success;

  it("is https, or http on this machine", () => {
    const good = [
      "https://shop.example/p",
      "HTTPS://shop.example",
      "http://localhost:5173/",
      "http://127.0.0.1:8787/x",
      "http://[::1]/",
      "http://shop.localhost/",
    ];
    for (const url of good) expect(accepts(url), url).toBe(true);
  });

  it("is nothing that runs, hides its host or goes unencrypted", () => {
    const bad = [
      "http://shop.example/",
      "http://localhost.evil.example/",
      "http://127.0.0.1.evil.example/",
      "http://10.0.0.1/",
      "javascript:alert(1)",
      " javascript:alert(1)",
      "java\nscript:alert(1)",
      "data:text/html,x",
      "blob:https://shop.example/x",
      "ftp://shop.example/",
      "//shop.example",
      "/p",
      "https://user@shop.example/",
      "https://shop.example:pw@evil.example/",
      "https://",
      "",
      `https://shop.example/${"x".repeat(LIMITS.urlChars)}`,
    ];
    for (const url of bad) expect(accepts(url), url).toBe(false);
  });
});

describe("no click is", () => {
  const asks = (headers: Record<string, string>): boolean => isPreview(new Headers(headers));

  it("a machine that makes a preview", () => {
    const machines = [
      "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
      "Twitterbot/1.0",
      "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
      "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
      "TelegramBot (like TwitterBot)",
      "WhatsApp/2.23.20.0",
      "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    ];
    for (const agent of machines) expect(asks({ "User-Agent": agent }), agent).toBe(true);
  });

  it("a browser that loads ahead", () => {
    expect(asks({ "Sec-Purpose": "prefetch;prerender" })).toBe(true);
    expect(asks({ Purpose: "prefetch" })).toBe(true);
    expect(asks({ "X-Moz": "prefetch" })).toBe(true);
  });

  it("a page that loads it as a part of itself", () => {
    for (const part of ["image", "iframe", "empty", "script"]) {
      expect(asks({ "Sec-Fetch-Dest": part }), part).toBe(true);
    }
    expect(asks({ "Sec-Fetch-Dest": "document" })).toBe(false);
  });

  it("but a person is one, in an app too", () => {
    const people = [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]",
      "Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    ];
    for (const agent of people) expect(asks({ "User-Agent": agent }), agent).toBe(false);
  });
});

describe("a link in KV", () => {
  it("is found under its code, forgotten when withdrawn, and remembered for seconds", async () => {
    const { id: creator } = await aCreator();
    const input: NewLink = { ...ASKED, creator };
    const made = await createLink(env.DB, input, NOW_MS, newId("lnk"));
    if (!made.ok) throw new Error(made.detail);
    const { id, code } = made.value;
    expect(code).toMatch(/^[0-9a-z]{7}$/);
    expect(await findPublished(env.LINKS, code, NOW_MS)).toBeUndefined();
    await publish(env.LINKS, made.value, ORIGIN);
    const found = { link: id, creator, address: "https://shop.example/" };
    expect(await findPublished(env.LINKS, code, NOW_MS)).toEqual(found);
    await env.LINKS.delete(code);
    const over = NOW_MS + LIMITS.linkRememberedMs;
    expect(await findPublished(env.LINKS, code, over - 1)).toEqual(found);
    expect(await findPublished(env.LINKS, code, over)).toBeUndefined();
    await publish(env.LINKS, made.value, ORIGIN);
    expect(await findPublished(env.LINKS, code, over)).toEqual(found);
    await withdraw(env.LINKS, code);
    expect(await findPublished(env.LINKS, code, over)).toBeUndefined();
  });

  it("leads on as it is remembered while KV does not answer", async () => {
    const { id: creator } = await aCreator();
    const made = await createLink(env.DB, { ...ASKED, creator }, NOW_MS, newId("lnk"));
    if (!made.ok) throw new Error(made.detail);
    const { code } = made.value;
    await publish(env.LINKS, made.value, ORIGIN);
    const found = await findPublished(env.LINKS, code, NOW_MS);
    const down = new Proxy(env.LINKS, {
      get: () => async () => {
        throw new Error("no KV");
      },
    });
    const said = vi.spyOn(console, "error").mockReturnValue();
    const over = NOW_MS + LIMITS.linkRememberedMs;
    expect(await findPublished(down, code, over)).toEqual(found);
    expect(said).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("link_not_read"));
    // Asked again after as long, not at once; and found gone when KV is back.
    expect(await findPublished(down, code, over + 1)).toEqual(found);
    expect(said).toHaveBeenCalledOnce();
    said.mockRestore();
    await expect(findPublished(down, "nobodys-code", over)).rejects.toThrow("no KV");
    await env.LINKS.delete(code);
    expect(await findPublished(env.LINKS, code, over + LIMITS.linkRememberedMs)).toBeUndefined();
  });

  it("made again by its id is the same link, archived once", async () => {
    const { id: creator } = await aCreator();
    const id = newId("lnk");
    const input: NewLink = { ...ASKED, creator };
    const made = await Promise.all([1, 2, 3].map(() => createLink(env.DB, input, NOW_MS, id)));
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
    const archived = await archiveLink(env.DB, id, NOW_MS + 1);
    expect(archived).toMatchObject({ ok: true, value: { archivedAtMs: NOW_MS + 1 } });
    expect(await archiveLink(env.DB, id, NOW_MS + 2)).toEqual(archived);
    expect(await archiveLink(env.DB, newId("lnk"), NOW_MS)).toMatchObject({ code: "not_found" });
  });

  it("made by one who has enough of them is none, but for another seller", async () => {
    const { id: creator } = await aCreator();
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO links (id, code, creator, url, utm, created_at_ms)
       SELECT 'lnk_full' || i, 'full-' || i, ?1, 'https://shop.example/', '{}', 0 FROM n`,
    )
      .bind(creator, LIMITS.linksPerCreator)
      .run();
    const input: NewLink = { ...ASKED, creator };
    expect(await createLink(env.DB, input, NOW_MS, newId("lnk"))).toMatchObject({ code: "limit_reached" });
    const { id: seller } = await aSeller();
    expect(await createLink(env.DB, { ...input, seller }, NOW_MS, newId("lnk"))).toMatchObject({ ok: true });
  });
});

/** Offer and viewer tokens: one spelling, one key, one viewer, one session; keys that rotate by time. */
import { decodeJwt, decodeProtectedHeader, SignJWT, importJWK, jwtVerify, createLocalJWKSet } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../scripts/keys.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { priceOf } from "../../src/domain/pricing.ts";
import { loadKeys, publicKeySet, signingKey, type KeyRing } from "../../src/token/keys.ts";
import { issueOfferToken, verifyOfferToken, type OfferClaims } from "../../src/token/offer-token.ts";
import { issueViewerToken, verifyViewerToken } from "../../src/token/viewer-token.ts";
import { priced, T0 } from "../domain/shop.ts";

const id = <P extends string>(prefix: P, end: string): `${P}_${string}` =>
  `${prefix}_${end.padStart(26, "0")}`;
const SESSION = id("ses", "1");
const VIEWER = id("vwr", "1");
const HERE = { session: SESSION, viewer: VIEWER };
const PROMISE: Omit<OfferClaims, "expiresAtMs"> = {
  token: id("tok", "1"),
  session: SESSION,
  offer: id("ofr", "1"),
  viewer: VIEWER,
  priceVersion: 3,
  price: priceOf(priced(2_000)),
  quantity: 2,
  creditLimit: 500,
  priority: 1,
};

let ring: KeyRing;
let token: string;
let key: Awaited<ReturnType<typeof newSigningKey>>;

beforeAll(async () => {
  key = await newSigningKey(new Date(0));
  ring = await loadKeys(JSON.stringify([key]));
  ({ token } = await issueOfferToken(ring, PROMISE, T0));
});

function flip(text: string, at: number): string {
  const next = text[at] === "A" ? "B" : "A";
  return text.slice(0, at) + next + text.slice(at + 1);
}

describe("an offer token", () => {
  it("says what was promised, and for how long", async () => {
    const verified = await verifyOfferToken(ring, token, HERE, T0);
    expect(verified).toEqual({ ok: true, claims: { ...PROMISE, expiresAtMs: T0 + LIMITS.offerTokenMs } });
    expect(decodeProtectedHeader(token)).toEqual({ alg: "Ed25519", typ: "offer+jwt", kid: key.kid });
  });

  it("changed in any one character buys nothing", async () => {
    for (let at = 0; at < token.length; at++) {
      const verified = await verifyOfferToken(ring, flip(token, at), HERE, T0);
      expect(verified.ok, `character ${at}`).toBe(false);
    }
  });

  it("can be verified by anyone with the published keys", async () => {
    const { payload } = await jwtVerify(token, createLocalJWKSet(publicKeySet(ring, T0)), {
      currentDate: new Date(T0),
    });
    expect(payload).toMatchObject({ iss: "dropcast", aud: SESSION, sub: VIEWER });
  });

  it.each([
    ["a space before", (t: string) => ` ${t}`],
    ["a line break after", (t: string) => `${t}\n`],
    ["padding", (t: string) => `${t}==`],
    ["a part too many", (t: string) => `${t}.e30`],
    ["a part too few", (t: string) => t.slice(0, t.lastIndexOf("."))],
    ["the other alphabet", (t: string) => t.replace(/.$/, "+")],
    ["nothing", () => ""],
    ["too many characters", (t: string) => t.padEnd(LIMITS.tokenBytes + 1, "A")],
  ])("with %s is malformed", async (_, spell) => {
    expect(await verifyOfferToken(ring, spell(token), HERE, T0)).toEqual({
      ok: false,
      fault: "token_malformed",
    });
  });

  it("spelt with other unused bits in its last character is malformed, though JOSE would take it", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(token.at(-1)!);
    const respelt = token.slice(0, -1) + alphabet[last + 1]!;
    await expect(
      jwtVerify(respelt, signingKey(ring, T0).publicKey, { currentDate: new Date(T0) }),
    ).resolves.toBeDefined();
    expect(await verifyOfferToken(ring, respelt, HERE, T0)).toEqual({ ok: false, fault: "token_malformed" });
  });

  it("of another session or viewer is refused with its own code", async () => {
    expect(await verifyOfferToken(ring, token, { ...HERE, session: id("ses", "2") }, T0)).toEqual({
      ok: false,
      fault: "token_session_mismatch",
    });
    expect(await verifyOfferToken(ring, token, { ...HERE, viewer: id("vwr", "2") }, T0)).toEqual({
      ok: false,
      fault: "token_viewer_mismatch",
    });
  });

  it("past its time still yields its claims, expiry among them: the session refuses it", async () => {
    const verified = await verifyOfferToken(ring, token, HERE, T0 + LIMITS.offerTokenMs + 1);
    expect(verified).toMatchObject({ ok: true, claims: { expiresAtMs: T0 + LIMITS.offerTokenMs } });
  });

  it("from the future is malformed", async () => {
    const verified = await verifyOfferToken(ring, token, HERE, T0 - LIMITS.clockSkewMs - 1_000);
    expect(verified).toEqual({ ok: false, fault: "token_malformed" });
  });

  it("of an unknown key, of no algorithm, or of another type is refused", async () => {
    const stranger = await loadKeys(JSON.stringify([await newSigningKey(new Date(0))]));
    const { token: foreign } = await issueOfferToken(stranger, PROMISE, T0);
    expect(await verifyOfferToken(ring, foreign, HERE, T0)).toEqual({
      ok: false,
      fault: "token_key_unknown",
    });
    const { token: viewerToken } = await issueViewerToken(ring, { viewer: VIEWER, priority: 0 }, T0);
    expect(await verifyOfferToken(ring, viewerToken, HERE, T0)).toEqual({
      ok: false,
      fault: "token_malformed",
    });
    const none = `${btoa(JSON.stringify({ alg: "none", kid: key.kid, typ: "offer+jwt" })).replace(/=+$/, "")}.${token.split(".")[1]}.AA`;
    expect((await verifyOfferToken(ring, none, HERE, T0)).ok).toBe(false);
  });

  it("signed by our key but with claims of another shape is malformed", async () => {
    const odd = await new SignJWT({ ...decodeJwt(token), price: { total: 1 } })
      .setProtectedHeader({ alg: "Ed25519", typ: "offer+jwt", kid: key.kid })
      .sign(await importJWK(key, "Ed25519"));
    expect(await verifyOfferToken(ring, odd, HERE, T0)).toEqual({ ok: false, fault: "token_malformed" });
  });
});

describe("a viewer token", () => {
  it("names the viewer, and expires", async () => {
    const claims = {
      viewer: VIEWER,
      priority: 2,
      credit: { session: SESSION, amount: { amount: 500, currency: "USD" } },
    };
    const { token: issued, expiresAtMs } = await issueViewerToken(ring, claims, T0);
    expect(await verifyViewerToken(ring, issued, T0)).toEqual({
      ok: true,
      claims: { ...claims, expiresAtMs },
    });
    expect(await verifyViewerToken(ring, issued, expiresAtMs)).toEqual({ ok: false, fault: "token_expired" });
  });
});

describe("rotation", () => {
  const NEXT = T0 + 3_600_000;
  let rotating: KeyRing;
  let next: Awaited<ReturnType<typeof newSigningKey>>;

  beforeAll(async () => {
    next = await newSigningKey(new Date(NEXT));
    rotating = await loadKeys(JSON.stringify([key, next]));
  });

  it("publishes the next key before it is used", () => {
    expect(publicKeySet(rotating, T0).keys.map(({ kid }) => kid)).toEqual([key.kid, next.kid]);
    expect(signingKey(rotating, T0).kid).toBe(key.kid);
    expect(signingKey(rotating, NEXT).kid).toBe(next.kid);
  });

  it("publishes no private part", () => {
    for (const jwk of publicKeySet(rotating, T0).keys) expect(jwk).not.toHaveProperty("d");
  });

  it("honours the old key until the last token it signed has expired, and no longer", async () => {
    const { token: late, expiresAtMs } = await issueViewerToken(
      rotating,
      { viewer: VIEWER, priority: 0 },
      NEXT - 1,
    );
    expect(decodeProtectedHeader(late).kid).toBe(key.kid);
    expect((await verifyViewerToken(rotating, late, expiresAtMs - 1)).ok).toBe(true);
    const over = NEXT + LIMITS.viewerTokenMs + LIMITS.clockSkewMs;
    expect(await verifyViewerToken(rotating, late, over)).toEqual({ ok: false, fault: "token_key_unknown" });
    expect(publicKeySet(rotating, over).keys.map(({ kid }) => kid)).toEqual([next.kid]);
  });
});

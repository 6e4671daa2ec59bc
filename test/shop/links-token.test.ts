/** Click tokens: what they say, how long they hold, and what cannot stand in for one. */
import { decodeProtectedHeader } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../scripts/keys.ts";
import type { Click } from "../../src/domain/attribution.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { CLICK_TOKEN_MS, signClickToken, verifyClickToken } from "../../src/token/click-token.ts";
import { loadKeys, type KeyRing } from "../../src/token/keys.ts";
import { issueViewerToken, verifyViewerToken } from "../../src/token/viewer-token.ts";
import { newId } from "../../src/shop/rows.ts";
import { NOW_MS } from "./people.ts";

const CLICK: Click = { click: newId("clk"), link: newId("lnk"), creator: newId("cre"), atMs: NOW_MS };

let key: Awaited<ReturnType<typeof newSigningKey>>;
let ring: KeyRing;
let token: string;

beforeAll(async () => {
  key = await newSigningKey(new Date(0));
  ring = await loadKeys(JSON.stringify([key]));
  token = await signClickToken(ring, CLICK);
});

describe("a click token", () => {
  it("says whose link was clicked, and when, in less than an address can carry", async () => {
    expect(await verifyClickToken(ring, token, NOW_MS)).toEqual({ ok: true, claims: CLICK });
    expect(decodeProtectedHeader(token)).toEqual({ alg: "Ed25519", typ: "click+jwt", kid: key.kid });
    expect(token.length).toBeLessThan(512);
  });

  it("holds for a month, and not before it was made", async () => {
    const ends = NOW_MS + CLICK_TOKEN_MS;
    expect(await verifyClickToken(ring, token, ends - 1_000)).toMatchObject({ ok: true });
    expect(await verifyClickToken(ring, token, ends)).toEqual({ ok: false, fault: "token_expired" });
    const before = NOW_MS - LIMITS.clockSkewMs;
    expect(await verifyClickToken(ring, token, before)).toMatchObject({ ok: true });
    expect(await verifyClickToken(ring, token, before - 1)).toEqual({ ok: false, fault: "token_malformed" });
  });

  it("holds on when its key signs no more, as long as it lives, and no longer", async () => {
    const next = await newSigningKey(new Date(NOW_MS + 1_000));
    const rotated = await loadKeys(JSON.stringify([key, next]));
    expect(await verifyClickToken(rotated, token, NOW_MS + CLICK_TOKEN_MS - 1_000)).toMatchObject({
      ok: true,
    });
    const gone = NOW_MS + 1_000 + CLICK_TOKEN_MS + LIMITS.clockSkewMs;
    expect(await verifyClickToken(rotated, token, gone)).toEqual({ ok: false, fault: "token_key_unknown" });
    const other = await loadKeys(JSON.stringify([next]));
    expect(await verifyClickToken(other, token, NOW_MS)).toEqual({ ok: false, fault: "token_key_unknown" });
  });

  it("has one spelling, and no other signature", async () => {
    const [head = "", claims = "", signature = ""] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ sub: CLICK.creator })).toString("base64url");
    const bad = [`${head}.${forged}.${signature}`, `${head}.${claims}.${"A".repeat(86)}`];
    for (const odd of bad) {
      expect(await verifyClickToken(ring, odd, NOW_MS)).toEqual({
        ok: false,
        fault: "token_signature_invalid",
      });
    }
    for (const odd of ["", "a.b.c", `${token}=`, ` ${token}`, `${head}.${claims}`, "x".repeat(9_000)]) {
      const { ok } = await verifyClickToken(ring, odd, NOW_MS);
      expect(ok, odd).toBe(false);
    }
  });

  it("is no viewer's token, nor the other way round", async () => {
    const claims = { viewer: newId("vwr"), priority: 0 };
    const { token: viewer } = await issueViewerToken(ring, claims, NOW_MS);
    expect(await verifyClickToken(ring, viewer, NOW_MS)).toEqual({ ok: false, fault: "token_malformed" });
    expect(await verifyViewerToken(ring, token, NOW_MS)).toEqual({ ok: false, fault: "token_malformed" });
  });
});

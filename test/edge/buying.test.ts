/** Reservations over HTTP: held, extended, given back; and every way in which a token buys nothing. */
import { env } from "cloudflare:workers";
import { SignJWT, importJWK } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { isBeforeTaps } from "../../src/edge/picture-cache.ts";
import { Relay } from "../../src/live/relay.ts";
import { LiveSession } from "../../src/live/session.ts";
import { soon } from "../soon.ts";
import {
  get,
  must,
  newDrop,
  newKey,
  newOffer,
  newShop,
  newToken,
  newViewer,
  patch,
  PLATFORM,
  post,
  refused,
  remove,
  usd,
  type Answer,
  type Drop,
} from "./client.ts";

const reserve = (drop: Drop, as: string, tokens: readonly string[], over: object = {}): Promise<Answer> =>
  post(`${drop.at}/reservations`, { as, body: { items: tokens.map((token) => ({ token })), ...over } });

async function availableIn(drop: Drop): Promise<number> {
  const { data } = await must(get(`${drop.at}/stock?limit=500`, { as: drop.seller.key }));
  return data.find(({ sku }: { sku: string }) => sku === drop.sku).available;
}

afterEach(() => vi.useRealTimers());

describe("a reservation", () => {
  it("is the viewer's, among all they have, and the host's to see; to others it does not exist", async () => {
    const [drop, stranger] = await Promise.all([newDrop(3), newShop()]);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const { status, json, headers } = await reserve(drop, ana.token, [await newToken(drop, ana.token)]);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      shortfall: [],
      reservation: { status: "held", viewer: ana.id, zone: "main" },
    });
    const path = headers.get("Location") ?? "";
    for (const as of [ana.token, drop.seller.key, drop.creator.key, PLATFORM]) {
      expect(await must(get(path, { as }))).toEqual(json.reservation);
    }
    for (const as of [ben.token, stranger.seller.key, stranger.creator.key]) {
      expect(refused(await get(path, { as }))).toBe("404 reservation_not_found");
    }
    expect(refused(await get(path))).toBe("401 unauthenticated");
    const listed = `${drop.at}/purchases`;
    expect(await must(get(listed, { as: ana.token }))).toEqual({
      reservations: [json.reservation],
      orders: [],
    });
    expect(await must(get(listed, { as: ben.token }))).toEqual({ reservations: [], orders: [] });
    expect(refused(await get(listed, { as: drop.seller.key }))).toBe("403 forbidden");
    for (const act of [remove(path, { as: ben.token }), post(`${path}/extend`, { as: ben.token })]) {
      expect(refused(await act)).toBe("404 reservation_not_found");
    }
    const elsewhere = await newDrop(1);
    const moved = path.replace(drop.session, elsewhere.session);
    expect(refused(await get(moved, { as: ana.token }))).toBe("404 reservation_not_found");
  });

  it("is given back once, and giving it back again changes nothing", async () => {
    const drop = await newDrop(1);
    const { token: as } = await newViewer();
    const { reservation } = await must(reserve(drop, as, [await newToken(drop, as)]));
    expect(await availableIn(drop)).toBe(0);
    const path = `${drop.at}/reservations/${reservation.id}`;
    const released = await must(remove(path, { as }));
    expect(released).toMatchObject({ status: "released", releasedBecause: "viewer" });
    expect(await must(remove(path, { as }))).toEqual(released);
    expect(await availableIn(drop)).toBe(1);
    expect(refused(await post(`${path}/extend`, { as }))).toBe("409 reservation_not_held");
  });

  it("is extended so many times", async () => {
    const drop = await newDrop(1, { holdMs: 60_000 });
    const { token: as } = await newViewer();
    const { reservation } = await must(reserve(drop, as, [await newToken(drop, as)]));
    const path = `${drop.at}/reservations/${reservation.id}/extend`;
    const key = newKey();
    const once = await must(post(path, { as, key }));
    expect(await must(post(path, { as, key }))).toEqual(once);
    expect(once).toMatchObject({ extensions: 1 });
    for (let extension = 2; extension <= LIMITS.extensionsPerReservation; extension++) {
      vi.useFakeTimers({ now: Date.now() + 1_000, toFake: ["Date"] });
      await must(post(path, { as }));
    }
    const refusedNow = await post(path, { as });
    expect([refused(refusedNow), refusedNow.json.extensions]).toEqual(["409 extension_refused", 3]);
    expect(refusedNow.json.latestAt).toMatch(/^\d{4}-/);
  });

  it("of two lines for one unit is refused, or held in part when that is asked for", async () => {
    const drop = await newDrop(1);
    const { token: as } = await newViewer();
    const tokens = [await newToken(drop, as), await newToken(drop, as)];
    const none = await reserve(drop, as, tokens);
    expect(refused(none)).toBe("409 out_of_stock");
    expect(none.json.available).toEqual([{ sku: drop.sku, zone: "main", requested: 2, available: 1 }]);
    const part = await must(reserve(drop, as, tokens, { allowPartial: true }));
    expect(part.shortfall).toEqual([{ offer: drop.offer, requested: 1, held: 0 }]);
    expect(part.reservation.units).toEqual([{ sku: drop.sku, zone: "main", quantity: 1 }]);
  });

  it("waits for stock with the seller's consent, and without it does not", async () => {
    const drop = await newDrop(1, { backorder: true });
    const { token: as } = await newViewer();
    await must(reserve(drop, as, [await newToken(drop, as)]));
    const refusal = await reserve(drop, as, [await newToken(drop, as)]);
    expect([refused(refusal), refusal.json.waitlist]).toEqual(["409 out_of_stock", true]);
    const { reservation } = await must(reserve(drop, as, [await newToken(drop, as)], { backorder: true }));
    expect(reservation.status).toBe("backordered");
    await must(post(`${drop.at}/stock`, { as: drop.seller.key, body: { sku: drop.sku, allocated: 2 } }));
    expect((await must(get(`${drop.at}/reservations/${reservation.id}`, { as }))).status).toBe("held");
    const without = await newOffer(drop, 0);
    expect(refused(await post(`${without.at}/offers/${without.offer}/tokens`, { as }))).toBe(
      "409 out_of_stock",
    );
  });

  it("of one unit is won by one of a hundred", async () => {
    const drop = await newDrop(1);
    const crowd = await Promise.all(Array.from({ length: 100 }, () => newViewer()));
    const tokens = await Promise.all(crowd.map(({ token }) => newToken(drop, token)));
    const answers = await Promise.all(
      crowd.map(({ token }, index) => reserve(drop, token, [tokens[index]!])),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const losers = answers.filter(({ status }) => status !== 201).map(refused);
    expect(new Set(losers)).toEqual(new Set(["409 out_of_stock"]));
  });
});

describe("what is sold out", () => {
  it("is refused by the edge, which asks nobody; who bought it is told so again", async () => {
    const drop = await newDrop(1);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const late = [await newToken(drop, ben.token), await newToken(drop, ben.token)];
    const bought = {
      as: ana.token,
      key: newKey(),
      body: { items: [{ token: await newToken(drop, ana.token) }] },
    };
    const { reservation } = await must(post(`${drop.at}/reservations`, bought));
    // Whoever looks after a tap is shown what came of it: the edge knows that it is sold out. Of a picture from the tap's
    // own millisecond it would not know which came first.
    await soon(async () => {
      expect((await get(drop.at)).json.offers[drop.offer].soldOut).toBe(true);
      expect(isBeforeTaps(drop.session as SessionId)).toBe(false);
    });
    const asked = [
      vi.spyOn(Relay.prototype, "tap"),
      vi.spyOn(LiveSession.prototype, "execute"),
      vi.spyOn(LiveSession.prototype, "scarcity"),
    ] as const;
    const shown = {
      available: [{ sku: drop.sku, zone: "main", requested: 1, available: 0 }],
      waitlist: false,
    };
    const reserved = await reserve(drop, ben.token, [late[0]!]);
    const items = [{ token: late[1] }];
    const ordered = await post(`${drop.at}/orders`, {
      as: ben.token,
      body: { items, paymentMethod: "sandbox_success" },
    });
    for (const answer of [reserved, ordered]) {
      expect(refused(answer)).toBe("409 out_of_stock");
      expect(answer.json).toMatchObject(shown);
    }
    for (const call of asked) expect(call).not.toHaveBeenCalled();
    for (const call of asked) call.mockRestore();
    const again = await post(`${drop.at}/reservations`, bought);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.json.reservation).toEqual(reservation);
    expect((await remove(`${drop.at}/reservations/${reservation.id}`, { as: ana.token })).status).toBe(200);
    await soon(async () => expect((await get(drop.at)).json.offers[drop.offer].soldOut).toBe(false));
    // The refusal used up nothing.
    expect((await reserve(drop, ben.token, [late[0]!])).status).toBe(201);
  });
});

describe("a token buys nothing", () => {
  it("changed in any one character", async () => {
    const drop = await newDrop(1);
    const seen = new Map<string, number>();
    const atOnce = 100;
    let length = atOnce;
    // One viewer's token for so many places: each viewer may tap only so often.
    for (let from = 0; from < length; from += atOnce) {
      const { token: as } = await newViewer();
      const token = await newToken(drop, as);
      length = token.length;
      const changed = Array.from({ length: Math.min(atOnce, length - from) }, (_, index) => {
        const at = from + index;
        return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      });
      for (const answer of await Promise.all(changed.map((one) => reserve(drop, as, [one])))) {
        seen.set(refused(answer), (seen.get(refused(answer)) ?? 0) + 1);
      }
    }
    const codes = ["401 token_malformed", "401 token_key_unknown", "401 token_signature_invalid"];
    expect([...seen.keys()].toSorted()).toEqual(codes.toSorted());
    expect([...seen.values()].reduce((sum, count) => sum + count)).toBe(length);
    expect(await availableIn(drop)).toBe(1);
  });

  it("in another session, or by another viewer", async () => {
    const [drop, other] = await Promise.all([newDrop(1), newDrop(1)]);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const token = await newToken(drop, ana.token);
    expect(refused(await reserve(other, ana.token, [token]))).toBe("403 token_session_mismatch");
    expect(refused(await reserve(drop, ben.token, [token]))).toBe("403 token_viewer_mismatch");
  });

  it("of a price that is void", async () => {
    const drop = await newDrop(1);
    const { token: as } = await newViewer();
    const token = await newToken(drop, as);
    const body = { price: { headline: usd(9_000) }, olderTokens: "void" };
    await must(patch(`${drop.at}/offers/${drop.offer}`, { as: drop.seller.key, body }));
    expect(refused(await reserve(drop, as, [token]))).toBe("409 price_version_void");
  });

  it("twice, in one reservation or in two", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const [one, two] = [await newToken(drop, as), await newToken(drop, as)];
    expect(refused(await reserve(drop, as, [one, one]))).toBe("409 token_used");
    expect((await reserve(drop, as, [two])).status).toBe(201);
    expect(refused(await reserve(drop, as, [two]))).toBe("409 token_used");
  });

  it("spelt another way", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const token = await newToken(drop, as);
    const last = token.at(-1) ?? "";
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    // An Ed25519 signature has 64 bytes: four bits of its last character belong to no byte.
    const sameBytes = alphabet[alphabet.indexOf(last) ^ 1] ?? "";
    const spellings = [
      `${token}=`,
      `${token}==`,
      ` ${token}`,
      `${token}\n`,
      token.replace(".", " ."),
      `${token.slice(0, -1)}${sameBytes}`,
      token.replaceAll("_", "/").replaceAll("-", "+") === token
        ? `${token}%`
        : token.replaceAll("_", "/").replaceAll("-", "+"),
    ];
    for (const spelt of spellings) {
      expect(refused(await reserve(drop, as, [spelt])), spelt).toBe("401 token_malformed");
    }
    expect((await reserve(drop, as, [token])).status).toBe(201);
  });

  it("of another kind, or by another's key", async () => {
    const drop = await newDrop(1);
    const { token: as } = await newViewer();
    expect(refused(await reserve(drop, as, [as]))).toBe("401 token_malformed");
    const [stored] = JSON.parse(env.TOKEN_KEYS) as [{ kid: string }];
    const { privateKey } = (await crypto.subtle.generateKey("Ed25519", true, ["sign"])) as CryptoKeyPair;
    const forged = (kid: string): Promise<string> =>
      new SignJWT({ offer: drop.offer })
        .setProtectedHeader({ alg: "Ed25519", typ: "offer+jwt", kid })
        .sign(privateKey);
    expect(refused(await reserve(drop, as, [await forged(stored.kid)]))).toBe("401 token_signature_invalid");
    expect(refused(await reserve(drop, as, [await forged("mine")]))).toBe("401 token_key_unknown");
    const weak = await importJWK({ kty: "oct", k: Buffer.from(stored.kid).toString("base64url") }, "HS256");
    const confused = await new SignJWT({})
      .setProtectedHeader({ alg: "HS256", typ: "offer+jwt", kid: stored.kid })
      .sign(weak);
    expect(refused(await reserve(drop, as, [confused]))).toBe("401 token_malformed");
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.e30.AA`;
    expect(refused(await reserve(drop, as, [none]))).toBe("401 token_malformed");
  });

  it("past its time, though a repeat of what it bought is answered alike", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const [one, two] = [await newToken(drop, as), await newToken(drop, as)];
    const key = newKey();
    const body = { items: [{ token: one }] };
    const bought = await post(`${drop.at}/reservations`, { as, key, body });
    vi.useFakeTimers({ now: Date.now() + LIMITS.offerTokenMs + 1_000, toFake: ["Date"] });
    expect(refused(await reserve(drop, as, [two]))).toBe("401 token_expired");
    const again = await post(`${drop.at}/reservations`, { as, key, body });
    expect([again.status, again.text, again.headers.get("Idempotency-Replayed")]).toEqual([
      201,
      bought.text,
      "true",
    ]);
  });
});

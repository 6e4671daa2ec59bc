/** Viewer tokens and offer tokens: who gets which price, signed. */
import { env } from "cloudflare:workers";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import type { OfferId, SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { LiveClient } from "../../src/live/client.ts";
import { soon } from "../soon.ts";
import {
  get,
  must,
  newContract,
  newDrop,
  newKey,
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
} from "./client.ts";

async function keySet(): Promise<ReturnType<typeof createLocalJWKSet>> {
  return createLocalJWKSet(await must(get("/.well-known/jwks.json")));
}

describe("a viewer", () => {
  it("is anybody, anew each time", async () => {
    const [one, two] = await Promise.all([newViewer(), newViewer()]);
    expect(one.id).toMatch(/^vwr_[0-9a-z]{26}$/);
    expect(two.id).not.toBe(one.id);
    const { payload, protectedHeader } = await jwtVerify(one.token, await keySet());
    expect(protectedHeader.typ).toBe("viewer+jwt");
    expect(payload.sub).toBe(one.id);
  });

  it("with a reference is always the same one, and the reference stays with the platform", async () => {
    const [one, again, other] = await Promise.all([
      newViewer({ reference: "customer-17" }),
      newViewer({ reference: "customer-17" }),
      newViewer({ reference: "customer-18" }),
    ]);
    expect(again.id).toBe(one.id);
    expect(other.id).not.toBe(one.id);
    expect(JSON.stringify(await jwtVerify(one.token, await keySet()))).not.toContain("customer");
  });

  it("is named by the platform alone", async () => {
    const { seller } = await newShop();
    const { token } = await newViewer();
    for (const body of [
      { reference: "x" },
      { priority: 9 },
      { credit: { session: "ses_01jd3m5n8yfx0t2qv4w6z9r1tk", amount: usd(1) } },
    ]) {
      expect(refused(await post("/v1/viewers", { body }))).toBe("401 unauthenticated");
      expect(refused(await post("/v1/viewers", { as: seller.key, body }))).toBe("403 forbidden");
      expect(refused(await post("/v1/viewers", { as: token, body }))).toBe("403 forbidden");
      expect((await post("/v1/viewers", { as: PLATFORM, body })).status).toBe(201);
    }
  });
});

describe("an offer token", () => {
  it("promises a price to a viewer, verifiable by anybody", async () => {
    const drop = await newDrop(2, {
      price: { headline: usd(2_000), drop: { price: usd(1_500), funder: "seller" } },
    });
    const viewer = await newViewer();
    const { status, json } = await post(`${drop.at}/offers/${drop.offer}/tokens`, {
      as: viewer.token,
      body: { quantity: 2 },
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({ quantity: 2, price: { total: usd(1_500), due: usd(1_500) } });
    expect(Date.parse(json.expiresAt) - Date.now()).toBeLessThanOrEqual(LIMITS.offerTokenMs);
    const { payload } = await jwtVerify(json.token, await keySet(), {
      audience: drop.session,
      subject: viewer.id,
    });
    expect(payload).toMatchObject({ offer: drop.offer, priceVersion: 1, quantity: 2, price: json.price });
    expect(decodeProtectedHeader(json.token)).toMatchObject({ alg: "Ed25519", typ: "offer+jwt" });
  });

  it("has every layer of its price, and says which was clipped at the floor", async () => {
    const shop = await newShop();
    const stage = await newSession(shop, {
      contract: await newContract(shop),
      creatorCodes: [{ code: "MAYA10", off: { basisPoints: 5_000 }, funder: "creator" }],
    });
    const sku = { sku: "A", allocated: 9 };
    await must(post(`${stage.at}/stock`, { as: shop.seller.key, body: sku }));
    const body = {
      title: "Tee",
      lines: [{ sku: "A", quantity: 1 }],
      price: { headline: usd(2_000), drop: { price: usd(1_800), funder: "seller" }, floor: usd(1_500) },
    };
    const offer = await must(post(`${stage.at}/offers`, { as: shop.seller.key, body }));
    await must(post(`${stage.at}/offers/${offer.id}/open`, { as: shop.seller.key }));
    const viewer = await newViewer({
      reference: "c1",
      credit: { session: stage.session, amount: usd(1_000) },
    });
    const path = `${stage.at}/offers/${offer.id}/tokens`;
    const { price } = await must(
      post(path, { as: viewer.token, body: { creatorCode: "maya10", creditAmount: 400 } }),
    );
    expect(price).toMatchObject({ total: usd(1_500), due: usd(1_100) });
    expect(
      price.layers.map(({ kind, amount }: { kind: string; amount: { amount: number } }) => [
        kind,
        amount.amount,
      ]),
    ).toEqual([
      ["headline", 2_000],
      ["drop_price", -200],
      ["creator_code", -300],
      ["loyalty_credit", -400],
    ]);
    expect(price.layers[2]).toMatchObject({
      funder: "creator",
      code: "MAYA10",
      clipped: { wanted: usd(-900), floor: usd(1_500) },
    });
    const none = await newViewer();
    const ask = async (as: string, over: object): Promise<string> =>
      refused(await post(path, { as, body: over }));
    expect(await ask(none.token, { creatorCode: "NOPE" })).toBe("422 creator_code_unknown");
    expect(await ask(none.token, { creditAmount: 1 })).toBe("422 credit_not_granted");
    expect(await ask(viewer.token, { creditAmount: 600, quantity: 2 })).toBe("409 credit_exceeded");
    const elsewhere = await newDrop(1);
    const there = `${elsewhere.at}/offers/${elsewhere.offer}/tokens`;
    expect(refused(await post(there, { as: viewer.token, body: { creditAmount: 1 } }))).toBe(
      "422 credit_not_granted",
    );
  });

  it("is for viewers of a live session's open offer with something left", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const path = `${drop.at}/offers/${drop.offer}/tokens`;
    const ask = async (at = path): Promise<string> => refused(await post(at, { as: token, body: {} }));
    expect(refused(await post(path, { body: {} }))).toBe("401 unauthenticated");
    expect(refused(await post(path, { as: drop.seller.key, body: {} }))).toBe("403 forbidden");
    expect(await ask(path.replace(drop.offer, "ofr_01jd3m5n8yfx0t2qv4w6z9r1ab"))).toBe("404 offer_not_found");
    expect(await ask(path.replace(drop.session, "ses_01jd3m5n8yfx0t2qv4w6z9r1tk"))).toBe(
      "404 session_not_found",
    );
    await must(post(`${drop.at}/pause`, { as: drop.creator.key }));
    expect(await ask()).toBe("409 session_not_live");
    await must(post(`${drop.at}/resume`, { as: drop.creator.key }));
    const offerToken = await newToken(drop, token);
    await must(post(`${drop.at}/reservations`, { as: token, body: { items: [{ token: offerToken }] } }));
    const soldOut = await until(async () => {
      const answer = await post(path, { as: token, body: {} });
      return answer.status === 201 ? undefined : answer;
    });
    expect(refused(soldOut)).toBe("409 out_of_stock");
    expect(soldOut.json).toMatchObject({
      available: [{ sku: drop.sku, zone: "main", requested: 1, available: 0 }],
      waitlist: false,
    });
    await must(post(`${drop.at}/stock`, { as: drop.seller.key, body: { sku: drop.sku, allocated: 2 } }));
    await newToken(drop, token);
  });

  it("follows what a host does anywhere else: before it is refused the session is asked", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const ask = (): ReturnType<typeof post> => post(`${drop.at}/offers/${drop.offer}/tokens`, { as });
    const elsewhere = async (action: "open" | "close"): Promise<void> => {
      const command = { type: "offer.move", v: 1, offer: drop.offer as OfferId, action } as const;
      const id = `elsewhere:${crypto.randomUUID()}`;
      await new LiveClient(env).command(drop.session as SessionId, { id, fingerprint: action, command });
    };
    await elsewhere("close");
    expect(refused(await ask())).toBe("409 offer_not_open");
    await elsewhere("open");
    await soon(async () => expect((await ask()).status).toBe(201));
  });

  it("is not made for more than may be bought", async () => {
    const drop = await newDrop(9, { limits: { perOrder: 2, perViewer: 4 } });
    const { token } = await newViewer();
    const answer = await post(`${drop.at}/offers/${drop.offer}/tokens`, { as: token, body: { quantity: 3 } });
    expect([refused(answer), answer.json.scope, answer.json.max]).toEqual([
      "409 quantity_exceeded",
      "order",
      2,
    ]);
    expect(
      refused(await post(`${drop.at}/offers/${drop.offer}/tokens`, { as: token, body: { quantity: 0 } })),
    ).toBe("400 bad_request");
  });

  it("asked for again under one key has one id, so that one of them buys", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const path = `${drop.at}/offers/${drop.offer}/tokens`;
    const key = newKey();
    const [one, two] = [await must(post(path, { as, key })), await must(post(path, { as, key }))];
    const reserve = (token: string): ReturnType<typeof post> =>
      post(`${drop.at}/reservations`, { as, body: { items: [{ token }] } });
    expect((await reserve(one.token)).status).toBe(201);
    expect(refused(await reserve(two.token))).toBe("409 token_used");
  });

  it("asked for otherwise under one key has another id", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const key = newKey();
    const idOf = async (body: object): Promise<string | undefined> => {
      const asked = await must(post(`${drop.at}/offers/${drop.offer}/tokens`, { as, key, body }));
      return decodeJwt(asked.token).jti;
    };
    const one = await idOf({ quantity: 1 });
    expect(one).toMatch(/^tok_/);
    expect(await idOf({})).toBe(one);
    expect(await idOf({ quantity: 2 })).not.toBe(one);
  });

  it("follows a new price at once, and the old one is honoured or void as the host says", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const path = `${drop.at}/offers/${drop.offer}`;
    const reserve = (token: string): ReturnType<typeof post> =>
      post(`${drop.at}/reservations`, { as, body: { items: [{ token }] } });
    const old = await newToken(drop, as);
    await must(patch(path, { as: drop.seller.key, body: { price: { headline: usd(1_000) } } }));
    const asked = await must(post(`${path}/tokens`, { as }));
    expect(asked.price.total).toEqual(usd(1_000));
    const honoured = await must(reserve(old));
    expect(honoured.reservation.lines[0].price.total).toEqual(usd(2_000));
    const body = { price: { headline: usd(500) }, olderTokens: "void" };
    await must(patch(path, { as: drop.seller.key, body }));
    const voided = await reserve(asked.token);
    expect([refused(voided), voided.json.priceVersion]).toEqual(["409 price_version_void", 3]);
  });
});

/** What a token may buy, and what stops it. */
import { describe, expect, it } from "vitest";
import { ANA, BEN, MUG, offerTerms, priced, refusalOf, SECOND, Shop, T0, TEE, usd } from "./shop.ts";

function shop(): Shop {
  return Shop.live({ tee: 9 }, offerTerms(TEE));
}

describe("an offer token", () => {
  it("buys at the price it promises", () => {
    const live = shop();
    const token = live.token(
      TEE,
      {},
      { creatorCode: { code: "TEN", off: { basisPoints: 1_000 }, funder: "creator" } },
    );
    live.reserve(ANA, [token], { reservation: "rsv_1" });
    expect(live.reservation("rsv_1").lines).toEqual([
      {
        offer: TEE,
        quantity: 1,
        token: token.token,
        tokenExpiresAtMs: token.tokenExpiresAtMs,
        priceVersion: 1,
        price: token.price,
      },
    ]);
    expect(token.price.total).toEqual(usd(1_800));
  });

  it("is good until the millisecond it expires", () => {
    const live = shop();
    const tokenExpiresAtMs = T0 + SECOND;
    const tokens = [live.token(TEE, { tokenExpiresAtMs }), live.token(TEE, { tokenExpiresAtMs })];
    live.nowMs = tokenExpiresAtMs - 1;
    expect(live.reserve(ANA, [tokens[0]!])).toMatchObject({ ok: true });
    live.nowMs = tokenExpiresAtMs;
    expect(refusalOf(live.reserve(ANA, [tokens[1]!]))).toEqual({ code: "token_expired" });
  });

  it("buys once", () => {
    const live = shop();
    const token = live.token(TEE);
    live.reserve(ANA, [token]);
    expect(refusalOf(live.reserve(ANA, [token]))).toEqual({ code: "token_used" });
    expect(refusalOf(live.reserve(BEN, [token]))).toEqual({ code: "token_used" });
  });

  it("buys once within one reservation too", () => {
    const live = shop();
    const token = live.token(TEE);
    expect(refusalOf(live.reserve(ANA, [token, token]))).toEqual({ code: "token_used" });
  });

  it("buys once within one block too", () => {
    const live = shop();
    const token = live.token(TEE);
    const replies = live.sendTogether(
      [ANA, BEN].map((viewer) => ({
        command: { type: "reservation.reserve", v: 1, ...live.request(viewer, [token]) },
      })),
    );
    expect(replies.map((reply) => refusalOf(reply)?.code)).toEqual([undefined, "token_used"]);
  });

  it("is spent by a place on the waitlist", () => {
    const live = Shop.live({ tee: 0 }, offerTerms(TEE, { backorder: { by: "sel_1", givenAtMs: T0 } }));
    const token = live.token(TEE);
    live.reserve(ANA, [token], { backorder: true });
    expect(refusalOf(live.reserve(ANA, [token], { backorder: true }))).toEqual({ code: "token_used" });
  });

  it("buys no offer the session does not have", () => {
    const live = shop();
    const token = { ...live.token(TEE), offer: MUG };
    expect(refusalOf(live.reserve(ANA, [token]))).toEqual({ code: "offer_not_found" });
  });

  it("buys nothing while its offer is not open", () => {
    const live = shop();
    live.create(offerTerms(MUG));
    expect(refusalOf(live.reserve(ANA, [live.token(MUG)]))).toEqual({
      code: "offer_not_open",
      offer: MUG,
      status: "scheduled",
    });
  });

  it("buys at no price that is void", () => {
    const live = shop();
    const token = live.token(TEE);
    live.reprice(TEE, priced(2_500), "void");
    expect(refusalOf(live.reserve(ANA, [token]))).toEqual({
      code: "price_version_void",
      offer: TEE,
      priceVersion: 2,
    });
  });

  it("buys no more than it says", () => {
    const live = shop();
    const token = live.token(TEE, { maxQuantity: 2, quantity: 3 });
    expect(refusalOf(live.reserve(ANA, [token]))).toEqual({
      code: "quantity_exceeded",
      offer: TEE,
      scope: "token",
      max: 2,
    });
  });

  it("that is refused is not spent", () => {
    const live = shop();
    const token = live.token(TEE, { maxQuantity: 2, quantity: 3 });
    live.reserve(ANA, [token]);
    expect(live.reserve(ANA, [{ ...token, quantity: 2 }])).toMatchObject({ ok: true });
  });
});

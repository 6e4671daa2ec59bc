/** Deadlines of holds: not sold in that millisecond any more, on sale again for the very next tap; time never runs backwards. */
import { describe, expect, it } from "vitest";
import { nextDueAtMs } from "../../src/domain/due.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { ANA, BEN, MINUTE, offerTerms, refusalOf, SECOND, Shop, T0, TEE } from "./shop.ts";

const DEADLINE = T0 + LIMITS.holdDefaultMs;

function shopWithHold(): Shop {
  const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
  shop.hold(ANA, TEE, 1, {}, { reservation: "rsv_1" });
  return shop;
}

describe("a hold's deadline", () => {
  it("is the next thing due", () => {
    expect(nextDueAtMs(shopWithHold().state)).toBe(DEADLINE);
  });

  it("leaves it sold a millisecond before", () => {
    const shop = shopWithHold();
    shop.place("rsv_1", ANA, "ord_1");
    shop.nowMs = DEADLINE - 1;
    shop.authorize("ord_1");
    expect(shop.reservation("rsv_1").status).toBe("committed");
  });

  it("ends it exactly: it is not sold in that millisecond", () => {
    const shop = shopWithHold();
    shop.place("rsv_1", ANA, "ord_1");
    shop.nowMs = DEADLINE;
    shop.authorize("ord_1");
    expect(shop.reservation("rsv_1").status).toBe("expired");
    expect(shop.order("ord_1")).toMatchObject({ status: "failed", failure: "hold_lost" });
    expect(shop.pool("tee")).toEqual({ available: 1, held: 0, committed: 0 });
  });

  it("lets no order be placed after it", () => {
    const shop = shopWithHold();
    shop.nowMs = DEADLINE;
    expect(refusalOf(shop.place("rsv_1", ANA, "ord_1"))).toEqual({
      code: "reservation_not_held",
      status: "expired",
    });
  });

  it("gives its units to the very next tap, alarm or no alarm", () => {
    const shop = shopWithHold();
    shop.nowMs = DEADLINE - 1;
    expect(refusalOf(shop.reserve(BEN, [shop.token(TEE)]))).toMatchObject({ code: "out_of_stock" });
    shop.nowMs = DEADLINE;
    expect(shop.reserve(BEN, [shop.token(TEE)])).toMatchObject({ ok: true });
  });

  it("passes once", () => {
    const shop = shopWithHold();
    expect(shop.eventsOf(() => shop.wait(10 * MINUTE))).toEqual(["reservation.expired"]);
    expect(shop.eventsOf(() => shop.wait(10 * MINUTE))).toEqual([]);
    expect(nextDueAtMs(shop.state)).toBeUndefined();
  });

  it("no longer matters once the hold is released or sold", () => {
    const shop = Shop.live({ tee: 2 }, offerTerms(TEE));
    shop.release(shop.hold(ANA, TEE), ANA);
    shop.sell(BEN, TEE, "ord_1");
    expect(shop.eventsOf(() => shop.wait(10 * MINUTE))).toEqual([]);
    expect(shop.pool("tee")).toEqual({ available: 1, held: 0, committed: 1 });
  });
});

describe("a session's time", () => {
  it("never runs backwards: an expired hold stays expired", () => {
    const shop = shopWithHold();
    shop.nowMs = DEADLINE;
    shop.wait(0);
    shop.nowMs = T0;
    shop.hold(BEN, TEE, 1, { tokenExpiresAtMs: DEADLINE + MINUTE }, { reservation: "rsv_2" });
    expect(shop.reservation("rsv_1").status).toBe("expired");
    expect(shop.reservation("rsv_2").createdAtMs).toBe(DEADLINE);
  });

  it("moves on with refusals as well: a token found expired stays expired", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const token = shop.token(TEE, { tokenExpiresAtMs: T0 + SECOND });
    shop.nowMs = T0 + SECOND;
    expect(refusalOf(shop.reserve(ANA, [token]))).toEqual({ code: "token_expired" });
    shop.nowMs = T0;
    expect(refusalOf(shop.reserve(ANA, [token]))).toEqual({ code: "token_expired" });
  });

  it("lets what ended be forgotten when nobody can ask for it any more", () => {
    const shop = shopWithHold();
    shop.release("rsv_1", ANA);
    shop.wait(LIMITS.answerKeptMs);
    shop.allocate("tee", 2);
    expect(shop.state.reservations.has("rsv_1")).toBe(true);
    shop.wait(1);
    shop.allocate("tee", 3);
    expect(shop.state.reservations.has("rsv_1")).toBe(false);
  });

  it("lets a spent token be forgotten once it has expired, and refuses it for that", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    const token = shop.token(TEE);
    shop.reserve(ANA, [token]);
    shop.wait(LIMITS.offerTokenMs - 1);
    expect(refusalOf(shop.reserve(ANA, [token]))).toEqual({ code: "token_used" });
    expect(shop.state.spentTokens.size).toBe(1);
    shop.wait(1);
    expect(refusalOf(shop.reserve(ANA, [token]))).toEqual({ code: "token_expired" });
    expect(shop.state.spentTokens.size).toBe(0);
  });
});

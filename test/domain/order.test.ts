/** Orders: placed, paid, failed, cancelled and refunded, as the payment provider's word comes. */
import { describe, expect, it } from "vitest";
import type { Click } from "../../src/domain/attribution.ts";
import type { OrderId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { OrderStatus } from "../../src/domain/order.ts";
import { serialize } from "../../src/domain/state.ts";
import {
  ANA,
  BEN,
  MINUTE,
  MUG,
  offerTerms,
  PAYMENT,
  priced,
  refusalOf,
  SET,
  SET_TERMS,
  Shop,
  T0,
  TEE,
  usd,
} from "./shop.ts";

const ORDER: OrderId = "ord_1";

function bought(quantity = 1): Shop {
  const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
  expect(shop.buy(ANA, TEE, ORDER, quantity)).toMatchObject({ ok: true });
  return shop;
}

/** A shop whose order has come this far. */
function orderThatIs(status: OrderStatus): Shop {
  const shop = bought(2);
  if (status === "failed") shop.fail(ORDER);
  if (status === "cancelled") shop.cancel(ORDER);
  if (status === "authorized" || status === "captured" || status === "refunded") shop.authorize(ORDER);
  if (status === "captured" || status === "refunded") shop.capture(ORDER);
  if (status === "refunded") shop.refund(ORDER, usd(1), "rfd_1");
  expect(shop.order(ORDER).status).toBe(status);
  return shop;
}

describe("an order", () => {
  it("is placed for a hold, at the prices its tokens promised", () => {
    const shop = Shop.live({ tee: 5, mug: 5 }, offerTerms(TEE), offerTerms(MUG, { price: priced(900) }));
    const items = [
      shop.token(TEE, { quantity: 2, creditLimit: 500 }, { creditAmount: 100 }),
      shop.token(MUG),
    ];
    shop.reserve(ANA, items, { reservation: "rsv_1" });
    expect(shop.place("rsv_1", ANA, ORDER)).toMatchObject({
      ok: true,
      order: { status: "placed", total: usd(4_900), due: usd(4_700), refunded: usd(0), placedAtMs: T0 },
      reservation: { id: "rsv_1", status: "held", order: ORDER },
    });
  });

  it("tells in its event by which links the buyer came, and is the same order as without", () => {
    // A tap's fingerprint is of what is asked for, and leaves clicks out.
    const asSent = { fingerprint: "the tap's" };
    const clicks: Click[] = [{ click: "clk_1", link: "lnk_1", creator: "cre_2", atMs: T0 - MINUTE }];
    for (const evidence of [{}, { clicks }]) {
      const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
      const reserve = shop.request(ANA, [shop.token(TEE)]);
      const by = { type: "order.buy", v: 1, order: ORDER, paymentMethod: "pm_card", reserve } as const;
      const reply = shop.send({ ...by, ...evidence }, asSent);
      const { type: _, v: __, seq: ___, atMs: ____, ...told } = shop.events().at(-1)!;
      expect(told).toEqual({ order: expect.objectContaining({ id: ORDER }), ...evidence });
      const plain = Shop.live({ tee: 5 }, offerTerms(TEE));
      expect(plain.send({ ...by, reserve: plain.request(ANA, [plain.token(TEE)]) }, asSent)).toEqual(reply);
      expect(serialize(plain.state)).toEqual(serialize(shop.state));
    }
  });

  it("names the contract the session sells under", () => {
    const shop = Shop.created({ contract: "con_1" });
    shop.move("start");
    shop.allocate("tee", 1);
    shop.create(offerTerms(TEE));
    shop.open(TEE);
    shop.buy(ANA, TEE, ORDER);
    expect(shop.order(ORDER).contract).toBe("con_1");
  });

  it("is placed by the viewer who holds, once", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    expect(refusalOf(shop.place(hold, BEN, ORDER))).toEqual({ code: "reservation_not_found" });
    shop.place(hold, ANA, ORDER);
    expect(refusalOf(shop.place(hold, ANA, "ord_2"))).toEqual({
      code: "reservation_in_payment",
      order: ORDER,
    });
    expect(refusalOf(shop.place(shop.hold(ANA, TEE), ANA, ORDER))).toEqual({ code: "order_exists" });
  });

  it("is one of a limited number", () => {
    const shop = bought();
    const filler = shop.order(ORDER);
    for (let made = 1; made < LIMITS.ordersPerSession; made++) shop.state.orders.set(`ord_f${made}`, filler);
    expect(refusalOf(shop.buy(BEN, TEE, "ord_2"))).toMatchObject({ limit: "ordersPerSession" });
  });

  it("must exist before anything becomes of it", () => {
    expect(refusalOf(bought().capture("ord_none"))).toEqual({ code: "order_not_found" });
  });
});

describe("one tap", () => {
  it("leads to the same state as reserving and placing in two steps", () => {
    const [oneTap, twoSteps] = [0, 1].map(() => Shop.live({ tee: 5, mug: 5 }, SET_TERMS));
    const reserve = oneTap!.request(ANA, [oneTap!.token(SET)], { reservation: "rsv_1" });
    const buy = { type: "order.buy", v: 1, order: ORDER, paymentMethod: "pm_card", reserve } as const;
    const bodies = [oneTap!, twoSteps!].map((shop) => shop.events().length);
    oneTap!.send(buy);
    twoSteps!.sendTogether([
      { command: { type: "reservation.reserve", v: 1, ...reserve } },
      {
        command: {
          type: "order.place",
          v: 1,
          order: ORDER,
          reservation: "rsv_1",
          viewer: ANA,
          paymentMethod: "pm_card",
        },
      },
    ]);
    expect(oneTap!.events().slice(bodies[0])).toEqual(twoSteps!.events().slice(bodies[1]));
    for (const shop of [oneTap!, twoSteps!]) shop.state.answers.clear();
    expect(serialize(oneTap!.state)).toBe(serialize(twoSteps!.state));
  });

  it("that is refused holds nothing and places nothing", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    expect(refusalOf(shop.buy(ANA, TEE, ORDER, 2))).toMatchObject({ code: "out_of_stock" });
    expect(shop.pool("tee")).toMatchObject({ held: 0 });
    expect(shop.state.orders.size).toBe(0);
  });

  it("joins no waitlist: a backorder cannot be paid for yet", () => {
    const shop = Shop.live({ tee: 0 }, offerTerms(TEE, { backorder: { by: "sel_1", givenAtMs: T0 } }));
    const reserve = shop.request(ANA, [shop.token(TEE)], { backorder: true });
    const reply = shop.send({ type: "order.buy", v: 1, order: ORDER, paymentMethod: "pm_card", reserve });
    expect(refusalOf(reply)).toMatchObject({ code: "out_of_stock", waitlist: true });
  });

  it("with an order id that is taken reserves nothing", () => {
    const shop = bought();
    expect(refusalOf(shop.buy(BEN, TEE, ORDER))).toEqual({ code: "order_exists" });
    expect(shop.pool("tee")).toMatchObject({ held: 1 });
  });
});

describe("a payment", () => {
  it("that is promised commits the hold", () => {
    const shop = bought(2);
    expect(shop.eventsOf(() => shop.authorize(ORDER))).toEqual(["order.authorized", "reservation.committed"]);
    expect(shop.order(ORDER)).toMatchObject({ status: "authorized", payment: PAYMENT });
    expect(shop.pool("tee")).toEqual({ available: 3, held: 0, committed: 2 });
  });

  it("that comes when the hold is lost fails the order, and remembers itself to be given back", () => {
    const shop = bought();
    shop.wait(LIMITS.holdDefaultMs);
    shop.authorize(ORDER);
    expect(shop.order(ORDER)).toMatchObject({ status: "failed", failure: "hold_lost", payment: PAYMENT });
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
  });

  it("that comes too late takes nobody else's units", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    shop.buy(ANA, TEE, ORDER);
    shop.wait(LIMITS.holdDefaultMs);
    shop.sell(BEN, TEE, "ord_2");
    shop.authorize(ORDER);
    expect(shop.pool("tee")).toEqual({ available: 0, held: 0, committed: 1 });
  });

  it("does not take the hold that later has the lost one's id", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    shop.place(hold, ANA, ORDER);
    shop.wait(LIMITS.holdDefaultMs);
    shop.wait(LIMITS.answerKeptMs + MINUTE);
    shop.allocate("tee", 2);
    shop.hold(BEN, TEE, 1, {}, { reservation: hold });
    shop.authorize(ORDER);
    expect(shop.order(ORDER).failure).toBe("hold_lost");
    expect(shop.reservation(hold)).toMatchObject({ viewer: BEN, status: "held" });
  });

  it("that is declined releases the hold", () => {
    const shop = bought();
    expect(shop.eventsOf(() => shop.fail(ORDER))).toEqual(["order.failed", "reservation.released"]);
    expect(shop.order(ORDER)).toMatchObject({ status: "failed", failure: "declined" });
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
  });

  it("that is declined after the hold expired only fails the order", () => {
    const shop = bought();
    shop.wait(LIMITS.holdDefaultMs);
    expect(shop.eventsOf(() => shop.fail(ORDER))).toEqual(["order.failed"]);
  });

  it("that cannot be captured returns the units", () => {
    const shop = bought(2);
    shop.authorize(ORDER);
    shop.fail(ORDER, "capture_failed");
    expect(shop.order(ORDER)).toMatchObject({ status: "failed", failure: "capture_failed" });
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
  });

  it("without an answer leaves the order pending until there is one", () => {
    const shop = bought();
    shop.send({ type: "order.pend", v: 1, order: ORDER, payment: PAYMENT });
    expect(shop.order(ORDER)).toMatchObject({ status: "placed", paymentPending: true, payment: PAYMENT });
    shop.authorize(ORDER);
    expect(shop.order(ORDER).paymentPending).toBe(false);
  });
});

describe("a step told twice", () => {
  const pend = { type: "order.pend", v: 1, order: ORDER, payment: PAYMENT } as const;

  it.each<[string, (shop: Shop) => void]>([
    ["pend", (shop) => shop.send(pend)],
    ["authorize", (shop) => shop.authorize(ORDER)],
    ["decline", (shop) => shop.fail(ORDER)],
    ["cancel", (shop) => shop.cancel(ORDER)],
    [
      "capture",
      (shop) => {
        shop.authorize(ORDER);
        shop.capture(ORDER);
      },
    ],
    [
      "refund",
      (shop) => {
        shop.authorize(ORDER);
        shop.capture(ORDER);
        shop.refund(ORDER, usd(2_000), "rfd_1");
      },
    ],
    [
      "authorize too late",
      (shop) => {
        shop.wait(LIMITS.holdDefaultMs);
        shop.authorize(ORDER);
      },
    ],
  ])("changes nothing and is no error: %s", (_, step) => {
    const shop = bought();
    step(shop);
    const replies = shop.journal.flatMap((block) => block.answers).length;
    expect(shop.eventsOf(() => step(shop))).toEqual([]);
    const repeated = shop.journal.flatMap((block) => block.answers).slice(replies);
    expect(repeated.length).toBeGreaterThan(0);
    expect(repeated.every(({ result }) => result.ok)).toBe(true);
  });

  it("pends once, whether or not the second word names the payment", () => {
    const shop = bought();
    shop.send(pend);
    expect(shop.eventsOf(() => shop.send({ type: "order.pend", v: 1, order: ORDER }))).toEqual([]);
  });

  it("comes late and changes nothing: pending after the outcome", () => {
    for (const status of ["authorized", "captured", "failed", "cancelled"] as const) {
      const shop = orderThatIs(status);
      expect(shop.eventsOf(() => shop.send(pend))).toEqual([]);
    }
  });
});

describe("a step out of order", () => {
  it.each<[string, OrderStatus, (shop: Shop) => ReturnType<Shop["capture"]>]>([
    ["capture", "placed", (shop) => shop.capture(ORDER)],
    ["capture", "failed", (shop) => shop.capture(ORDER)],
    ["capture", "cancelled", (shop) => shop.capture(ORDER)],
    ["authorize", "failed", (shop) => shop.authorize(ORDER)],
    ["authorize", "cancelled", (shop) => shop.authorize(ORDER)],
    ["decline", "captured", (shop) => shop.fail(ORDER)],
    ["decline", "refunded", (shop) => shop.fail(ORDER)],
    ["cancel", "authorized", (shop) => shop.cancel(ORDER)],
    ["cancel", "captured", (shop) => shop.cancel(ORDER)],
    ["cancel", "refunded", (shop) => shop.cancel(ORDER)],
    ["refund", "placed", (shop) => shop.refund(ORDER, usd(1))],
    ["refund", "authorized", (shop) => shop.refund(ORDER, usd(1))],
    ["refund", "failed", (shop) => shop.refund(ORDER, usd(1))],
    ["refund", "cancelled", (shop) => shop.refund(ORDER, usd(1))],
  ])("is refused: %s when %s", (_, status, step) => {
    const shop = orderThatIs(status);
    const pool = shop.pool("tee");
    expect(refusalOf(step(shop))).toEqual({ code: "order_state_conflict", status });
    expect(shop.pool("tee")).toEqual(pool);
  });
});

describe("cancelling an order", () => {
  it("gives the hold back", () => {
    const shop = bought();
    expect(shop.eventsOf(() => shop.cancel(ORDER))).toEqual(["order.cancelled", "reservation.released"]);
    expect(shop.order(ORDER).status).toBe("cancelled");
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
  });

  it("whose hold expired only cancels the order", () => {
    const shop = bought();
    shop.wait(LIMITS.holdDefaultMs);
    expect(shop.eventsOf(() => shop.cancel(ORDER))).toEqual(["order.cancelled"]);
  });
});

describe("a refund", () => {
  it("may come in parts that add up", () => {
    const shop = orderThatIs("captured");
    shop.refund(ORDER, usd(1_500), "rfd_1");
    expect(shop.order(ORDER)).toMatchObject({ status: "refunded", refunded: usd(1_500) });
    shop.refund(ORDER, usd(2_500), "rfd_2");
    expect(shop.order(ORDER)).toMatchObject({
      refunded: usd(4_000),
      refunds: [
        { id: "rfd_1", amount: usd(1_500) },
        { id: "rfd_2", amount: usd(2_500) },
      ],
    });
  });

  it("is never more than what is left", () => {
    const shop = orderThatIs("captured");
    shop.refund(ORDER, usd(1_500));
    expect(refusalOf(shop.refund(ORDER, usd(2_501)))).toEqual({
      code: "refund_exceeds_captured",
      refundable: 2_500,
    });
  });

  it("is in the order's currency", () => {
    expect(refusalOf(orderThatIs("captured").refund(ORDER, { amount: 1, currency: "EUR" }))).toEqual({
      code: "currency_mismatch",
      currency: "USD",
    });
  });

  it("returns the units with the part that completes it, once", () => {
    const shop = orderThatIs("captured");
    shop.refund(ORDER, usd(1_000));
    expect(shop.pool("tee")).toMatchObject({ committed: 2 });
    shop.refund(ORDER, usd(3_000));
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
    expect(refusalOf(shop.refund(ORDER, usd(0)))).toEqual({ code: "refund_exceeds_captured", refundable: 0 });
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
  });

  it("leaves the units sold when the goods stay with the buyer", () => {
    const shop = orderThatIs("captured");
    shop.refund(ORDER, usd(4_000), "rfd_1", false);
    expect(shop.pool("tee")).toEqual({ available: 3, held: 0, committed: 2 });
  });

  it("of an order that credit paid in full is a refund of zero", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    shop.sell(ANA, TEE, ORDER, 1, { creditAmount: 2_000 });
    expect(shop.order(ORDER).due).toEqual(usd(0));
    shop.refund(ORDER, usd(0));
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
    expect(shop.state.creditUsed.size).toBe(0);
    expect(refusalOf(shop.refund(ORDER, usd(0)))).toMatchObject({ code: "refund_exceeds_captured" });
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
  });

  it("is possible long after the session ended", () => {
    const shop = orderThatIs("captured");
    shop.move("end");
    shop.wait(24 * 60 * MINUTE);
    expect(shop.refund(ORDER, usd(4_000))).toMatchObject({ ok: true });
    expect(shop.pool("tee")).toEqual({ available: 5, held: 0, committed: 0 });
  });
});

describe("orders that come to nothing", () => {
  it("make no room less for others, and are forgotten oldest first", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    for (let tap = 0; tap <= LIMITS.unpaidOrdersKept; tap++) {
      shop.buy(ANA, TEE, `ord_${tap}`);
      shop.fail(`ord_${tap}`);
    }
    expect(shop.state.unpaid.size).toBe(LIMITS.unpaidOrdersKept);
    expect(shop.state.orders.has("ord_0")).toBe(false);
    expect(shop.buy(ANA, TEE, "ord_at_last").ok).toBe(true);
  });
});

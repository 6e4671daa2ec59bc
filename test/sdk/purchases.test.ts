// A viewer's purchases, from tap to outcome.
import { expect, it } from "vitest";
import { DropcastError } from "../../src/sdk/error.ts";
import { Purchases } from "../../src/sdk/purchases.ts";
import type { PurchaseStep } from "../../src/sdk/types.ts";
import { order, reservation } from "./things.ts";

const refusal = new DropcastError("out_of_stock", "Not enough stock", { status: 409 });
const step = (purchases: Purchases): PurchaseStep | undefined => purchases.byOffer["ofr_a"]?.step;

it("goes from tap to hold to payment to bought", () => {
  const purchases = new Purchases();
  purchases.pending({ offer: "ofr_a", quantity: 1 });
  expect(step(purchases)).toBe("pending");
  purchases.held(reservation());
  expect(step(purchases)).toBe("held");
  purchases.placed(order());
  expect(step(purchases)).toBe("paying");
  purchases.order(order({ paymentPending: true, paymentAction: { url: "https://bank.test" } }));
  expect(step(purchases)).toBe("action");
  purchases.order(order({ status: "captured" }));
  expect(purchases.byOffer["ofr_a"]).toMatchObject({ step: "bought", reservation: { id: "rsv_1" } });
  expect(purchases.open).toEqual([]);
});

it("does not go back for news that is late", () => {
  const purchases = new Purchases();
  purchases.order(order({ status: "captured" }));
  purchases.order(order({ paymentPending: true }));
  purchases.placed(order());
  expect(step(purchases)).toBe("bought");
});

it("is held when stock came before the tap was answered, or before a look was", () => {
  const waiting = reservation({ status: "backordered" });
  const purchases = new Purchases();
  purchases.pending({ offer: "ofr_a", quantity: 1 });
  purchases.reservation(reservation());
  purchases.held(waiting);
  expect(step(purchases)).toBe("held");
  purchases.reservation(waiting);
  expect(step(purchases)).toBe("held");
});

it("stays bought when an order before it comes to nothing after all", () => {
  const purchases = new Purchases();
  purchases.order(order({ status: "captured" }));
  purchases.order(order({ id: "ord_0", reservation: "rsv_0", status: "failed", failure: "declined" }));
  expect(step(purchases)).toBe("bought");
});

it("tells of the latest order, whatever becomes of those before it", () => {
  const purchases = new Purchases();
  const second = order({ id: "ord_2", reservation: "rsv_2", placedAt: "2026-11-22T18:00:07.000Z" });
  purchases.placed(order({ status: "authorized" }));
  purchases.placed({ ...second, status: "authorized" });
  purchases.order(order({ status: "captured" }));
  expect(purchases.byOffer["ofr_a"]?.order?.id).toBe("ord_2");
  purchases.order({ ...second, status: "captured" });
  expect(purchases.byOffer["ofr_a"]?.order).toMatchObject({ id: "ord_2", status: "captured" });
});

it("stays failed when the hold of a declined payment is released", () => {
  const purchases = new Purchases();
  purchases.held(reservation());
  purchases.placed(order({ status: "failed", failure: "declined" }));
  purchases.reservation(reservation({ status: "released", releasedBecause: "payment_failed" }));
  expect(step(purchases)).toBe("failed");
});

it("is refused, or what it was before when something was open", () => {
  const purchases = new Purchases();
  const refused = { offer: "ofr_a", quantity: 2, refusal };
  purchases.refused(refused, purchases.pending(refused));
  expect(purchases.byOffer["ofr_a"]).toEqual({ ...refused, step: "refused" });
  purchases.held(reservation());
  purchases.refused(refused, purchases.pending(refused));
  expect(purchases.byOffer["ofr_a"]).toMatchObject({
    step: "held",
    quantity: 1,
    refusal: { code: "out_of_stock" },
  });
});

it("keeps what one tap got when another at the same time is refused", () => {
  const refused = { offer: "ofr_a", quantity: 2, refusal };
  for (const isFirstAnswered of [true, false]) {
    const purchases = new Purchases();
    purchases.pending({ offer: "ofr_a", quantity: 1 });
    const before = purchases.pending(refused);
    if (isFirstAnswered) purchases.held(reservation());
    purchases.refused(refused, before);
    expect(step(purchases)).toBe(isFirstAnswered ? "held" : "refused");
    if (!isFirstAnswered) purchases.held(reservation());
    expect(step(purchases)).toBe("held");
  }
});

it("stands when paying is refused, unless the hold ended meanwhile", () => {
  const purchases = new Purchases();
  purchases.held(reservation());
  const held = purchases.ofReservation("rsv_1")!;
  purchases.pending(held);
  purchases.stands(held, refusal);
  expect(purchases.byOffer["ofr_a"]).toMatchObject({ step: "held", refusal });
  purchases.pending(held);
  purchases.reservation(reservation({ status: "expired" }));
  purchases.stands(held, refusal);
  expect(step(purchases)).toBe("expired");
});

it("waits, is filled, runs out", () => {
  const purchases = new Purchases();
  purchases.held(reservation({ status: "backordered" }));
  expect(step(purchases)).toBe("waiting");
  purchases.reservation(reservation());
  expect(step(purchases)).toBe("held");
  purchases.reservation(reservation({ status: "expired" }));
  purchases.reservation(reservation());
  expect(step(purchases)).toBe("expired");
});

it("shows what the same viewer does in another tab, but not in place of what is open here", () => {
  const purchases = new Purchases();
  purchases.order(order({ status: "captured" }));
  expect(step(purchases)).toBe("bought");
  purchases.pending({ offer: "ofr_a", quantity: 1 });
  purchases.order(order({ id: "ord_2", reservation: "rsv_2", status: "captured" }));
  purchases.reservation(reservation({ id: "rsv_2", status: "expired" }));
  expect(step(purchases)).toBe("pending");
});

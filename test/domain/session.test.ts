/** A session's life cycle and what may change in it. */
import { describe, expect, it } from "vitest";
import type { Command } from "../../src/domain/commands.ts";
import { MOVES, type SessionAction, type SessionStatus } from "../../src/domain/session.ts";
import {
  ANA,
  BEN,
  CONSENT,
  MINUTE,
  offerTerms,
  PAYMENT,
  priced,
  refusalOf,
  sessionTerms,
  Shop,
  T0,
  TEE,
} from "./shop.ts";

const WAY_TO: Readonly<Record<SessionStatus, readonly SessionAction[]>> = {
  draft: [],
  scheduled: ["schedule"],
  live: ["start"],
  paused: ["start", "pause"],
  ended: ["start", "end"],
  cancelled: ["cancel"],
};
const STATUSES: readonly SessionStatus[] = ["draft", "scheduled", "live", "paused", "ended", "cancelled"];
const ACTIONS: readonly SessionAction[] = ["schedule", "start", "pause", "resume", "end", "cancel"];

/** The whole life cycle: what each status allows, and where it leads. */
const ALLOWED: Readonly<Record<SessionStatus, Partial<Record<SessionAction, SessionStatus>>>> = {
  draft: { schedule: "scheduled", start: "live", cancel: "cancelled" },
  scheduled: { schedule: "scheduled", start: "live", cancel: "cancelled" },
  live: { pause: "paused", end: "ended", cancel: "cancelled" },
  paused: { resume: "live", end: "ended", cancel: "cancelled" },
  ended: {},
  cancelled: {},
};

function shopIn(status: SessionStatus): Shop {
  const shop = Shop.created({ scheduledAtMs: T0 + MINUTE });
  shop.allocate("tee", 5);
  shop.create(offerTerms(TEE));
  shop.open(TEE);
  for (const action of WAY_TO[status]) shop.move(action);
  expect(shop.state.status).toBe(status);
  return shop;
}

describe("a session", () => {
  it("is a draft once created", () => {
    const shop = new Shop();
    const reply = shop.send({ type: "session.create", v: 1, terms: sessionTerms() });
    expect(reply).toEqual({ ok: true, session: { terms: sessionTerms(), status: "draft" } });
  });

  it("is created once", () => {
    const reply = Shop.created().send({ type: "session.create", v: 1, terms: sessionTerms() });
    expect(refusalOf(reply)).toEqual({ code: "session_exists" });
  });

  it("can be asked for nothing else before it is created", () => {
    const shop = new Shop();
    expect(refusalOf(shop.move("start"))).toEqual({ code: "session_not_found" });
    expect(refusalOf(shop.allocate("tee", 1))).toEqual({ code: "session_not_found" });
    expect(refusalOf(shop.capture("ord_1"))).toEqual({ code: "session_not_found" });
  });

  it("changes its title until it is over", () => {
    const shop = shopIn("live");
    shop.send({ type: "session.update", v: 1, changes: { title: "Late drop" } });
    expect(shop.state.terms?.title).toBe("Late drop");
    shop.move("end");
    const reply = shop.send({ type: "session.update", v: 1, changes: { title: "Too late" } });
    expect(refusalOf(reply)).toEqual({ code: "session_state_conflict", status: "ended" });
  });

  it("takes creator codes in its own currency only", () => {
    const creatorCodes = [
      { code: "FIVE", off: { amount: { amount: 500, currency: "EUR" } }, funder: "creator" },
    ] as const;
    const mismatch = { code: "currency_mismatch", currency: "USD" };
    const created = new Shop().send({ type: "session.create", v: 1, terms: sessionTerms({ creatorCodes }) });
    const updated = Shop.created().send({ type: "session.update", v: 1, changes: { creatorCodes } });
    expect([refusalOf(created), refusalOf(updated)]).toEqual([mismatch, mismatch]);
  });
});

describe("the life cycle", () => {
  const moves = STATUSES.flatMap((from) =>
    ACTIONS.map((action) => ({ from, action, to: ALLOWED[from][action] })),
  );

  it.each(moves.filter(({ to }) => to !== undefined))("$from, $action: $to", ({ from, action, to }) => {
    const shop = shopIn(from);
    expect(shop.eventsOf(() => shop.move(action)).at(-1)).toBe(MOVES[action].event);
    expect(shop.state.status).toBe(to);
  });

  it.each(moves.filter(({ to }) => to === undefined))("$from, $action: refused", ({ from, action }) => {
    const shop = shopIn(from);
    expect(refusalOf(shop.move(action))).toEqual({ code: "session_state_conflict", status: from });
    expect(shop.state.status).toBe(from);
  });

  it("schedules only what has a time", () => {
    expect(refusalOf(Shop.created().move("schedule"))).toEqual({
      code: "session_state_conflict",
      status: "draft",
    });
  });

  it("remembers when it started and ended", () => {
    const shop = Shop.created();
    shop.nowMs = T0 + 1;
    shop.move("start");
    shop.nowMs = T0 + 2;
    shop.move("end");
    expect(shop.state).toMatchObject({ startedAtMs: T0 + 1, endedAtMs: T0 + 2 });
  });

  it.each(STATUSES.filter((status) => status !== "live"))("sells nothing while %s", (status) => {
    const shop = shopIn(status);
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE)]))).toEqual({ code: "session_not_live", status });
    expect(shop.pool("tee")).toMatchObject({ held: 0 });
  });
});

describe("an ended session", () => {
  it("has closed its offers and sent its waitlist home", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { backorder: CONSENT }));
    shop.hold(ANA, TEE);
    const waiting = shop.waitFor(BEN, TEE);
    shop.move("end");
    expect(shop.offer(TEE).status).toBe("closed");
    expect(shop.reservation(waiting)).toMatchObject({ status: "released", releasedBecause: "session_ended" });
  });

  it("leaves holds their time, so that whoever is paying can finish", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    shop.move("end");
    shop.place(hold, ANA, "ord_1");
    shop.authorize("ord_1");
    expect(shop.reservation(hold).status).toBe("committed");
  });

  it("lets its holds expire", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { holdMs: MINUTE }));
    const hold = shop.hold(ANA, TEE);
    shop.move("end");
    shop.wait(MINUTE);
    expect(shop.reservation(hold).status).toBe("expired");
  });

  it("serves nobody with what comes back", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { backorder: CONSENT }));
    const hold = shop.hold(ANA, TEE);
    shop.waitFor(BEN, TEE);
    shop.move("end");
    expect(shop.eventsOf(() => shop.release(hold, ANA))).toEqual(["reservation.released"]);
  });

  it.each<Command>([
    { type: "stock.allocate", v: 1, sku: "tee", zone: "main", allocated: 9 },
    { type: "offer.create", v: 1, terms: offerTerms("ofr_new") },
    { type: "offer.update", v: 1, offer: TEE, changes: {}, price: priced(1), olderTokens: "honour" },
    { type: "offer.move", v: 1, offer: TEE, action: "open" },
  ])("takes no $type", (command) => {
    const shop = shopIn("ended");
    expect(refusalOf(shop.send(command))).toEqual({ code: "session_state_conflict", status: "ended" });
  });

  it("opens no offer by itself any more", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { opensAtMs: T0 + MINUTE }));
    shop.create(offerTerms("ofr_later", { opensAtMs: T0 + MINUTE }));
    shop.move("end");
    shop.wait(2 * MINUTE);
    expect(shop.offer("ofr_later").status).toBe("scheduled");
  });
});

describe("a cancelled session", () => {
  it("releases what is held and what waits, and says why", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { backorder: CONSENT }));
    const ids = [shop.hold(ANA, TEE), shop.waitFor(BEN, TEE)];
    shop.move("cancel");
    for (const id of ids) {
      expect(shop.reservation(id)).toMatchObject({
        status: "released",
        releasedBecause: "session_cancelled",
      });
    }
    expect(shop.pool("tee")).toEqual({ available: 1, held: 0, committed: 0 });
  });

  it("fails the order whose payment comes after it", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    shop.buy(ANA, TEE, "ord_1");
    shop.move("cancel");
    shop.authorize("ord_1");
    expect(shop.order("ord_1")).toMatchObject({ status: "failed", failure: "hold_lost", payment: PAYMENT });
  });

  it("keeps what was sold", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    shop.sell(ANA, TEE, "ord_1");
    shop.move("cancel");
    expect(shop.pool("tee")).toEqual({ available: 0, held: 0, committed: 1 });
    expect(shop.order("ord_1").status).toBe("captured");
  });
});

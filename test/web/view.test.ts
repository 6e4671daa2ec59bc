import { describe, expect, it } from "vitest";
import { DropcastError, type Purchase } from "../../src/sdk/index.ts";
import { textsFor } from "../../src/web/card/texts.ts";
import { bareView, staleInMs, viewOf, type Seen } from "../../src/web/card/view.ts";
import { NOW_MS, OFFER, offer, order, picture, price, reservation, seen, state, usd } from "./samples.ts";

const english = textsFor("en");

function view(changes: Partial<Seen> = {}) {
  return viewOf(seen(changes), english);
}

function of(changes: Parameters<typeof offer>[0], face: Parameters<typeof picture>[1] = {}) {
  return { state: state({ picture: picture([offer(changes)], face) }) };
}

function bought(purchase: Omit<Purchase, "offer" | "quantity">) {
  return { state: state({ purchases: { [OFFER]: { offer: OFFER, quantity: 2, ...purchase } } }) };
}

describe("an open offer", () => {
  it("says on the button what it costs in all", () => {
    expect(view().primary).toEqual({ deed: "buy", label: "Buy for $38.00" });
    expect(view({ quantity: 3 }).primary.label).toBe("Buy for $114.00");
  });

  it("is reserved where the page has no payment method", () => {
    expect(view({ pays: false }).primary).toEqual({ deed: "reserve", label: "Reserve for $38.00" });
  });

  it("shows a signed price rather than the picture's", () => {
    expect(view({ price: price(3000, 3800) }).primary.label).toBe("Buy for $30.00");
  });

  it("says how many are left, with emphasis when they are few", () => {
    expect(view({ peak: 20 })).toMatchObject({ stock: "12 left", scarce: false });
    expect(view({ peak: 100 })).toMatchObject({ stock: "12 left", scarce: true });
    expect(view(of({ available: { main: 5 } }))).toMatchObject({ stock: "5 left", scarce: true });
  });

  it("counts the units of the session's own zone, since a tap buys there", () => {
    const elsewhere = of({ available: { main: 0, berlin: 9 } });
    expect(view(elsewhere)).toMatchObject({ stage: "soldout", units: 0 });
    expect(view(of({ available: { main: 4 } }, { defaultZone: "toString" })).units).toBe(0);
  });

  it("lets as many units be chosen as limits and stock allow", () => {
    expect(view().choosable).toBe(true);
    expect(view({ ...of({ limits: { perOrder: 4, perViewer: 3 } }), quantity: 9 })).toMatchObject({
      most: 3,
      quantity: 3,
    });
    expect(view({ ...of({ available: { main: 2 } }), quantity: 9 }).quantity).toBe(2);
    expect(view(of({ limits: { perViewer: 1 } })).most).toBe(1);
  });

  it("counts down to its end", () => {
    const untilMs = NOW_MS + 65_000;
    expect(view(of({ closesAt: new Date(untilMs).toISOString() })).countdown).toEqual({
      label: "Ends in",
      untilMs,
    });
    expect(view(of({ closesAt: new Date(NOW_MS).toISOString() })).countdown).toBeUndefined();
  });

  it("does nothing for a moment after its price went up", () => {
    expect(view({ isSettling: true }).primary).toEqual({ label: "Buy for $38.00" });
  });
});

describe("an offer that cannot be bought says why", () => {
  it.each([
    ["scheduled", of({ status: "scheduled" }), "Not open yet", "Soon"],
    ["scheduled", of({}, { status: "scheduled" }), "Not open yet", "Soon"],
    ["paused", of({}, { status: "paused" }), "Paused", "Paused"],
    ["closed", of({ status: "closed" }), "Closed", ""],
    ["withdrawn", of({ status: "withdrawn" }), "No longer offered", ""],
    ["over", of({}, { status: "ended" }), "This drop is over", ""],
    ["cancelled", of({}, { status: "cancelled" }), "Cancelled", ""],
    ["soldout", of({ available: { main: 0 }, soldOut: true }), "Sold out", "Live"],
  ] as const)("%s", (stage, changes, label, badge) => {
    expect(view(changes)).toMatchObject({ stage, primary: { label }, badge, choosable: false });
    expect(view(changes).primary.deed).toBeUndefined();
  });

  it("says when it opens, and counts down to it", () => {
    const at = new Date(NOW_MS + 60_000).toISOString();
    const soon = view(of({ status: "scheduled", opensAt: at }));
    expect(soon.countdown).toEqual({ label: "Opens in", untilMs: NOW_MS + 60_000 });
    expect(soon.note?.text).toMatch(/^Opens Nov 22, 2026, /);
  });

  it("while nothing answers, with what was known last", () => {
    const offline = view({ state: state({ connection: "offline" }) });
    expect(offline.primary).toEqual({ label: "Buy for $38.00" });
    expect(offline.note).toMatchObject({ tone: "bad", text: /^No connection/ });
  });
});

describe("a card without an offer", () => {
  it.each([
    ["loading", state({ picture: undefined }), "pinned", "Loading the offer"],
    ["loading", state({ picture: undefined, connection: "offline" }), "pinned", english.messages.offlineNote],
    ["missing", state({ picture: undefined, missing: true }), "pinned", "This offer cannot be found."],
    ["missing", state(), "ofr_unknown", "This offer cannot be found."],
    ["missing", state(), "__proto__", "This offer cannot be found."],
  ] as const)("is %s", (stage, known, wanted, text) => {
    const bare = bareView(known, wanted, english);
    expect(bare.primary.label).toBe(text);
    expect(bare.stage).toBe(stage);
  });

  it("waits for the next one while none is pinned", () => {
    const none = picture();
    const { pinned: _, ...session } = none.session;
    expect(bareView(state({ picture: { ...none, session } }), "pinned", english)).toMatchObject({
      stage: "unpinned",
      said: "The next offer will show here.",
    });
  });
});

describe("the waitlist", () => {
  const gone = of({ available: { main: 0 }, soldOut: true, waitlist: true });

  it("is joined only after its terms were shown and agreed to", () => {
    expect(view(gone)).toMatchObject({ primary: { deed: "join", label: "Join the waitlist" } });
    expect(view(gone).consent).toBeUndefined();
    const asked = view({ ...gone, consent: "asked" });
    expect(asked.primary).toEqual({ label: "Join the waitlist" });
    expect(asked.consent).toContain("$38.00");
    expect(view({ ...gone, consent: "given" }).primary.deed).toBe("confirm");
  });

  it("can be left", () => {
    const waiting = view(bought({ step: "waiting", reservation: reservation({ status: "backordered" }) }));
    expect(waiting.primary).toEqual({ label: "On the waitlist", done: true });
    expect(waiting.side).toEqual([{ deed: "release", label: "Leave the waitlist" }]);
  });
});

describe("a purchase", () => {
  it("is on its way", () => {
    expect(view(bought({ step: "pending" })).primary).toEqual({ label: "Buying…", busy: true });
    expect(view({ ...bought({ step: "pending" }), pays: false }).primary.label).toBe("Reserving…");
    expect(view({ ...bought({ step: "pending" }), doing: "confirm" }).primary.label).toBe("Reserving…");
    expect(view(bought({ step: "paying", order: order({ status: "placed" }) })).primary.busy).toBe(true);
  });

  it("is held until its deadline, and can be paid, held longer and let go", () => {
    const held = view(bought({ step: "held", reservation: reservation() }));
    expect(held.primary).toEqual({ deed: "pay", label: "Pay $76.00" });
    expect(held.note).toMatchObject({ text: "Held for you for", tone: "quiet", untilMs: NOW_MS + 120_000 });
    expect(held.side.map(({ deed }) => deed)).toEqual(["extend", "release"]);
  });

  it("that has ended before what was asked of it was answered is not one that is being made", () => {
    const ended = bought({ step: "released", reservation: reservation({ status: "released" }) });
    expect(view({ ...ended, doing: "release" }).primary).toEqual({ label: "Buy for $38.00", busy: true });
    expect(view({ ...ended, doing: "buy" }).primary.label).toBe("Buying…");
  });

  it("is not offered to be held longer than it may be", () => {
    const latest = reservation({ expiresAt: "2026-11-22T18:10:00.000Z" });
    expect(view(bought({ step: "held", reservation: latest })).side.map(({ deed }) => deed)).toEqual([
      "release",
    ]);
  });

  it("goes to the page's checkout where it has one", () => {
    const held = { ...bought({ step: "held", reservation: reservation() }), pays: false };
    expect(view({ ...held, hasCheckout: true }).primary.deed).toBe("checkout");
    expect(view(held).primary).toEqual({ label: "Reserved", done: true });
  });

  it("waits for the viewer's bank", () => {
    const paymentAction = { url: "https://bank.example/3ds" };
    const asked = view(bought({ step: "action", order: order({ status: "placed", paymentAction }) }));
    expect(asked.primary).toMatchObject({ deed: "verify", href: "https://bank.example/3ds" });
  });

  it("waits for the bank while its units are held, says how long that is, and can be made again after", () => {
    const paymentAction = { url: "https://bank.example/3ds" };
    const asks = order({ status: "placed", paymentAction });
    const asked = bought({ step: "action", order: asks, reservation: reservation() });
    expect(view(asked).note).toMatchObject({
      text: expect.stringContaining("Held for you for"),
      untilMs: NOW_MS + 120_000,
    });
    const late = view({ ...asked, nowMs: NOW_MS + 120_000 });
    expect(late.note?.text).toMatch(/^The hold ran out/);
    expect(late.primary.deed).toBe("buy");
  });

  it("that waits goes on though the price has only just changed", () => {
    const held = bought({ step: "held", reservation: reservation() });
    expect(view({ ...held, isSettling: true }).primary.deed).toBe("pay");
  });

  it("never leads to anything but a page of the web", () => {
    const paymentAction = { url: "javascript:alert(1)" };
    const asked = view(bought({ step: "action", order: order({ status: "placed", paymentAction }) }));
    expect(asked.primary).toEqual({ label: "Paying…", busy: true });
  });

  it("is done, and may be made again", () => {
    const done = view(bought({ step: "bought", order: order() }));
    expect(done.primary).toEqual({ label: "It is yours", done: true });
    expect(done.note).toEqual({ text: "Thank you! Order CDEFGH12", tone: "good" });
    expect(done.side).toEqual([{ deed: "again", label: "Buy another" }]);
    const all = bought({ step: "bought", order: order() });
    const limited = picture([offer({ limits: { perViewer: 2 } })]);
    expect(view({ state: { ...all.state, picture: limited } }).side, "the two one may have").toEqual([]);
  });

  it("that was put aside leaves the offer as it was", () => {
    const before = bought({ step: "bought", order: order() });
    const aside = before.state.purchases[OFFER];
    expect(view({ ...before, ...(aside ? { aside } : {}) }).primary.deed).toBe("buy");
  });

  it.each([
    ["declined", "The payment was declined. You were not charged."],
    ["hold_lost", "The hold ran out while you were paying. Your money goes back to you."],
    ["capture_failed", "The payment did not go through. You were not charged."],
  ] as const)("that failed with %s says so and can be tried again", (failure, text) => {
    const failed = view(bought({ step: "failed", order: order({ status: "failed", failure }) }));
    expect(failed.note).toEqual({ text, tone: "bad" });
    expect(failed.primary.deed).toBe("buy");
  });

  it("whose hold ran out says so and can be made again", () => {
    const expired = view(bought({ step: "expired", reservation: reservation({ status: "expired" }) }));
    expect(expired.note?.text).toMatch(/^The hold ran out/);
    expect(expired.primary.deed).toBe("buy");
  });
});

describe("a refusal", () => {
  it.each([
    ["out_of_stock", /^Somebody was faster/],
    ["quantity_exceeded", /^That is more than one person/],
    ["provider_unavailable", /^The payment service/],
    ["creator_code_unknown", /^This creator code/],
    ["offline", /^No connection/],
    ["token_used", /^That did not work/],
  ] as const)("%s is told in plain words", (code, text) => {
    const refusal = new DropcastError(code, "");
    expect(view(bought({ step: "refused", refusal })).note).toMatchObject({ tone: "bad", text });
    expect(view({ trouble: { code } }).note).toMatchObject({ tone: "bad", text });
  });

  it("for haste says when to try again, and not before", () => {
    const trouble = { code: "overloaded", retryAtMs: NOW_MS + 3_000 } as const;
    const told = view({ trouble });
    expect(told.note).toMatchObject({
      text: "Many people are tapping. Try again in",
      untilMs: NOW_MS + 3_000,
    });
    expect(told.primary.deed).toBeUndefined();
    expect(view({ trouble, nowMs: NOW_MS + 3_000 }).primary.deed).toBe("buy");
  });

  it("for a price that changed shows both, and asks again", () => {
    // The tap was refused for it, which the purchase knows as well.
    const refusal = new DropcastError("price_version_void", "");
    const refused = bought({ step: "refused", refusal });
    const asked = view({ ...refused, repricedFrom: usd(1900), price: price(2400) });
    expect(asked.note?.text).toBe(
      "The price went from $19.00 to $24.00. Nothing was bought. Tap again if you want it.",
    );
    expect(asked.primary).toEqual({ deed: "buy", label: "Buy for $24.00" });
  });
});

describe("what is read out", () => {
  it("changes with states, and never with a tick or a unit less", () => {
    const first = view({ ...of({ available: { main: 9 } }) });
    const later = view({ ...of({ available: { main: 8 } }), nowMs: NOW_MS + 1_000 });
    expect(first.said).toBe(later.said);
    expect(view(bought({ step: "pending" })).said).toBe("Buying…");
    const held = bought({ step: "held", reservation: reservation() });
    expect(view(held).said).toBe("Held for you for 2:00");
    expect(view({ ...held, nowMs: NOW_MS + 5_000 }).said).toBe("Held for you for 2:00");
    expect(view({ ...held, nowMs: NOW_MS + 60_000 }).said).toBe("Held for you for 1:00");
  });
});

describe("the clock", () => {
  it("wakes the card when a shown second is over", () => {
    const shown = view(of({ closesAt: new Date(NOW_MS + 65_400).toISOString() }));
    expect(staleInMs(shown, NOW_MS, 0)).toBe(400);
    expect(staleInMs(shown, NOW_MS, NOW_MS + 90)).toBe(90);
    expect(staleInMs(view(), NOW_MS, 0)).toBeUndefined();
  });
});

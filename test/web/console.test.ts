/** What the console says and offers, for what it knows: without any page. */
import { describe, expect, it } from "vitest";
import { DropcastError, type Problem } from "../../src/sdk/index.ts";
import { majorOf, minorOf } from "../../src/web/console/amounts.ts";
import { feedOf, type Words } from "../../src/web/console/feed.ts";
import { journalEvent, joined, KEPT, type JournalEvent } from "../../src/web/console/journal.ts";
import { figuresOf, latencyText, refusalsOf, type Stats } from "../../src/web/console/numbers.ts";
import { refusalText } from "../../src/web/console/refusals.ts";
import { rightsOf, type Rights } from "../../src/web/console/rights.ts";
import {
  priceFault,
  repriced,
  repricingOf,
  rowsOf,
  unitsText,
  type HostOffer,
} from "../../src/web/console/rows.ts";
import { salesOf, SLOTS, slotOf } from "../../src/web/console/sales.ts";
import { textsFor } from "../../src/web/card/texts.ts";
import type { Who } from "../../src/web/signed-in/who.ts";
import { NOW_MS, OFFER, OTHER, offer, picture, price, usd } from "./samples.ts";

const texts = textsFor("en");
const SELLER: Who = { seller: "sel_01kas0000000000000000000aa", name: "Kiln & Loom", expiresAt: "" };
const CREATOR: Who = { creator: "cre_01kas00000000000000000maya", name: "Maya", expiresAt: "" };
const all = rightsOf(SELLER, picture().session)!;

/** The journal as it is told, one event after another, each so many seconds after the first. */
function journal(...told: [second: number, type: JournalEvent["type"], data: object][]): JournalEvent[] {
  return told.map(([second, type, data], at) =>
    journalEvent({
      type: `dropcast.${type}.v1`,
      time: new Date(NOW_MS + second * 1_000).toISOString(),
      sequence: String(at + 1).padStart(12, "0"),
      data,
    }),
  );
}

/** One tap that buys: hold, order, sale. */
function sale(
  second: number,
  name: string,
  quantity = 1,
  of = OFFER,
  by: { viewer?: string; shownAs?: string } = {},
): Parameters<typeof journal> {
  const lines = [{ offer: of, quantity }];
  const reservation = `rsv_${name}`;
  return [
    [second, "reservation.held", { reservation: { id: reservation, lines } }],
    [
      second,
      "order.placed",
      { order: { id: `ord_${name}`, reservation, lines, viewer: by.viewer }, shownAs: by.shownAs },
    ],
    [second, "reservation.committed", { reservation }],
  ];
}

const words: Words = {
  texts,
  titleOf: (id) => (id === OFFER ? "Ash mug" : "Maya's Bowl"),
  defaultZone: "main",
};
const said = (...told: Parameters<typeof journal>): string[] =>
  feedOf(journal(...told), words).map(({ text }) => text);

describe("the feed", () => {
  it("tells in words what hosts did, newest first", () => {
    const terms = (amount: number) => ({
      headline: usd(4_800),
      drop: { price: usd(amount), funder: "seller" },
    });
    expect(
      said(
        [0, "offer.created", { terms: { id: OTHER, title: "Maya's Bowl", price: { headline: usd(4_800) } } }],
        [1, "offer.repriced", { offer: OTHER, price: terms(3_900), olderTokensUntilAt: "later" }],
        [2, "offer.repriced", { offer: OTHER, price: terms(3_500) }],
        [3, "stock.allocated", { sku: "BOWL", zone: "main", allocated: 60, previous: 40 }],
        [4, "session.paused", { status: "paused" }],
      ),
    ).toEqual([
      "Paused: nothing new is held",
      "BOWL: stock 40 → 60",
      "Maya's Bowl: price $39.00 → $35.00, older prices void at once",
      "Maya's Bowl: price $48.00 → $39.00",
      "Maya's Bowl: added at $48.00",
    ]);
  });

  it("tells what was changed of the session itself", () => {
    expect(
      said(
        [0, "session.updated", { changes: { title: "Second firing" } }],
        [1, "session.updated", { changes: { showBuys: "unnamed" } }],
        [2, "session.updated", { changes: {} }],
      ),
    ).toEqual(["Creator codes changed", "Buys are shown without names", "Title is now Second firing"]);
  });

  it("makes one line of what viewers did within a moment, by offer where there is one", () => {
    expect(said(...sale(0, "a", 2), ...sale(1, "b"), ...sale(3, "c"))).toEqual([
      "Ash mug: 4 units sold in 3 s",
    ]);
    expect(said(...sale(0, "a"), ...sale(0, "b", 1, OTHER))).toEqual(["2 units sold"]);
    expect(said(...sale(0, "a"), ...sale(60, "b"))).toHaveLength(2);
  });

  it("begins another line when a host did something between", () => {
    expect(said(...sale(0, "a"), [1, "offer.pinned", { offer: OFFER }], ...sale(1, "b"))).toEqual([
      "Ash mug: 1 unit sold",
      "Ash mug: pinned",
      "Ash mug: 1 unit sold",
    ]);
  });

  it("has the names of who paid, each viewer once and a few of many, until they are hidden", () => {
    const by = (viewer: string, shownAs: string) => ({ viewer: `vwr_${viewer}`, shownAs });
    const told: Parameters<typeof journal> = [
      ...sale(0, "a", 1, OFFER, by("ana", "Ana")),
      ...sale(0, "b", 1, OFFER, by("ben", "Ben")),
      ...sale(1, "c", 1, OFFER, by("ana", "Ana")),
      ...sale(1, "d"),
      [
        1,
        "order.placed",
        { order: { id: "ord_e", viewer: "vwr_e", reservation: "r", lines: [] }, shownAs: "Eve" },
      ],
    ];
    const names = (...more: Parameters<typeof journal>) =>
      feedOf(journal(...told, ...more), words)
        .at(-1)
        ?.names?.map(({ order, shownAs }) => `${shownAs} ${order}`);
    expect(names()).toEqual(["Ana ord_c", "Ben ord_b"]);
    expect(names([2, "viewer.unnamed", { viewer: "vwr_ana" }])).toEqual(["Ben ord_b"]);
    expect(names([2, "session.updated", { changes: { showBuys: "unnamed" } }])).toBeUndefined();
    const many = Array.from({ length: 9 }, (_, nth) => sale(2, `${nth}`, 1, OFFER, by(`${nth}`, "Cleo")));
    expect(names(...many.flat())).toHaveLength(5);
  });

  it("tells of holds, declines and refunds, and of nothing that has no words", () => {
    const lines = [{ offer: OFFER, quantity: 2 }];
    expect(
      said(
        [0, "reservation.held", { reservation: { id: "rsv_a", lines } }],
        [1, "order.failed", { order: "ord_x", reason: "declined" }],
        [2, "order.refunded", { order: "ord_y", amount: usd(500) }],
        [2, "reservation.expired", { reservation: "rsv_b" }],
        [2, "session.measured" as "session.created", {}],
      ),
    ).toEqual(["Ash mug: 2 units held in 2 s · 1 hold ran out · 1 payment declined · refund of $5.00"]);
  });

  it("keeps the newest events, each once", () => {
    const events = journal(...sale(0, "a"));
    expect(joined(events, events)).toBe(events);
    const many = Array.from({ length: KEPT + 5 }, (_, at) => ({ ...events[0]!, seq: at + 1 }));
    expect(joined([], many).map(({ seq }) => seq)).toEqual(many.slice(5).map(({ seq }) => seq));
  });
});

it("sales by slot are the same for whoever looks at the same moment, and older ones are left out", () => {
  const events = journal(...sale(-400, "old"), ...sale(-15, "a", 2), ...sale(0, "b"));
  const sales = salesOf(events, slotOf(NOW_MS + 3_000));
  expect(sales.units.slice(-3)).toEqual([2, 0, 1]);
  expect(sales.units).toHaveLength(SLOTS);
  expect(sales.total).toBe(3);
});

describe("rights", () => {
  const rights = (who: Who, face: Parameters<typeof picture>[1] = {}): Rights | undefined =>
    rightsOf(who, picture([], face).session);

  it("of the seller are all that the session's state allows", () => {
    expect(rights(SELLER, { status: "draft" })?.moves).toEqual(["start", "cancel"]);
    expect(rights(SELLER)?.moves).toEqual(["pause", "end", "cancel"]);
    expect(rights(SELLER, { status: "ended" })).toMatchObject({
      moves: [],
      stocks: false,
      showsBuys: false,
      invites: false,
    });
  });

  it("of a creator are what the contract lets them, and nothing of another's session", () => {
    expect(rights(CREATOR)).toBeUndefined();
    const mine = { creator: CREATOR.creator! };
    expect(rights(CREATOR, mine)).toMatchObject({ moves: ["pause", "end"], stocks: false, withdraws: false });
    const less = rights(CREATOR, { ...mine, creatorMay: ["show"] });
    expect(less).toMatchObject({ moves: [], shows: true, reprices: false, showsBuys: false });
  });

  it("of a moderator are the host's, but for letting others in", () => {
    const moderator = { ...SELLER, session: picture().id };
    expect(rights(moderator)).toEqual({ ...all, invites: false });
  });
});

describe("an offer's row", () => {
  const terms: HostOffer = {
    ...offer(),
    price: { headline: usd(4_000), drop: { price: usd(3_200), funder: "platform" }, floor: usd(2_000) },
  };
  const units = { [OFFER]: { held: 2, sold: 12, captured: usd(38_400) } };
  const rowOf = (of = offer({ price: price(3_200, 4_000) }), rights = all) =>
    rowsOf(picture([of]), new Map([[OFFER, terms]]), units, rights)[0]!;

  it("has price, floor, units and what may be done", () => {
    const row = rowOf();
    expect(row).toMatchObject({ price: usd(3_200), was: usd(4_000), floor: usd(2_000), badge: "live" });
    expect(unitsText(row, texts)).toBe("12 left · 2 held · 12 sold");
    expect(row.moves).toEqual(["close", "unpin", "withdraw"]);
    expect(rowOf(offer({ status: "withdrawn" }))).toMatchObject({
      moves: [],
      mayReprice: false,
      mayStock: false,
    });
    expect(rowOf(offer({ soldOut: true })).badge).toBe("soldOut");
  });

  it("stands behind the pinned one, keeps its place when it is sold out, and is last when it is withdrawn", () => {
    const offers = [
      offer({ id: OTHER, title: "Sold out", soldOut: true }),
      offer({ id: "ofr_1", title: "Open" }),
      offer({ id: "ofr_0", title: "Gone", status: "withdrawn" }),
      offer({ title: "Pinned", status: "scheduled" }),
    ];
    const titles = rowsOf(picture(offers), new Map(), {}, all).map(({ title }) => title);
    expect(titles).toEqual(["Pinned", "Sold out", "Open", "Gone"]);
  });

  it("is repriced by its drop, paid for by whoever pays already; above the headline the headline moves", () => {
    expect(repriced(terms, 2_500, all)).toEqual({
      headline: usd(4_000),
      drop: { price: usd(2_500), funder: "platform" },
      floor: usd(2_000),
    });
    expect(repriced(terms, 4_000, all)).toEqual({ headline: usd(4_000), floor: usd(2_000) });
    expect(repriced(terms, 4_500, all)).toEqual({ headline: usd(4_500), floor: usd(2_000) });
    const fresh = { ...terms, price: { headline: usd(4_000) } };
    expect(repriced(fresh, 3_000, { ...all, onlyDrops: true }).drop?.funder).toBe("creator");
  });

  it("says why a typed price will not do", () => {
    const fault = (amount: number | undefined, onlyDrops = false) =>
      priceFault(amount, repricingOf(terms, usd(3_200), { ...all, onlyDrops }), texts);
    expect(fault(undefined)).toBe("Write an amount like $39.00.");
    expect(fault(1_999)).toBe("The floor of this offer is $20.00.");
    expect(fault(4_001, true)).toContain("At most $40.00");
    expect(fault(4_001)).toBeUndefined();
    expect(priceFault(0, { now: usd(0), headline: usd(4_000) }, texts), "given away").toBeUndefined();
  });
});

it.each([
  ["39", "USD", 3_900],
  ["39.5", "USD", 3_950],
  ["39,50", "USD", 3_950],
  ["1.234,50", "USD", 123_450],
  ["1,234.50", "USD", 123_450],
  ["1 234", "USD", 123_400],
  ["1234", "JPY", 1_234],
  ["1,000", "JPY", 1_000],
  ["¥3,900", "JPY", 3_900],
  ["1.5", "KWD", 1_500],
  ["1.234", "KWD", 1_234],
  ["KWD 3.900", "KWD", 3_900],
  ["$39.00", "USD", 3_900],
  ["1\u202f234,50 €", "EUR", 123_450],
  ["1,234,567", "USD", 123_456_700],
  // One sign before three digits may mean either.
  ["1,234", "USD", undefined],
  ["1,234", "KWD", undefined],
  ["1e3", "USD", undefined],
  ["39.5", "JPY", undefined],
  ["39.505", "USD", undefined],
  ["-5", "USD", undefined],
  ["", "USD", undefined],
  ["9".repeat(16), "USD", undefined],
])("%s in %s is %s", (typed, currency, minor) => {
  expect(minorOf(typed, currency)).toBe(minor);
});

it("an amount is written as its field takes it", () => {
  expect(majorOf(usd(5))).toBe("0.05");
  expect(majorOf({ amount: 1_234, currency: "JPY" })).toBe("1234");
});

describe("numbers", () => {
  const stats = {
    viewers: 1_200,
    viewersPeak: 1_500,
    views: 4_000,
    taps: 900,
    held: 3,
    sold: 40,
    orders: { placed: 1, authorized: 1, captured: 30, failed: 2, cancelled: 0, refunded: 1 },
    captured: usd(128_000),
    refunded: usd(3_200),
    latency: { p50Ms: 30, p95Ms: 100, p99Ms: 150, count: 900 },
    refusals: { out_of_stock: 6, backorder_not_offered: 2, token_used: 4, payment_method_unknown: 0 },
  } as unknown as Stats;

  it("are written out, each with what belongs to it", () => {
    expect(figuresOf(stats, texts)).toEqual([
      { name: "Revenue", value: "$1,280.00", beside: "$32.00 refunded" },
      { name: "Sold", value: "40", beside: "32 orders" },
      { name: "Viewers", value: "1,200", beside: "1,500 at most" },
      { name: "Taps", value: "900", beside: "4,000 views" },
      { name: "Held", value: "3" },
    ]);
    expect(latencyText(stats, texts)).toBe("Half of the taps answered in 30 ms, 95 % in 100 ms");
  });

  it("of refusals have a reason, the most frequent first", () => {
    expect(refusalsOf(stats)).toEqual([
      { name: "Sold out", count: 8, share: 1 },
      { name: "Tapped twice", count: 4, share: 0.5 },
    ]);
  });
});

it("a refusal says what is the matter, with the facts it came with", () => {
  const refusal = (code: Problem["code"], facts: object): string => {
    const problem = { code, title: "Title", status: 409, type: "", requestId: "", ...facts } as Problem;
    return refusalText(new DropcastError(code, "detail", { problem }), "USD", texts);
  };
  expect(refusal("price_below_floor", { floor: 2_000 })).toContain("$20.00");
  expect(refusal("stock_in_use", { held: 2, committed: 5 })).toContain("2 are held and 5 sold");
  expect(refusal("stock_conflict", { allocated: 60 })).toContain("60");
  expect(refusal("funder_not_agreed", {})).toBe("detail");
});

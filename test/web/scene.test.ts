/** What the overlay shows, and what it makes of one picture after another. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { OfferPicture, Picture, RecentBuy } from "../../src/sdk/index.ts";
import { CHIP_PLACES, Chips, chipsOf } from "../../src/web/overlay/chips.ts";
import { buyMessagesFor, isolated } from "../../src/web/overlay/messages.ts";
import { happeningsBetween, sceneOf, stagingOf, type Scene } from "../../src/web/overlay/scene.ts";

const usd = (amount: number) => ({ amount, currency: "USD" });

function offer(over: Partial<OfferPicture> = {}): OfferPicture {
  return {
    id: "ofr_00000000000000000000000001",
    title: "Mug",
    lines: [{ sku: "MUG", quantity: 1 }],
    status: "open",
    price: { total: usd(3_200), due: usd(3_200), layers: [{ kind: "headline", amount: usd(3_200) }] },
    priceVersion: 1,
    limits: {},
    holdMs: 60_000,
    available: { main: 10 },
    soldOut: false,
    waitlist: false,
    ...over,
  };
}

function picture(of: OfferPicture, status: Picture["session"]["status"] = "live"): { picture: Picture } {
  const session = {
    status,
    title: "Live",
    currency: "USD",
    seller: "sel_1",
    defaultZone: "main",
    pinned: of.id,
  };
  return { picture: { id: "ses_00000000000000000000000001", cursor: 1, session, offers: { [of.id]: of } } };
}

describe("a scene", () => {
  it("is of the pinned offer, or of the one that is asked for, and of none where there is none", () => {
    expect(sceneOf(picture(offer()), undefined, 10)?.offer.title).toBe("Mug");
    expect(sceneOf(picture(offer()), offer().id, 10)?.offer.title).toBe("Mug");
    expect(sceneOf(picture(offer()), "ofr_00000000000000000000000002", 10)).toBeUndefined();
    expect(sceneOf({ picture: undefined }, undefined, 10)).toBeUndefined();
    expect(sceneOf(picture(offer({ status: "withdrawn" })), undefined, 10)).toBeUndefined();
  });

  it("says first what viewers need to know first", () => {
    const statusOf = (of: OfferPicture, session?: Picture["session"]["status"]) =>
      sceneOf(picture(of, session), undefined, 10)?.status;
    expect(statusOf(offer())).toBe("open");
    expect(statusOf(offer(), "paused")).toBe("paused");
    expect(statusOf(offer({ soldOut: true, available: { main: 0 } }), "paused")).toBe("sold_out");
    expect(statusOf(offer({ soldOut: true }), "ended")).toBe("over");
    expect(statusOf(offer({ status: "scheduled" }))).toBe("scheduled");
    expect(statusOf(offer(), "draft")).toBe("scheduled");
    expect(statusOf(offer({ status: "closed" }))).toBe("closed");
  });

  it("has the share of the most there were, and counts down to what comes next", () => {
    const opensAt = "2026-11-22T10:00:00.000Z";
    const closesAt = "2026-11-22T11:00:00.000Z";
    const open = sceneOf(picture(offer({ available: { a: 3, b: 2 }, opensAt, closesAt })), undefined, 20);
    expect(open).toMatchObject({ left: 5, share: 0.25, deadlineMs: Date.parse(closesAt) });
    const scheduled = sceneOf(picture(offer({ status: "scheduled", opensAt, closesAt })), undefined, 0);
    expect(scheduled).toMatchObject({ share: 1, deadlineMs: Date.parse(opensAt) });
  });
});

describe("what happens between two scenes", () => {
  const scene = (over: Partial<OfferPicture> = {}) => sceneOf(picture(offer(over)), undefined, 10)!;

  it("is a drop of the price, units taken, and selling out", () => {
    const price = { ...offer().price, total: usd(2_900) };
    expect(happeningsBetween(scene(), scene({ price }))).toMatchObject({ priceDropped: true });
    expect(happeningsBetween(scene({ price }), scene())).toMatchObject({ priceDropped: false });
    expect(happeningsBetween(scene(), scene({ available: { main: 7 } }))).toMatchObject({ taken: 3 });
    expect(happeningsBetween(scene(), scene({ available: { main: 12 } }))).toMatchObject({ taken: 0 });
    const gone = scene({ soldOut: true, available: { main: 0 } });
    expect(happeningsBetween(scene(), gone)).toMatchObject({ soldOut: true, taken: 10 });
    expect(happeningsBetween(gone, gone)).toMatchObject({ soldOut: false, taken: 0 });
  });

  it("is nothing when another offer was pinned", () => {
    const other = scene({ id: "ofr_00000000000000000000000002", available: { main: 1 } });
    const nothing = { priceDropped: false, soldOut: false, taken: 0, bought: { units: 0, buys: [] } };
    expect(happeningsBetween(scene(), other)).toEqual(nothing);
    expect(happeningsBetween(undefined, scene())).toEqual(nothing);
  });
});

describe("what was bought between two scenes", () => {
  const first = offer();
  const buy = (bought: number, over: Partial<RecentBuy> = {}): RecentBuy => {
    return {
      offer: first.id,
      quantity: 1,
      bought,
      at: "2026-11-22T10:00:00.000Z",
      ...over,
    };
  };
  const between = (before: RecentBuy[], now: RecentBuy[]) => {
    const [from, to] = [before, now].map((recentBuys) =>
      sceneOf({ picture: { ...picture(first).picture, recentBuys } }, undefined, 10),
    );
    return happeningsBetween(from, to!).bought;
  };

  it("is every buy that was not there, and of those that were missed their units", () => {
    const [one, two] = [buy(1), buy(3, { quantity: 2, shownAs: "Ana" })];
    expect(between([], [one, two])).toEqual({ units: 3, buys: [one, two] });
    expect(between([one], [one, two])).toEqual({ units: 2, buys: [two] });
    expect(between([one, two], [one, two])).toEqual({ units: 0, buys: [] });
    expect(between([one], [buy(39), buy(40)])).toMatchObject({ units: 39 });
    expect(between([], [buy(39), buy(40)])).toMatchObject({ units: 2 });
    const other = buy(7, { offer: "ofr_00000000000000000000000002" });
    expect(between([one], [one, other])).toEqual({ units: 0, buys: [] });
  });

  it("is not told again when nothing came of the buy after it", () => {
    const [one, two, three] = [buy(1), buy(2, { shownAs: "Ana" }), buy(3, { shownAs: "Ben" })];
    const sceneAfter = (recentBuys: RecentBuy[], before?: Scene): Scene =>
      sceneOf({ picture: { ...picture(first).picture, recentBuys } }, undefined, 10, before)!;
    const paid = sceneAfter([one, two]);
    const failed = sceneAfter([one], paid);
    const next = sceneAfter([one, three], failed);
    expect(happeningsBetween(paid, failed).bought.units).toBe(0);
    expect(happeningsBetween(failed, next).bought).toEqual({ units: 1, buys: [three] });
    const none = sceneAfter([], next);
    expect(happeningsBetween(none, sceneAfter([buy(9)], none)).bought.units).toBe(1);
  });

  it("is told one by one while all are known and have a place, else as a sum", () => {
    const [ana, other] = [buy(1, { shownAs: "Ana" }), buy(3, { quantity: 2 })];
    expect(chipsOf({ units: 3, buys: [ana, other] })).toEqual([
      { units: 1, bought: 1, shownAs: "Ana" },
      { units: 2, bought: 3 },
    ]);
    expect(chipsOf({ units: 9, buys: [ana, other] })).toEqual([{ units: 9 }]);
    const many = Array.from({ length: CHIP_PLACES + 1 }, (_, nth) => buy(nth + 1));
    expect(chipsOf({ units: many.length, buys: many })).toEqual([{ units: many.length }]);
  });
});

describe("chips", () => {
  afterEach(() => vi.useRealTimers());

  it("tell a rush in sums, keep their places, and go", () => {
    vi.useFakeTimers();
    const chips = new Chips(() => undefined);
    const shown = (): (number | undefined)[] => chips.places.map((chip) => chip?.units);
    for (let nth = 0; nth < 30; nth += 1) chips.tell({ units: 2, buys: [] });
    expect(shown()).toEqual([2, undefined, undefined]);
    vi.advanceTimersByTime(1_200);
    expect(shown()).toEqual([2, 58, undefined]);
    vi.advanceTimersByTime(2_400);
    expect(shown()).toEqual([undefined, 58, undefined]);
    chips.tell({ units: 1, buys: [] });
    expect(shown()).toEqual([1, 58, undefined]);
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual([undefined, undefined, undefined]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("lose a name that is told of no more, on screen and before it is there", () => {
    vi.useFakeTimers();
    const chips = new Chips(() => undefined);
    const names = () => chips.places.map((chip) => chip?.shownAs);
    const buyOf = (bought: number, shownAs?: string): RecentBuy => {
      const name = shownAs === undefined ? {} : { shownAs };
      return { offer: "ofr_1", quantity: 1, bought, ...name, at: "2026-11-22T10:00:00.000Z" };
    };
    const [ana, ben, cleo] = [buyOf(1, "Ana"), buyOf(2, "Ben"), buyOf(3, "Ana")];
    chips.tell({ units: 2, buys: [ana, ben] });
    chips.tell({ units: 1, buys: [cleo] });
    chips.keepNames([ana, ben, cleo]);
    expect(names()).toEqual(["Ana", "Ben", undefined]);
    chips.keepNames([buyOf(1), buyOf(3), ben]);
    vi.advanceTimersByTime(1_200);
    expect(names()).toEqual([undefined, "Ben", undefined]);
    chips.keepNames([]);
    expect(names(), "nothing is told of buys any more").toEqual([undefined, undefined, undefined]);
    expect(chips.places.map((chip) => chip?.bought)).toEqual([1, 2, 3]);
    chips.clear();
  });

  it("say it in the overlay's language, the name in its own direction", () => {
    const said = (locale: string) => buyMessagesFor(locale).boughtBy(isolated("Ana"), "2");
    expect(
      ["en-GB", "de", "ar", "fr"].map((locale) => said(locale).replaceAll(/[\u2068\u2069]/g, "")),
    ).toEqual(["Ana bought 2", "Ana hat 2 gekauft", "Ana: تم شراء 2", "Ana bought 2"]);
    expect(buyMessagesFor("en").bought("12")).toBe("12 bought");
    expect(said("ar").startsWith("\u2068Ana\u2069")).toBe(true);
  });
});

describe("an overlay's address", () => {
  const at = (path: string) => stagingOf(new URL(path, "https://live.example"));
  const session = "ses_01m7a2b3c4d5e6f7g8h9j0k1m2";

  it("names session, offer, theme, place and scale", () => {
    expect(at(`/overlay/${session}?offer=ofr_1&theme=light&place=top-end&scale=1.5&lang=de`)).toEqual({
      session,
      offer: "ofr_1",
      theme: "light",
      place: "top-end",
      scale: 1.5,
      lang: "de",
    });
  });

  it("does without what it does not know", () => {
    expect(at("/overlay/ses_short")).toBeUndefined();
    const usual = { session, theme: "dark", place: "bottom-start", scale: 1, lang: "en" };
    expect(at(`/overlay/${session}?theme=neon&place=left&scale=big`)).toEqual(usual);
    expect(at(`/overlay/${session}?scale=99`)?.scale).toBe(3);
  });
});

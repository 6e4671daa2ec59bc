import { describe, expect, it } from "vitest";
import type { Schemas } from "../../src/sdk/api.ts";
import { earnedChart, placesOf } from "../../src/web/dashboard/earnings-view.ts";
import { formatsFor } from "../../src/web/dashboard/formats.ts";
import { boughtOf, funnelOf } from "../../src/web/dashboard/funnel.ts";
import { changeOf, clockIn, daysUpTo, HOUR_MS, periodsOf, startOf } from "../../src/web/dashboard/periods.ts";
import {
  bestHour,
  byDay,
  currenciesOf,
  heatOf,
  inCurrency,
  LEVELS,
  shareOf,
  totalsOf,
  type SoldInHour,
} from "../../src/web/dashboard/sales.ts";
import { faultText, hostsOf, requestOf, targetName, windowName } from "../../src/web/dashboard/link-view.ts";
import { sampled } from "../../src/web/signed-in/samples.ts";
import { isAhead, missingOf } from "../../src/web/dashboard/live-view.ts";
import { englishOf } from "../../src/web/signed-in/english.ts";
import { boughtIn } from "../../src/web/dashboard/order-view.ts";
import { dayChart, tilesOf } from "../../src/web/dashboard/overview-view.ts";

const NOON_MS = Date.parse("2026-11-22T12:30:00Z");
const utc = clockIn("UTC");
const kolkata = clockIn("Asia/Kolkata");
const berlin = clockIn("Europe/Berlin");

function sold(hour: string, amount: number, currency = "USD", orders = 1): SoldInHour {
  return { hour, orders, units: orders, captured: { amount, currency }, refunded: { amount: 0, currency } };
}

describe("a period", () => {
  it("has today as its last day, wherever the viewer is", () => {
    expect(daysUpTo(NOON_MS, 3, utc)).toEqual(["2026-11-20", "2026-11-21", "2026-11-22"]);
    expect(daysUpTo(Date.parse("2026-11-22T20:00Z"), 1, kolkata)).toEqual(["2026-11-23"]);
  });

  it.each([
    ["UTC", "2026-11-22", "2026-11-22T00:00:00.000Z"],
    ["Asia/Kolkata", "2026-11-22", "2026-11-21T18:30:00.000Z"],
    ["Pacific/Kiritimati", "2026-11-22", "2026-11-21T10:00:00.000Z"],
    ["Pacific/Pago_Pago", "2026-11-22", "2026-11-22T11:00:00.000Z"],
    // The clock is put forward at midnight: the day begins at one.
    ["Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00.000Z"],
  ])("in %s begins %s at %s", (zone, day, iso) => {
    expect(new Date(startOf(day, clockIn(zone))).toISOString()).toBe(iso);
  });

  it("is compared with as long a time before, as far as today has come", () => {
    const { now, before } = periodsOf(7, NOON_MS, utc);
    expect(new Date(now.fromMs).toISOString()).toBe("2026-11-16T00:00:00.000Z");
    expect(now.untilMs).toBe(NOON_MS);
    expect(before.untilMs - before.fromMs).toBe(now.untilMs - now.fromMs);
    expect(new Date(before.untilMs).toISOString()).toBe("2026-11-15T12:30:00.000Z");
  });

  it.each([
    [0, 0, { kind: "none" }],
    [5, 5, { kind: "same" }],
    [5, 0, { kind: "new" }],
    [15, 10, { kind: "up", share: 0.5 }],
    [0, 10, { kind: "down", share: 1 }],
    [5, -10, { kind: "up", share: 1.5 }],
  ])("%i after %i is %j", (now, before, change) => {
    expect(changeOf(now, before)).toEqual(change);
  });
});

describe("sales", () => {
  const rows = [
    sold("2026-11-21T19:00:00Z", 3_000),
    sold("2026-11-21T20:00:00Z", 1_000, "USD", 2),
    sold("2026-11-22T10:00:00Z", 9_000, "EUR"),
  ];

  it("in different currencies are never added: the one with most orders is shown first", () => {
    expect(currenciesOf(rows)).toEqual(["USD", "EUR"]);
    expect(currenciesOf([])).toEqual([]);
    expect(totalsOf(inCurrency(rows, "USD"))).toMatchObject({ captured: 4_000, orders: 3 });
  });

  it("are of the day that it was where the viewer is", () => {
    const usd = inCurrency(rows, "USD");
    const captured = (clock: typeof utc) =>
      byDay(usd, ["2026-11-21", "2026-11-22"], clock).map((day) => day.captured);
    expect(captured(utc)).toEqual([4_000, 0]);
    expect(captured(kolkata)).toEqual([0, 4_000]);
  });

  it("are shown by the hour of the week where the viewer is, also where clocks changed between", () => {
    // Saturdays at 20:00 in Berlin, before and after the end of summer time.
    const heat = heatOf([sold("2026-10-24T18:00:00Z", 500), sold("2026-10-31T19:00:00Z", 700)], berlin);
    expect(heat[5]?.[20]).toMatchObject({ captured: 1_200, orders: 2, level: LEVELS });
    expect(heat.flat().reduce((sum, { orders }) => sum + orders, 0)).toBe(2);
    expect(bestHour(heat)).toEqual({ weekday: 5, hour: 20 });
  });

  it("have four levels beside the best hour, and none where nothing was sold", () => {
    const hours = [0, 1, 25, 26, 100].map((amount, hour) =>
      sold(new Date(NOON_MS + hour * HOUR_MS).toISOString(), amount),
    );
    const heat = heatOf(hours, utc);
    expect([12, 13, 14, 15, 16].map((hour) => heat[6]?.[hour]?.level)).toEqual([0, 1, 1, 2, 4]);
    expect(bestHour(heatOf([], utc))).toBeUndefined();
    expect(heatOf([], utc).flat()).toHaveLength(168);
  });

  it("have bars beside the largest", () => {
    const usd = inCurrency(rows, "USD");
    expect(shareOf(1_500, usd)).toBe(0.5);
    expect(shareOf(0, [])).toBe(0);
  });
});

describe("the funnel", () => {
  const orders = { authorized: 1, captured: 3, refunded: 1 };

  it("goes from view to tap to order, a refunded one too", () => {
    expect(boughtOf({ orders })).toBe(5);
    expect(funnelOf({ views: 100, taps: 20, orders })).toEqual([
      { name: "views", count: 100, share: undefined, width: 1 },
      { name: "taps", count: 20, share: 0.2, width: 0.2 },
      { name: "orders", count: 5, share: 0.25, width: 0.05 },
    ]);
  });

  it("says nothing of shares where nobody was counted before", () => {
    const steps = funnelOf({ views: 0, taps: 0, orders });
    expect(steps?.map(({ share }) => share)).toEqual([undefined, undefined, undefined]);
    expect(
      funnelOf({ views: 0, taps: 0, orders: { authorized: 0, captured: 0, refunded: 0 } }),
    ).toBeUndefined();
  });
});

describe("live numbers", () => {
  const usd = (amount: number) => ({ amount, currency: "USD" });
  const record = { captured: usd(3_200), refunded: usd(0), status: "live" } as const;

  it("are ahead of the record until it has caught up, and never behind", () => {
    expect(missingOf({ captured: usd(6_400) }, record)).toBe(3_200);
    expect(missingOf({ captured: usd(0) }, record)).toBe(0);
    expect(isAhead(record, record)).toBe(false);
    expect(isAhead({ ...record, refunded: usd(1) }, record)).toBe(true);
    expect(isAhead({ ...record, status: "ended" }, record)).toBe(true);
  });

  it("keep so many samples as a small chart has room for", () => {
    let samples: readonly number[] = [];
    for (let sample = 0; sample < 200; sample += 1) samples = sampled(samples, sample);
    expect([samples.length, samples[0], samples.at(-1)]).toEqual([120, 80, 199]);
  });
});

it.each([
  ["en-GB", "en-GB"],
  ["de-DE", "en"],
  // Where a system has no language, Chromium says so in a tag that is none.
  ["en-US@posix", "en"],
])("a browser in %s reads the pages in %s", (tag, english) => {
  expect(englishOf(tag)).toBe(english);
});

describe("the overview", () => {
  const formats = formatsFor("en-US", "UTC");
  const sales = {
    currency: "USD",
    now: [sold("2026-11-22T10:00:00Z", 6_000, "USD", 3)],
    before: [sold("2026-11-15T10:00:00Z", 4_000, "USD", 4)],
  };

  it("has a tile each for what is counted, beside the period before", () => {
    const tiles = tilesOf(sales, { now: 4_800, before: 0 }, formats);
    expect(tiles.map(({ name, value, change }) => [name, value, change.kind])).toEqual([
      ["Captured", "$60.00", "up"],
      ["You earned", "$48.00", "new"],
      ["Orders", "3", "down"],
      ["Units", "3", "down"],
      ["Refunded", "$0.00", "none"],
    ]);
    expect(tilesOf(sales, { now: undefined, before: undefined }, formats)[1]?.value).toBeUndefined();
  });

  it("draws each day beside the same one before, and says it in a sentence", () => {
    const days = { days: ["2026-11-21", "2026-11-22"], daysBefore: ["2026-11-14", "2026-11-15"] };
    const chart = dayChart(sales, days, formats);
    expect(chart.label).toBe("Captured by day over the last 2 days: $60.00 in all");
    expect(chart.series.map(({ values }) => values)).toEqual([
      [0, 6_000],
      [0, 4_000],
    ]);
    expect(chart.ticks).toEqual(["Nov 21", "Nov 22"]);
    expect(chart.writeShort?.(123_456)).toBe("$1.2K");
  });
});

describe("earnings", () => {
  it("are where they are, the bank first; what is owed back is taken off", () => {
    const usd = (amount: number) => ({ amount, currency: "USD" });
    const total = {
      currency: "USD",
      earned: usd(1_000),
      paidOut: usd(700),
      accrued: usd(400),
      payable: usd(0),
      owedBack: usd(100),
      reserved: usd(0),
      underWay: usd(0),
      atProvider: usd(0),
    };
    const places = placesOf(total);
    expect(places.map(({ name, amount, share }) => [name, amount, share])).toEqual([
      ["Paid out", 700, 0.7],
      ["Waiting", 400, 0.4],
      ["Owed back", -100, 0],
    ]);
    expect(places.reduce((sum, { amount }) => sum + amount, 0)).toBe(total.earned.amount);
  });
});

describe("earnings by day", () => {
  const formats = formatsFor("en-US", "UTC");
  const days = ["2026-11-20", "2026-11-21", "2026-11-22"];
  const earnedOn = (day: string, fromSales: number, reversed: number, currency = "USD") => {
    const of = (amount: number) => ({ amount, currency });
    return {
      day,
      currency,
      fromSales: of(fromSales),
      reversed: of(reversed),
      earned: of(fromSales - reversed),
    };
  };

  it("are what sales brought, and below it what was taken back", () => {
    const rows = [
      earnedOn("2026-11-20", 5_000, 0),
      earnedOn("2026-11-22", 0, 1_500),
      earnedOn("2026-11-22", 9, 0, "EUR"),
    ];
    const chart = earnedChart(rows, days, "USD", formats);
    expect(chart?.label).toBe("Earned in the last 3 days (UTC): $35.00");
    expect(chart?.series.map(({ name, values }) => [name, ...values])).toEqual([
      ["From sales", 5_000, 0, 0],
      ["Refunds and disputes", 0, 0, -1_500],
    ]);
    expect(chart?.write(-1_500)).toBe("-$15.00");
  });

  it("say nothing of taking back where nothing was, and are no chart of nothing", () => {
    const rows = [earnedOn("2026-11-21", 700, 0)];
    expect(earnedChart(rows, days, "USD", formats)?.series).toHaveLength(1);
    expect(earnedChart(rows, days, "EUR", formats)).toBeUndefined();
  });
});

describe("what an order is of", () => {
  // Of a line that is all that the list says of it here.
  const line = (title: string | undefined, quantity: number) =>
    ({ quantity, ...(title === undefined ? {} : { title }) }) as Schemas["ListedOrder"]["lines"][number];
  const units = [
    { sku: "MUG", zone: "main", quantity: 2 },
    { sku: "MUG", zone: "popup", quantity: 1 },
    { sku: "TRAY", zone: "main", quantity: 1 },
  ];

  it("is its offers by their titles, those of one title together, and the units they take", () => {
    const lines = [line("Mug", 1), line("Breakfast", 1), line("Mug", 1)];
    expect(boughtIn({ lines, units }, String)).toEqual({
      bought: "2 × Mug, 1 × Breakfast",
      skus: "3 × MUG, 1 × TRAY",
    });
  });

  it("is the units alone where they say as much, or until all titles are known", () => {
    const skus = "3 × MUG, 1 × TRAY";
    const known = [line("MUG", 3), line("TRAY", 1)];
    expect(boughtIn({ lines: known, units }, String)).toEqual({ bought: skus, skus: undefined });
    const late = [line("Mug", 3), line(undefined, 1)];
    expect(boughtIn({ lines: late, units }, String)).toEqual({ bought: skus, skus: undefined });
  });
});

describe("a new link", () => {
  const wish = {
    goes: "page",
    session: "ses_1",
    page: " https://shop.example/a ",
    code: " Maya-Drop ",
    coupon: "maya10",
    window: "1440",
    source: "instagram",
    medium: "",
    campaign: " ",
    creator: "cre_1",
  } as const;

  it("is asked for as the API has it, empty fields left out", () => {
    const own = {
      target: { url: "https://shop.example/a" },
      code: "maya-drop",
      coupon: "MAYA10",
      windowMinutes: 1_440,
    };
    const creator = { kind: "creator", id: "cre_1", name: "Maya" } as const;
    expect(requestOf(wish, creator)).toEqual({ ...own, utm: { source: "instagram" } });
    const seller = { kind: "seller", id: "sel_1", name: "Kiln" } as const;
    expect(requestOf({ ...wish, goes: "session", code: "", coupon: "", source: "" }, seller)).toEqual({
      target: { session: "ses_1" },
      creator: "cre_1",
      windowMinutes: 1_440,
    });
  });

  it("is of one of the seller's hosts, who have names", () => {
    const sessions = [{ creator: "cre_2", creatorName: "Ana" }, {}, { creator: "cre_1" }];
    expect([...hostsOf(sessions)]).toEqual([
      ["cre_2", "Ana"],
      ["cre_1", "cre_1"],
    ]);
  });

  it("is refused by the names that its fields have", () => {
    const faults = [
      { path: "target.url", message: "must be https" },
      { path: "code", message: "is too short" },
    ];
    expect(faultText(faults)).toBe("Address: must be https. Code: is too short.");
  });

  it("counts for a time that is told in the largest unit", () => {
    expect([1, 30, 90, 120, 1_440, 43_200].map(windowName)).toEqual([
      "1 minute",
      "30 minutes",
      "90 minutes",
      "2 hours",
      "1 day",
      "30 days",
    ]);
  });

  it("leads somewhere that has a name", () => {
    expect(targetName({ target: { url: "https://www.shop.example/a/" } }, [])).toBe("shop.example/a");
    expect(targetName({ target: { session: "ses_1" } }, [])).toBe("ses_1");
  });
});

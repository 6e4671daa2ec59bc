import { beforeEach, describe, expect, it, vi } from "vitest";
import { DropcastError, type Purchase } from "../../src/sdk/index.ts";
import { textsFor } from "../../src/web/card/texts.ts";
import { Visit, type Settings } from "../../src/web/card/visit.ts";
import {
  NOW_MS,
  OFFER,
  SESSION,
  ScriptedClient,
  offer,
  order,
  picture,
  price,
  reservation,
  state,
} from "./samples.ts";

const english = textsFor("en");
const types = ["reserved", "ordered", "failed", "refused", "soldout"].map((name) => `dropcast:${name}`);

let client: ScriptedClient;
let settings: Settings;
let visit: Visit;
let events: [string, unknown][];

beforeEach(() => {
  client = new ScriptedClient();
  settings = { session: SESSION, code: "", paymentMethod: "pm_card", onCart: undefined };
  events = [];
  visit = newVisit();
});

function newVisit(isSwitch = false): Visit {
  const stage = new EventTarget();
  for (const type of types) {
    stage.addEventListener(type, (event) => events.push([type, (event as CustomEvent).detail]));
  }
  const made = new Visit(OFFER, { client, settings: () => settings, changed: () => undefined, stage });
  if (isSwitch) made.settle();
  return made;
}

function view() {
  return visit.view(english, client.nowMs());
}

function show(changes: Parameters<typeof offer>[0]): void {
  client.state = { ...client.state, picture: picture([offer(changes)]) };
}

function purchase(changes: Omit<Purchase, "offer" | "quantity">): void {
  client.state = { ...client.state, purchases: { [OFFER]: { offer: OFFER, quantity: 2, ...changes } } };
  visit.report(view());
}

describe("a tap", () => {
  it("gets a signed price first, and buys at what was on the button", async () => {
    await visit.act("buy", view());
    expect(client.calls).toEqual([
      `quote ${OFFER} {"quantity":1}`,
      `buy ${OFFER} {"quantity":1,"paymentMethod":"pm_card"}`,
    ]);
  });

  it("says by which name the viewer has agreed to be shown, where the page says so", async () => {
    settings = { ...settings, shownAs: "Ana" };
    await visit.act("buy", view());
    expect(client.calls.at(-1)).toBe(`buy ${OFFER} {"quantity":1,"paymentMethod":"pm_card","shownAs":"Ana"}`);
  });

  it("buys nothing at another price than was on the button: it shows the new one and asks again", async () => {
    client.quotes = [price(4200)];
    await visit.act("buy", view());
    expect(client.calls.some((call) => call.startsWith("buy"))).toBe(false);
    expect(view().note?.text).toContain("went from $38.00 to $42.00");
    expect(view().primary.label).toBe("Buy for $42.00");
    client.nowIsMs += 400;
    await visit.act("buy", view());
    expect(client.calls.at(-1)).toMatch(/^buy/);
  });

  it("asks again as well when the price is void by the time it arrives", async () => {
    client.quotes = [price(3800), price(4200)];
    client.buys = [new DropcastError("price_version_void", "")];
    await visit.act("buy", view());
    expect(view().note?.text).toContain("went from $38.00 to $42.00");
    expect(events).toEqual([]);
  });

  it.each(["token_expired", "price_version_void"] as const)(
    "gets a new signature without a word when the old one is %s and the new one is of the same price",
    async (code) => {
      client.buys = [new DropcastError(code, ""), order()];
      await visit.act("buy", view());
      expect(client.calls.map((call) => call.split(" ")[0])).toEqual(["quote", "buy", "quote", "buy"]);
      expect(view().note?.tone).not.toBe("bad");
    },
  );

  it("is one tap, however often it is tapped", async () => {
    const shown = view();
    await Promise.all([visit.act("buy", shown), visit.act("buy", shown)]);
    expect(client.calls).toHaveLength(2);
  });

  it("that is refused tells viewer and page why", async () => {
    client.buys = [new DropcastError("overloaded", "", { status: 503, retryAfterMs: 2_000 })];
    await visit.act("buy", view());
    expect(view().note).toMatchObject({ untilMs: NOW_MS + 2_000 });
    expect(events).toEqual([
      [
        "dropcast:refused",
        { session: SESSION, offer: OFFER, code: "overloaded", status: 503, retryAfterMs: 2_000 },
      ],
    ]);
  });

  it("that is refused says so until the offer can be bought again", async () => {
    const refusal = new DropcastError("session_not_live", "");
    client.buys = [refusal];
    view();
    await visit.act("buy", view());
    purchase({ step: "refused", refusal });
    const notLive = english.messages.reasons.notLive;
    expect(view().note?.text).toBe(notLive);
    client.state = { ...client.state, picture: picture([offer()], { status: "paused" }) };
    expect(view().note?.text).toBe(notLive);
    client.state = { ...client.state, picture: picture() };
    expect(view().note).toBeUndefined();
    await visit.act("buy", view());
    expect(view().note?.text).toBe(notLive);
  });

  it("reserves where the page pays by itself, and fills its cart once", async () => {
    const onCart = vi.fn<(reserved: unknown) => void>();
    settings = { ...settings, paymentMethod: "", onCart };
    await visit.act("reserve", view());
    expect(client.calls.at(-1)).toBe(`reserve ${OFFER} {"quantity":1,"backorder":false}`);
    purchase({ step: "held", reservation: reservation() });
    purchase({ step: "held", reservation: reservation() });
    expect(onCart).toHaveBeenCalledTimes(1);
    expect(onCart).toHaveBeenCalledWith(events[0]?.[1]);
    expect(events.map(([type]) => type)).toEqual(["dropcast:reserved"]);
    await visit.act("checkout", view());
    expect(onCart).toHaveBeenCalledTimes(2);
  });

  it("waits for stock with the viewer's consent alone", async () => {
    show({ available: { main: 0 }, soldOut: true, waitlist: true });
    await visit.act("join", view());
    expect(view().consent).toBeDefined();
    expect(client.calls).toEqual([]);
    visit.agree(true);
    await visit.act("confirm", view());
    expect(client.calls.at(-1)).toBe(`reserve ${OFFER} {"quantity":1,"backorder":true}`);
  });
});

describe("a price", () => {
  it("that goes up under the finger is not bought for a moment", () => {
    view();
    show({ price: price(4200), priceVersion: 2 });
    expect(view().primary).toEqual({ label: "Buy for $42.00" });
    client.nowIsMs += 400;
    expect(view().primary.deed).toBe("buy");
  });

  it("that goes down can be had at once", () => {
    view();
    show({ price: price(3000, 3800), priceVersion: 2 });
    expect(view().primary.deed).toBe("buy");
  });

  it("of another offer that was pinned in its place is not bought for a moment", async () => {
    visit = newVisit(true);
    expect(view().primary.deed).toBeUndefined();
    purchase({ step: "held", reservation: reservation() });
    await visit.act("pay", view());
    expect(client.calls, "nor paid for, where it was waited for").toEqual([]);
    client.nowIsMs += 400;
    await visit.act("pay", view());
    expect(client.calls).toHaveLength(1);
  });

  it("with a creator code is asked for once for each price", async () => {
    settings = { ...settings, code: "ANA10" };
    client.quotes = [price(3000, 3800)];
    view();
    await visit.getPrice();
    await visit.getPrice();
    expect(client.calls).toEqual([`quote ${OFFER} {"quantity":1,"creatorCode":"ANA10"}`]);
    expect(view().primary.label).toBe("Buy for $30.00");
    show({ priceVersion: 2 });
    expect(visit.lacksPrice).toBe(true);
    expect(view().primary.label).toBe("Buy for $38.00");
  });

  it("with a creator code that nobody answered for is asked for again, without a word", async () => {
    settings = { ...settings, code: "ANA10" };
    client.quotes = [new DropcastError("offline", ""), price(3000, 3800)];
    await visit.getPrice();
    expect(view().note).toBeUndefined();
    expect(visit).toMatchObject({ lacksPrice: true, priceWithinMs: 20_000 });
    await visit.getPrice();
    expect(view().primary.label).toBe("Buy for $30.00");
    expect(visit).toMatchObject({ lacksPrice: false, priceWithinMs: 1_000 });
  });

  it("with the viewer's credit is shared among the units they want, and asked for anew when those change", async () => {
    client.creditIs = 500;
    client.quotes = [price(3300, 3800), price(3550, 3800)];
    await visit.getPrice();
    expect(view().primary.label).toBe("Buy for $33.00");
    visit.choose(2);
    expect(view().primary.label, "no price that was signed for another number").toBe("Buy for $76.00");
    await visit.getPrice();
    expect(view().primary.label).toBe("Buy for $71.00");
    client.nowIsMs += 400;
    await visit.act("buy", view());
    expect(client.calls).toEqual([
      `quote ${OFFER} {"quantity":1,"credit":true}`,
      `quote ${OFFER} {"quantity":2,"credit":true}`,
      `quote ${OFFER} {"quantity":2,"credit":true}`,
      `buy ${OFFER} {"quantity":2,"credit":true,"paymentMethod":"pm_card"}`,
    ]);
  });

  it("without credit that is used up by now is shown, and bought at by another tap alone", async () => {
    client.creditIs = 500;
    client.quotes = [price(3300, 3800), price(3300, 3800), price()];
    client.buys = [new DropcastError("credit_exceeded", ""), order()];
    await visit.getPrice();
    await visit.act("buy", view());
    expect(view().note?.text).toContain("went from $33.00 to $38.00");
    expect(events).toEqual([]);
  });

  it("with a code that is unknown is the price without it, says so, and is what the offer is bought at", async () => {
    settings = { ...settings, code: "NOPE" };
    client.quotes = [new DropcastError("creator_code_unknown", ""), price()];
    await visit.getPrice();
    expect(view().note?.text).toBe("This creator code is not valid here.");
    expect(visit.lacksPrice).toBe(false);
    await visit.act("buy", view());
    expect(client.calls.at(-1)).toBe(`buy ${OFFER} {"quantity":1,"paymentMethod":"pm_card"}`);
  });

  it("is bought without a code that is unknown by a tap that is quicker than the answer", async () => {
    settings = { ...settings, code: "NOPE" };
    client.quotes = [new DropcastError("creator_code_unknown", ""), price()];
    await visit.act("buy", view());
    expect(client.calls.at(-1)).toBe(`buy ${OFFER} {"quantity":1,"paymentMethod":"pm_card"}`);
    expect(visit.lacksPrice).toBe(false);
    expect(events).toEqual([]);
  });
});

describe("the page is told", () => {
  it("of an order of this card, not of one that another card made", async () => {
    purchase({ step: "bought", order: order() });
    expect(events).toEqual([]);
    await visit.act("again", view());
    client.nowIsMs += 400;
    await visit.act("buy", view());
    purchase({ step: "paying", order: order({ status: "placed" }) });
    purchase({ step: "bought", order: order() });
    expect(events).toEqual([
      [
        "dropcast:ordered",
        {
          session: SESSION,
          offer: OFFER,
          quantity: 2,
          order: order().id,
          status: "captured",
          due: { amount: 7600, currency: "USD" },
        },
      ],
    ]);
  });

  it("of a payment that failed", async () => {
    await visit.act("buy", view());
    purchase({ step: "failed", order: order({ status: "failed", failure: "declined" }) });
    expect(events).toEqual([
      ["dropcast:failed", { session: SESSION, offer: OFFER, order: order().id, reason: "declined" }],
    ]);
  });

  it("once when it is sold out, and not of a guess", () => {
    client.state = state({
      picture: picture([offer({ available: { main: 0 }, soldOut: true })]),
      purchases: { [OFFER]: { offer: OFFER, quantity: 1, step: "pending" } },
    });
    visit.report(view());
    expect(events).toEqual([]);
    client.state = { ...client.state, purchases: {} };
    visit.report(view());
    visit.report(view());
    expect(events).toEqual([["dropcast:soldout", { session: SESSION, offer: OFFER, waitlist: false }]]);
  });
});

describe("a hold", () => {
  it.each([
    ["pay", "pay rsv_01kas000000000000000000001 pm_card"],
    ["extend", "extend rsv_01kas000000000000000000001"],
    ["release", "release rsv_01kas000000000000000000001"],
  ] as const)("is asked to %s", async (deed, call) => {
    purchase({ step: "held", reservation: reservation() });
    await visit.act(deed, view());
    expect(client.calls).toEqual([call]);
    expect(visit.isUnderWay).toBe(true);
  });
});

describe("buying another", () => {
  it("takes a tap of its own, not the rest of the one before", async () => {
    purchase({ step: "bought", order: order() });
    await visit.act("again", view());
    expect(view().primary).toEqual({ label: "Buy for $38.00" });
    client.nowIsMs += 400;
    expect(view().primary.deed).toBe("buy");
  });

  it("stays possible when the one before is heard of again, until that one comes to another end", async () => {
    purchase({ step: "bought", order: order({ status: "authorized" }) });
    await visit.act("again", view());
    client.nowIsMs += 400;
    purchase({ step: "bought", order: order(), reservation: reservation({ status: "committed" }) });
    expect(view().primary.deed).toBe("buy");
    purchase({ step: "failed", order: order({ status: "failed", failure: "capture_failed" }) });
    expect(view().note).toMatchObject({ text: english.messages.captureFailed, tone: "bad" });
  });

  it("says why it could not be bought", async () => {
    purchase({ step: "bought", order: order() });
    await visit.act("again", view());
    client.nowIsMs += 400;
    client.quotes = [new DropcastError("overloaded", "", { status: 503 })];
    await visit.act("buy", view());
    expect(view().note).toMatchObject({ text: english.messages.reasons.busy, tone: "bad" });
  });
});

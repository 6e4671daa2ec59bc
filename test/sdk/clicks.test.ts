// By which links the viewer came: found in the address and the cookie, kept for later pages, sent with orders.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Clicks, creatorCodeInAddress } from "../../src/sdk/clicks.ts";
import { API, fakeStorage, json, jwt } from "./network.ts";
import { answers, client, connected, network, open, soon, use } from "./stage.ts";
import { order, reservation } from "./things.ts";

const DAY_MS = 86_400_000;
let stored: Map<string, string>;

beforeEach(() => {
  // Takes the clock's and the network's place until the test is over.
  open();
  stored = fakeStorage();
});

function click(nth: number, lastsMs = 30 * DAY_MS): string {
  return jwt({ jti: `clk_${nth}`, exp: (Date.now() + lastsMs) / 1_000 });
}

/** The page's address, as a link leads to it. */
function at(query: Readonly<Record<string, string>> = {}, origin = "https://shop.test"): void {
  vi.stubGlobal("location", { search: `?${new URLSearchParams({ utm_source: "maya", ...query })}` });
  vi.stubGlobal("origin", origin);
}

function arrive(token: string): void {
  at({ dropcast_click: token });
}

function found(api = API): readonly string[] {
  return new Clicks({ api, clock: { nowMs: Date.now } }).forOrder().clicks ?? [];
}

describe("clicks", () => {
  it("are found in the page's address, and kept for the pages after, newest last", () => {
    const [first, second] = [click(1), click(2)];
    for (const token of [first, second]) {
      arrive(token);
      found();
    }
    at();
    expect(found()).toEqual([first, second]);
    arrive(first);
    expect(found()).toEqual([first, second]);
  });

  it("are kept for each API alone", () => {
    arrive(click(1));
    found();
    at();
    expect(found("https://other.test")).toEqual([]);
  });

  it("are as many as an order takes: the newest", () => {
    const tokens = [1, 2, 3, 4, 5, 6, 7].map((nth) => click(nth));
    for (const token of tokens) {
      arrive(token);
      found();
    }
    expect(found()).toEqual(tokens.slice(-5));
  });

  it("are dropped when they have run out", () => {
    const [short, long] = [click(1, DAY_MS), click(2)];
    for (const token of [short, long]) {
      arrive(token);
      found();
    }
    at();
    vi.setSystemTime(Date.now() + DAY_MS);
    expect(found()).toEqual([long]);
    vi.setSystemTime(Date.now() + 29 * DAY_MS);
    expect(found()).toEqual([]);
    expect([...stored.values()].join("")).toBe("");
  });

  it("are found in the cookie on the API's own pages, and on no others", () => {
    const token = click(1);
    vi.stubGlobal("document", { cookie: `theme=dark; dropcast_click=${token}; x_dropcast_click=no` });
    at();
    expect(found()).toEqual([]);
    at({}, API);
    expect(found()).toEqual([token]);
  });

  it("are none where there is no page", () => {
    expect(found()).toEqual([]);
    expect(stored.size).toBe(0);
  });

  it.each([
    ["no token", "<script>"],
    ["a token of nothing", `e30.${btoa("null")}.c2ln`],
    ["a token without an end", jwt({ jti: "clk_1" })],
    ["one so long that no order would get through", jwt({ jti: "x".repeat(2_000), exp: 9e9 })],
    ["two in one", `${jwt({ exp: 9e9 })} x`],
  ])("are nothing else that somebody writes into an address: %s", (_, text) => {
    arrive(text);
    expect(found()).toEqual([]);
    expect(stored.size).toBe(0);
  });
});

describe("an order", () => {
  const wish = { paymentMethod: "pm_1" };

  it("goes with the clicks, by socket and by request", async () => {
    const token = click(1);
    arrive(token);
    use();
    at();
    answers["/orders"] = () => json(order(), 201);
    answers["/reservations"] = () => json({ reservation: reservation(), shortfall: [] }, 201);
    await client.reserve("ofr_a");
    await client.pay("rsv_1", "pm_1");
    await client.buy("ofr_a", wish);
    const clicks = [token];
    expect(client.clicks()).toEqual(clicks);
    expect(network.asked("/orders").map(({ body }) => body)).toMatchObject([
      { reservation: "rsv_1", clicks },
      { items: [{ token: "tok" }], clicks },
    ]);
    expect(network.asked("/reservations")[0]?.body).not.toHaveProperty("clicks");
    await connected();
    void client.buy("ofr_a", wish).catch(() => undefined);
    await soon();
    expect(network.socket.taps).toMatchObject([{ type: "order", clicks }]);
  });

  it("goes with them, too, where the page may store nothing", async () => {
    const forbidden = (): never => {
      throw new DOMException("denied", "SecurityError");
    };
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: forbidden, removeItem: () => undefined });
    const token = click(1);
    arrive(token);
    use();
    at();
    answers["/orders"] = () => json(order(), 201);
    await client.buy("ofr_a", wish);
    expect(network.asked("/orders")[0]?.body).toMatchObject({ clicks: [token] });
  });

  it("says nothing of clicks where there are none", async () => {
    answers["/orders"] = () => json(order(), 201);
    await client.buy("ofr_a", wish);
    expect(network.asked("/orders")[0]?.body).not.toHaveProperty("clicks");
  });
});

describe("a link's code", () => {
  it("is in the address, if it can be one at all", () => {
    expect(creatorCodeInAddress()).toBe("");
    at();
    expect(creatorCodeInAddress()).toBe("");
    at({ dropcast_code: "BEN10" });
    expect(creatorCodeInAddress()).toBe("BEN10");
    for (const odd of ["", "x".repeat(33), "<b>", "A"]) {
      at({ dropcast_code: odd });
      expect(creatorCodeInAddress()).toBe("");
    }
  });
});

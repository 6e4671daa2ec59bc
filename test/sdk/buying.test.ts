// What a tap does: what is shown of it, what becomes of it, what is asked on the way. Only the network is made up.
import { beforeEach, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { Client } from "../../src/sdk/client.ts";
import { API, fakeStorage, json, jwt, problem, problemBody, SESSION } from "./network.ts";
import {
  FIRST,
  answers,
  at,
  client,
  connected,
  follow,
  frame,
  network,
  open,
  quoted,
  soon,
  units,
  use,
} from "./stage.ts";
import { order, PRICE, reservation } from "./things.ts";

beforeEach(open);

const wish = { paymentMethod: "pm_1" };

it("shows a tap before it is answered, and the outcome when it is told", async () => {
  await connected();
  const bought = client.buy("ofr_a", { ...wish, quantity: 2 });
  expect(client.state.purchases["ofr_a"]).toEqual({ offer: "ofr_a", quantity: 2, step: "pending" });
  expect(units()).toBe(3);
  await soon();
  const [tap] = network.socket.taps;
  expect(tap).toMatchObject({ type: "order", items: [{ token: "tok", quantity: 2 }] });
  network.socket.says({ type: "ack", id: tap?.id, replayed: false, result: order() });
  expect((await bought).id).toBe("ord_1");
  expect(client.state.purchases["ofr_a"]?.step).toBe("paying");
  network.socket.says(frame(3, 4, 3));
  expect(units()).toBe(3);
  network.socket.says({ type: "notice", order: order({ status: "captured" }) });
  expect(client.state.purchases["ofr_a"]?.step).toBe("bought");
});

it("takes what it showed back when the tap is refused", async () => {
  await connected();
  const { picture: before } = client.state;
  const bought = client.buy("ofr_a", wish).catch((error: unknown) => error);
  await soon();
  const id = network.socket.taps[0]?.id;
  network.socket.says({ type: "error", id, problem: problemBody("limit_reached", 409) });
  expect(await bought).toMatchObject({ code: "limit_reached" });
  expect(client.state.picture).toBe(before);
  expect(client.state.purchases["ofr_a"]).toMatchObject({
    step: "refused",
    refusal: { code: "limit_reached" },
  });
});

it("is one tap, however often it is tapped while it is not answered", async () => {
  await connected();
  const taps = [client.buy("ofr_a", wish), client.buy("ofr_a", wish)];
  await soon();
  expect(network.socket.taps).toHaveLength(1);
  const { id } = network.socket.taps[0]!;
  network.socket.says({ type: "ack", id, replayed: false, result: order() });
  expect(new Set((await Promise.all(taps)).map((one) => one.id)).size).toBe(1);
});

it("buys at the price that was asked for, while that holds and it is for the same", async () => {
  await connected();
  await client.quote("ofr_a", { quantity: 2 });
  void client.buy("ofr_a", { ...wish, quantity: 2 });
  await soon();
  expect(network.asked("/tokens")).toHaveLength(1);
  void client.buy("ofr_a", { ...wish, quantity: 1, creatorCode: "MAYA10" });
  await soon();
  expect(network.asked("/tokens").map(({ body }) => body)).toEqual([
    { quantity: 2 },
    { quantity: 1, creatorCode: "MAYA10" },
  ]);
  await client.quote("ofr_a");
  await soon(110_000);
  void client.buy("ofr_a", { ...wish, quantity: 1 }).catch(() => undefined);
  await soon();
  expect(network.asked("/tokens")).toHaveLength(4);
});

it("says by which name the viewer agrees to be shown, and nothing that is no name", async () => {
  answers["/orders"] = () => json(order(), 201);
  const said = async (shownAs: string): Promise<unknown> => {
    await client.buy("ofr_a", { ...wish, shownAs });
    return network.asked("/orders").at(-1)?.body;
  };
  expect(await said(" Zoë ")).toMatchObject({ shownAs: "Zoë" });
  const longest = "a".repeat(LIMITS.shownAsChars);
  expect(await said(longest)).toMatchObject({ shownAs: longest });
  for (const odd of ["", "xX_4na", "a@b.c", "evil.com", `${longest}a`])
    expect(await said(odd)).not.toHaveProperty("shownAs");
  await client.pay("rsv_1", "pm_1", "Ana");
  expect(network.asked("/orders").at(-1)?.body).toMatchObject({ reservation: "rsv_1", shownAs: "Ana" });
});

it("finds out what the viewer must do, and what became of a hold, without being told", async () => {
  answers["/orders/ord_1"] = () =>
    json(order({ paymentPending: true, paymentAction: { url: "https://bank.test" } }));
  answers["/orders"] = () => json(order(), 201);
  answers["/rsv_1"] = () => json(reservation());
  await client.buy("ofr_a", wish);
  follow();
  await soon(500);
  expect(client.state.purchases["ofr_a"]).toMatchObject({
    step: "action",
    reservation: { id: "rsv_1" },
    order: { paymentAction: { url: "https://bank.test" } },
  });
  const expiresAt = new Date(Date.now() + 30_000).toISOString();
  const held = reservation({ id: "rsv_2", expiresAt });
  answers["/reservations"] = () => json({ reservation: held, shortfall: [] }, 201);
  answers["/rsv_2"] = () => json({ ...held, status: "expired" });
  await client.reserve("ofr_a");
  expect(client.state.purchases["ofr_a"]?.step).toBe("held");
  await soon(31_000);
  expect(client.state.purchases["ofr_a"]?.step).toBe("expired");
});

it("asks what was told during a cut", async () => {
  answers["/reservations"] = () =>
    json({ reservation: reservation({ status: "backordered" }), shortfall: [] }, 201);
  answers["/rsv_1"] = () => json(reservation());
  await client.reserve("ofr_a", { backorder: true });
  expect(client.state.purchases["ofr_a"]?.step).toBe("waiting");
  await connected();
  await soon();
  expect(client.state.purchases["ofr_a"]?.step).toBe("held");
});

it.each([
  ["bought", { orders: [order({ status: "captured" })] }, "bought"],
  ["not carried out", {}, "refused"],
])("asks what became of a tap that nobody answered before its token ran out: %s", async (_, own, step) => {
  const token = jwt({ jti: "tok_1" });
  const expiresAt = new Date(Date.now() + 120_000).toISOString();
  answers["/tokens"] = () => json({ token, expiresAt, price: PRICE }, 201);
  answers["/orders"] = () => undefined;
  // The second time the server does not know the viewer's token, as after a long while.
  const before = [undefined, problem("unauthenticated", 401)];
  answers["/purchases"] = () =>
    before.length > 0 ? before.shift() : json({ reservations: [], orders: [], ...own });
  const bought = client.buy("ofr_a", wish).catch((error: unknown) => error);
  await soon(119_000);
  expect(network.asked("/purchases")).toEqual([]);
  expect(client.state.purchases["ofr_a"]?.step).toBe("pending");
  await soon(10_000);
  expect(network.asked("/purchases")).toHaveLength(3);
  expect(network.asked("/v1/viewers")).toHaveLength(2);
  expect(await bought).toMatchObject(step === "bought" ? { id: "ord_1" } : { code: "offline" });
  expect(client.state.purchases["ofr_a"]?.step).toBe(step);
});

it("knows again, when the page is loaded anew, what was held and bought before, and asks only while it is not over", async () => {
  fakeStorage();
  const lines = [{ ...reservation().lines[0], offer: "ofr_b" }];
  answers["/purchases"] = () =>
    json({ reservations: [reservation()], orders: [order({ status: "captured", lines: lines as never })] });
  answers["/reservations"] = () => json({ reservation: reservation(), shortfall: [] }, 201);
  follow();
  await client.reserve("ofr_a");
  expect(network.asked("/purchases")).toEqual([]);
  use();
  await connected();
  await soon();
  expect(client.state.purchases).toMatchObject({
    ofr_a: { step: "held", reservation: { id: "rsv_1" } },
    ofr_b: { step: "bought", order: { id: "ord_1" } },
  });
  network.socket.says({ type: "notice", reservation: reservation({ status: "expired" }) });
  use();
  await connected();
  expect(network.asked("/purchases")).toHaveLength(1);
});

it("knows again what was held here though a purchase in another session has come to its end since", async () => {
  fakeStorage();
  answers["/purchases"] = () => json({ reservations: [reservation()], orders: [] });
  answers["/reservations"] = () => json({ reservation: reservation(), shortfall: [] }, 201);
  answers["/orders"] = () => json(order({ status: "captured" }), 201);
  await client.reserve("ofr_a");
  const other = new Client({ api: API, session: "ses_2" });
  await other.buy("ofr_a", wish);
  use();
  await connected();
  await soon();
  expect(client.state.purchases).toMatchObject({ ofr_a: { step: "held" } });
});

it("is followed to its end when the session is over before", async () => {
  answers["/orders"] = () => json(order({ paymentPending: true }), 201);
  await client.buy("ofr_a", wish);
  await connected();
  const session = { ...FIRST.session, status: "ended" };
  const change = { after: 3, cursor: 4, session, offers: {} };
  network.socket.says({ type: "frame", viewers: 1, serverAt: at(), change });
  expect(client.state.connection).toBe("socket");
  network.socket.says({ type: "notice", order: order({ status: "captured" }) });
  expect(client.state).toMatchObject({ connection: "over", purchases: { ofr_a: { step: "bought" } } });
});

it("leaves a hold as it is when paying is refused, and says when it has ended", async () => {
  answers["/reservations"] = () => json({ reservation: reservation(), shortfall: [] }, 201);
  answers["/orders"] = () => problem("payment_method_unknown", 422);
  answers["/rsv_1"] = () => json(reservation());
  await client.reserve("ofr_a");
  await expect(client.pay("rsv_1", "pm_?")).rejects.toMatchObject({ code: "payment_method_unknown" });
  expect(client.state.purchases["ofr_a"]?.step).toBe("held");
  answers["/orders"] = () => problem("reservation_not_held", 409);
  answers["/rsv_1"] = () => json(reservation({ status: "expired" }));
  await expect(client.pay("rsv_1", "pm_1")).rejects.toMatchObject({ code: "reservation_not_held" });
  expect(client.state.purchases["ofr_a"]?.step).toBe("expired");
});

it("uses the viewer's credit, and no more than the server says is left", async () => {
  const credit = { session: SESSION, amount: { amount: 501, currency: "USD" } };
  const token = (): Promise<string> => Promise.resolve(jwt({ sub: "vwr_1", credit }));
  use(token);
  await client.quote("ofr_a", { quantity: 2, credit: true });
  answers["/orders"] = () =>
    json(problemBody("credit_exceeded", 409, { remaining: 100 }), 409, {
      "Content-Type": "application/problem+json",
    });
  await expect(client.buy("ofr_a", { ...wish, quantity: 2, credit: true })).rejects.toMatchObject({
    code: "credit_exceeded",
  });
  answers["/reservations"] = () => json({ reservation: reservation(), shortfall: [] }, 201);
  await client.reserve("ofr_a", { credit: true });
  await client.reserve("ofr_a");
  expect(network.asked("/tokens").map(({ body }) => body)).toEqual([
    { quantity: 2, creditAmount: 250 },
    { quantity: 1, creditAmount: 100 },
    { quantity: 1 },
  ]);
});

it("asks for a price once more with a new token when the server does not know the kept one", async () => {
  let unknown = 1;
  answers["/tokens"] = () => (unknown-- > 0 ? problem("unauthenticated", 401) : quoted());
  expect((await client.quote("ofr_a")).price).toEqual(PRICE);
  expect(network.asked("/v1/viewers")).toHaveLength(2);
});

it("says so at once when nothing answers before a tap was sent", async () => {
  network.answer = () => undefined;
  await expect(client.buy("ofr_a", wish)).rejects.toMatchObject({ code: "offline", status: 0 });
  network.answer = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  await expect(client.buy("ofr_a", wish)).rejects.toMatchObject({ code: "offline", status: 502 });
});

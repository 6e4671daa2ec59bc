/** Orders as their viewers, hosts and strangers meet them: bought, declined, repeated, refunded. */
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { soon } from "../soon.ts";
import {
  buy,
  get,
  must,
  newDrop,
  newKey,
  newShop,
  newToken,
  newViewer,
  patch,
  PLATFORM,
  post,
  refused,
  until,
  usd,
  type Answer,
  type Drop,
  type Json,
} from "./client.ts";

async function poolOf(drop: Drop): Promise<Json> {
  const { data } = await must(get(`${drop.at}/stock`, { as: drop.seller.key }));
  return data.find(({ sku }: Json) => sku === drop.sku);
}

const orderOf = (id: string, as: string): Promise<Json> => must(get(`/v1/orders/${id}`, { as }));

describe.concurrent("an order", () => {
  it("is the same in one tap and in two steps, and listed for the viewer until it is refunded", async () => {
    const drop = await newDrop(2);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const one = await buy(drop, ana.token);
    const items = [{ token: await newToken(drop, ben.token) }];
    const { reservation } = await must(post(`${drop.at}/reservations`, { as: ben.token, body: { items } }));
    const body = { reservation: reservation.id, paymentMethod: "sandbox_success" };
    const two = await post(`${drop.at}/orders`, { as: ben.token, body });
    expect([one.status, two.status]).toEqual([201, 201]);
    const own = ["id", "reservation", "viewer", "placedAt", "payment", "token", "tokenExpiresAt"];
    const shared = ({ text }: Answer): Json =>
      JSON.parse(text, (key, value: unknown) => (own.includes(key) ? undefined : value));
    expect(shared(two)).toEqual(shared(one));
    expect(one.json).toMatchObject({ status: "captured", due: usd(2_000), viewer: ana.id, refunds: [] });
    expect(await poolOf(drop)).toMatchObject({ held: 0, committed: 2, available: 0 });
    const listed = await get(`${drop.at}/purchases`, { as: ben.token });
    expect(listed.json).toEqual({ reservations: [], orders: [two.json] });
    expect(listed.headers.get("RateLimit-Policy")).toContain(`q=${LIMITS.purchaseReadsPerWindow}`);
    await must(post(`/v1/orders/${two.json.id}/refunds`, { as: drop.seller.key }));
    expect((await must(get(`${drop.at}/purchases`, { as: ben.token }))).orders).toEqual([]);
  });

  it("is at once there to read, for those it concerns", async () => {
    const [drop, stranger] = await Promise.all([newDrop(1), newShop()]);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const made = await buy(drop, ana.token);
    expect(made.headers.get("Location")).toBe(`/v1/orders/${made.json.id}`);
    for (const as of [ana.token, drop.seller.key, drop.creator.key, PLATFORM]) {
      expect(await orderOf(made.json.id, as)).toEqual(made.json);
    }
    for (const as of [ben.token, stranger.seller.key, stranger.creator.key]) {
      expect(refused(await get(`/v1/orders/${made.json.id}`, { as }))).toBe("404 order_not_found");
    }
    expect(refused(await get(`/v1/orders/${made.json.id}`))).toBe("401 unauthenticated");
    for (const id of ["ord_x", `ord_${"0".repeat(26)}`, `ord_${"0".repeat(52)}`]) {
      expect(refused(await get(`/v1/orders/${id}`, { as: ana.token }))).toBe("404 order_not_found");
    }
  });

  it("shows in the session's picture to whoever made it", async () => {
    const drop = await newDrop(5);
    const { token } = await newViewer();
    await get(drop.at);
    await buy(drop, token);
    expect((await must(get(drop.at))).offers[drop.offer].available.main).toBe(4);
    await buy(drop, token);
    await soon(async () => expect((await must(get(drop.at))).offers[drop.offer].available.main).toBe(3));
  });

  it("is told of in the picture by the name that the buyer gave for it, and nowhere else", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const items = [{ token: await newToken(drop, as) }];
    const order = (shownAs: unknown, key = newKey()): Promise<Answer> =>
      post(`${drop.at}/orders`, { as, key, body: { items, paymentMethod: "sandbox_success", shownAs } });
    for (const odd of ["", "a@b", "evil.com", "A\u0007", "x".repeat(25), "4", null])
      expect(refused(await order(odd))).toBe("400 bad_request");
    const made = await order(" Ana ", "once");
    expect(made.json).not.toHaveProperty("shownAs");
    expect((await order("Eve", "once")).json.id).toBe(made.json.id);
    expect(await orderOf(made.json.id, drop.seller.key)).not.toHaveProperty("shownAs");
    const told = async (names: unknown[]): Promise<void> =>
      soon(async () => {
        const { recentBuys } = await must(get(drop.at));
        expect(recentBuys.map(({ shownAs }: Json) => shownAs)).toEqual(names);
      });
    await told(["Ana"]);
    const hide = patch(drop.at, { as: drop.creator.key, body: { showBuys: "unnamed" } });
    expect((await must(hide)).showBuys).toBe("unnamed");
    await told([undefined]);
    expect((await must(get(drop.at))).session.showBuys).toBe("unnamed");
  });

  it("is told of without the name that a host hides, and nobody else may hide it", async () => {
    const [drop, stranger] = await Promise.all([newDrop(5), newShop()]);
    const { token: as } = await newViewer();
    const buyAs = async (shownAs: string): Promise<string> => {
      const items = [{ token: await newToken(drop, as) }];
      const body = { items, paymentMethod: "sandbox_success", shownAs };
      return (await must(post(`${drop.at}/orders`, { as, body }))).id;
    };
    const hide = (who: string, of: string): Promise<Answer> =>
      post(`${drop.at}/orders/${of}/hide-name`, { as: who });
    const id = await buyAs("Ana");
    expect(refused(await hide(as, id))).toBe("403 forbidden");
    expect(refused(await hide(stranger.creator.key, id))).toBe("404 session_not_found");
    const nobodys = id.replace(/^ord_.{26}/, `ord_${"0".repeat(26)}`);
    expect(refused(await hide(drop.creator.key, nobodys))).toBe("404 order_not_found");
    for (const host of [drop.creator.key, drop.seller.key])
      expect((await must(hide(host, id))).status).toBe("live");
    await buyAs("Anna");
    await soon(async () => {
      const { recentBuys } = await must(get(drop.at));
      expect(recentBuys.map(({ shownAs }: Json) => shownAs)).toEqual([undefined, undefined]);
    });
    const { data } = await must(get(`${drop.at}/events`, { as: drop.seller.key }));
    const hidden = data.filter(({ type }: Json) => type === "dropcast.viewer.unnamed.v1");
    expect(hidden).toMatchObject([{ subject: hidden[0].data.viewer }]);
  });

  it("that is declined gives its units back", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const { status, json } = await buy(drop, token, { method: "sandbox_decline" });
    expect([status, json.status, json.failure]).toEqual([201, "failed", "declined"]);
    expect(await poolOf(drop)).toMatchObject({ held: 0, committed: 0, available: 1 });
    expect(await must(get(`${drop.at}/purchases`, { as: token }))).toEqual({ reservations: [], orders: [] });
  });

  it("whose provider takes its time is answered open, and settles by itself", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const { status, json } = await buy(drop, token, { method: "sandbox_later_success_1" });
    expect([status, json.status, json.paymentPending]).toEqual([201, "placed", true]);
    const settled = await until(async () => {
      const order = await orderOf(json.id, token);
      return order.status === "captured" ? order : undefined;
    });
    expect(settled.paymentPending).toBe(false);
  });

  it("that credit pays in full asks nobody for money", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer({
      reference: "rich",
      credit: { session: drop.session, amount: usd(2_000) },
    });
    const items = [{ token: await newToken(drop, token, { creditAmount: 2_000 }) }];
    const body = { items, paymentMethod: "sandbox_decline" };
    const order = await must(post(`${drop.at}/orders`, { as: token, body }));
    expect(order).toMatchObject({
      status: "captured",
      total: usd(2_000),
      due: usd(0),
      payment: { id: "credit" },
    });
  });

  it("by a method that the provider does not know holds nothing", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    expect(refused(await buy(drop, token, { method: "cash" }))).toBe("422 payment_method_unknown");
    expect(await poolOf(drop)).toMatchObject({ held: 0, available: 1 });
  });

  it("pays for one's own hold, once", async () => {
    const drop = await newDrop(2);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const items = [{ token: await newToken(drop, ana.token) }];
    const { reservation } = await must(post(`${drop.at}/reservations`, { as: ana.token, body: { items } }));
    const body = { reservation: reservation.id, paymentMethod: "sandbox_success" };
    const pay = (as: string): Promise<Answer> => post(`${drop.at}/orders`, { as, body });
    expect(refused(await pay(ben.token))).toBe("404 reservation_not_found");
    expect((await pay(ana.token)).status).toBe(201);
    expect(refused(await pay(ana.token))).toBe("409 reservation_not_held");
  });
});

describe.concurrent("a repeated order", () => {
  it("is answered alike, with another body refused", async () => {
    const drop = await newDrop(3);
    const { token: as } = await newViewer();
    const key = newKey();
    const items = [{ token: await newToken(drop, as) }];
    const send = (paymentMethod: string): Promise<Answer> =>
      post(`${drop.at}/orders`, { as, key, body: { items, paymentMethod } });
    const first = await send("sandbox_success");
    const again = await send("sandbox_success");
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(refused(await send("sandbox_decline"))).toBe("422 idempotency_key_reused");
    expect(await poolOf(drop)).toMatchObject({ committed: 1 });
  });

  it("at the same time is made once", async () => {
    const drop = await newDrop(5);
    const { token: as } = await newViewer();
    const key = newKey();
    const body = { items: [{ token: await newToken(drop, as) }], paymentMethod: "sandbox_success" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(`${drop.at}/orders`, { as, key, body })),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ json }) => json.id)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(refused(answer)).toBe("409 idempotency_in_flight");
    }
    expect(await poolOf(drop)).toMatchObject({ held: 0, committed: 1 });
  });

  it("while the provider is silent is told to wait, and then that it is open", async () => {
    const drop = await newDrop(1);
    const { token: as } = await newViewer();
    const key = newKey();
    const body = { items: [{ token: await newToken(drop, as) }], paymentMethod: "sandbox_never_answers" };
    const send = (): Promise<Answer> => post(`${drop.at}/orders`, { as, key, body });
    const first = send();
    await soon(async () => expect(await poolOf(drop)).toMatchObject({ held: 1 }));
    const meanwhile = await send();
    expect([refused(meanwhile), meanwhile.headers.get("Retry-After")]).toEqual([
      "409 idempotency_in_flight",
      "1",
    ]);
    const open = await first;
    expect([open.status, open.json.status, open.json.paymentPending]).toEqual([201, "placed", true]);
    const again = await send();
    expect([again.status, again.text]).toEqual([201, open.text]);
  });
});

describe.concurrent("a refund", () => {
  const refund = (id: string, as: string, body: object = {}, key = newKey()): Promise<Answer> =>
    post(`/v1/orders/${id}/refunds`, { as, key, body });

  it("is given in parts, up to what was captured", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const { id } = (await buy(drop, token)).json;
    const part = await refund(id, drop.seller.key, { amount: usd(500) });
    expect([part.status, part.json.refunded]).toEqual([201, usd(500)]);
    const much = await refund(id, drop.seller.key, { amount: usd(1_501) });
    expect([refused(much), much.json.refundable]).toEqual(["409 refund_exceeds_captured", 1_500]);
    const eur = { amount: 1, currency: "EUR" };
    expect(refused(await refund(id, PLATFORM, { amount: eur }))).toBe("422 currency_mismatch");
    expect(refused(await refund(id, PLATFORM, { amount: usd(0) }))).toBe("400 bad_request");
    const rest = await must(refund(id, PLATFORM, { returnUnits: true }));
    expect(rest).toMatchObject({ status: "refunded", refunded: usd(2_000) });
    expect(rest.refunds.map(({ amount }: Json) => amount)).toEqual([usd(500), usd(1_500)]);
    expect(await poolOf(drop)).toMatchObject({ committed: 0, available: 1 });
    expect(refused(await refund(id, PLATFORM))).toBe("409 refund_exceeds_captured");
  });

  it("repeated is the same refund, at the same time too", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const { id } = (await buy(drop, token)).json;
    const key = newKey();
    const body = { amount: usd(700) };
    const answers = await Promise.all([1, 2, 3].map(() => refund(id, drop.seller.key, body, key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const other = await refund(id, drop.seller.key, { amount: usd(1) }, key);
    expect(refused(other)).toBe("422 idempotency_key_reused");
    expect((await orderOf(id, token)).refunded).toEqual(usd(700));
  });

  it("is the seller's to give", async () => {
    const [drop, stranger] = await Promise.all([newDrop(1), newShop()]);
    const { token } = await newViewer();
    const { id } = (await buy(drop, token)).json;
    expect(refused(await refund(id, token))).toBe("403 forbidden");
    expect(refused(await refund(id, drop.creator.key))).toBe("403 forbidden");
    expect(refused(await refund(id, stranger.seller.key))).toBe("404 order_not_found");
    expect((await orderOf(id, token)).refunded).toEqual(usd(0));
  });

  it("is not given for what was not taken", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const { id } = (await buy(drop, token, { method: "sandbox_decline" })).json;
    const answer = await refund(id, drop.seller.key);
    expect([refused(answer), answer.json.state]).toEqual(["409 order_state_conflict", "failed"]);
  });
});

it("lists orders of a session and a seller for those who may see them", async () => {
  const [drop, stranger] = await Promise.all([newDrop(3), newShop()]);
  const { token } = await newViewer();
  const orders = [(await buy(drop, token)).json, (await buy(drop, token)).json];
  const listed = await until(async () => {
    const { data } = await must(get(`/v1/orders?session=${drop.session}`, { as: drop.creator.key }));
    const isDone = data.every(({ status, lines: [line] }: Json) => status === "captured" && line.title);
    return data.length === 2 && isDone ? data : undefined;
  });
  const titled = ({ lines, ...order }: Json) => ({ ...order, lines: [{ ...lines[0], title: "Tee" }] });
  expect(listed).toEqual(orders.toReversed().map(titled));
  const seller = `/v1/orders?seller=${drop.seller.id}&limit=1`;
  const first = await must(get(seller, { as: drop.seller.key }));
  const second = await must(get(`${seller}&cursor=${first.nextCursor}`, { as: PLATFORM }));
  expect([...first.data, ...second.data]).toEqual(listed);
  const asks = [
    [`/v1/orders?session=${drop.session}`, stranger.seller.key, "404 session_not_found"],
    [seller, stranger.seller.key, "404 not_found"],
    [seller, drop.creator.key, "404 not_found"],
    [seller, token, "403 forbidden"],
    ["/v1/orders", PLATFORM, "400 bad_request"],
    [`${seller}&cursor=x`, PLATFORM, "400 bad_request"],
  ] as const;
  for (const [path, as, code] of asks) expect(refused(await get(path, { as })), path).toBe(code);
  expect(refused(await get(`${seller}&format=csv`, { as: stranger.seller.key }))).toBe("404 not_found");
  const csv = await get(`${seller}&format=csv`, { as: drop.seller.key });
  expect(csv.headers.get("Content-Type")).toBe("text/csv; charset=utf-8; header=present");
  expect(csv.headers.get("Content-Disposition")).toBe('attachment; filename="orders.csv"');
  expect(parse(csv.text, { columns: true })).toEqual(
    listed.map(({ id, viewer, placedAt, payment }: Json) => ({
      order: id,
      placed_at: placedAt,
      session: drop.session,
      status: "captured",
      failure: "",
      units: "1",
      offers: "1 x Tee",
      skus: `1 x ${drop.sku}`,
      currency: "USD",
      total: "20.00",
      due: "20.00",
      refunded: "0.00",
      provider: payment.provider,
      payment: payment.id,
      contract: "",
      creator: drop.creator.id,
      viewer,
    })),
  );
});

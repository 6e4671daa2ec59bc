/** Checkout against a real session and a provider that does as it is told: crashes between steps, races, late words. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { OrderId, ReservationId, SessionId, ViewerId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { Order } from "../../src/domain/order.ts";
import { advanceOrder, payNow, type Till, type Turn } from "../../src/edge/checkout.ts";
import { repairOrders } from "../../src/edge/till.ts";
import { LiveClient } from "../../src/live/client.ts";
import { orderIdFor } from "../../src/live/taps.ts";
import type { ChargePort, PaymentState, RefundState } from "../../src/settlement/psp/port.ts";
import { soon } from "../soon.ts";
import { get, must, newDrop, newToken, newViewer, post, until, type Drop, type Json } from "./client.ts";

/** A provider that answers what the test has set, and remembers what it was asked. */
class Provider implements ChargePort {
  readonly provider = "double";
  readonly asked: string[] = [];
  state: PaymentState = { status: "unknown" };
  /** What asking for the money leads to. */
  onAuthorize: () => PaymentState | Promise<PaymentState> = () => ({
    status: "authorized",
    payment: "pay_1",
  });
  onCapture: () => PaymentState | Promise<PaymentState> = () => ({ status: "captured", payment: "pay_1" });

  acceptsMethod(): boolean {
    return true;
  }
  async authorize(): Promise<PaymentState> {
    this.asked.push("authorize");
    return (this.state = await this.onAuthorize());
  }
  async capture(): Promise<PaymentState> {
    this.asked.push("capture");
    return (this.state = await this.onCapture());
  }
  async giveBack(): Promise<PaymentState> {
    this.asked.push("giveBack");
    if (this.state.status !== "unknown") this.state = { status: "returned", payment: "pay_1" };
    return this.state;
  }
  async find(): Promise<PaymentState> {
    this.asked.push("find");
    return this.state;
  }
  async refund(): Promise<RefundState> {
    return { status: "sent", refund: "re_1" };
  }
  async findRefund(): Promise<RefundState> {
    return { status: "unknown" };
  }
  captured = async (): Promise<undefined> => undefined;
  dispute = async (): Promise<undefined> => undefined;
}

const live = new LiveClient(env);

interface Case {
  readonly drop: Drop;
  readonly session: SessionId;
  readonly order: Order;
}

/** An order placed, and nobody asked for money yet: as a crash right after placing leaves it. */
async function placed(): Promise<Case> {
  const drop = await newDrop(1);
  const { token: as, id } = await newViewer();
  const items = [{ token: await newToken(drop, as) }];
  const { reservation } = await must(post(`${drop.at}/reservations`, { as, body: { items } }));
  const session = drop.session as SessionId;
  const order = orderIdFor(session);
  const { reply } = await live.command(session, {
    id: `test:${order}`,
    fingerprint: "place",
    command: {
      type: "order.place",
      v: 1,
      order,
      reservation: reservation.id as ReservationId,
      viewer: id as ViewerId,
      paymentMethod: "double",
    },
  });
  if (!reply.ok || !("order" in reply)) throw new Error(JSON.stringify(reply));
  return { drop, session, order: reply.order };
}

let provider: Provider;
let givenBack: OrderId[];
let nowMs: () => number;

const till = (): Till => ({
  live,
  port: provider,
  nowMs: () => nowMs(),
  noteGivenBack: async (order) => void givenBack.push(order),
});

const givingUpAfter = (ms = 2_000): AbortSignal => AbortSignal.timeout(ms);
const now = (turn: Partial<Turn> = {}): Turn => ({ fresh: true, signal: givingUpAfter(), ...turn });
const later = (turn: Partial<Turn> = {}): Turn => ({ fresh: false, signal: givingUpAfter(), ...turn });

const advance = ({ session, order }: Case, turn: Turn): Promise<Order | undefined> =>
  advanceOrder(till(), session, order.id, turn);

async function eventsOf({ drop, order }: Case): Promise<string[]> {
  const { data } = await must(get(`${drop.at}/events?limit=500`, { as: drop.seller.key }));
  return data
    .filter(({ subject }: Json) => subject === order.id)
    .map(({ type }: Json) => type.slice("dropcast.order.".length, -".v1".length));
}

async function availableIn({ drop }: Case): Promise<number> {
  const { data } = await must(get(`${drop.at}/stock`, { as: drop.seller.key }));
  return data[0].available;
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  provider = new Provider();
  givenBack = [];
  nowMs = Date.now;
});

describe("an order on its way", () => {
  it("is authorized, committed and captured", async () => {
    const sale = await placed();
    expect(await advance(sale, now())).toMatchObject({
      status: "captured",
      payment: { provider: "double", id: "pay_1" },
    });
    expect(provider.asked).toEqual(["authorize", "capture"]);
    expect(await eventsOf(sale)).toEqual(["placed", "authorized", "captured"]);
  });

  it("taken up by many at once goes each step once", async () => {
    const sale = await placed();
    const turns = [now(), now(), later(), later(), now(), later()];
    await Promise.all(turns.map((turn) => advance(sale, turn)));
    expect(await eventsOf(sale)).toEqual(["placed", "authorized", "captured"]);
    expect(provider.asked).not.toContain("giveBack");
  });

  it("that was declined gives its units back", async () => {
    const sale = await placed();
    provider.onAuthorize = () => ({ status: "declined", payment: "pay_1", reason: "card" });
    expect(await advance(sale, now())).toMatchObject({ status: "failed", failure: "declined" });
    expect(await availableIn(sale)).toBe(1);
    await advance(sale, later());
    expect(provider.asked).toEqual(["authorize"]);
  });

  it("the provider has not decided is pending, said once", async () => {
    const sale = await placed();
    provider.onAuthorize = () => ({ status: "pending", payment: "pay_1" });
    expect(await advance(sale, now())).toMatchObject({ status: "placed" });
    await advance(sale, later());
    await advance(sale, later());
    expect(await eventsOf(sale)).toEqual(["placed", "pending"]);
    provider.state = { status: "authorized", payment: "pay_1" };
    expect((await advance(sale, later()))?.status).toBe("captured");
  });

  it.each([
    ["does not answer in time", () => new Promise<never>(() => undefined)],
    ["cannot be reached", () => Promise.reject(new Error("no route"))],
  ])("whose provider %s is pending", async (_what, onAuthorize) => {
    const sale = await placed();
    provider.onAuthorize = onAuthorize;
    await advance(sale, now({ signal: givingUpAfter(50) }));
    expect(await live.order(sale.session, sale.order.id)).toMatchObject({
      status: "placed",
      paymentPending: true,
    });
  });

  it("is answered when the wait is over, and goes on", async () => {
    const sale = await placed();
    let answer: (state: PaymentState) => void = () => undefined;
    provider.onCapture = () => new Promise((resolve) => (answer = resolve));
    const work: Promise<unknown>[] = [];
    const wait = vi.spyOn(scheduler, "wait");
    const longest = LIMITS.paymentWaitMs + LIMITS.paymentGraceMs;
    let runOut: () => void = () => undefined;
    wait.mockImplementationOnce((ms) => {
      expect(ms).toBe(longest);
      return new Promise((resolve) => (runOut = resolve));
    });
    const paid = payNow(till(), sale.session, sale.order, (promise) => void work.push(promise));
    await soon(() => expect(provider.asked).toContain("capture"));
    runOut();
    expect((await paid).status).toBe("authorized");
    wait.mockRestore();
    answer({ status: "captured", payment: "pay_1" });
    expect(work).toHaveLength(1);
    await Promise.all(work);
    expect((await live.order(sale.session, sale.order.id))?.status).toBe("captured");
  });
});

describe("after a crash", () => {
  it("before the provider was asked, it is asked while the hold lasts", async () => {
    const sale = await placed();
    expect((await advance(sale, later()))?.status).toBe("captured");
    expect(provider.asked).toEqual(["find", "authorize", "capture"]);
  });

  it("before the provider was asked, nobody is charged for a hold that is gone", async () => {
    const sale = await placed();
    await must(post(`${sale.drop.at}/cancel`, { as: sale.drop.seller.key }));
    expect(await advance(sale, later())).toMatchObject({ status: "placed", paymentPending: false });
    expect(provider.asked).toEqual(["find"]);
    nowMs = () => Date.now() + LIMITS.paymentInFlightMs + 1_000;
    expect((await advance(sale, later()))?.status).toBe("cancelled");
    expect(provider.asked).not.toContain("authorize");
  });

  it("between the provider's word and the session's, the word is asked for again", async () => {
    const sale = await placed();
    provider.state = { status: "authorized", payment: "pay_1" };
    expect((await advance(sale, later()))?.status).toBe("captured");
    expect(provider.asked).toEqual(["find", "capture"]);
  });

  it("between authorizing and capturing, it is captured", async () => {
    const sale = await placed();
    provider.onCapture = () => Promise.reject(new Error("crash"));
    await expect(advance(sale, now())).rejects.toThrow("crash");
    expect((await live.order(sale.session, sale.order.id))?.status).toBe("authorized");
    provider.onCapture = () => ({ status: "captured", payment: "pay_1" });
    expect((await advance(sale, later()))?.status).toBe("captured");
  });

  it("after capturing, the session is told", async () => {
    const sale = await placed();
    provider.state = { status: "captured", payment: "pay_1" };
    expect((await advance(sale, later()))?.status).toBe("captured");
  });
});

describe("money that came to nothing goes back", () => {
  it("when the hold was lost before the provider said yes", async () => {
    const sale = await placed();
    provider.onAuthorize = async () => {
      await must(post(`${sale.drop.at}/cancel`, { as: sale.drop.seller.key }));
      return { status: "authorized", payment: "pay_1" };
    };
    expect(await advance(sale, now())).toMatchObject({ status: "failed", failure: "hold_lost" });
    expect(provider.asked).toEqual(["authorize", "giveBack"]);
    expect(provider.state.status).toBe("returned");
    expect(givenBack).toEqual([sale.order.id]);
  });

  it("again, when a crash came before it was given back", async () => {
    const sale = await placed();
    await must(post(`${sale.drop.at}/cancel`, { as: sale.drop.seller.key }));
    provider.giveBack = () => Promise.reject(new Error("crash"));
    await expect(advance(sale, now())).rejects.toThrow("crash");
    delete (provider as { giveBack?: unknown }).giveBack;
    await advance(sale, later());
    expect(provider.state.status).toBe("returned");
    expect(givenBack).toEqual([sale.order.id]);
  });

  it("when the provider has lost what it promised", async () => {
    const sale = await placed();
    provider.onCapture = () => ({ status: "returned", payment: "pay_1" });
    expect(await advance(sale, now())).toMatchObject({ status: "failed", failure: "capture_failed" });
    expect(await availableIn(sale)).toBe(1);
    expect(givenBack).toEqual([sale.order.id]);
  });

  it("when the order was given up meanwhile", async () => {
    const sale = await placed();
    provider.onAuthorize = async () => {
      const command = { type: "order.cancel", v: 1, order: sale.order.id } as const;
      await live.command(sale.session, { id: `other:${sale.order.id}`, fingerprint: "cancel", command });
      return { status: "authorized", payment: "pay_1" };
    };
    expect((await advance(sale, now()))?.status).toBe("cancelled");
    expect(provider.state.status).toBe("returned");
    expect(givenBack).toEqual([sale.order.id]);
  });

  it("when the provider promised it only after the order was cancelled", async () => {
    const sale = await placed();
    const command = { type: "order.cancel", v: 1, order: sale.order.id } as const;
    await live.command(sale.session, { id: `other:${sale.order.id}`, fingerprint: "cancel", command });
    await advance(sale, later());
    expect(givenBack).toEqual([]);
    provider.state = { status: "authorized", payment: "pay_1" };
    await advance(sale, later());
    expect([provider.state.status, givenBack]).toEqual(["returned", [sale.order.id]]);
  });

  it("or never was promised, which is noted when it can no longer come", async () => {
    const sale = await placed();
    const command = { type: "order.cancel", v: 1, order: sale.order.id } as const;
    await live.command(sale.session, { id: `other:${sale.order.id}`, fingerprint: "cancel", command });
    nowMs = () => Date.now() + LIMITS.orderPendingMs - 60_000;
    await advance(sale, later());
    expect(givenBack).toEqual([]);
    nowMs = () => Date.now() + LIMITS.orderPendingMs + 1_000;
    await advance(sale, later());
    expect(givenBack).toEqual([sale.order.id]);
  });

  it("not at all when it was only declined", async () => {
    const sale = await placed();
    provider.onAuthorize = () => ({ status: "declined", payment: "pay_1", reason: "card" });
    await advance(sale, now());
    expect(provider.asked).not.toContain("giveBack");
  });
});

describe("an order that nobody hears of", () => {
  it("is waited for, and after long enough given up", async () => {
    const sale = await placed();
    provider.onAuthorize = () => Promise.reject(new Error("no route"));
    await advance(sale, now());
    await advance(sale, later());
    expect((await live.order(sale.session, sale.order.id))?.status).toBe("placed");
    expect(provider.asked.filter((asked) => asked === "authorize")).toHaveLength(1);
    nowMs = () => Date.now() + LIMITS.orderAbandonedMs + 1_000;
    expect((await advance(sale, later()))?.status).toBe("cancelled");
    expect(provider.asked).toContain("giveBack");
    expect(await availableIn(sale)).toBe(1);
  });

  it("is not given up while the provider knows of it, but for a day", async () => {
    const sale = await placed();
    provider.state = { status: "pending", payment: "pay_1" };
    nowMs = () => Date.now() + LIMITS.orderAbandonedMs + 1_000;
    await advance(sale, later());
    expect((await live.order(sale.session, sale.order.id))?.status).toBe("placed");
    nowMs = () => Date.now() + LIMITS.orderPendingMs + 1_000;
    expect((await advance(sale, later()))?.status).toBe("cancelled");
    expect(provider.state).toMatchObject({ status: "returned" });
  });
});

/** An order by the sandbox's method, left as a crash right after placing leaves it; D1 knows of it. */
async function leftOpen(): Promise<{ order: OrderId; as: string }> {
  const drop = await newDrop(1);
  const { token: as, id } = await newViewer();
  const items = [{ token: await newToken(drop, as) }];
  const { reservation } = await must(post(`${drop.at}/reservations`, { as, body: { items } }));
  const session = drop.session as SessionId;
  const order = orderIdFor(session);
  const command = {
    type: "order.place",
    v: 1,
    order,
    reservation: reservation.id as ReservationId,
    viewer: id as ViewerId,
    paymentMethod: "sandbox_success",
  } as const;
  await live.command(session, { id: `test:${order}`, fingerprint: "place", command });
  await until(async () => {
    const { data } = await must(get(`/v1/orders?session=${session}`, { as: drop.seller.key }));
    return data.length > 0 ? true : undefined;
  });
  return { order, as };
}

describe("the repairing cron", () => {
  const soonEnough = (): number => Date.now() + LIMITS.orderRepairAfterMs + 1_000;

  it("finds what a crash left open, and finishes it", async () => {
    const { order, as } = await leftOpen();
    expect(await repairOrders(env, Date.now())).toBe(0);
    expect(await repairOrders(env, soonEnough())).toBeGreaterThan(0);
    expect((await must(get(`/v1/orders/${order}`, { as }))).status).toBe("captured");
  });

  it("comes to the younger ones when the oldest cannot be moved", async () => {
    const { order, as } = await leftOpen();
    const columns = (
      await env.DB.prepare("SELECT name FROM pragma_table_info('orders')").all<{ name: string }>()
    ).results.map(({ name }) => name);
    const stuck: Readonly<Record<string, string>> = {
      id: `'ord_' || printf('%052d', value)`,
      session: `'ses_' || printf('%026d', value)`,
      placed_at_ms: "placed_at_ms - 1000 - value",
    };
    const chosen = columns.map((name) => stuck[name] ?? `orders.${name}`).join();
    await env.DB.prepare(
      `INSERT INTO orders (${columns.join()}) SELECT ${chosen} FROM orders, json_each(?) WHERE orders.id = ?`,
    )
      .bind(JSON.stringify(Array.from({ length: LIMITS.ordersPerRepair }, (_, at) => at)), order)
      .run();
    const statusOf = async (): Promise<string> => (await must(get(`/v1/orders/${order}`, { as }))).status;
    expect(await repairOrders(env, soonEnough())).toBe(LIMITS.ordersPerRepair);
    expect(await statusOf()).toBe("placed");
    expect(await repairOrders(env, soonEnough())).toBe(1);
    expect(await statusOf()).toBe("captured");
  });
});

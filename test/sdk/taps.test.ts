// A tap is carried out once at most: it keeps its id through cuts, silence and overload.
import { expect, it, vi } from "vitest";
import type { DropcastError } from "../../src/sdk/error.ts";
import { Taps, type TapsPorts } from "../../src/sdk/taps.ts";
import { API, fakeNetwork, json, problem, problemBody, SESSION, type Network } from "./network.ts";
import { order } from "./things.ts";

const URL_OF = `${API}/v1/sessions/${SESSION}`;
const BUY = {
  type: "order" as const,
  items: [{ token: "t", quantity: 1 }],
  allowPartial: false,
  paymentMethod: "pm_1",
};
const LATER_MS = 120_000;

interface Stage {
  readonly network: Network;
  readonly taps: Taps;
  readonly socket: { isOpen: boolean; viewer: string; readonly sent: { id: string }[] };
  readonly ports: TapsPorts;
}

function stage(isOpen = false): Stage {
  const network = fakeNetwork();
  const sent: { id: string }[] = [];
  const socket = {
    isOpen,
    sent,
    viewer: "viewer",
    isOpenFor(token: string): boolean {
      return socket.isOpen && token === socket.viewer;
    },
    send(text: string): boolean {
      sent.push(JSON.parse(text) as { id: string });
      return true;
    },
  };
  const ports: TapsPorts = {
    url: URL_OF,
    socket,
    tokens: { token: () => Promise.resolve("viewer"), reject: vi.fn<() => void>() },
    clock: { nowMs: () => Date.now() },
    otherViewer: vi.fn<() => void>(),
  };
  return { network, socket, ports, taps: new Taps(ports) };
}

const keysOf = ({ network }: Stage): (string | null)[] =>
  network.requests.map(({ headers }) => headers.get("Idempotency-Key"));

/** The outcome so far: undefined while it is open. */
function outcomeOf(answer: Promise<unknown>): { value?: unknown; error?: DropcastError } {
  const outcome: { value?: unknown; error?: DropcastError } = {};
  answer.then(
    (value) => (outcome.value = value),
    (error: DropcastError) => (outcome.error = error),
  );
  return outcome;
}

it("goes over the socket while it is open, and is answered by its id", async () => {
  const { taps, socket, network } = stage(true);
  const bought = taps.send(BUY, Date.now() + LATER_MS);
  await vi.advanceTimersByTimeAsync(0);
  expect(socket.sent).toEqual([{ ...BUY, id: expect.stringMatching(/^[0-9a-f]{32}$/) as string }]);
  taps.answered({ type: "error", id: "another", problem: problemBody("out_of_stock", 409) as never });
  taps.answered({ type: "ack", id: socket.sent[0]!.id, replayed: false, result: order() as never });
  expect(await bought).toEqual(order());
  expect(network.requests).toEqual([]);
});

it("is sent again under the same id when the socket is cut", async () => {
  const at = stage(true);
  at.network.answer = () => json(order(), 201);
  const bought = outcomeOf(at.taps.send(BUY, Date.now() + LATER_MS));
  await vi.advanceTimersByTimeAsync(0);
  at.socket.isOpen = false;
  at.taps.cut();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(bought.value).toEqual(order());
  expect(keysOf(at)).toEqual(at.socket.sent.map(({ id }) => id));
  expect(at.network.requests).toMatchObject([{ method: "POST", path: `/v1/sessions/${SESSION}/orders` }]);
});

it("is sent again under the same id over the socket that comes after, or one that said nothing", async () => {
  const { taps, socket } = stage(true);
  const bought = outcomeOf(taps.send(BUY, Date.now() + LATER_MS));
  await vi.advanceTimersByTimeAsync(7_999);
  expect(socket.sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_001);
  const [first, second] = socket.sent;
  expect(second).toEqual(first);
  taps.answered({ type: "ack", id: first!.id, replayed: true, result: order() as never });
  await vi.advanceTimersByTimeAsync(0);
  expect(bought.value).toEqual(order());
});

it("is repeated with one id until somebody answers", async () => {
  const at = stage();
  let silent = 3;
  at.network.answer = () => (silent-- > 0 ? undefined : json(order(), 201));
  const bought = outcomeOf(at.taps.send(BUY, Date.now() + LATER_MS));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(bought.value).toEqual(order());
  expect(keysOf(at)).toHaveLength(4);
  expect(new Set(keysOf(at)).size).toBe(1);
});

it("gives up when its token runs out, and says that its fate is not known", async () => {
  const at = stage();
  const bought = outcomeOf(at.taps.send(BUY, Date.now() + LATER_MS));
  await vi.advanceTimersByTimeAsync(LATER_MS);
  expect(bought.error).toMatchObject({ code: "offline", status: 0 });
  expect(new Set(keysOf(at)).size).toBe(1);
});

it("does not take an expired token for a refusal when an attempt before it had no answer", async () => {
  const at = stage();
  let silent = 1;
  at.network.answer = () => (silent-- > 0 ? undefined : problem("token_expired", 401));
  const bought = outcomeOf(at.taps.send(BUY, Date.now() + LATER_MS));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(bought.error).toMatchObject({ code: "offline", problem: { code: "token_expired" } });
});

it.each(["internal", "overloaded"] as const)(
  "that had no answer is not taken for refused by a server that answers %s from then on",
  async (code) => {
    const at = stage();
    let silent = 1;
    at.network.answer = () => (silent-- > 0 ? undefined : problem(code, 503));
    const bought = outcomeOf(at.taps.send(BUY, Date.now() + LATER_MS));
    await vi.advanceTimersByTimeAsync(LATER_MS);
    expect(bought.error).toMatchObject({ code: "offline", problem: { code } });
    expect(new Set(keysOf(at)).size).toBe(1);
  },
);

it("is refused with the server's code, once", async () => {
  const at = stage();
  at.network.answer = () => problem("out_of_stock", 409);
  await expect(at.taps.send(BUY, Date.now() + LATER_MS)).rejects.toMatchObject({
    code: "out_of_stock",
    status: 409,
  });
  expect(at.network.requests).toHaveLength(1);
});

it("comes again to who has too much to do when it is told to, a few times", async () => {
  const at = stage();
  at.network.answer = () => problem("overloaded", 503, { "Retry-After": "2" });
  const bought = outcomeOf(at.taps.send(BUY, Date.now() + LATER_MS));
  await vi.advanceTimersByTimeAsync(1_999);
  expect(at.network.requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(bought.error).toMatchObject({ code: "overloaded", retryAfterMs: 2_000 });
  expect(at.network.requests).toHaveLength(4);
  expect(new Set(keysOf(at)).size).toBe(1);
});

it("tells who taps too much, and when to come back", async () => {
  const at = stage();
  at.network.answer = () => problem("rate_limited", 429, { "Retry-After": "7" });
  const tap = at.taps.send(BUY, Date.now() + LATER_MS);
  await expect(tap).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 7_000 });
});

it("waits for an order that another request is being paid by", async () => {
  const at = stage();
  let busy = 6;
  at.network.answer = () => (busy-- > 0 ? problem("idempotency_in_flight", 409) : json(order(), 201));
  const bought = outcomeOf(at.taps.send(BUY, Date.now() + LATER_MS));
  await vi.advanceTimersByTimeAsync(100_000);
  expect(bought.value).toEqual(order());
});

it("gives up a viewer's token that the server does not know", async () => {
  const at = stage();
  at.network.answer = () => problem("unauthenticated", 401);
  await expect(at.taps.send(BUY, Date.now() + LATER_MS)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(at.ports.tokens.reject).toHaveBeenCalledWith("viewer");
  expect(at.ports.otherViewer).toHaveBeenCalled();
});

it("does not go over a socket that is another viewer's", async () => {
  const at = stage(true);
  at.socket.viewer = "another";
  at.network.answer = () => json(order(), 201);
  await at.taps.send(BUY, Date.now() + LATER_MS);
  expect(at.socket.sent).toEqual([]);
  expect(at.ports.otherViewer).toHaveBeenCalled();
});

it("has a request for each kind", async () => {
  const at = stage();
  at.network.answer = () => json({});
  const until = Date.now() + LATER_MS;
  await at.taps.send({ type: "reserve", items: [], allowPartial: false, backorder: true }, until);
  await at.taps.send({ type: "extend", reservation: "rsv_1" }, until);
  await at.taps.send({ type: "release", reservation: "rsv_1" }, until);
  const path = `/v1/sessions/${SESSION}/reservations`;
  expect(at.network.requests.map((asked) => [asked.method, asked.path, asked.body])).toEqual([
    ["POST", path, { items: [], allowPartial: false, backorder: true }],
    ["POST", `${path}/rsv_1/extend`, undefined],
    ["DELETE", `${path}/rsv_1`, undefined],
  ]);
  expect(new Set(keysOf(at)).size).toBe(3);
});

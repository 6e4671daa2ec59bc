// Every route, typed: what is sent, what comes back, and what is sent again. Only the network is made up.
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { createApi, DropcastError, each } from "../../src/sdk/api.ts";
import { API, json, problem } from "./network.ts";

/** What is answered, one after the other; nobody answers afterwards. */
let answers: (() => Response)[];
let requests: Request[];

beforeEach(() => {
  answers = [];
  requests = [];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (request: Request, { signal }: { signal: AbortSignal }) => {
    signal.throwIfAborted();
    requests.push(request);
    const answer = answers.shift();
    if (!answer) throw new TypeError("fetch failed");
    return answer();
  });
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
});

const JSON_TYPE = { "Content-Type": "application/json; charset=UTF-8" };
const path = { session: "ses_1" };

/** What became of it once all waits are over. */
async function outcome<T>(asked: Promise<T>): Promise<T | DropcastError> {
  const settled = asked.catch((error: DropcastError) => error);
  await vi.runAllTimersAsync();
  return settled;
}

it("sends what was asked for with the key, and resolves with the answer", async () => {
  answers = [() => json({ data: [], nextCursor: null })];
  const api = createApi({ api: API, key: "sk_1" });
  const { data } = await api.GET("/v1/orders", { params: { query: { session: "ses_1", limit: 5 } } });
  expect(data).toEqual({ data: [], nextCursor: null });
  const [request] = requests;
  expect(request?.url).toBe(`${API}/v1/orders?session=ses_1&limit=5`);
  expect(request?.headers.get("Authorization")).toBe("Bearer sk_1");
  expect(request?.headers.has("Idempotency-Key")).toBe(false);
  expect(request?.credentials).toBe("same-origin");
});

it("rejects what is refused, by its code", async () => {
  answers = [() => problem("price_below_floor", 422)];
  const api = createApi({ api: API });
  const refused = await outcome(api.POST("/v1/sessions/{session}/start", { params: { path } }));
  expect(refused).toBeInstanceOf(DropcastError);
  expect(refused).toMatchObject({ code: "price_below_floor", status: 422 });
  expect(requests[0]?.headers.has("Authorization")).toBe(false);
});

it("is sent again under its key while nobody answers, or the server asks for it", async () => {
  const again = { "Retry-After": "1" };
  answers = [
    () => problem("overloaded", 503, again),
    () => problem("idempotency_in_flight", 409, again),
    () => json({ id: "sel_1" }, 201, JSON_TYPE),
  ];
  const api = createApi({ api: API, key: "pk_1" });
  const made = await outcome(api.POST("/v1/sellers", { body: { name: "Kiln" } }));
  expect(made).toMatchObject({ data: { id: "sel_1" } });
  const keys = requests.map(({ headers }) => headers.get("Idempotency-Key"));
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), keys[0], keys[0]]);
  expect(await requests[2]?.json()).toEqual({ name: "Kiln" });

  const header = { "Idempotency-Key": "mine" };
  const unanswered = await outcome(api.POST("/v1/sellers", { params: { header }, body: { name: "Kiln" } }));
  expect(unanswered).toMatchObject({ code: "offline", status: 0 });
  expect(requests.slice(3).map(({ headers }) => headers.get("Idempotency-Key"))).toEqual(
    Array(3).fill("mine"),
  );
});

it("is sent again when its answer is cut off", async () => {
  const cut = new ReadableStream({ pull: (body) => body.error(new TypeError("terminated")) });
  answers = [() => new Response(cut, { headers: JSON_TYPE }), () => json({ id: "sel_1" }, 200, JSON_TYPE)];
  const seller = createApi({ api: API }).GET("/v1/sellers/{seller}", {
    params: { path: { seller: "sel_1" } },
  });
  expect(await outcome(seller)).toMatchObject({ data: { id: "sel_1" } });
});

it("is not sent again when it is refused, comes too often, or is no longer wanted", async () => {
  const api = createApi({ api: API });
  answers = [
    () => problem("rate_limited", 429, { "Retry-After": "1" }),
    () => problem("overloaded", 503, { "Retry-After": "60" }),
  ];
  expect(await outcome(api.GET("/v1/orders"))).toMatchObject({ code: "rate_limited", retryAfterMs: 1_000 });
  expect(await outcome(api.GET("/v1/orders"))).toMatchObject({ code: "overloaded" });
  expect(requests).toHaveLength(2);
  const reason = new Error("left");
  expect(await outcome(api.GET("/v1/orders", { signal: AbortSignal.abort(reason) }))).toBe(reason);
});

it("goes through a list page after page", async () => {
  answers = [() => json({ data: [1, 2], nextCursor: "c1" }), () => json({ data: [3], nextCursor: null })];
  const api = createApi({ api: API });
  const all: unknown[] = [];
  for await (const one of each((at) => api.GET("/v1/sessions", { params: { query: { limit: 2, ...at } } })))
    all.push(one);
  expect(all).toEqual([1, 2, 3]);
  expect(requests.map(({ url }) => new URL(url).search)).toEqual(["?limit=2", "?limit=2&cursor=c1"]);
});

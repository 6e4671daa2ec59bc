/** A client of the Worker as tests need it: requests in, status, headers and JSON out; and a shop to make them in. */
import { env, exports } from "cloudflare:workers";
import { z } from "zod";
import { soon } from "../soon.ts";

export const PLATFORM = env.PLATFORM_KEY;

export interface Sent {
  /** The bearer credential. */
  readonly as?: string | undefined;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: BodyInit;
  readonly type?: string;
  /** `Idempotency-Key`; POSTs get one of their own unless it is null. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

/** JSON that a test looks into without saying what it expects; what is not there is undefined. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test's expectations are its types
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
  readonly text: string;
}

let keys = 0;

/** A key that no other request of this run has. */
export function newKey(): string {
  keys += 1;
  return `key-${keys}-${crypto.randomUUID()}`;
}

export async function send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const headers = new Headers(sent.headers);
  if (sent.as !== undefined) headers.set("Authorization", `Bearer ${sent.as}`);
  const key = sent.key === undefined && method === "POST" ? newKey() : sent.key;
  if (key !== undefined && key !== null) headers.set("Idempotency-Key", key);
  const body = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const type = sent.type ?? (sent.body === undefined ? undefined : "application/json");
  if (type !== undefined) headers.set("Content-Type", type);
  const response = await exports.default.fetch(`https://dropcast.test${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = new TextDecoder().decode(await response.arrayBuffer());
  const isJson =
    /json\b/.test(response.headers.get("Content-Type") ?? "") &&
    !/ndjson/.test(response.headers.get("Content-Type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text ? JSON.parse(text) : undefined,
  };
}

export const get = (path: string, sent?: Sent): Promise<Answer> => send("GET", path, sent);
export const post = (path: string, sent?: Sent): Promise<Answer> => send("POST", path, sent);
export const patch = (path: string, sent?: Sent): Promise<Answer> => send("PATCH", path, sent);
export const remove = (path: string, sent?: Sent): Promise<Answer> => send("DELETE", path, sent);

/** The answer's body; what was not to be refused says why it was. */
export async function must(asked: Promise<Answer>): Promise<Json> {
  const answer = await asked;
  if (answer.status >= 400) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json;
}

const problem = z.object({
  type: z.string(),
  title: z.string().min(1),
  status: z.int(),
  code: z.string(),
  instance: z.string(),
  requestId: z.string(),
});

/** What a problem is known by, once it is seen to be one. */
export function refused({ status, headers, json, text }: Answer): string {
  if (status < 400) throw new Error(`not refused: ${status} ${text}`);
  const shape = problem.parse(json);
  if (headers.get("Content-Type") !== "application/problem+json") throw new Error("not problem+json");
  if (shape.status !== status) throw new Error("the problem's status is not the answer's");
  if (shape.requestId !== headers.get("X-Request-Id"))
    throw new Error("the problem's requestId is not the answer's");
  return `${status} ${shape.code}`;
}

let handles = 0;

export async function newSeller(): Promise<{ id: string; key: string }> {
  const { id } = await must(post("/v1/sellers", { as: PLATFORM, body: { name: "Kiln & Loom" } }));
  const { secret } = await must(
    post("/v1/keys", { as: PLATFORM, body: { label: "shop", for: { seller: id } } }),
  );
  return { id, key: secret };
}

export async function newCreator(): Promise<{ id: string; key: string }> {
  handles += 1;
  const handle = `maya${handles}-${crypto.randomUUID().slice(0, 8)}`;
  const { id } = await must(post("/v1/creators", { as: PLATFORM, body: { name: "Maya", handle } }));
  const { secret } = await must(
    post("/v1/keys", { as: PLATFORM, body: { label: "host", for: { creator: id } } }),
  );
  return { id, key: secret };
}

export async function newViewer(body: object = {}): Promise<{ id: string; token: string }> {
  const as = Object.keys(body).length > 0 ? PLATFORM : undefined;
  const { viewer, token } = await must(post("/v1/viewers", { as, body }));
  return { id: viewer, token };
}

export interface Shop {
  readonly seller: { id: string; key: string };
  readonly creator: { id: string; key: string };
}

export async function newShop(): Promise<Shop> {
  const [seller, creator] = await Promise.all([newSeller(), newCreator()]);
  return { seller, creator };
}

/** Terms of a shop's two: 5 % for the platform, 15 % for the creator, who may pay for what is taken off. */
export function contractOf({ seller, creator }: Shop, over: object = {}): object {
  return {
    seller: seller.id,
    creator: creator.id,
    currency: "USD",
    platformFee: { basisPoints: 500 },
    creatorRate: [{ from: usd(0), basisPoints: 1_500 }],
    funders: { dropPrice: ["seller", "creator"], creatorCode: ["seller", "creator"] },
    ...over,
  };
}

export async function newContract(shop: Shop, over: object = {}): Promise<string> {
  const { id } = await must(post("/v1/contracts", { as: PLATFORM, body: contractOf(shop, over) }));
  return id;
}

export interface Stage extends Shop {
  readonly session: string;
  /** `/v1/sessions/{session}` */
  readonly at: string;
}

/** A live session of a shop. */
export async function newSession(shop: Shop, over: object = {}): Promise<Stage> {
  const body = {
    seller: shop.seller.id,
    creator: shop.creator.id,
    title: "Friday drop",
    currency: "USD",
    ...over,
  };
  const { id } = await must(post("/v1/sessions", { as: shop.seller.key, body }));
  const at = `/v1/sessions/${id}`;
  await must(post(`${at}/start`, { as: shop.creator.key }));
  return { ...shop, session: id, at };
}

export const usd = (amount: number): { amount: number; currency: string } => ({ amount, currency: "USD" });

let skus = 0;

export interface Drop extends Stage {
  readonly offer: string;
  readonly sku: string;
}

/** An open offer of a new SKU with so many units in stock. */
export async function newOffer(stage: Stage, units: number, over: object = {}): Promise<Drop> {
  skus += 1;
  const sku = `TEE-${skus}`;
  await must(post(`${stage.at}/stock`, { as: stage.seller.key, body: { sku, allocated: units } }));
  const body = { title: "Tee", lines: [{ sku, quantity: 1 }], price: { headline: usd(2_000) }, ...over };
  const { id } = await must(post(`${stage.at}/offers`, { as: stage.seller.key, body }));
  await must(post(`${stage.at}/offers/${id}/open`, { as: stage.creator.key }));
  return { ...stage, offer: id, sku };
}

/** A shop, a live session, an open offer. */
export async function newDrop(units: number, over: object = {}): Promise<Drop> {
  return newOffer(await newSession(await newShop()), units, over);
}

export async function newToken(drop: Drop, viewer: string, body: object = {}): Promise<string> {
  const { token } = await must(post(`${drop.at}/offers/${drop.offer}/tokens`, { as: viewer, body }));
  return token;
}

/** Buys one unit in one tap. */
export async function buy(
  drop: Drop,
  viewer: string,
  over: { method?: string; key?: string } = {},
): Promise<Answer> {
  const token = await newToken(drop, viewer);
  const body = { items: [{ token }], paymentMethod: over.method ?? "sandbox_success" };
  return post(`${drop.at}/orders`, { as: viewer, body, ...(over.key ? { key: over.key } : {}) });
}

/** Buys one unit over a socket; the order's id. */
export async function tapOrder(drop: Drop, as: string, clicks: readonly string[]): Promise<string> {
  const protocols = `dropcast.v1, dropcast.bearer.${as}`;
  const headers = { Upgrade: "websocket", "Sec-WebSocket-Protocol": protocols };
  const { webSocket } = await exports.default.fetch(`https://dropcast.test${drop.at}/live`, { headers });
  if (!webSocket) throw new Error("no socket");
  const messages: Json[] = [];
  webSocket.addEventListener("message", ({ data }) => void messages.push(JSON.parse(String(data))));
  webSocket.accept();
  const items = [{ token: await newToken(drop, as) }];
  webSocket.send(
    JSON.stringify({ type: "order", id: "tap", items, paymentMethod: "sandbox_success", clicks }),
  );
  const answer = await until(async () => messages.find(({ id }) => id === "tap"));
  webSocket.close();
  if (answer.type !== "ack") throw new Error(JSON.stringify(answer));
  return answer.result.id;
}

/** Waits until what is asked gives something. */
export function until<T>(asked: () => Promise<T | undefined>): Promise<T> {
  return soon(async () => {
    const found = await asked();
    if (found === undefined) throw new Error("nothing yet");
    return found;
  });
}

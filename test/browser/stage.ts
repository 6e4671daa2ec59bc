/** The real server with a shop on it, and live sessions to put on screen; for tests in a browser. Over the public API only. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import { Api } from "../../scripts/rehearsal/api.ts";
import { createSession, openShop, type Shop } from "../../scripts/rehearsal/shop.ts";
import { root } from "../../scripts/quietly.ts";

const CURRENCY = "USD";

export interface Stage {
  readonly url: string;
  /** Of the sample shop: a page with two cards. */
  readonly demo: string;
  readonly api: Api;
  readonly shop: Shop;
}

/** A shop of the file's own, on the server that all share. */
export async function openStage(): Promise<Stage> {
  const { url, demo, key } = inject("served");
  const api = new Api(url);
  const csv = await readFile(join(root, "scripts", "sample", "catalog.csv"), "utf8");
  return { url, demo, api, shop: await openShop(api, key, csv, CURRENCY) };
}

/** An address that signs in with the key, once, and goes on to the path; with a session the sign-in is limited to it. */
export async function signInUrl(
  { url, api }: Stage,
  key: string,
  to: string,
  session?: string,
): Promise<string> {
  const body = session === undefined ? {} : { session };
  const { code } = await api.post<{ code: string }>("/v1/sign-ins", key, body);
  return `${url}/sign-in#code=${code}&to=${to}`;
}

/** A live session with one open offer at 40.00, 32.00 in the drop. */
export interface Drop {
  readonly session: string;
  readonly offer: string;
  readonly sku: string;
  /** Sends a host's command: the path below the session. */
  host<T>(path: string, body?: unknown, method?: string): Promise<T>;
  /** Units that are held or sold. */
  taken(): Promise<number>;
}

export async function newDrop(
  { api, shop }: Stage,
  { stock = 10, offer = {}, session = {} }: { stock?: number; offer?: object; session?: object } = {},
): Promise<Drop> {
  const id = await createSession(api, shop, CURRENCY, {
    title: "Friday kiln opening",
    creatorCodes: [{ code: "MAYA10", off: { basisPoints: 1_000 }, funder: "creator" }],
    ...session,
  });
  const host = <T>(path: string, body?: unknown, method = "POST"): Promise<T> =>
    api.must<T>(`/v1/sessions/${id}${path}`, { method, body, bearer: shop.sellerKey });
  const sku = shop.products[0]?.variants[0]?.sku ?? "";
  await host("/stock", { sku, allocated: stock });
  const made = await host<{ id: string }>("/offers", {
    title: "Ash glaze mug",
    lines: [{ sku, quantity: 1 }],
    price: {
      headline: { amount: 4_000, currency: CURRENCY },
      drop: { price: { amount: 3_200, currency: CURRENCY }, funder: "seller" },
      floor: { amount: 2_000, currency: CURRENCY },
    },
    limits: { perViewer: 2, perOrder: 2 },
    ...offer,
  });
  await host("/start");
  await host(`/offers/${made.id}/open`);
  return {
    session: id,
    offer: made.id,
    sku,
    host,
    async taken() {
      const { data } = await host<{ data: { held: number; committed: number }[] }>(
        "/stock",
        undefined,
        "GET",
      );
      return data.reduce((sum, { held, committed }) => sum + held + committed, 0);
    },
  };
}

/** A page of somebody else's, on an origin of its own, with the policy that it has. Gives its address. */
export async function foreignPage(html: string, policy?: string): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    if (policy !== undefined) response.setHeader("Content-Security-Policy", policy);
    response.end(html);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/**
 * Every route of the API, typed, for servers with a key and for pages whose visitor is signed in. Touches the network.
 * @module
 * @example
 * const api = createApi({ api: "https://live.example", key: "sk_…" });
 * const { data: order } = await api.GET("/v1/orders/{order}", { params: { path: { order: "ord_…" } } });
 */
import createClient, { type Client, type MaybeOptionalInit, type ParseAsResponse } from "openapi-fetch";
import type {
  HttpMethod,
  PathsWithMethod,
  RequiredKeysOf,
  SuccessResponse,
} from "openapi-typescript-helpers";
import { DropcastError } from "./error.ts";
import { failureOf } from "./http.ts";
import { newId } from "./ids.ts";
import type { components, paths } from "./openapi.ts";
import { persistent } from "./persistent.ts";

export { DropcastError } from "./error.ts";
export type { paths } from "./openapi.ts";

/** What goes over the wire, by its name in `/openapi.json`, e.g. `Schemas["Order"]`. */
export type Schemas = components["schemas"];

export interface ApiOptions {
  /** Origin of the Dropcast API, e.g. `https://live.example`. A page of that origin may say `""`. */
  readonly api: string;
  /** An API key of a seller, a creator or the platform: on servers only. Without it the visitor's sign-in counts. */
  readonly key?: string;
  /** Whether cookies go along: to the page's own origin, unless said otherwise. */
  readonly credentials?: "omit" | "same-origin" | "include";
}

type Json = "application/json";
type MethodOf<Path extends keyof paths, Method> = Method & keyof paths[Path];
type Operation<Path extends keyof paths, Method> = paths[Path][MethodOf<Path, Method>];
type Body<Of> = Of extends { readonly responses: infer Responses extends Record<number, unknown> }
  ? SuccessResponse<Responses, Json>
  : never;

/** The library's call, but for refusals: those are thrown. */
type Call<Method extends HttpMethod> = <
  Path extends PathsWithMethod<paths, Method>,
  Init extends MaybeOptionalInit<paths[Path], MethodOf<Path, Method>>,
>(
  path: Path,
  ...init: RequiredKeysOf<Init> extends never ? [Init?] : [Init]
) => Promise<{
  readonly data: ParseAsResponse<Body<Operation<Path, Method>>, Init>;
  readonly response: Response;
}>;

/**
 * Calls by method and path, as `/openapi.json` has them. Each resolves with `{ data, response }`, or rejects with a
 * `DropcastError`. What changes something carries an `Idempotency-Key` of its own, unless `params.header` has one, and is
 * sent again under it when nobody answered or the server asks for that: it is carried out once at most.
 */
export interface Api {
  readonly GET: Call<"get">;
  readonly POST: Call<"post">;
  readonly PUT: Call<"put">;
  readonly PATCH: Call<"patch">;
  readonly DELETE: Call<"delete">;
}

export function createApi({ api, key, credentials = "same-origin" }: ApiOptions): Api {
  const client: Client<paths, Json> = createClient<paths, Json>({
    baseUrl: api,
    credentials,
    fetch: persistent,
    ...(key === undefined ? {} : { headers: { Authorization: `Bearer ${key}` } }),
  });
  client.use({
    onRequest({ request }) {
      const { headers, method } = request;
      if (method !== "GET" && !headers.has("Idempotency-Key")) headers.set("Idempotency-Key", newId());
    },
    async onResponse({ response }) {
      if (!response.ok) throw await failureOf(response);
    },
    onError({ error, request }) {
      // The caller's own wish, with the caller's own reason.
      if (request.signal.aborted) return;
      return new DropcastError("offline", error instanceof Error ? error.message : "no answer");
    },
  });
  // Refusals are thrown, so that only answers are left.
  return client as Api;
}

interface Page<Item> {
  readonly data: { readonly data: readonly Item[]; readonly nextCursor: string | null };
}

/**
 * Every item of a list, page after page, as they are asked for.
 * @example
 * for await (const order of each((at) => api.GET("/v1/orders", { params: { query: { session, ...at } } }))) …
 */
export async function* each<Item>(
  page: (at: { readonly cursor?: string }) => Promise<Page<Item>>,
): AsyncGenerator<Item, void> {
  let at = {};
  for (;;) {
    const { data, nextCursor } = (await page(at)).data;
    yield* data;
    if (nextCursor === null) return;
    at = { cursor: nextCursor };
  }
}

/** Stripe's SDK as the adapter uses it: on `fetch`, with the API version it was made for. */
import { Stripe } from "stripe";
import { LIMITS } from "../../../domain/limits.ts";

/** How to reach Stripe. */
export interface StripeAccess {
  readonly secretKey: string;
  /** Another server that speaks Stripe's API, for tests. */
  readonly apiBase?: string | undefined;
  /** The runtime's own when it is not given. */
  readonly fetch?: typeof fetch | undefined;
}

/** The types of the SDK describe this version only: another SDK is another version, to be read before it is used. */
const API_VERSION = "2026-10-28.endive";

export function stripeClient({ secretKey, apiBase, fetch: fetcher }: StripeAccess): Stripe {
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    // Bound: workerd refuses a `fetch` that is called as somebody's method.
    httpClient: Stripe.createFetchHttpClient(fetcher ?? ((input, init) => fetch(input, init))),
    timeout: LIMITS.stripeCallMs,
    // Whoever calls the port calls again.
    maxNetworkRetries: 0,
    telemetry: false,
    ...(apiBase === undefined ? {} : baseOf(apiBase)),
  });
}

function baseOf(apiBase: string): { host: string; port: string; protocol: "http" | "https" } {
  const { hostname: host, port, protocol } = new URL(apiBase);
  const isSecure = protocol === "https:";
  return { host, port: port || (isSecure ? "443" : "80"), protocol: isSecure ? "https" : "http" };
}

/** The id of an expandable field, expanded or not. */
export function idOf(field: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof field === "string" ? field : field?.id;
}

/** An expandable field where it was expanded. */
export function expanded<T extends object>(field: string | T | null | undefined): T | undefined {
  return typeof field === "object" && field !== null ? field : undefined;
}

/** As others may have filled it, too. */
type Metadata = Readonly<Record<string, unknown>> | null | undefined;

/** An id of ours that an object at Stripe carries: a prefix tells ours from what others may have noted there. */
export function noted<P extends string>(
  metadata: Metadata,
  key: string,
  prefix: P,
): `${P}_${string}` | undefined {
  const value = metadata?.[key];
  const isOurs = typeof value === "string" && value.startsWith(`${prefix}_`);
  return isOurs ? (value as `${P}_${string}`) : undefined;
}

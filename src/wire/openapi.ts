/**
 * What /openapi.json says beyond its routes: the document's head, security schemes, shared headers, and the problems of
 * a route by their status. Routes add themselves where they are declared. Pure.
 */
import { liftedSchema } from "./json-schema.ts";
import { PROBLEMS, problem, type ProblemCode } from "./problem.ts";
import { SIGN_IN_COOKIE } from "./sign-ins.ts";

interface Header {
  readonly description: string;
  readonly schema: { readonly type: "string" };
  readonly example: string;
}

/** A response as OpenAPI has it, to the extent that problems need. */
interface ProblemResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { $ref: string }>>;
  readonly content: Record<
    string,
    { schema: { allOf: ({ $ref: string } | { properties: { code: { enum: ProblemCode[] } } })[] } }
  >;
}

export type SchemeName = "platformKey" | "apiKey" | "signIn" | "viewerToken";

/** By which credentials each kind of caller is known. */
export const SCHEME_OF: Readonly<
  Record<"platform" | "seller" | "creator" | "viewer" | "anonymous", readonly SchemeName[]>
> = {
  platform: ["platformKey"],
  seller: ["apiKey", "signIn"],
  creator: ["apiKey", "signIn"],
  viewer: ["viewerToken"],
  anonymous: [],
};

const bearer = { type: "http", scheme: "bearer" } as const;

interface Cookie {
  readonly type: "apiKey";
  readonly in: "cookie";
  readonly name: string;
}

type Scheme = (typeof bearer | Cookie) & { readonly description: string; readonly bearerFormat?: string };

const SECURITY: Readonly<Record<SchemeName, Scheme>> = {
  platformKey: { ...bearer, description: "The platform's own key: may do everything." },
  apiKey: {
    ...bearer,
    description: "A key of a seller (`sk_…`) or a creator (`ck_…`), from `POST /v1/keys`.",
  },
  signIn: {
    type: "apiKey",
    in: "cookie",
    name: SIGN_IN_COOKIE.https,
    description:
      "A sign-in of a seller or a creator, from `POST /v1/sign-ins/redeem`, for pages of this origin. It may do what its " +
      `API key may, unless it is limited to a session. Over http its name is \`${SIGN_IN_COOKIE.http}\`.`,
  },
  viewerToken: {
    ...bearer,
    bearerFormat: "JWT",
    description: "A viewer's token, from `POST /v1/viewers`.",
  },
};

function header(description: string, example: string): Header {
  return { description, schema: { type: "string" }, example };
}

const HEADERS: Readonly<Record<string, Header>> = {
  "Idempotency-Replayed": header(
    "`true` when the request was carried out before and this is its answer.",
    "true",
  ),
  RateLimit: header("What is left of the quota, and seconds until it is whole again.", '"taps";r=119;t=10'),
  "RateLimit-Policy": header("The quota and its window in seconds.", '"taps";q=120;w=10'),
  ETag: header("Of this state; send it in `If-None-Match`.", 'W/"42"'),
  "Retry-After": header("Seconds until it is worth asking again.", "2"),
  Vary: header("The request headers that decide what is answered.", "Accept"),
  "Set-Cookie": header(
    "The sign-in's cookie, or that it is cleared.",
    "__Host-dropcast=…; HttpOnly; Secure; SameSite=Strict; Path=/",
  ),
  Location: header("Where the new resource is.", "/v1/orders/ord_…"),
};

const DESCRIPTION = `Dropcast is the live social commerce API that runs at the edge: a creator goes live, a limited drop
opens, thousands tap in the same second, and every unit is sold exactly once, at a price that was signed before the tap.

**Conventions.** JSON in camelCase. Times are ISO 8601 UTC, durations milliseconds (\`…Ms\`), money integer minor units
with an ISO 4217 currency. Errors are RFC 9457 problems with a stable \`code\`. Lists are paged by \`?limit=&cursor=\`.

**Idempotency.** Every \`POST\` that creates something kept takes an \`Idempotency-Key\`: the same key with the same
request gets the same answer, marked \`Idempotency-Replayed: true\`; with another request 422; while the first is still
being worked on 409. Keys of a session's commands are remembered for at least 30 minutes, the others for a day. Viewer
tokens and offer tokens are signed, not kept, and need no key.`;

/** All of the document but its paths. */
export function openApiHead(version: string) {
  return {
    openapi: "3.1.0",
    info: {
      title: "Dropcast",
      version,
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: TAGS.map(([name, description]) => ({ name, description })),
    components: {
      securitySchemes: { ...SECURITY },
      headers: { ...HEADERS },
      schemas: liftedSchema(problem, "#/components/schemas/").parts,
    },
  };
}

const TAGS = [
  ["sessions", "Live sessions, their life cycle and their stock"],
  ["offers", "What can be bought, at which price and when"],
  ["buying", "Offer tokens, reservations, orders"],
  ["viewers", "Who watches and taps"],
  ["identities", "Sellers, creators and API keys"],
  ["sign-ins", "Browsers that act for a seller or a creator, by a code instead of a password"],
  ["links", "Creators' short links, and how often they were followed"],
  ["contracts", "What platform, seller and creator agreed on, and what it comes to"],
  ["catalogue", "Products and their import"],
  ["record", "A session's journal and its audit"],
  ["ledger", "Accounts, entries and transactions in double entry; the way of an order's money"],
  ["transfers", "Money on its way to sellers and creators, and back"],
  ["payouts", "Payment accounts, and payouts to the bank"],
  ["statements", "All that moved of a seller's or a creator's money, as JSON and CSV"],
  ["reports", "What was sold and what was earned, summed up, as JSON and CSV"],
  ["returns", "Refunds and disputes"],
  ["reconciliation", "Provider and ledger compared, and messages that could not be applied"],
  ["payments", "What payment providers tell"],
  ["service", "Documents, keys and health"],
] as const;

/** The `Idempotency-Key` request header. */
export function headersOfKey(needed: "required" | "optional") {
  return [
    {
      in: "header",
      name: "Idempotency-Key",
      required: needed === "required",
      description: "Made by the client, 1 to 255 characters, as a quoted string or bare.",
      schema: { type: "string" as const },
      example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
    },
  ];
}

/** Problems that say when to come back. */
const COMES_BACK: ReadonlySet<ProblemCode> = new Set(["rate_limited", "overloaded", "idempotency_in_flight"]);
const RETRY_AFTER = { "Retry-After": { $ref: "#/components/headers/Retry-After" } };

/** Responses of these codes, one for each status, with the codes that it may have. */
export function problemResponses(codes: readonly ProblemCode[]): Record<string, ProblemResponse> {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code].status);
  const responses: Record<string, ProblemResponse> = {};
  for (const [status, of] of [...byStatus].toSorted(([a], [b]) => a - b)) {
    responses[status] = {
      description: of.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join("; "),
      ...(of.some((code) => COMES_BACK.has(code)) ? { headers: RETRY_AFTER } : {}),
      content: {
        "application/problem+json": {
          schema: {
            allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: of } } }],
          },
        },
      },
    };
  }
  return responses;
}

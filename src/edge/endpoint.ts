/**
 * One declaration of a route: what /openapi.json says of it, and what is enforced from it before its handler runs:
 * who may, how often, with which `Idempotency-Key`, and of whose session. So the two cannot disagree.
 */
import { resolver, uniqueSymbol, type DescribeRouteOptions } from "hono-openapi";
import type { z } from "zod";
import type { Permission } from "../domain/contract.ts";
import type { ProblemCode } from "../wire/problem.ts";
import { headersOfKey, problemResponses, SCHEME_OF, type SchemeName } from "../wire/openapi.ts";
import { sessionId } from "../wire/primitives.ts";
import { signedIn } from "./auth.ts";
import type { AppContext, Middleware } from "./context.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { pictureOf } from "./picture-cache.ts";
import { limitOf, roleIn, type PrincipalKind, type Role } from "./principal.ts";
import { problem } from "./problem.ts";
import { limited, type RateLimit } from "./rate-limit.ts";

/** An answer by its schema; its content type is JSON unless it says otherwise. */
interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly type?: string;
  /** Content of other types beside the JSON. */
  readonly also?: Readonly<Record<string, z.ZodType>>;
  readonly headers?: readonly string[];
}

interface Declaration {
  /** `operationId`, unique. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Whose requests are let through. */
  readonly who: "anybody" | readonly PrincipalKind[];
  /** Where anybody may: whose credentials are of use all the same. */
  readonly better?: readonly PrincipalKind[];
  /** The route is of a session, for whoever hosts it in one of these roles; the platform always does. */
  readonly host?: readonly Role[];
  /** What a creator who hosts must be allowed by the session's contract. */
  readonly right?: Permission;
  /** It is about the sign-in itself: also for one that is limited to a session, and so to the routes that say `host`. */
  readonly limited?: boolean;
  /** `Idempotency-Key`: 400 without it, or used when it is there. */
  readonly key?: "required" | "optional";
  readonly rate?: RateLimit;
  /** Takes a body. */
  readonly takes?: "body";
  /** Its types, where `body` does not say. */
  readonly accepts?: Readonly<Record<string, z.ZodType>>;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes beyond those that follow from the rest of the declaration. */
  readonly problems?: readonly ProblemCode[];
}

/**
 * @example
 * routes.post("/v1/sellers", endpoint({ id: "createSeller", tag: "sellers", summary: "Create a seller",
 *   who: ["platform"], key: "required", takes: "body", answers: { 201: { description: "…", schema: seller } } }),
 *   body(createSeller), async (c) => …)
 */
export function endpoint(declared: Declaration): Middleware {
  const guard: Middleware = async (c, next) => {
    const stopped = (await stoppedBy(c, declared)) ?? undefined;
    if (stopped) return stopped;
    await next();
    return undefined;
  };
  return Object.assign(guard, { [uniqueSymbol]: { spec: specOf(declared) } });
}

/** The first reason not to go on. */
async function stoppedBy(c: AppContext, declared: Declaration): Promise<Response | undefined> {
  const { who, rate, key, host, right } = declared;
  const notLetIn = who === "anybody" ? undefined : await notAmong(c, who, declared);
  if (notLetIn) return notLetIn;
  const tooMany = rate && limited(c, rate, Date.now());
  if (tooMany) return tooMany;
  return (key && withoutKey(c, key)) ?? (host && notHost(c, host, right));
}

/** Whoever comes without credentials of their own may be signed in. */
async function notAmong(
  c: AppContext,
  who: readonly PrincipalKind[],
  { host, limited: toLimited = false }: Declaration,
): Promise<Response | undefined> {
  if (c.get("principal").kind === "anonymous") {
    const found = await signedIn(c, Date.now());
    if (!found?.ok) return problem(c, "unauthenticated", found && { reason: found.reason });
    c.set("principal", found.principal);
  }
  const principal = c.get("principal");
  if (!who.includes(principal.kind)) return problem(c, "forbidden");
  if (host || toLimited || limitOf(principal) === undefined) return undefined;
  return problem(c, "forbidden", { detail: "The sign-in is limited to what belongs to its session." });
}

function withoutKey(c: AppContext, needed: "required" | "optional"): Response | undefined {
  const header = c.req.header("Idempotency-Key");
  if (header === undefined) {
    return needed === "required" ? problem(c, "idempotency_key_missing") : undefined;
  }
  const key = readIdempotencyKey(header);
  if (key === undefined) return problem(c, "idempotency_key_invalid");
  c.set("idempotencyKey", key);
  return undefined;
}

/** Whoever has no part in a session is told that there is none. */
async function notHost(
  c: AppContext,
  roles: readonly Role[],
  right: Permission | undefined,
): Promise<Response | undefined> {
  const session = sessionId.safeParse(c.req.param("session"));
  if (!session.success) return problem(c, "session_not_found");
  const hydrated = await pictureOf(c, session.data);
  const role = hydrated && roleIn(c.get("principal"), hydrated.picture);
  if (!hydrated || !role) return problem(c, "session_not_found");
  if (!roles.includes(role)) return problem(c, "forbidden");
  const { creatorMay } = hydrated.picture.session;
  if (role === "creator" && right && creatorMay && !creatorMay.includes(right)) {
    return problem(c, "forbidden", { detail: `The contract does not let the creator ${right} it.` });
  }
  c.set("hydrated", hydrated);
  return undefined;
}

function specOf(declared: Declaration): DescribeRouteOptions {
  const { id, tag, summary, description, who, better = [], key, answers, accepts } = declared;
  const schemes: SchemeName[] = (who === "anybody" ? better : who).flatMap((kind) => SCHEME_OF[kind]);
  const credentials = [...new Set(schemes)].map((scheme) => ({ [scheme]: [] }));
  const responses: DescribeRouteOptions["responses"] = {};
  for (const [status, answer] of Object.entries(answers)) responses[status] = responseOf(answer, declared);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: who === "anybody" && credentials.length > 0 ? [{}, ...credentials] : credentials,
    ...(key === undefined ? {} : { parameters: headersOfKey(key) }),
    ...(accepts ? { requestBody: { required: true, content: contentOf(accepts) } } : {}),
    responses: { ...responses, ...problemResponses(codesOf(declared)) },
  };
}

function responseOf({ description, schema, type, also, headers = [] }: Answer, { key, rate }: Declaration) {
  const content = contentOf({ ...(schema ? { [type ?? "application/json"]: schema } : {}), ...also });
  const names = [
    ...headers,
    ...(key ? ["Idempotency-Replayed"] : []),
    ...(rate ? ["RateLimit", "RateLimit-Policy"] : []),
  ];
  const shown = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
  return {
    description,
    ...(schema || also ? { content } : {}),
    ...(names.length > 0 ? { headers: shown } : {}),
  };
}

function contentOf(types: Readonly<Record<string, z.ZodType>>) {
  return Object.fromEntries(Object.entries(types).map(([name, of]) => [name, { schema: resolver(of) }]));
}

/** Everything that the declaration lets happen. */
function codesOf({ tag, who, key, rate, takes, host, problems = [] }: Declaration): ProblemCode[] {
  return [
    // Outside /v1 credentials are not looked at.
    ...(tag === "service" ? [] : (["unauthenticated"] as const)),
    ...(who === "anybody" ? [] : (["forbidden"] as const)),
    ...(key ? (["idempotency_key_invalid", "idempotency_key_reused"] as const) : []),
    ...(key === "required" ? (["idempotency_key_missing"] as const) : []),
    ...(rate ? (["rate_limited"] as const) : []),
    ...(takes
      ? (["bad_request", "invalid_json", "payload_too_large", "unsupported_media_type"] as const)
      : []),
    ...(host ? (["session_not_found"] as const) : []),
    ...problems,
    "overloaded",
    "internal",
  ];
}

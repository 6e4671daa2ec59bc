/** What describes and proves the service: OpenAPI, AsyncAPI, event schemas, public keys, health. */
import { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import { z } from "zod";
import { version } from "../../../package.json";
import { publicKeySet } from "../../token/keys.ts";
import { asyncApi } from "../../wire/asyncapi.ts";
import { EVENT_SCHEMAS, EVENT_VERSION } from "../../wire/events.ts";
import { jsonSchemaOf, type JsonSchema } from "../../wire/json-schema.ts";
import { openApiHead } from "../../wire/openapi.ts";
import { keysOf, type AppContext, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { params } from "../input.ts";
import { errorFacts, logLine } from "../../wire/log.ts";
import { problem } from "../problem.ts";

/** Documents change with a deployment; browsers may keep them for some minutes. */
const CACHED = "public, max-age=300";

const anyObject = z.looseObject({});

const health = z
  .object({
    status: z.enum(["ok", "failing"]),
    version: z.string(),
    checks: z.object({ database: z.boolean() }),
  })
  .meta({ id: "Health" });

export const documents = new Hono<AppEnv>();

/** Made once an isolate: they change with a deployment alone. */
let openApi: string | undefined;
let asyncDocument: JsonSchema | undefined;

/** The route of /openapi.json, describing every route of `app`. */
export function openApiOf(app: Hono<AppEnv>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get(
    "/openapi.json",
    endpoint({
      id: "openapi",
      tag: "service",
      summary: "This document",
      who: "anybody",
      answers: { 200: { description: "OpenAPI 3.1", schema: anyObject } },
    }),
    async (c) => {
      openApi ??= await written(app);
      return json(c, openApi);
    },
  );
  return routes;
}

documents.get(
  "/asyncapi.json",
  endpoint({
    id: "asyncapi",
    tag: "service",
    summary: "The socket",
    who: "anybody",
    answers: { 200: { description: "AsyncAPI 3.1", schema: anyObject } },
  }),
  (c) => {
    asyncDocument ??= asyncApi(version);
    // Not the request's own host: anybody may send any, and caches would show it to others.
    const { host, protocol } = new URL(c.env.PUBLIC_URL);
    const edge = {
      host,
      protocol: protocol === "https:" ? "wss" : "ws",
      description: "The same as of the API",
    };
    return json(c, JSON.stringify({ ...asyncDocument, servers: { edge } }));
  },
);

documents.get(
  `/schemas/events/:file{[a-z.]+\\.v${EVENT_VERSION}\\.json}`,
  endpoint({
    id: "eventSchema",
    tag: "service",
    summary: "JSON Schema of an event",
    description: `\`file\` is the event's type and version: \`order.placed.v${EVENT_VERSION}.json\`.`,
    who: "anybody",
    answers: {
      200: {
        description: "JSON Schema, draft 2020-12",
        schema: anyObject,
        type: "application/schema+json",
      },
    },
    problems: ["not_found"],
  }),
  params({ file: z.string() }),
  (c) => {
    const { file } = c.req.valid("param");
    const schemas: ReadonlyMap<string, z.ZodType> = EVENT_SCHEMAS;
    const schema = schemas.get(file.slice(0, -`.v${EVENT_VERSION}.json`.length));
    if (!schema) return problem(c, "not_found");
    return json(c, JSON.stringify({ ...jsonSchemaOf(schema), $id: c.req.path }), "application/schema+json");
  },
);

documents.get(
  "/.well-known/jwks.json",
  endpoint({
    id: "jwks",
    tag: "service",
    summary: "Public keys of tokens and signed heads",
    description: "The next key is here before its first use.",
    who: "anybody",
    answers: {
      200: { description: "RFC 7517 key set", schema: anyObject, type: "application/jwk-set+json" },
    },
  }),
  async (c) => json(c, JSON.stringify(publicKeySet(await keysOf(c), Date.now())), "application/jwk-set+json"),
);

documents.get(
  "/healthz",
  endpoint({
    id: "healthz",
    tag: "service",
    summary: "Whether the service works",
    who: "anybody",
    answers: {
      200: { description: "It does", schema: health },
      503: { description: "It does not", schema: health },
    },
  }),
  async (c) => {
    const database = await databaseAnswers(c);
    return c.json(
      { status: database ? "ok" : "failing", version, checks: { database } },
      database ? 200 : 503,
    );
  },
);

async function written(app: Hono<AppEnv>): Promise<string> {
  const documentation = openApiHead(version);
  const options = { documentation, defaultValidationErrorResponse: false, excludeStaticFile: false };
  return JSON.stringify(await generateSpecs(app, options));
}

function json(c: AppContext, text: string, type = "application/json"): Response {
  return c.body(text, 200, { "Content-Type": type, "Cache-Control": CACHED });
}

async function databaseAnswers(c: AppContext): Promise<boolean> {
  try {
    await c.env.DB.prepare("SELECT 1").run();
    return true;
  } catch (error) {
    logLine({ event: "health_check_failed", requestId: c.get("requestId"), ...errorFacts(error) });
    return false;
  }
}

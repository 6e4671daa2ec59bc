/** The documents: every route described, every reference whole, keys public and only that. */
import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/edge/app.ts";
import { PROBLEMS } from "../../src/wire/problem.ts";
import { EVENT_SCHEMAS } from "../../src/wire/events.ts";
import { get, must, refused, type Json } from "./client.ts";

/** References of a document that lead nowhere in it. */
function dangling(document: Json): string[] {
  const text = JSON.stringify(document);
  const refs = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? ""));
  return [...refs].filter((path) => {
    const parts = path.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    return parts.reduce<Json>((inner, part) => inner?.[part], document) === undefined;
  });
}

describe("/openapi.json", () => {
  it("describes every route, with its answers and its problems", async () => {
    const document = await must(get("/openapi.json"));
    expect(document.openapi).toBe("3.1.0");
    const described = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = createApp()
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^/]*\})?/g, "{$1}")}`);
    expect(described.toSorted()).toEqual([...new Set(routes)].toSorted());
    expect(dangling(document)).toEqual([]);
    const operations = Object.values<Json>(document.paths).flatMap((methods) => Object.values<Json>(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, summary, tags, responses, security } of operations) {
      expect(summary, operationId).toBeTruthy();
      expect(document.tags.map(({ name }: Json) => name)).toContain(tags[0]);
      expect(
        Object.keys(responses).some((status) => status < "400"),
        operationId,
      ).toBe(true);
      expect(responses["500"].content, operationId).toHaveProperty("application/problem+json");
      for (const status of ["429", "503"]) {
        if (responses[status]) expect(responses[status].headers, operationId).toHaveProperty("Retry-After");
      }
      for (const scheme of security.flatMap(Object.keys))
        expect(document.components.securitySchemes).toHaveProperty(scheme);
    }
  });

  it("says which key a request needs and which body", async () => {
    const { paths } = await must(get("/openapi.json"));
    const order = paths["/v1/sessions/{session}/orders"].post;
    const names = order.parameters.map(({ name, required }: Json) => `${name} ${required}`);
    expect(names).toEqual(expect.arrayContaining(["Idempotency-Key true", "session true"]));
    expect(order.requestBody.content["application/json"].schema).toEqual({
      $ref: "#/components/schemas/CreateOrder",
    });
    expect(order.security).toEqual([{ viewerToken: [] }]);
    const codes = Object.values<Json>(order.responses).flatMap(
      ({ content }) => content?.["application/problem+json"]?.schema.allOf[1].properties.code.enum ?? [],
    );
    expect(codes).toEqual(expect.arrayContaining(["out_of_stock", "token_used", "idempotency_in_flight"]));
    for (const code of codes) expect(PROBLEMS).toHaveProperty(code);
    const csv = paths["/v1/sellers/{seller}/catalog"].post.requestBody.content;
    expect(Object.keys(csv)).toEqual(["application/json", "text/csv"]);
  });
});

it("/openapi.json says what is bought in part", async () => {
  const { paths, components } = await must(get("/openapi.json"));
  expect(paths["/v1/sessions/{session}/orders"].post.description).toContain("`lines` are what was bought");
  expect(components.schemas.Buy.properties.allowPartial.description).toContain("`lines`");
  expect(components.schemas.Reserve.properties.allowPartial.description).toContain("`shortfall`");
});

it("/asyncapi.json describes the socket's messages, both ways", async () => {
  const document = await must(get("/asyncapi.json"));
  expect(document.asyncapi).toBe("3.1.0");
  expect(dangling(document)).toEqual([]);
  expect(Object.keys(document.components.messages)).toEqual(
    expect.arrayContaining([
      "reserve",
      "order",
      "release",
      "welcome",
      "snapshot",
      "frame",
      "ack",
      "error",
      "notice",
    ]),
  );
  expect(document.servers.edge).toMatchObject({ host: "dropcast.test", protocol: "wss" });
  const elsewhere = await exports.default.fetch("http://other.example/asyncapi.json");
  expect(await elsewhere.json()).toEqual(document);
});

it("every event has its schema", async () => {
  for (const type of EVENT_SCHEMAS.keys()) {
    const { status, headers, json } = await get(`/schemas/events/${type}.v1.json`);
    expect([status, headers.get("Content-Type")]).toEqual([200, "application/schema+json"]);
    expect(json.$id).toBe(`/schemas/events/${type}.v1.json`);
    expect(dangling(json)).toEqual([]);
  }
  for (const file of ["order.nope.v1.json", "order.placed.v2.json", "order.placed.json", "..%2fhealthz"]) {
    expect(refused(await get(`/schemas/events/${file}`))).toBe("404 not_found");
  }
});

it("keys are public, cacheable, and nothing but public", async () => {
  const { headers, json, text } = await get("/.well-known/jwks.json");
  expect(headers.get("Cache-Control")).toBe("public, max-age=300");
  expect(headers.get("Content-Type")).toBe("application/jwk-set+json");
  expect(json.keys[0]).toMatchObject({ kty: "OKP", crv: "Ed25519", use: "sig" });
  expect(text).not.toContain('"d"');
});

it("health says the version and that the database answers", async () => {
  expect(await must(get("/healthz"))).toMatchObject({
    status: "ok",
    version: expect.any(String),
    checks: { database: true },
  });
});

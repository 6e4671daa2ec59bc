/** Sellers, creators and API keys, all made with the platform's key. Reads and writes D1 through the shop. */
import { Hono } from "hono";
import { createCreator, getCreator } from "../../shop/creators.ts";
import { createKey, getKey, listKeys, revokeKey } from "../../shop/keys.ts";
import { createSeller, getSeller } from "../../shop/sellers.ts";
import * as wire from "../../wire/identities.ts";
import { fromWire, toWire } from "../../wire/instants.ts";
import { creatorId, keyId, page, pageQuery, sellerId } from "../../wire/primitives.ts";
import { body } from "../body.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newId, viewerIdOf } from "../ids.ts";
import { params, query } from "../input.ts";
import { once } from "../once.ts";
import { shown } from "../outcomes.ts";
import { problem } from "../problem.ts";

export const identities = new Hono<AppEnv>();

identities.post(
  "/v1/sellers",
  endpoint({
    id: "createSeller",
    tag: "identities",
    summary: "Create a seller",
    who: ["platform"],
    key: "required",
    takes: "body",
    answers: { 201: { description: "The seller", schema: wire.seller } },
    problems: ["idempotency_in_flight"],
  }),
  body(wire.createSeller),
  (c) => {
    const asked = c.req.valid("json");
    return once(c, { body: asked, subject: newId("sel") }, async (subject) => {
      const id = sellerId.parse(subject);
      return c.json(toWire(await createSeller(c.env.DB, fromWire(asked), Date.now(), id)), 201);
    });
  },
);

identities.get(
  "/v1/sellers/:seller",
  endpoint({
    id: "getSeller",
    tag: "identities",
    summary: "A seller",
    who: ["platform", "seller"],
    answers: { 200: { description: "The seller", schema: wire.seller } },
    problems: ["not_found"],
  }),
  params({ seller: sellerId }),
  async (c) => {
    const { seller: id } = c.req.valid("param");
    const principal = c.get("principal");
    const isTheirs = principal.kind === "platform" || principal.name === id;
    const seller = isTheirs ? await getSeller(c.env.DB, id) : undefined;
    return seller ? c.json(toWire(seller)) : problem(c, "not_found");
  },
);

identities.post(
  "/v1/creators",
  endpoint({
    id: "createCreator",
    tag: "identities",
    summary: "Create a creator",
    who: ["platform"],
    key: "required",
    takes: "body",
    answers: { 201: { description: "The creator", schema: wire.creator } },
    problems: ["conflict", "idempotency_in_flight"],
  }),
  body(wire.createCreator),
  (c) => {
    const asked = c.req.valid("json");
    return once(c, { body: asked, subject: newId("cre") }, async (subject) => {
      const { reference, ...creator } = fromWire(asked);
      const viewer = reference === undefined ? {} : { viewer: viewerIdOf(c.env.PLATFORM_KEY, reference) };
      const id = creatorId.parse(subject);
      return shown(c, await createCreator(c.env.DB, { ...creator, ...viewer }, Date.now(), id), 201);
    });
  },
);

identities.get(
  "/v1/creators/:creator",
  endpoint({
    id: "getCreator",
    tag: "identities",
    summary: "A creator",
    who: ["platform", "creator"],
    answers: { 200: { description: "The creator", schema: wire.creator } },
    problems: ["not_found"],
  }),
  params({ creator: creatorId }),
  async (c) => {
    const { creator: id } = c.req.valid("param");
    const principal = c.get("principal");
    const isTheirs = principal.kind === "platform" || principal.name === id;
    const creator = isTheirs ? await getCreator(c.env.DB, id) : undefined;
    return creator ? c.json(toWire(creator)) : problem(c, "not_found");
  },
);

identities.post(
  "/v1/keys",
  endpoint({
    id: "createKey",
    tag: "identities",
    summary: "Create an API key",
    description:
      "The answer is the only one with the secret; of it only a hash is kept. A repeat shows it again.",
    who: ["platform"],
    key: "required",
    takes: "body",
    answers: { 201: { description: "The key with its secret", schema: wire.createdKey } },
    problems: ["not_found", "conflict", "idempotency_in_flight"],
  }),
  body(wire.createKey),
  (c) => {
    const asked = c.req.valid("json");
    const nowMs = Date.now();
    return once(c, { body: asked, subject: newId("key") }, async (subject) => {
      const id = keyId.parse(subject);
      return shown(c, await createKey(c.env.DB, fromWire(asked), nowMs, id), 201);
    });
  },
);

/** Exactly one owner. */
const keysQuery = pageQuery
  .extend({ seller: sellerId.optional(), creator: creatorId.optional() })
  .refine(({ seller, creator }) => (seller === undefined) !== (creator === undefined), {
    message: "name a seller or a creator",
    path: ["seller"],
  });

identities.get(
  "/v1/keys",
  endpoint({
    id: "listKeys",
    tag: "identities",
    summary: "API keys of a seller or a creator",
    description: "Expired and revoked ones too; never their secrets. Name `seller` or `creator`.",
    who: ["platform"],
    answers: { 200: { description: "A page of keys", schema: page(wire.key) } },
    problems: ["bad_request"],
  }),
  query(keysQuery),
  async (c) => {
    const { seller, creator, ...asked } = c.req.valid("query");
    if (seller !== undefined) return shown(c, await listKeys(c.env.DB, { seller }, asked));
    if (creator !== undefined) return shown(c, await listKeys(c.env.DB, { creator }, asked));
    return problem(c, "bad_request");
  },
);

const ofKey = params({ key: keyId });

identities.get(
  "/v1/keys/:key",
  endpoint({
    id: "getKey",
    tag: "identities",
    summary: "An API key",
    who: ["platform"],
    answers: { 200: { description: "The key, without its secret", schema: wire.key } },
    problems: ["not_found"],
  }),
  ofKey,
  async (c) => {
    const key = await getKey(c.env.DB, c.req.valid("param").key);
    return key ? c.json(toWire(key)) : problem(c, "not_found");
  },
);

identities.delete(
  "/v1/keys/:key",
  endpoint({
    id: "revokeKey",
    tag: "identities",
    summary: "Revoke an API key",
    description: "It opens nothing from now on. Revoking it again changes nothing.",
    who: ["platform"],
    answers: { 200: { description: "The key, revoked", schema: wire.key } },
    problems: ["not_found"],
  }),
  ofKey,
  async (c) => shown(c, await revokeKey(c.env.DB, c.req.valid("param").key, Date.now())),
);

/** Contracts between sellers and creators. Reads and writes D1 through the shop. */
import { Hono } from "hono";
import { createContract, getContract, listContracts, type Parties } from "../../shop/contracts.ts";
import * as wire from "../../wire/identities.ts";
import { fromWire, toWire } from "../../wire/instants.ts";
import { contractId, creatorId, page, pageQuery, sellerId } from "../../wire/primitives.ts";
import { body } from "../body.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newId } from "../ids.ts";
import { params, query } from "../input.ts";
import { once } from "../once.ts";
import { shown } from "../outcomes.ts";
import type { Principal } from "../principal.ts";
import { problem } from "../problem.ts";

export const contracts = new Hono<AppEnv>();

contracts.post(
  "/v1/contracts",
  endpoint({
    id: "createContract",
    tag: "identities",
    summary: "Create a contract",
    description:
      "Terms between a seller and a creator. They have the platform's share in them, so it makes them.",
    who: ["platform"],
    key: "required",
    takes: "body",
    answers: { 201: { description: "The contract", schema: wire.contract } },
    problems: ["not_found", "idempotency_in_flight"],
  }),
  body(wire.createContract),
  (c) => {
    const asked = c.req.valid("json");
    return once(c, { body: asked, subject: newId("con") }, async (subject) => {
      const id = contractId.parse(subject);
      return shown(c, await createContract(c.env.DB, fromWire(asked), Date.now(), id), 201);
    });
  },
);

contracts.get(
  "/v1/contracts",
  endpoint({
    id: "listContracts",
    tag: "identities",
    summary: "Contracts",
    description: "A seller and a creator see their own.",
    who: ["platform", "seller", "creator"],
    answers: { 200: { description: "A page of contracts", schema: page(wire.contract) } },
    problems: ["bad_request"],
  }),
  query(pageQuery.extend({ seller: sellerId.optional(), creator: creatorId.optional() })),
  async (c) => {
    const { seller, creator, ...asked } = c.req.valid("query");
    const wanted: Parties = { ...(seller ? { seller } : {}), ...(creator ? { creator } : {}) };
    const parties = { ...wanted, ...ownSide(c.get("principal")) };
    return shown(c, await listContracts(c.env.DB, parties, asked));
  },
);

contracts.get(
  "/v1/contracts/:contract",
  endpoint({
    id: "getContract",
    tag: "identities",
    summary: "A contract",
    who: ["platform", "seller", "creator"],
    answers: { 200: { description: "The contract", schema: wire.contract } },
    problems: ["not_found"],
  }),
  params({ contract: contractId }),
  async (c) => {
    const contract = await getContract(c.env.DB, c.req.valid("param").contract);
    const own = ownSide(c.get("principal"));
    const isTheirs =
      (own.seller === undefined || own.seller === contract?.seller) &&
      (own.creator === undefined || own.creator === contract?.creator);
    return contract && isTheirs ? c.json(toWire(contract)) : problem(c, "not_found");
  },
);

/** The side on which a principal stands in every contract it may see. */
function ownSide(principal: Principal): Parties {
  if (principal.kind === "seller") return { seller: principal.name };
  return principal.kind === "creator" ? { creator: principal.name } : {};
}

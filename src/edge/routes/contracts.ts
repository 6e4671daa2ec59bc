/** Contracts between platform, seller and creator: made by the platform, read and tried out by all three. */
import { Hono } from "hono";
import { z } from "zod";
import { versionFor, type ContractVersion } from "../../domain/contract.ts";
import type { ContractId } from "../../domain/ids.ts";
import {
  addContractVersion,
  createContract,
  listContracts,
  readContractVersions,
  type ContractsOf,
  type Made,
} from "../../settlement/contracts.ts";
import { dryRunFaults, dryRunOf } from "../../settlement/contracts/dry-run.ts";
import { getCreator } from "../../shop/creators.ts";
import { getSeller } from "../../shop/sellers.ts";
import * as wire from "../../wire/contracts.ts";
import { fromWire, toWire } from "../../wire/instants.ts";
import { contractId, creatorId, page, sellerId } from "../../wire/primitives.ts";
import { body } from "../body.ts";
import { keysOf, type AppContext, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newId } from "../ids.ts";
import { params, query } from "../input.ts";
import { once } from "../once.ts";
import type { Principal } from "../principal.ts";
import { foreignCursor } from "../lists.ts";
import { problem } from "../problem.ts";
import { READS } from "../rate-limit.ts";
import { signContract } from "../signed-documents.ts";

export const contracts = new Hono<AppEnv>();

const PARTIES = ["platform", "seller", "creator"] as const;
/** RFC 7515 §9.2.1: a JWS in its compact form. */
const DOCUMENT = "application/jose";

const ofContract = params({ contract: contractId });

contracts.post(
  "/v1/contracts",
  endpoint({
    id: "createContract",
    tag: "contracts",
    summary: "Create a contract",
    description:
      "Terms between platform, seller and, where there is one, creator: the first version, in force at once.",
    who: ["platform"],
    key: "required",
    takes: "body",
    answers: { 201: { description: "The contract", schema: wire.contract, headers: ["Location"] } },
    problems: ["not_found", "idempotency_in_flight"],
  }),
  body(wire.createContract),
  (c) => {
    const asked = c.req.valid("json");
    return once(c, { body: asked, subject: newId("con") }, async (subject) => {
      const { seller, creator } = asked;
      if (!(await getSeller(c.env.DB, seller))) return missing(c, "seller", seller);
      if (creator && !(await getCreator(c.env.DB, creator))) return missing(c, "creator", creator);
      const id = contractId.parse(subject);
      return made(c, await createContract(c.env.DB, fromWire(asked), Date.now(), id));
    });
  },
);

function missing(c: AppContext, what: string, id: string): Response {
  return problem(c, "not_found", { detail: `There is no ${what} ${id}.` });
}

/** The new version, or why there is none. */
function made(c: AppContext, result: Made): Response {
  if (!result.ok) {
    const { code, ...facts } = result.refusal;
    return problem(c, code, toWire(facts));
  }
  const { contract, version } = result.version;
  c.header("Location", `/v1/contracts/${contract}?version=${version}`);
  return c.json(shown(result.version), 201);
}

function shown({ contract, terms, ...version }: ContractVersion): object {
  return toWire({ id: contract, ...version, ...terms });
}

contracts.post(
  "/v1/contracts/:contract/versions",
  endpoint({
    id: "createContractVersion",
    tag: "contracts",
    summary: "Change a contract",
    description:
      "A new version of its terms, in whole; orders keep the version in force when they were placed. What is no worse " +
      "for the creator is in force at once, or at `effectiveAt`. What is worse (rates, fixed fees before them, lock, notice, start or " +
      "end, permissions, what the creator may have to pay for, what is covered) is in force when the lock and the notice of " +
      "the terms before are over; 409 `rate_locked` names that time in `earliestAt`. From when it is in force it takes " +
      "the place of every version before it, those still to come included.",
    who: ["platform"],
    key: "required",
    takes: "body",
    answers: { 201: { description: "The version", schema: wire.contract, headers: ["Location"] } },
    problems: ["not_found", "rate_locked", "limit_reached", "conflict", "idempotency_in_flight"],
  }),
  ofContract,
  body(wire.createVersion),
  (c) => {
    const { contract } = c.req.valid("param");
    const asked = c.req.valid("json");
    return once(c, { body: asked, subject: newId("req") }, async (request) =>
      made(c, await addContractVersion(c.env.DB, contract, fromWire(asked), request, Date.now())),
    );
  },
);

contracts.get(
  "/v1/contracts",
  endpoint({
    id: "listContracts",
    tag: "contracts",
    summary: "Contracts",
    description: "Each as it is in force. A seller and a creator see their own.",
    who: PARTIES,
    answers: { 200: { description: "A page of contracts", schema: page(wire.contract) } },
    problems: ["bad_request", "not_found"],
  }),
  query(wire.contractsPage.extend({ seller: sellerId.optional(), creator: creatorId.optional() })),
  async (c) => {
    const { seller, creator, ...asked } = c.req.valid("query");
    const wanted: ContractsOf = { ...(seller ? { seller } : {}), ...(creator ? { creator } : {}) };
    const parties = { ...wanted, ...ownSide(c.get("principal")) };
    const isTheirs = (seller ?? parties.seller) === parties.seller;
    if (!isTheirs || (creator ?? parties.creator) !== parties.creator) return problem(c, "not_found");
    const found = await listContracts(c.env.DB, parties, asked, Date.now());
    return found ? c.json({ ...found, data: found.data.map(shown) }) : foreignCursor(c);
  },
);

contracts.get(
  "/v1/contracts/:contract",
  endpoint({
    id: "getContract",
    tag: "contracts",
    summary: "A contract",
    description: "The version in force, or the one that `version` names.",
    who: PARTIES,
    answers: { 200: { description: "The contract", schema: wire.contract } },
    problems: ["not_found", "bad_request"],
  }),
  ofContract,
  query(wire.versionQuery),
  async (c) => {
    const found = await theirVersion(c, c.req.valid("param").contract, c.req.valid("query"));
    return found ? c.json(shown(found)) : problem(c, "not_found");
  },
);

contracts.get(
  "/v1/contracts/:contract/versions",
  endpoint({
    id: "listContractVersions",
    tag: "contracts",
    summary: "Versions of a contract",
    description: "From the first on, those that are not in force yet included.",
    who: PARTIES,
    answers: { 200: { description: "A page of versions", schema: page(wire.contract) } },
    problems: ["not_found", "bad_request"],
  }),
  ofContract,
  query(wire.versionsPage),
  async (c) => {
    const { cursor = 0, limit } = c.req.valid("query");
    const versions = await theirVersions(c, c.req.valid("param").contract);
    if (versions.length === 0) return problem(c, "not_found");
    const after = versions.filter(({ version }) => version > cursor);
    const data = after.slice(0, limit);
    const last = data.at(-1);
    const nextCursor = last && after.length > data.length ? String(last.version) : null;
    return c.json({ data: data.map(shown), nextCursor });
  },
);

contracts.get(
  "/v1/contracts/:contract/document",
  endpoint({
    id: "getContractDocument",
    tag: "contracts",
    summary: "A contract as a signed document",
    description:
      "A compact JWS (RFC 7515) to keep as proof: `typ` is `contract+jws`, its claims are `contract`, `version`, " +
      "`effectiveAt`, `createdAt` and `terms`. " +
      "Verify it by the keys of `/.well-known/jwks.json`, and keep those with it: keys are rotated.",
    who: PARTIES,
    rate: READS,
    answers: {
      200: { description: "The document", schema: z.string(), type: DOCUMENT },
    },
    problems: ["not_found", "bad_request"],
  }),
  ofContract,
  query(wire.versionQuery),
  async (c) => {
    const found = await theirVersion(c, c.req.valid("param").contract, c.req.valid("query"));
    if (!found) return problem(c, "not_found");
    const document = await signContract(await keysOf(c), found, Date.now());
    return c.body(document, 200, { "Content-Type": DOCUMENT });
  },
);

contracts.post(
  "/v1/contracts/:contract/dry-run",
  endpoint({
    id: "dryRunContract",
    tag: "contracts",
    summary: "What an order would pay to whom, and why",
    description:
      "By the rules that split captured orders. Nothing is kept, so it needs no `Idempotency-Key`.",
    who: PARTIES,
    rate: READS,
    takes: "body",
    answers: { 200: { description: "The split", schema: wire.dryRunResult } },
    problems: ["not_found"],
  }),
  ofContract,
  body(wire.dryRun),
  async (c) => {
    const asked = fromWire(c.req.valid("json"));
    const found = await theirVersion(c, c.req.valid("param").contract, asked);
    if (!found) return problem(c, "not_found");
    const errors = dryRunFaults(asked, found);
    return errors.length > 0 ? problem(c, "bad_request", { errors }) : c.json(dryRunOf(asked, found));
  },
);

/** Every version, for those whose contract it is; to others there is none. */
async function theirVersions(c: AppContext, id: ContractId): Promise<ContractVersion[]> {
  const versions = await readContractVersions(c.env.DB, id);
  const own = ownSide(c.get("principal"));
  return versions.filter(
    ({ terms }) =>
      (own.seller === undefined || own.seller === terms.seller) &&
      (own.creator === undefined || own.creator === terms.creator),
  );
}

/** The version of that number, or the one in force at a time: now, unless one is named. */
async function theirVersion(
  c: AppContext,
  id: ContractId,
  wanted: { readonly version?: number | undefined; readonly atMs?: number | undefined },
): Promise<ContractVersion | undefined> {
  const versions = await theirVersions(c, id);
  if (wanted.version !== undefined) return versions.find(({ version }) => version === wanted.version);
  return versionFor(versions, wanted.atMs ?? Date.now());
}

/** The side on which a principal stands in every contract it may see. */
function ownSide(principal: Principal): ContractsOf {
  if (principal.kind === "seller") return { seller: principal.name };
  return principal.kind === "creator" ? { creator: principal.name } : {};
}

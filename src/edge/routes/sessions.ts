/** Sessions: creation, changes, life cycle and whose names they show, as hosts do them; and lists of them. */
import { Hono } from "hono";
import type { Command } from "../../domain/commands.ts";
import { agreementOf, isInForce, STANDARD_AGREEMENT, type Agreement } from "../../domain/contract.ts";
import type { ContractId, CreatorId, SessionId } from "../../domain/ids.ts";
import type { CreatorCode } from "../../domain/pricing.ts";
import type { SessionView } from "../../domain/reply.ts";
import type { SessionTerms } from "../../domain/session.ts";
import { listSessions, type SessionSummary } from "../../reporting/readers.ts";
import { contractAt, contractBetween } from "../../settlement/contracts.ts";
import { findMissing, getCreator, namesOfCreators } from "../../shop/creators.ts";
import { getSeller } from "../../shop/sellers.ts";
import { fromWire, toWire, type Code } from "../../wire/instants.ts";
import { orderId, page, sessionId } from "../../wire/primitives.ts";
import { sessionsQuery, sessionSummary } from "../../wire/reports.ts";
import * as wire from "../../wire/sessions.ts";
import type { z } from "zod";
import { body } from "../body.ts";
import { answer, command, type ExecutedOf } from "../commands.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newId } from "../ids.ts";
import { ofSession, params, query } from "../input.ts";
import { once } from "../once.ts";
import { foreignCursor } from "../lists.ts";
import { roleIn } from "../principal.ts";
import { problem } from "../problem.ts";

export const sessions = new Hono<AppEnv>();

type NewSession = Code<z.output<typeof wire.createSession>>;
type Summary = z.output<typeof sessionSummary>;
type SessionCommand = Extract<Command, { type: `session.${string}` }>;

sessions.post(
  "/v1/sessions",
  endpoint({
    id: "createSession",
    tag: "sessions",
    summary: "Create a session",
    description:
      "A draft; with `scheduledAt` it is scheduled. A contract names the creator where the request does not, and says " +
      "what the session may do. Where none is named, it is the one in force between the seller and the creator (or of " +
      "the seller alone, where no creator is named) in the session's currency; of several, the newest. Where there is " +
      "none, the seller alone pays for what is taken off prices.",
    who: ["platform", "seller"],
    key: "required",
    takes: "body",
    answers: { 201: { description: "The session", schema: wire.session, headers: ["Location"] } },
    problems: [
      "not_found",
      "idempotency_in_flight",
      "currency_mismatch",
      "contract_not_in_force",
      "funder_not_agreed",
    ],
  }),
  body(wire.createSession),
  (c) => {
    const asked = c.req.valid("json");
    return once(c, { body: asked, subject: newId("ses") }, async (subject) => {
      const terms = await termsOf(c, sessionId.parse(subject), fromWire(asked));
      if (terms instanceof Response) return terms;
      const created = await command(c, terms.id, asked, { type: "session.create", v: 1, terms });
      if (!created.reply.ok) return answer(c, created, session);
      c.header("Location", `/v1/sessions/${terms.id}`);
      return answer(c, await scheduledToo(c, terms.id, asked, created), session, 201);
    });
  },
);

/** The session's terms, once everybody in them exists and the contract is between them. */
async function termsOf(c: AppContext, id: SessionId, asked: NewSession): Promise<SessionTerms | Response> {
  const principal = c.get("principal");
  const isTheirs = principal.kind !== "seller" || principal.name === asked.seller;
  if (!isTheirs || !(await getSeller(c.env.DB, asked.seller))) return missing(c, "seller", asked.seller);
  const agreed = (await strangerIn(c, asked.creatorCodes)) ?? (await agreedOn(c, asked));
  return agreed instanceof Response ? agreed : { id, ...asked, ...agreed };
}

/** The answer where a code is somebody's who does not exist. */
async function strangerIn(c: AppContext, codes: readonly CreatorCode[] = []): Promise<Response | undefined> {
  const stranger = await findMissing(
    c.env.DB,
    codes.flatMap(({ creator }) => creator ?? []),
  );
  return stranger && missing(c, "creator", stranger);
}

/** With whom the seller sells, and on what terms. */
interface Agreed {
  readonly creator?: CreatorId;
  readonly contract?: ContractId;
  readonly agreement: Agreement;
}

/** A contract that there is holds whether it is named or not: its fees and rates are not the seller's to leave out. */
async function agreedOn(c: AppContext, asked: NewSession): Promise<Agreed | Response> {
  if (asked.contract !== undefined) return agreedByContract(c, asked, asked.contract);
  if (asked.creator !== undefined && !(await getCreator(c.env.DB, asked.creator))) {
    return missing(c, "creator", asked.creator);
  }
  const found = await contractBetween(c.env.DB, asked, Date.now());
  return found
    ? { contract: found.contract, agreement: agreementOf(found.terms) }
    : { agreement: STANDARD_AGREEMENT };
}

async function agreedByContract(
  c: AppContext,
  asked: NewSession,
  id: ContractId,
): Promise<Agreed | Response> {
  const nowMs = Date.now();
  const terms = (await contractAt(c.env.DB, id, nowMs))?.terms;
  if (terms?.seller !== asked.seller) return missing(c, "contract", id);
  const { creator, currency, startsAtMs, endsAtMs } = terms;
  if (asked.creator !== undefined && asked.creator !== creator) {
    const message = creator === undefined ? "has no part in the contract" : "must be the contract's creator";
    return problem(c, "bad_request", { errors: [{ path: "creator", message }] });
  }
  if (currency !== asked.currency) return problem(c, "currency_mismatch", { currency });
  if (!isInForce(terms, nowMs)) {
    const times = { ...(startsAtMs ? { startsAtMs } : {}), ...(endsAtMs ? { endsAtMs } : {}) };
    return problem(c, "contract_not_in_force", toWire(times));
  }
  return { ...(creator === undefined ? {} : { creator }), agreement: agreementOf(terms) };
}

function missing(c: AppContext, what: string, id: string): Response {
  return problem(c, "not_found", { detail: `There is no ${what} ${id}.` });
}

/** A draft that knows its time is scheduled; the request's own answer then is the session as scheduled. */
async function scheduledToo(
  c: AppContext,
  id: SessionId,
  asked: { readonly scheduledAt?: string },
  executed: ExecutedOf<SessionCommand>,
): Promise<ExecutedOf<SessionCommand>> {
  const { reply } = executed;
  if (asked.scheduledAt === undefined || !reply.ok || reply.session.status !== "draft") return executed;
  return command(c, id, asked, { type: "session.move", v: 1, action: "schedule" }, "/schedule");
}

function session({ session: { terms, status } }: { readonly session: SessionView }): object {
  return { ...terms, status };
}

sessions.get(
  "/v1/sessions",
  endpoint({
    id: "listSessions",
    tag: "sessions",
    summary: "Sessions of a seller or a creator",
    description:
      "Newest first, each with what was sold, as the record has them: some seconds behind. Name `seller` or `creator`. " +
      "A creator's are those under a contract and those that have been live: not drafts that anybody makes in their name.",
    who: ["platform", "seller", "creator"],
    answers: { 200: { description: "A page of sessions", schema: page(sessionSummary) } },
    problems: ["bad_request", "not_found"],
  }),
  query(sessionsQuery),
  async (c) => {
    const { seller, creator, ...asked } = c.req.valid("query");
    const { kind, name } = c.get("principal");
    if (kind !== "platform" && name !== (seller ?? creator)) return problem(c, "not_found");
    const of = seller ? { seller } : creator && { creator };
    const found = of && (await listSessions(c.env.DB, { ...of, ...asked }));
    if (!found) {
      return foreignCursor(c);
    }
    return c.json({ data: await summariesOf(c.env.DB, found.rows), nextCursor: found.nextCursor });
  },
);

/** With the names of their hosts. */
async function summariesOf(db: D1Database, rows: readonly SessionSummary[]): Promise<Summary[]> {
  const hosts = rows.flatMap(({ creator }) => creator ?? []);
  const names = hosts.length > 0 ? await namesOfCreators(db, hosts) : undefined;
  return rows.map((row) => summaryOf(row, row.creator === null ? undefined : names?.get(row.creator)));
}

function summaryOf(row: SessionSummary, creatorName: string | undefined): Summary {
  const { currency } = row;
  const { session: id, seller, creator, contract, title, status } = row;
  const { createdAtMs, scheduledAtMs, startedAtMs, endedAtMs, updatedAtMs } = row;
  return toWire({
    id,
    seller,
    ...(creator === null ? {} : { creator }),
    ...(creatorName === undefined ? {} : { creatorName }),
    ...(contract === null ? {} : { contract }),
    title,
    status,
    createdAtMs,
    ...(scheduledAtMs === null ? {} : { scheduledAtMs }),
    ...(startedAtMs === null ? {} : { startedAtMs }),
    ...(endedAtMs === null ? {} : { endedAtMs }),
    reservations: { held: row.reservationsHeld, expired: row.reservationsExpired },
    views: row.views,
    viewersPeak: row.viewersPeak,
    taps: row.taps,
    refused: row.refused,
    orders: {
      placed: row.ordersPlaced,
      authorized: row.ordersAuthorized,
      captured: row.ordersCaptured,
      failed: row.ordersFailed,
      cancelled: row.ordersCancelled,
      refunded: row.ordersRefunded,
    },
    unitsSold: row.unitsSold,
    captured: { amount: row.captured, currency },
    refunded: { amount: row.refunded, currency },
    updatedAtMs,
  });
}

sessions.patch(
  "/v1/sessions/:session",
  endpoint({
    id: "updateSession",
    tag: "sessions",
    summary: "Change a session",
    description:
      "`scheduledAt` moves a draft to scheduled. A creator who runs the session may change what its screens say of buys " +
      "(`showBuys`), and nothing else.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller", "creator"],
    right: "run",
    key: "optional",
    takes: "body",
    answers: { 200: { description: "The session", schema: wire.session } },
    problems: ["not_found", "session_state_conflict", "currency_mismatch", "funder_not_agreed"],
  }),
  ofSession,
  body(wire.updateSession),
  async (c) => {
    const { session: id } = c.req.valid("param");
    const asked = c.req.valid("json");
    const isCreator = roleIn(c.get("principal"), c.get("hydrated").picture) === "creator";
    if (isCreator && Object.keys(asked).some((changed) => changed !== "showBuys")) {
      return problem(c, "forbidden", { detail: "A creator may change what is shown of buys." });
    }
    const stranger = await strangerIn(c, asked.creatorCodes);
    if (stranger) return stranger;
    const updated = await command(c, id, asked, { type: "session.update", v: 1, changes: fromWire(asked) });
    return answer(c, await scheduledToo(c, id, asked, updated), session);
  },
);

sessions.post(
  "/v1/sessions/:session/orders/:order/hide-name",
  endpoint({
    id: "hideName",
    tag: "sessions",
    summary: "Hide a buyer's name",
    description:
      "The viewer who placed the order is named no more among the session's `recentBuys`: neither for what they bought, at " +
      "once, nor for what they buy later in this session. For good; hiding what is hidden changes nothing.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller", "creator"],
    key: "optional",
    answers: { 200: { description: "The session", schema: wire.session } },
    problems: ["order_not_found"],
  }),
  params({ session: sessionId, order: orderId }),
  async (c) => {
    const { session: id, order } = c.req.valid("param");
    return answer(c, await command(c, id, {}, { type: "viewer.unname", v: 1, order }), session);
  },
);

const SUMMARIES = {
  start: "Go live",
  pause: "Pause selling",
  resume: "Go on selling",
  end: "End a session",
  cancel: "Cancel a session",
} as const;

const DESCRIPTIONS = {
  start: "Taps are answered from now on.",
  pause: "Nothing new is held until it is resumed; holds keep their time.",
  resume: "After a pause.",
  end: "Closes every offer and the waitlist. Holds keep their time, so that whoever is paying can finish.",
  cancel: "Closes every offer, ends the waitlist and releases every hold.",
} as const;

for (const action of wire.sessionAction.options) {
  sessions.post(
    `/v1/sessions/:session/${action}`,
    endpoint({
      id: `${action}Session`,
      tag: "sessions",
      summary: SUMMARIES[action],
      description: DESCRIPTIONS[action],
      who: ["platform", "seller", "creator"],
      host: action === "cancel" ? ["platform", "seller"] : ["platform", "seller", "creator"],
      right: "run",
      key: "optional",
      answers: { 200: { description: "The session", schema: wire.session } },
      problems: ["session_state_conflict"],
    }),
    ofSession,
    async (c) => {
      const { session: id } = c.req.valid("param");
      return answer(c, await command(c, id, {}, { type: "session.move", v: 1, action }), session);
    },
  );
}

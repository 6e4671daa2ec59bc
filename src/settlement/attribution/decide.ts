/**
 * Attributes orders as they are placed: from the evidence in their events to the records of the decisions. Reads the
 * shop's links and creators, and contracts; writes nothing itself.
 */
import {
  ATTRIBUTION_RULES,
  decideAttribution,
  MINUTE_MS,
  type Candidate,
  type Click,
  type LinkId,
} from "../../domain/attribution.ts";
import type { Event, NewOrder } from "../../domain/events.ts";
import type { CreatorId, SellerId, ViewerId } from "../../domain/ids.ts";
import type { SessionRow } from "../tables.ts";
import { withReferrals } from "./referrals.ts";
import type { attributions } from "./tables.ts";

export type AttributionRow = typeof attributions.$inferSelect;

/** What the shop knows of a link besides what its click tokens say. None of it ever changes. */
interface LinkFacts {
  readonly id: LinkId;
  readonly seller: SellerId | null;
  readonly coupon: string | null;
  readonly windowMinutes: number;
}

type Links = ReadonlyMap<LinkId, LinkFacts>;
type Placed = Extract<Event, { readonly type: "order.placed" }>;

/** A decision for each order that the events place in the session; the same ones whenever it is asked. */
export async function attribute(
  db: D1Database,
  session: SessionRow | undefined,
  events: readonly Event[],
): Promise<AttributionRow[]> {
  const placed = events.filter((event): event is Placed => event.type === "order.placed");
  if (!session || placed.length === 0) return [];
  const { links, creators } = await factsOf(db, placed);
  const decided = placed.map(({ order, clicks = [] }) => {
    const buyerIs = creators.get(order.viewer) ?? [];
    const of = { order: order.id, seller: session.seller, placedAtMs: order.placedAtMs, buyerIs };
    const candidates = candidatesOf(session, order, clicks, links);
    return { order, decision: decideAttribution(ATTRIBUTION_RULES, of, candidates) };
  });
  const decisions = await withReferrals(db, session, decided);
  return decided.map(({ order: { id, placedAtMs }, decision }, at) => {
    const { creator = null, link = null } = decision.winner ?? {};
    return { order: id, creator, link, placedAtMs, decision: decisions[at] ?? decision };
  });
}

/** Tables of the shop's: a link's seller, coupon and window are too much for a token that travels in addresses. */
const LINKS = `
SELECT id, seller, coupon, window_minutes AS windowMinutes
FROM links WHERE id IN (SELECT value FROM json_each(?1))`;
const CREATORS = "SELECT id, viewer FROM creators WHERE viewer IN (SELECT value FROM json_each(?1))";

interface Facts {
  readonly links: Links;
  /** Creators that viewers are known to be. */
  readonly creators: ReadonlyMap<ViewerId, readonly CreatorId[]>;
}

/** Nothing is asked for orders that nothing speaks for. */
async function factsOf(db: D1Database, placed: readonly Placed[]): Promise<Facts> {
  const spokenFor = placed.filter(({ order, clicks = [] }) => clicks.length > 0 || codesOf(order).length > 0);
  if (spokenFor.length === 0) return { links: new Map(), creators: new Map() };
  const ids = new Set(spokenFor.flatMap(({ clicks = [] }) => clicks.map(({ link }) => link)));
  const viewers = new Set(spokenFor.map(({ order }) => order.viewer));
  const [links, creators] = await db.batch([
    db.prepare(LINKS).bind(JSON.stringify([...ids])),
    db.prepare(CREATORS).bind(JSON.stringify([...viewers])),
  ]);
  const people = (creators?.results ?? []) as { readonly id: CreatorId; readonly viewer: ViewerId }[];
  const byViewer = Map.groupBy(people, ({ viewer }) => viewer);
  return {
    links: new Map(((links?.results ?? []) as LinkFacts[]).map((facts) => [facts.id, facts])),
    creators: new Map([...byViewer].map(([viewer, own]) => [viewer, own.map(({ id }) => id)])),
  };
}

/**
 * Click tokens, and the codes that the order was bought with. A code speaks for the creator whose it is by its session,
 * whoever's links carry it; it is put down to the link of theirs with that code by which the viewer came last, if any,
 * however long ago: a coupon is used now.
 */
function candidatesOf(
  session: SessionRow,
  order: NewOrder,
  clicks: readonly Click[],
  links: Links,
): Candidate[] {
  const tokens = clicks.flatMap((click) => tokenOf(click, order.placedAtMs, links.get(click.link)));
  const coupons = codesOf(order).flatMap(({ code, creator = session.creator, line }): Candidate[] => {
    if (creator === null) return [];
    const cameBy = tokens.filter(({ link, seller = session.seller, creator: by }) => {
      return by === creator && seller === session.seller && link && links.get(link)?.coupon === code;
    });
    const last = cameBy.toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1))[0];
    const from = last?.link === undefined ? {} : { link: last.link };
    return [{ kind: "coupon", id: code, creator, ...from, atMs: order.placedAtMs, line }];
  });
  return [...coupons, ...tokens];
}

/** It came with the order, and so was before it, whatever two clocks say. */
function tokenOf({ click, link, creator, atMs }: Click, placedAtMs: number, facts?: LinkFacts): Candidate[] {
  // Links are never deleted. One that is not there is of another database, and its seller is not known.
  if (!facts) return [];
  const { seller, windowMinutes } = facts;
  const touch = { atMs: Math.min(atMs, placedAtMs), windowMs: windowMinutes * MINUTE_MS };
  return [{ kind: "token", id: click, creator, link, ...(seller === null ? {} : { seller }), ...touch }];
}

interface Code {
  readonly code: string;
  readonly creator?: CreatorId;
  readonly line: number;
}

/**
 * Each once, with the last line that it is on. Whose a code is may have been changed between two tokens of one order: then it
 * speaks for both.
 */
function codesOf({ lines }: NewOrder): Code[] {
  const codes = lines.flatMap(({ price }, line) =>
    price.layers.flatMap(({ kind, code, creator }): Code[] =>
      kind === "creator_code" && code ? [{ code, ...(creator ? { creator } : {}), line }] : [],
    ),
  );
  return [...new Map(codes.map((one) => [`${one.code} ${one.creator}`, one])).values()];
}

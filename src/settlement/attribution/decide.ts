/**
 * Attributes orders as they are placed: from the evidence in their events to the records of the decisions. Reads the
 * shop's links; writes nothing itself.
 */
import {
  ATTRIBUTION_RULES,
  decideAttribution,
  type Candidate,
  type Click,
  type LinkId,
} from "../../domain/attribution.ts";
import type { Event, NewOrder } from "../../domain/events.ts";
import type { SellerId } from "../../domain/ids.ts";
import type { SessionRow } from "../tables.ts";
import type { attributions } from "./tables.ts";

export type AttributionRow = typeof attributions.$inferSelect;

/** What the shop knows of a link besides what its click tokens say. None of it ever changes. */
interface LinkFacts {
  readonly id: LinkId;
  readonly seller: SellerId | null;
  readonly coupon: string | null;
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
  const links = await linksOf(db, placed);
  return placed.map(({ order, clicks = [] }) =>
    rowOf(session, order, candidatesOf(session, order, clicks, links)),
  );
}

/** A table of the shop's: a link's seller and coupon are too much for a token that travels in addresses. */
const LINKS = "SELECT id, seller, coupon FROM links WHERE id IN (SELECT value FROM json_each(?1))";

async function linksOf(db: D1Database, placed: readonly Placed[]): Promise<Links> {
  const ids = new Set(placed.flatMap(({ clicks = [] }) => clicks.map(({ link }) => link)));
  if (ids.size === 0) return new Map();
  const { results } = await db
    .prepare(LINKS)
    .bind(JSON.stringify([...ids]))
    .all<LinkFacts>();
  return new Map(results.map((facts) => [facts.id, facts]));
}

/**
 * Whether a buyer is a creator nobody can tell: viewers are known by references of the platform's, creators are not. So
 * nothing is refused as bought for oneself until something honest says so.
 */
const BUYER_IS = [] as const;

function rowOf(
  { seller }: SessionRow,
  { id: order, placedAtMs }: NewOrder,
  candidates: readonly Candidate[],
): AttributionRow {
  const of = { order, seller, placedAtMs, buyerIs: BUYER_IS };
  const decision = decideAttribution(ATTRIBUTION_RULES, of, candidates);
  const { creator = null, link = null } = decision.winner ?? {};
  return { order, creator, link, placedAtMs, decision };
}

/**
 * Click tokens, and the codes that the order was bought with. A code says of itself only that it is one of the session's:
 * it speaks for the creator by whose link, with that very code, the viewer came last; without such a link for the
 * session's creator.
 */
function candidatesOf(
  session: SessionRow,
  order: NewOrder,
  clicks: readonly Click[],
  links: Links,
): Candidate[] {
  const tokens = clicks.flatMap((click) => tokenOf(click, order.placedAtMs, links.get(click.link)));
  const coupons = codesOf(order).flatMap((code): Candidate[] => {
    const cameBy = tokens.filter(({ link, seller = session.seller }) => {
      return seller === session.seller && link !== undefined && links.get(link)?.coupon === code;
    });
    const last = cameBy.toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1))[0];
    if (last) return [{ ...last, kind: "coupon", id: code }];
    if (session.creator === null) return [];
    return [{ kind: "coupon", id: code, creator: session.creator, atMs: order.placedAtMs }];
  });
  return [...coupons, ...tokens];
}

/** It came with the order, and so was before it, whatever two clocks say. */
function tokenOf({ click, link, creator, atMs }: Click, placedAtMs: number, facts?: LinkFacts): Candidate[] {
  // Links are never deleted. One that is not there is of another database, and its seller is not known.
  if (!facts) return [];
  const { seller } = facts;
  const at = Math.min(atMs, placedAtMs);
  return [{ kind: "token", id: click, creator, link, ...(seller === null ? {} : { seller }), atMs: at }];
}

function codesOf({ lines }: NewOrder): string[] {
  const layers = lines.flatMap(({ price }) => price.layers);
  return [...new Set(layers.flatMap(({ kind, code }) => (kind === "creator_code" && code ? [code] : [])))];
}

/**
 * Creators' short links: made, read, archived, shown as a QR code, and followed. Reads and writes D1 and KV through the
 * shop; whoever follows a link causes no query, only a message to the queue that counts.
 */
import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { renderSVG } from "uqr";
import { z } from "zod";
import type { LinkId } from "../../domain/attribution.ts";
import type { CreatorId, SellerId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { haveSold } from "../../reporting/sales-between.ts";
import { haveContract } from "../../settlement/attribution/referrals.ts";
import { getCreator } from "../../shop/creators.ts";
import { CLICK_NAME, withClick } from "../../shop/links/address.ts";
import { readClicks } from "../../shop/links/clicks.ts";
import { isPreview } from "../../shop/links/previews.ts";
import { findPublished, publish, withdraw, type Published } from "../../shop/links/published.ts";
import {
  archiveLink,
  createLink,
  getLink,
  listLinks,
  type Link,
  type LinksOf,
} from "../../shop/links/store.ts";
import { getSeller } from "../../shop/sellers.ts";
import { CLICK_TOKEN_MS, signClickToken } from "../../token/click-token.ts";
import { fromWire, toWire } from "../../wire/instants.ts";
import * as wire from "../../wire/links.ts";
import { errorFacts, logLine } from "../../wire/log.ts";
import { periodOf } from "../../wire/periods.ts";
import { page, sellerId } from "../../wire/primitives.ts";
import { body } from "../body.ts";
import { keysOf, type AppContext, type AppEnv } from "../context.ts";
import { AS_CSV, csvOfList, wantsCsv } from "../csv.ts";
import { toldToPeople } from "../dead-link.ts";
import { endpoint } from "../endpoint.ts";
import { newId } from "../ids.ts";
import { params, query } from "../input.ts";
import { linksCsv } from "../link-rows.ts";
import { foreignCursor, listed } from "../lists.ts";
import { once } from "../once.ts";
import { PARTIES } from "../parties.ts";
import { pictureOf } from "../picture-cache.ts";
import type { Principal } from "../principal.ts";
import { problem } from "../problem.ts";
import { counted, exhausted, limited, VIEWERS, type RateLimit } from "../rate-limit.ts";

export const links = new Hono<AppEnv>();

const ofLink = params({ link: wire.linkId });

type Asked = z.output<typeof wire.createLink>;

links.post(
  "/v1/links",
  endpoint({
    id: "createLink",
    tag: "links",
    summary: "Create a short link",
    description:
      "For a creator: their own, or one that the platform makes for them, or a seller who has a contract in force or " +
      "has sold with them, or whose session they host, for that one. Without a `code` one is made. " +
      "Whoever follows it brings the target a click token, which counts for the creator when something is bought within `windowMinutes`. " +
      "Somebody who asked for the code before there was a link may not find it for a minute.",
    who: PARTIES,
    key: "required",
    takes: "body",
    answers: { 201: { description: "The link", schema: wire.link, headers: ["Location"] } },
    problems: ["not_found", "session_not_found", "conflict", "limit_reached", "idempotency_in_flight"],
  }),
  body(wire.createLink),
  (c) => {
    const asked = c.req.valid("json");
    return once(c, { body: asked, subject: newId("lnk") }, async (subject) => {
      const parties = await partiesOf(c, asked);
      if (parties instanceof Response) return parties;
      if (leadsBack(c, asked)) {
        const errors = [{ path: "target.url", message: "must not be a short link itself" }];
        return problem(c, "bad_request", { errors });
      }
      const id = wire.linkId.parse(subject);
      const made = await createLink(c.env.DB, { ...fromWire(asked), ...parties }, Date.now(), id);
      if (!made.ok) return problem(c, made.code, { detail: made.detail });
      if (made.value.archivedAtMs === undefined) await publish(c.env.LINKS, made.value, originOf(c));
      c.header("Location", `/v1/links/${id}`);
      return c.json(shown(c, made.value), 201);
    });
  },
);

interface Parties {
  readonly creator: CreatorId;
  readonly seller?: SellerId;
}

/** Whose link it is, all of whom exist; or why it cannot be. */
async function partiesOf(c: AppContext, asked: Asked): Promise<Parties | Response> {
  const own = ownSide(c.get("principal"));
  const creator = asked.creator ?? own.creator;
  if (creator === undefined) {
    return problem(c, "bad_request", { errors: [{ path: "creator", message: "is required" }] });
  }
  const isOther = own.creator !== undefined && own.creator !== creator;
  if (isOther || !(await getCreator(c.env.DB, creator))) return missing(c, "creator", creator);
  const named = asked.seller ?? own.seller;
  if (named !== undefined) {
    const isOthers = own.seller !== undefined && own.seller !== named;
    if (isOthers || !(await getSeller(c.env.DB, named))) return missing(c, "seller", named);
  }
  const session = "session" in asked.target ? await pictureOf(c, asked.target.session) : undefined;
  const { seller, creator: host } = session?.picture.session ?? {};
  const isForeign = seller === undefined || (named !== undefined && named !== seller);
  if ("session" in asked.target && isForeign) return problem(c, "session_not_found");
  // Whoever has nothing to do with a creator takes neither their codes nor a part of what they may have.
  const knows = !own.seller || host === creator || (await sellTogether(c, own.seller, creator));
  if (!knows) return missing(c, "creator", creator);
  const forSeller = seller === undefined ? named : sellerId.parse(seller);
  return { creator, ...(forSeller === undefined ? {} : { seller: forSeller }) };
}

async function sellTogether(c: AppContext, seller: SellerId, creator: CreatorId): Promise<boolean> {
  return (
    (await haveContract(c.env.DB, seller, creator, Date.now())) || (await haveSold(c.env.DB, seller, creator))
  );
}

function missing(c: AppContext, what: string, id: string): Response {
  return problem(c, "not_found", { detail: `There is no ${what} ${id}.` });
}

/** The path of a short link, however it is spelled: routes know a letter by its percent code, too. */
const SHORT = /^\/(?:l|%6c)\//i;

/** A link to a link is more than one hop, and may be a circle that counts its clicks by itself. */
function leadsBack(c: AppContext, { target }: Asked): boolean {
  if (!("url" in target)) return false;
  const here = [originOf(c), c.req.url].map(hostOf);
  return here.includes(hostOf(target.url)) && SHORT.test(new URL(target.url).pathname);
}

/** With the port; a dot at the end of a name means the same host. */
function hostOf(url: string): string {
  return new URL(url).host.replace(/\.(?=:|$)/, "");
}

function originOf(c: AppContext): string {
  return new URL(c.env.PUBLIC_URL).origin;
}

function shortUrl(c: AppContext, code: string): string {
  return `${originOf(c)}/l/${code}`;
}

function shown(c: AppContext, link: Link): object {
  return toWire({ ...link, url: shortUrl(c, link.code) });
}

links.get(
  "/v1/links",
  endpoint({
    id: "listLinks",
    tag: "links",
    summary: "Links",
    description:
      "Newest first, archived ones too. A creator sees their own, a seller those for their sales. CSV with " +
      "`Accept: text/csv` or `format=csv`: every link at once, with its clicks, in its first row, and with what it has sold, a " +
      "row for each currency, as its `stats` have it.",
    who: PARTIES,
    answers: { 200: { description: "A page of links", schema: page(wire.link), also: AS_CSV } },
    problems: ["bad_request", "not_found", "rate_limited"],
  }),
  query(wire.linksPage),
  async (c) => {
    const { seller, creator, format, ...asked } = c.req.valid("query");
    const own = ownSide(c.get("principal"));
    const wanted: LinksOf = { ...(seller ? { seller } : {}), ...(creator ? { creator } : {}), ...own };
    const isTheirs = (seller ?? wanted.seller) === wanted.seller;
    if (!isTheirs || (creator ?? wanted.creator) !== wanted.creator) return problem(c, "not_found");
    if (wantsCsv(c, format)) {
      const pieces = linksCsv(c.env.DB, wanted, ({ code }) => shortUrl(c, code));
      return csvOfList(c, "links.csv", pieces);
    }
    const found = await listLinks(c.env.DB, wanted, asked);
    if (!found.ok) return foreignCursor(c);
    const { data, nextCursor } = found.value;
    return c.json({ data: data.map((link) => shown(c, link)), nextCursor });
  },
);

links.get(
  "/v1/links/:link",
  endpoint({
    id: "getLink",
    tag: "links",
    summary: "A link",
    who: PARTIES,
    answers: { 200: { description: "The link", schema: wire.link } },
    problems: ["not_found"],
  }),
  ofLink,
  async (c) => {
    const link = await theirLink(c, c.req.valid("param").link);
    return link ? c.json(shown(c, link)) : problem(c, "not_found");
  },
);

links.delete(
  "/v1/links/:link",
  endpoint({
    id: "archiveLink",
    tag: "links",
    summary: "Archive a link",
    description:
      "It leads nowhere from now on, though places that have seen it lately may take a minute to know. Its code is not " +
      "given to another link; its clicks stay. Its creator may, and the seller it is for.",
    who: PARTIES,
    answers: { 200: { description: "The link, archived", schema: wire.link } },
    problems: ["not_found"],
  }),
  ofLink,
  async (c) => {
    const link = await theirLink(c, c.req.valid("param").link);
    const archived = link && (await archiveLink(c.env.DB, link.id, Date.now()));
    if (!archived?.ok) return problem(c, "not_found");
    // Also when it was archived before: the first time may have ended halfway.
    await withdraw(c.env.LINKS, archived.value.code);
    return c.json(shown(c, archived.value));
  },
);

const QR_TYPE = "image/svg+xml";

links.get(
  "/v1/links/:link/qr",
  endpoint({
    id: "getLinkQr",
    tag: "links",
    summary: "A link as a QR code",
    description: "An SVG with the quiet zone that scanners need; a quarter of it may be hidden.",
    who: PARTIES,
    answers: { 200: { description: "The image", schema: z.string(), type: QR_TYPE } },
    problems: ["not_found"],
  }),
  ofLink,
  async (c) => {
    const link = await theirLink(c, c.req.valid("param").link);
    if (!link) return problem(c, "not_found");
    // ISO/IEC 18004: four modules of nothing around it.
    const image = renderSVG(shortUrl(c, link.code), { ecc: "Q", border: 4 });
    // An SVG is a document: opened by itself it runs nothing and loads nothing.
    return c.body(image, 200, {
      "Content-Type": QR_TYPE,
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      "Cache-Control": "private, max-age=86400",
    });
  },
);

links.get(
  "/v1/links/:link/clicks",
  endpoint({
    id: "listLinkClicks",
    tag: "links",
    summary: "A link's clicks",
    description:
      "By hour, some seconds behind: hours that begin in the period, in their order. Previews and pages loaded ahead are " +
      "no clicks.",
    who: PARTIES,
    answers: { 200: { description: "A page of hours, and the sum of the period", schema: wire.linkClicks } },
    problems: ["bad_request", "not_found"],
  }),
  ofLink,
  query(wire.clicksPage),
  async (c) => {
    const { from, to, ...asked } = c.req.valid("query");
    const link = await theirLink(c, c.req.valid("param").link);
    if (!link) return problem(c, "not_found");
    return listed(c, await readClicks(c.env.DB, link.id, periodOf({ from, to }), asked));
  },
);

/** For those whose link it is; to others there is none. */
export async function theirLink(c: AppContext, id: LinkId): Promise<Link | undefined> {
  const link = await getLink(c.env.DB, id);
  const { seller, creator } = ownSide(c.get("principal"));
  const isTheirs = (!seller || seller === link?.seller) && (!creator || creator === link?.creator);
  return isTheirs ? link : undefined;
}

/** The side on which a principal stands in every link it may see. */
function ownSide(principal: Principal): LinksOf {
  if (principal.kind === "seller") return { seller: principal.name };
  return principal.kind === "creator" ? { creator: principal.name } : {};
}

/** Who looks for codes is stopped: those asked for in vain are counted by address. */
const UNKNOWN: RateLimit = {
  name: "codes",
  quota: LIMITS.unknownCodesPerWindow,
  keyOf: (c) => VIEWERS.keyOf(c),
};

/** Of one address only so many clicks count in a window: nobody drives the counts, or the queue's costs, alone. */
const CLICKS: RateLimit = { name: "clicks", quota: LIMITS.clicksPerWindow, keyOf: (c) => VIEWERS.keyOf(c) };

links.get(
  "/l/:code",
  endpoint({
    id: "followLink",
    tag: "links",
    summary: "Follow a short link",
    description:
      "One hop to the target, with the link's UTM fields and a click token: `dropcast_click` in the address, and a " +
      "cookie of that name for pages of this origin. Machines that make previews, browsers that load ahead or load it as " +
      "a part of another page, and an address that clicks far too often are sent on without a token. An address that asks " +
      "for far too many codes of nobody is answered no more for some seconds. Capital letters are taken for small ones; " +
      "a browser that finds nothing is shown a page that says so.",
    who: "anybody",
    answers: { 302: { description: "On to the target", headers: ["Location"] } },
    problems: ["not_found", "rate_limited"],
  }),
  toldToPeople,
  params({ code: wire.followedCode }),
  async (c) => {
    const nowMs = Date.now();
    const stopped = exhausted(c, UNKNOWN, nowMs);
    if (stopped) return stopped;
    const found = await findPublished(c.env.LINKS, c.req.valid("param").code, nowMs);
    if (!found) return limited(c, UNKNOWN, nowMs) ?? problem(c, "not_found");
    if (!isClick(c, nowMs)) return c.redirect(found.address, 302);
    const token = await clickOn(c, found, nowMs);
    return c.redirect(withClick(found.address, token), 302);
  },
);

function isClick(c: AppContext, nowMs: number): boolean {
  if (c.req.method === "HEAD" || isPreview(c.req.raw.headers)) return false;
  return (counted(c, CLICKS, nowMs)?.used ?? 0) <= CLICKS.quota;
}

/** Sends the click to be counted, and gives its token to the browser. */
async function clickOn(c: AppContext, { link, creator }: Published, atMs: number): Promise<string> {
  const click = wire.clickId.parse(newId("clk"));
  // Nobody waits for the queue: what it does not take is not counted, and holds all the same.
  const sent = c.env.CLICKS_QUEUE.send({ click, link, atMs } satisfies wire.Clicked);
  c.executionCtx.waitUntil(
    sent.catch((error: unknown) => logLine({ event: "click_not_sent", ...errorFacts(error) })),
  );
  const token = await signClickToken(await keysOf(c), { click, link, creator, atMs });
  // Scripts of a page must read it to send it with an order: it proves a click, and opens nothing.
  setCookie(c, CLICK_NAME, token, {
    path: "/",
    maxAge: CLICK_TOKEN_MS / 1000,
    sameSite: "Lax",
    secure: new URL(c.req.url).protocol === "https:",
  });
  return token;
}

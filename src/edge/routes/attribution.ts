/** Attribution: the record of an order's decision, and what a link has sold. Reads settlement's tables and the shop's. */
import { Hono } from "hono";
import { findOrder } from "../../settlement/order-readers.ts";
import { readAttribution, readLinkSales } from "../../settlement/readers/attribution.ts";
import { sumClicks } from "../../shop/links/clicks.ts";
import * as wire from "../../wire/attribution.ts";
import { toWire } from "../../wire/instants.ts";
import { linkId } from "../../wire/links.ts";
import { periodOf } from "../../wire/periods.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofOrder, params, query } from "../input.ts";
import { PARTIES, partyOf } from "../parties.ts";
import { problem } from "../problem.ts";
import { theirLink } from "./links.ts";

export const attribution = new Hono<AppEnv>();

attribution.get(
  "/v1/orders/:order/attribution",
  endpoint({
    id: "getOrderAttribution",
    tag: "links",
    summary: "To whom an order is attributed",
    description:
      "Decided once, by versioned rules, when the order is placed: a coupon over a click token, the last touch within a " +
      "kind, nothing from outside its window, nothing that a creator buys as the viewer of their own `reference`. A " +
      "code that the order was bought with speaks for the creator whose it is by the session; of several that of the later " +
      "line, as the viewer filled the cart. A seller sees all of it, a creator their own part; to viewers there is none. As " +
      "the record has it: some seconds behind.",
    who: ["viewer", ...PARTIES],
    answers: { 200: { description: "The decision", schema: wire.attribution } },
    problems: ["order_not_found"],
  }),
  ofOrder,
  async (c) => {
    const principal = c.get("principal");
    const row = principal.kind !== "viewer" && (await findOrder(c.env.DB, c.req.valid("param").order));
    const found = row && (await readAttribution(c.env.DB, row, partyOf(principal)));
    return found ? c.json(toWire(found)) : problem(c, "order_not_found");
  },
);

attribution.get(
  "/v1/links/:link/stats",
  endpoint({
    id: "getLinkStats",
    tag: "links",
    summary: "What came of a link",
    description: "Clicks, and the orders that are attributed to its creator by it. Some seconds behind.",
    who: PARTIES,
    answers: { 200: { description: "Clicks and sales of the period", schema: wire.linkStats } },
    problems: ["bad_request", "not_found"],
  }),
  params({ link: linkId }),
  query(wire.linkStatsQuery),
  async (c) => {
    const link = await theirLink(c, c.req.valid("param").link);
    if (!link) return problem(c, "not_found");
    const period = periodOf(c.req.valid("query"));
    const [clicks, sales] = await Promise.all([
      sumClicks(c.env.DB, [link.id], period),
      readLinkSales(c.env.DB, [link.id], period),
    ]);
    return c.json(toWire({ clicks: clicks.get(link.id) ?? 0, sales: sales.get(link.id) ?? [] }));
  },
);

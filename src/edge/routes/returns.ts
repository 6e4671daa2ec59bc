/** Refunds of an order, and disputes, as they are read. From D1; sellers and creators those of their orders. */
import { Hono } from "hono";
import { findDispute, listDisputes, listRefunds } from "../../settlement/readers/returns.ts";
import { toWire } from "../../wire/instants.ts";
import { disputeId, page, pageQuery } from "../../wire/primitives.ts";
import * as wire from "../../wire/returns.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofOrder, params, query } from "../input.ts";
import { listed } from "../lists.ts";
import { orderFor } from "../order-parties.ts";
import { PARTIES, partyAsked, partyOf } from "../parties.ts";
import { problem } from "../problem.ts";
import { SEARCHES } from "../rate-limit.ts";

export const returns = new Hono<AppEnv>();

returns.get(
  "/v1/orders/:order/refunds",
  endpoint({
    id: "listRefunds",
    tag: "returns",
    summary: "Refunds of an order",
    description: "Oldest first, also those that the provider has refused or sent back.",
    who: PARTIES,
    answers: { 200: { description: "A page of refunds", schema: page(wire.refund) } },
    problems: ["order_not_found", "bad_request"],
  }),
  ofOrder,
  query(pageQuery),
  async (c) => {
    const found = await orderFor(c, c.req.valid("param").order);
    if (!found) return problem(c, "order_not_found");
    const { id: order, session } = found;
    return listed(c, await listRefunds(c.env.DB, { ...c.req.valid("query"), order, session }));
  },
);

returns.get(
  "/v1/disputes",
  endpoint({
    id: "listDisputes",
    tag: "returns",
    summary: "Disputes",
    description:
      "Newest first. A seller and a creator see those of their orders, and of what is at stake their own. Of a party or a " +
      "`status` a page may be shorter than `limit`, even empty, and have a `nextCursor` all the same.",
    who: PARTIES,
    rate: SEARCHES,
    answers: { 200: { description: "A page of disputes", schema: page(wire.dispute) } },
    problems: ["bad_request", "not_found"],
  }),
  query(wire.disputesQuery),
  async (c) => {
    const { seller, creator, ...asked } = c.req.valid("query");
    const principal = c.get("principal");
    const of = partyAsked(principal, { seller, creator });
    if (of === null) return problem(c, "not_found");
    return listed(c, await listDisputes(c.env.DB, { ...asked, of }, partyOf(principal)));
  },
);

returns.get(
  "/v1/disputes/:dispute",
  endpoint({
    id: "getDispute",
    tag: "returns",
    summary: "A dispute",
    who: PARTIES,
    answers: { 200: { description: "The dispute", schema: wire.dispute } },
    problems: ["not_found"],
  }),
  params({ dispute: disputeId }),
  async (c) => {
    const { dispute } = c.req.valid("param");
    const found = await findDispute(c.env.DB, dispute, partyOf(c.get("principal")));
    return found ? c.json(toWire(found)) : problem(c, "not_found");
  },
);

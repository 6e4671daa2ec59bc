/** A session's stock pools. */
import { Hono } from "hono";
import { poolKey } from "../../domain/ids.ts";
import { availableIn, type Pool } from "../../domain/stock.ts";
import { toWire } from "../../wire/instants.ts";
import { page, pageQuery } from "../../wire/primitives.ts";
import { allocateStock, pool } from "../../wire/sessions.ts";
import { body } from "../body.ts";
import { answer, command } from "../commands.ts";
import { liveOf, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofSession, query } from "../input.ts";
import { pageAfter } from "../pages.ts";
import { READS } from "../rate-limit.ts";

export const stock = new Hono<AppEnv>();

stock.post(
  "/v1/sessions/:session/stock",
  endpoint({
    id: "allocateStock",
    tag: "sessions",
    summary: "Allocate units of a SKU",
    description:
      "Sets what the session may sell of a SKU in a zone; never below what is held or sold. With `expected` only if " +
      "that is allocated now.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller"],
    key: "optional",
    takes: "body",
    answers: { 200: { description: "The pool", schema: pool } },
    problems: ["stock_conflict", "stock_in_use", "limit_reached", "session_state_conflict", "not_covered"],
  }),
  ofSession,
  body(allocateStock),
  async (c) => {
    const { session } = c.req.valid("param");
    const asked = c.req.valid("json");
    const { zone = c.get("hydrated").picture.session.defaultZone, ...rest } = asked;
    const executed = await command(c, session, asked, { type: "stock.allocate", v: 1, zone, ...rest });
    return answer(c, executed, (accepted) => shown(accepted.pool));
  },
);

stock.get(
  "/v1/sessions/:session/stock",
  endpoint({
    id: "listStock",
    tag: "sessions",
    summary: "Stock pools",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller", "creator"],
    rate: READS,
    answers: { 200: { description: "A page of pools, by zone and SKU", schema: page(pool) } },
    problems: ["bad_request"],
  }),
  ofSession,
  query(pageQuery),
  async (c) => {
    const pools = await liveOf(c).pools(c.req.valid("param").session);
    const { data, nextCursor } = pageAfter(
      pools,
      ({ zone, sku }) => poolKey(zone, sku),
      c.req.valid("query"),
    );
    return c.json(toWire({ data: data.map(shown), nextCursor }));
  },
);

function shown(of: Pool): Pool & { readonly available: number } {
  return { ...of, available: availableIn(of) };
}

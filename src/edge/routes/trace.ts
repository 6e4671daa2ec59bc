/** The trace of an order: from the token to the bank. Joins what settlement has in D1 with the session's journal. */
import { Hono } from "hono";
import { readTrace, type SettledTrace, type Trace } from "../../settlement/readers/trace.ts";
import type { OrderRow } from "../../settlement/order-readers.ts";
import { cloudEventType, eventIdOf } from "../../wire/events.ts";
import { toWire } from "../../wire/instants.ts";
import { trace as schema } from "../../wire/trace.ts";
import { liveOf, type AppContext, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofOrder } from "../input.ts";
import { eventsOfOrder } from "../order-journal.ts";
import { paidOrderFor } from "../order-parties.ts";
import { PARTIES, partyOf } from "../parties.ts";
import { problem } from "../problem.ts";
import { TRACES } from "../rate-limit.ts";

export const trace = new Hono<AppEnv>();

trace.get(
  "/v1/orders/:order/trace",
  endpoint({
    id: "traceOrder",
    tag: "ledger",
    summary: "The way of an order's money",
    description:
      "Token, reservation, events with their journal blocks, payment, contract and split, ledger transactions, transfers " +
      "with their reversals, payouts, refunds and disputes, each with its id. A seller and a creator see their own " +
      "postings, transfers and payouts, as does whoever has a referral of it. As the record has it: some seconds behind.",
    who: PARTIES,
    rate: TRACES,
    answers: { 200: { description: "The trace", schema } },
    problems: ["order_not_found"],
  }),
  ofOrder,
  async (c) => {
    const row = await paidOrderFor(c, c.req.valid("param").order);
    if (!row) return problem(c, "order_not_found");
    const settled = await readTrace(c.env.DB, row, partyOf(c.get("principal")));
    const { events, complete } = await journalOf(c, row, settled);
    return c.json(toWire({ ...settled.trace, events, complete: settled.trace.complete && complete }));
  },
);

async function journalOf(
  c: AppContext,
  row: OrderRow,
  { settledSeq, refundSeqs }: SettledTrace,
): Promise<{ readonly events: Trace["events"]; readonly complete: boolean }> {
  const { id: order, session, reservation, placedAtMs } = row;
  const found = await eventsOfOrder(liveOf(c), {
    session,
    order,
    reservation,
    placedAtMs,
    settledSeq,
    laterSeqs: refundSeqs,
  });
  const events = found.events.map(({ event, block }) => ({
    id: eventIdOf(session, event.seq),
    type: cloudEventType(event.type),
    sequence: event.seq,
    atMs: event.atMs,
    block: { number: block.number, hash: block.hash },
  }));
  return { events, complete: found.complete };
}

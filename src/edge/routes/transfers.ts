/** Transfers as they are read. From D1; sellers and creators see their own. */
import { Hono } from "hono";
import { findTransfer, listTransfers } from "../../settlement/readers/transfers.ts";
import { toWire } from "../../wire/instants.ts";
import { page, transferId } from "../../wire/primitives.ts";
import * as wire from "../../wire/transfers.ts";
import type { AppEnv } from "../context.ts";
import { AS_CSV, csvOfList, wantsCsv } from "../csv.ts";
import { endpoint } from "../endpoint.ts";
import { params, query } from "../input.ts";
import { listed } from "../lists.ts";
import { transfersCsv } from "../movement-rows.ts";
import { PARTIES, partyAsked, partyOf } from "../parties.ts";
import { problem } from "../problem.ts";
import { SEARCHES } from "../rate-limit.ts";

export const transfers = new Hono<AppEnv>();

transfers.get(
  "/v1/transfers",
  endpoint({
    id: "listTransfers",
    tag: "transfers",
    summary: "Transfers",
    description:
      "Newest first. A seller and a creator see their own. Of one `status` a page may be shorter than `limit`, even empty, " +
      "and have a `nextCursor` all the same. CSV with `Accept: text/csv` or `format=csv`, every row at once.",
    who: PARTIES,
    rate: SEARCHES,
    answers: { 200: { description: "A page of transfers", schema: page(wire.transfer), also: AS_CSV } },
    problems: ["bad_request", "not_found"],
  }),
  query(wire.transfersQuery),
  async (c) => {
    const { seller, creator, format, ...asked } = c.req.valid("query");
    const party = partyAsked(c.get("principal"), { seller, creator });
    if (party === null) return problem(c, "not_found");
    if (wantsCsv(c, format)) {
      return csvOfList(c, "transfers.csv", transfersCsv(c.env.DB, { ...asked, party }));
    }
    return listed(c, await listTransfers(c.env.DB, { ...asked, party }));
  },
);

transfers.get(
  "/v1/transfers/:transfer",
  endpoint({
    id: "getTransfer",
    tag: "transfers",
    summary: "A transfer, traced",
    description: "With the event behind it, its ledger transactions and its reversals.",
    who: PARTIES,
    answers: { 200: { description: "The transfer", schema: wire.tracedTransfer } },
    problems: ["not_found"],
  }),
  params({ transfer: transferId }),
  async (c) => {
    const { transfer } = c.req.valid("param");
    const found = await findTransfer(c.env.DB, transfer, partyOf(c.get("principal")));
    return found ? c.json(toWire(found)) : problem(c, "not_found");
  },
);

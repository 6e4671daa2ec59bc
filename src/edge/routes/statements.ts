/** Statements of sellers and creators, as JSON by the page and as CSV in whole. From D1. */
import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { z } from "zod";
import { statementCsv } from "../../settlement/readers/statement-csv.ts";
import { readStatement, type StatementOf } from "../../settlement/readers/statements.ts";
import { periodOf } from "../../wire/periods.ts";
import { statement, statementQuery } from "../../wire/statements.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { query } from "../input.ts";
import { listed } from "../lists.ts";
import { namedParty } from "../names.ts";
import { mayKnow, PARTIES, partyInPath, SIDES } from "../parties.ts";
import { problem } from "../problem.ts";
import { STATEMENTS } from "../rate-limit.ts";

export const statements = new Hono<AppEnv>();

const CSV = "text/csv";

for (const side of SIDES) {
  const { kind, name, path, ofPath } = side;
  statements.get(
    `${path}/statement`,
    endpoint({
      id: `get${name}Statement`,
      tag: "statements",
      summary: `A ${kind}'s statement`,
      description:
        "All that moved in one currency from `from` (the beginning, when left out) until `to` (now). A line is a ledger " +
        "transaction; opening and lines sum to closing. Its pages are of the moment the first was read; that one has the " +
        "`totals`. CSV with `Accept: text/csv` or `format=csv`, every line at once.",
      who: PARTIES,
      rate: STATEMENTS,
      answers: {
        200: { description: "The statement", schema: statement, also: { [CSV]: z.string() } },
      },
      problems: ["not_found", "bad_request"],
    }),
    ofPath,
    query(statementQuery),
    async (c) => {
      const party = partyInPath(c, side);
      const known = mayKnow(c.get("principal"), party) && (await namedParty(c.env.DB, party));
      if (!known) return problem(c, "not_found");
      const { from, to, currency, format, ...asked } = c.req.valid("query");
      const { fromMs, untilMs = Date.now() } = periodOf({ from, to });
      const of = { party, currency, ...(fromMs === undefined ? {} : { fromMs }), untilMs };
      if ((format ?? formatFor(c)) === "json") return listed(c, await readStatement(c.env.DB, of, asked));
      return c.body(csvStream(c.env.DB, of, known.name), 200, {
        "Content-Type": `${CSV}; charset=utf-8; header=present`,
        "Content-Disposition": `attachment; filename="statement-${party}-${currency}.csv"`,
      });
    },
  );
}

function formatFor(c: AppContext): "json" | "csv" {
  const wanted = accepts(c, {
    header: "Accept",
    supports: ["application/json", CSV],
    default: "application/json",
  });
  return wanted === CSV ? "csv" : "json";
}

/** Read as fast as it is taken: nobody holds a whole statement in memory. */
function csvStream(db: D1Database, of: StatementOf, name: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = statementCsv(db, of, name);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}

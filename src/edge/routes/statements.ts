/** Statements of sellers and creators, as JSON by the page and as CSV in whole. From D1. */
import { Hono } from "hono";
import { statementCsv } from "../statement-rows.ts";
import { readStatement } from "../../settlement/readers/statements.ts";
import { periodOf } from "../../wire/periods.ts";
import { statement, statementQuery } from "../../wire/statements.ts";
import type { AppEnv } from "../context.ts";
import { AS_CSV, csvFile, wantsCsv } from "../csv.ts";
import { endpoint } from "../endpoint.ts";
import { query } from "../input.ts";
import { listed } from "../lists.ts";
import { namedParty } from "../names.ts";
import { mayKnow, PARTIES, partyInPath, SIDES } from "../parties.ts";
import { problem } from "../problem.ts";
import { STATEMENTS } from "../rate-limit.ts";

export const statements = new Hono<AppEnv>();

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
        200: { description: "The statement", schema: statement, also: AS_CSV },
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
      if (!wantsCsv(c, format)) return listed(c, await readStatement(c.env.DB, of, asked));
      const pieces = statementCsv(c.env.DB, of, known.name);
      return csvFile(c, `statement-${party}-${currency}.csv`, pieces);
    },
  );
}

/** Payouts: read from D1, and made at once when asked for. Reaches settlement and the payment provider. */
import { Hono } from "hono";
import type { PartyId } from "../../domain/ids.ts";
import { payOutNow } from "../../settlement/movements/pay-out.ts";
import { findPayoutOf, listPayouts, payoutOf } from "../../settlement/readers/payouts.ts";
import { toWire } from "../../wire/instants.ts";
import * as wire from "../../wire/payouts.ts";
import { page, payoutId } from "../../wire/primitives.ts";
import { body } from "../body.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { AS_CSV, csvOfList, wantsCsv } from "../csv.ts";
import { endpoint } from "../endpoint.ts";
import { newId } from "../ids.ts";
import { params, query } from "../input.ts";
import { listed } from "../lists.ts";
import { payoutsCsv } from "../movement-rows.ts";
import { namedParty } from "../names.ts";
import { once } from "../once.ts";
import { mayKnow, PARTIES, partyAsked, partyOf } from "../parties.ts";
import { problem } from "../problem.ts";
import { atProvider, PROVIDER_PROBLEMS } from "../provider.ts";
import { PAYOUTS, SEARCHES } from "../rate-limit.ts";
import { treasuryOf } from "../till.ts";

export const payouts = new Hono<AppEnv>();

payouts.get(
  "/v1/payouts",
  endpoint({
    id: "listPayouts",
    tag: "payouts",
    summary: "Payouts",
    description:
      "Newest first. A seller and a creator see their own. Of one `status` or currency a page may be shorter than `limit`, even empty, " +
      "and have a `nextCursor` all the same. CSV with `Accept: text/csv` or `format=csv`, every row at once.",
    who: PARTIES,
    rate: SEARCHES,
    answers: { 200: { description: "A page of payouts", schema: page(wire.payout), also: AS_CSV } },
    problems: ["bad_request", "not_found"],
  }),
  query(wire.payoutsQuery),
  async (c) => {
    const { seller, creator, format, ...asked } = c.req.valid("query");
    const party = partyAsked(c.get("principal"), { seller, creator });
    if (party === null) return problem(c, "not_found");
    if (wantsCsv(c, format)) {
      return csvOfList(c, "payouts.csv", payoutsCsv(c.env.DB, { ...asked, party }));
    }
    return listed(c, await listPayouts(c.env.DB, { ...asked, party }));
  },
);

payouts.get(
  "/v1/payouts/:payout",
  endpoint({
    id: "getPayout",
    tag: "payouts",
    summary: "A payout with its transfers",
    who: PARTIES,
    answers: { 200: { description: "The payout", schema: wire.tracedPayout } },
    problems: ["not_found"],
  }),
  params({ payout: payoutId }),
  async (c) => {
    const { payout } = c.req.valid("param");
    const found = await findPayoutOf(c.env.DB, payout, partyOf(c.get("principal")));
    return found ? c.json(toWire(found)) : problem(c, "not_found");
  },
);

payouts.post(
  "/v1/payouts",
  endpoint({
    id: "createPayout",
    tag: "payouts",
    summary: "Pay out now",
    description:
      "All that the party has at the provider in the currency and that can be paid out. 409 `payout_too_small` says " +
      "the `minimum` and the `balance`; 409 `account_not_enabled` how the account stands in `state`.",
    who: PARTIES,
    key: "required",
    rate: PAYOUTS,
    takes: "body",
    answers: { 201: { description: "The payout", schema: wire.payout, headers: ["Location"] } },
    problems: [
      "not_found",
      "payout_too_small",
      "account_not_enabled",
      "idempotency_in_flight",
      ...PROVIDER_PROBLEMS,
    ],
  }),
  body(wire.createPayout),
  async (c) => {
    const asked = c.req.valid("json");
    const party = "seller" in asked ? asked.seller : asked.creator;
    const known = mayKnow(c.get("principal"), party) && (await namedParty(c.env.DB, party));
    if (!known) return problem(c, "not_found", { detail: `There is no ${party} to pay.` });
    return once(c, { body: asked, subject: newId("pyo") }, (subject) =>
      atProvider(c, () => paidOut(c, { party, currency: asked.currency, id: payoutId.parse(subject) })),
    );
  },
);

async function paidOut(
  c: AppContext,
  of: { party: PartyId; currency: string; id: `pyo_${string}` },
): Promise<Response> {
  const outcome = await payOutNow(treasuryOf(c.env), of);
  switch (outcome.outcome) {
    case "started":
      c.header("Location", `/v1/payouts/${outcome.payout.id}`);
      return c.json(toWire(payoutOf(outcome.payout)), 201);
    case "not_enabled":
      return problem(c, "account_not_enabled", {
        state: outcome.state,
        detail:
          outcome.state === "none"
            ? "Open the payment account first."
            : "Finish its onboarding first: ask for an onboarding link.",
      });
    case "too_small":
      return problem(c, "payout_too_small", { minimum: outcome.minimum, balance: outcome.balance });
    case "moving":
      // Not an answer to keep: the same request may well succeed.
      c.header("Retry-After", "1");
      return problem(c, "overloaded", { detail: "The balance moves just now; try again shortly." });
  }
}

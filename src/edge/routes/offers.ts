/** Offers: what a host does with them. */
import { Hono } from "hono";
import type { z } from "zod";
import type { OfferAction, OfferCommand } from "../../domain/commands.ts";
import type { OfferId, SessionId } from "../../domain/ids.ts";
import type { Money } from "../../domain/money.ts";
import type { OfferTerms } from "../../domain/offer.ts";
import type { PriceTerms } from "../../domain/pricing.ts";
import { fromWire, toWire, type Code } from "../../wire/instants.ts";
import * as wire from "../../wire/offers.ts";
import { page, pageQuery } from "../../wire/primitives.ts";
import { body } from "../body.ts";
import { answer, command, requestOf, type ExecutedOf } from "../commands.ts";
import { liveOf, type AppContext, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { offerIdOf } from "../ids.ts";
import { ofOffer, ofSession, query } from "../input.ts";
import { pageAfter } from "../pages.ts";
import { problem } from "../problem.ts";
import { roleIn } from "../principal.ts";
import { READS } from "../rate-limit.ts";

export const offers = new Hono<AppEnv>();

offers.post(
  "/v1/sessions/:session/offers",
  endpoint({
    id: "createOffer",
    tag: "offers",
    summary: "Create an offer",
    description: "With `opensAt` it opens by itself; otherwise it waits to be opened.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller"],
    key: "required",
    takes: "body",
    answers: { 201: { description: "The offer", schema: wire.offer } },
    problems: [
      "session_state_conflict",
      "offer_exists",
      "limit_reached",
      "offer_window_invalid",
      "price_below_floor",
      "currency_mismatch",
      "not_covered",
      "funder_not_agreed",
    ],
  }),
  ofSession,
  body(wire.createOffer),
  async (c) => {
    const { session } = c.req.valid("param");
    const asked = c.req.valid("json");
    const { name: by } = c.get("principal");
    const id = offerIdOf(by, session, c.get("idempotencyKey") ?? "", requestOf(c, asked));
    const terms = termsOf(id, fromWire(asked), by, Date.now());
    const executed = await command(c, session, asked, { type: "offer.create", v: 1, terms });
    const isThere = !executed.reply.ok && executed.reply.refusal.code === "offer_exists";
    return answer(
      c,
      isThere ? await asItStands(c, session, id, executed) : executed,
      ({ offer }) => offer,
      201,
    );
  },
);

/** The consent to sell beyond stock is recorded with who gave it. */
function termsOf(
  id: OfferId,
  { backorder, ...asked }: Code<z.output<typeof wire.createOffer>>,
  by: string,
  nowMs: number,
): OfferTerms {
  return { id, ...asked, ...(backorder ? { backorder: { by, givenAtMs: nowMs } } : {}) };
}

/**
 * The offer that this very request made, after its session has forgotten the answer: an update that changes nothing
 * shows it. One that can no longer be updated, withdrawn or of an ended session, exists and that is all.
 */
async function asItStands(
  c: AppContext,
  session: SessionId,
  offer: OfferId,
  exists: ExecutedOf<OfferCommand>,
): Promise<ExecutedOf<OfferCommand>> {
  const nothing = { type: "offer.update", v: 1, offer, changes: {}, olderTokens: "honour" } as const;
  const shown = await command(c, session, {}, nothing, `/${crypto.randomUUID()}`);
  return shown.reply.ok ? { ...shown, replayed: true } : exists;
}

offers.get(
  "/v1/sessions/:session/offers",
  endpoint({
    id: "listOffers",
    tag: "offers",
    summary: "Offers with their whole terms",
    description:
      "For hosts: with floors, price steps and what older tokens still buy, which the public picture does not have.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller", "creator"],
    rate: READS,
    answers: { 200: { description: "A page of offers, by id", schema: page(wire.offer) } },
    problems: ["bad_request"],
  }),
  ofSession,
  query(pageQuery),
  async (c) => {
    const all = await liveOf(c).offers(c.req.valid("param").session);
    return c.json(toWire(pageAfter(all, ({ id }) => id, c.req.valid("query"))));
  },
);

offers.patch(
  "/v1/sessions/:session/offers/:offer",
  endpoint({
    id: "updateOffer",
    tag: "offers",
    summary: "Change an offer, its price included",
    description:
      "A new price is a new version: tokens of the one before are honoured until they expire, or void at once. A " +
      "creator may change the drop price, above the floor the seller set, where the contract lets, and nothing else.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller", "creator"],
    right: "reprice",
    key: "optional",
    takes: "body",
    answers: { 200: { description: "The offer", schema: wire.offer } },
    problems: [
      "offer_not_found",
      "offer_state_conflict",
      "session_state_conflict",
      "offer_window_invalid",
      "price_below_floor",
      "currency_mismatch",
      "funder_not_agreed",
    ],
  }),
  ofOffer,
  body(wire.updateOffer),
  async (c) => {
    const { session, offer } = c.req.valid("param");
    const asked = c.req.valid("json");
    const { price, olderTokens, ...changes } = fromWire(asked);
    const changed = Object.keys(changes).length > 0;
    if (!price && !changed) {
      return problem(c, "bad_request", { errors: [{ path: "", message: "nothing to change" }] });
    }
    if (changed && isCreator(c))
      return problem(c, "forbidden", { detail: "A creator may change the price." });
    if (price && isCreator(c) && !isWithinTerms(price, c.get("hydrated").pricing.prices[offer])) {
      return problem(c, "forbidden", { detail: "Headline, floor and who pays are the seller's to change." });
    }
    const executed = await command(c, session, asked, {
      type: "offer.update",
      v: 1,
      offer,
      changes,
      ...(price ? { price } : {}),
      olderTokens,
    });
    return answer(c, executed, (accepted) => accepted.offer);
  },
);

/** Whether a creator's price leaves alone what is the seller's; an offer that is not there is refused later. */
function isWithinTerms(asked: PriceTerms, standing: PriceTerms | undefined): boolean {
  if (!standing) return true;
  const isSame = (one: Money | undefined, other: Money | undefined): boolean =>
    one?.amount === other?.amount && one?.currency === other?.currency;
  const mayFund = asked.drop === undefined || [standing.drop?.funder, "creator"].includes(asked.drop.funder);
  return isSame(asked.headline, standing.headline) && isSame(asked.floor, standing.floor) && mayFund;
}

function isCreator(c: AppContext): boolean {
  return roleIn(c.get("principal"), c.get("hydrated").picture) === "creator";
}

const ACTIONS = ["open", "close", "pin", "unpin", "withdraw"] as const satisfies readonly OfferAction[];

const MOVES: Readonly<Record<OfferAction, { readonly summary: string; readonly description: string }>> = {
  open: { summary: "Open an offer", description: "Its tokens buy from now on." },
  close: {
    summary: "Close an offer",
    description: "Stops its tokens at once and ends its waitlist; holds keep their time.",
  },
  pin: {
    summary: "Pin an offer",
    description: "The one that screens show first; another one's pin moves here.",
  },
  unpin: { summary: "Unpin an offer", description: "Nothing is pinned then." },
  withdraw: { summary: "Withdraw an offer", description: "Closes it for good." },
};

for (const action of ACTIONS) {
  offers.post(
    `/v1/sessions/:session/offers/:offer/${action}`,
    endpoint({
      id: `${action}Offer`,
      tag: "offers",
      ...MOVES[action],
      who: ["platform", "seller", "creator"],
      host: action === "withdraw" ? ["platform", "seller"] : ["platform", "seller", "creator"],
      right: "show",
      key: "optional",
      answers: { 200: { description: "The offer", schema: wire.offer } },
      problems: ["offer_not_found", "offer_state_conflict", "session_state_conflict", "offer_window_invalid"],
    }),
    ofOffer,
    async (c) => {
      const { session, offer } = c.req.valid("param");
      const executed = await command(c, session, {}, { type: "offer.move", v: 1, offer, action });
      return answer(c, executed, (accepted) => accepted.offer);
    },
  );
}

/** Decides commands about the session itself: creation, changes, life cycle, whose names it shows. Pure. */
import type { SessionCommand, ViewerCommand } from "./commands.ts";
import { decided, refused } from "./decision.ts";
import { funderFault } from "./agreement.ts";
import type { EventBody } from "./events.ts";
import type { CreatorCode } from "./pricing.ts";
import type { Refusal } from "./refusal.ts";
import { releaseAll } from "./release.ts";
import type { Decision } from "./reply.ts";
import { MOVES, type SessionAction, type SessionState, type SessionTerms } from "./session.ts";

const SHOWN = { ok: true, show: "session" } as const;

export function decideSession(state: SessionState, command: SessionCommand): Decision {
  switch (command.type) {
    case "session.create": {
      if (state.terms !== undefined) return refused({ code: "session_exists" });
      const fault = codesFault(command.terms, command.terms.creatorCodes);
      if (fault) return refused(fault);
      return decided(SHOWN, { type: "session.created", v: 1, terms: command.terms });
    }
    case "session.update": {
      if (state.status === "ended" || state.status === "cancelled") {
        return refused({ code: "session_state_conflict", status: state.status });
      }
      const fault = state.terms && codesFault(state.terms, command.changes.creatorCodes);
      if (fault) return refused(fault);
      return decided(SHOWN, { type: "session.updated", v: 1, changes: command.changes });
    }
    case "session.move":
      return decideMove(state, command.action);
  }
}

/**
 * A code that takes off an amount must do so in the session's currency, and be for somebody to pay for who agreed to: the
 * session's creator agreed to pay for their own codes only.
 */
function codesFault(
  { agreement, currency, creator: host }: SessionTerms,
  codes: readonly CreatorCode[] = [],
): Refusal | undefined {
  for (const { off, funder, creator = host } of codes) {
    if ("amount" in off && off.amount.currency !== currency) return { code: "currency_mismatch", currency };
    const fault = funderFault(agreement, "creator_code", funder);
    if (fault) return fault;
    if (creator !== host && funder === "creator") {
      const agreed = (agreement?.funders.creatorCode ?? ["seller", "platform"]).filter(
        (one) => one !== "creator",
      );
      return { code: "funder_not_agreed", funder, layer: "creator_code", agreed };
    }
  }
  return undefined;
}

/**
 * Ending closes every open offer and the waitlist but leaves holds their time, so that whoever is paying can finish.
 * Cancelling also releases what is held.
 */
function decideMove(state: SessionState, action: SessionAction): Decision {
  const move = MOVES[action];
  if (!move.from.includes(state.status))
    return refused({ code: "session_state_conflict", status: state.status });
  if (action === "schedule" && state.terms?.scheduledAtMs === undefined) {
    return refused({ code: "session_state_conflict", status: state.status });
  }
  const events: EventBody[] = [];
  if (move.to === "ended" || move.to === "cancelled") {
    const statuses = move.to === "ended" ? (["backordered"] as const) : (["backordered", "held"] as const);
    const reason = move.to === "ended" ? "session_ended" : "session_cancelled";
    events.push(
      ...releaseAll(state, (reservation) => statuses.some((status) => status === reservation.status), reason),
    );
    for (const offer of state.offers.values()) {
      if (offer.status === "open") events.push({ type: "offer.closed", v: 1, offer: offer.id });
    }
  }
  events.push({ type: move.event, v: 1, status: move.to });
  return decided(SHOWN, ...events);
}

/** Hiding what is hidden changes nothing; nor does it once the session is over, when screens name nobody. */
export function decideUnname(state: SessionState, { order }: ViewerCommand): Decision {
  const viewer = state.orders.get(order)?.viewer;
  if (viewer === undefined) return refused({ code: "order_not_found" });
  const isOver = state.status === "ended" || state.status === "cancelled";
  if (isOver || state.unnamed.has(viewer)) return decided(SHOWN);
  return decided(SHOWN, { type: "viewer.unnamed", v: 1, viewer });
}

/** Decides what a command does to a session: events, and what its answer shows. Reads only; refusals are values. Pure. */
import type { Command } from "./commands.ts";
import { decideOffer, decideOfferMove, decideOfferUpdate } from "./decide-offer.ts";
import { decideBuy, decideOrder, decidePlace } from "./decide-order.ts";
import { decideExtend, decideRelease, decideReserve } from "./decide-reservation.ts";
import { decideSession, decideUnname } from "./decide-session.ts";
import { decideStock } from "./decide-stock.ts";
import { decideWarmup } from "./decide-warmup.ts";
import { refused } from "./decision.ts";
import type { Decision } from "./reply.ts";
import type { SessionState } from "./session.ts";

/** Total: every command in every state has a decision. What fell due before `nowMs` must have been applied, see `due`. */
export function decide(state: SessionState, command: Command, nowMs: number): Decision {
  if (command.type !== "session.create" && state.terms === undefined)
    return refused({ code: "session_not_found" });
  switch (command.type) {
    case "session.create":
    case "session.update":
    case "session.move":
      return decideSession(state, command);
    case "viewer.unname":
      return decideUnname(state, command);
    case "stock.allocate":
      return decideStock(state, command, nowMs);
    case "offer.create":
      return decideOffer(state, command, nowMs);
    case "offer.update":
      return decideOfferUpdate(state, command, nowMs);
    case "offer.move":
      return decideOfferMove(state, command, nowMs);
    case "reservation.reserve":
      return decideReserve(state, command, nowMs);
    case "reservation.extend":
      return decideExtend(state, command, nowMs);
    case "reservation.release":
      return decideRelease(state, command, nowMs);
    case "order.place":
      return decidePlace(state, command, nowMs);
    case "order.buy":
      return decideBuy(state, command, nowMs);
    case "order.pend":
    case "order.authorize":
    case "order.capture":
    case "order.fail":
    case "order.cancel":
    case "order.refund":
      return decideOrder(state, command, nowMs);
    case "warmup.plan":
    case "warmup.finish":
    case "warmup.archive":
    case "warmup.cool":
      return decideWarmup(state, command);
  }
}

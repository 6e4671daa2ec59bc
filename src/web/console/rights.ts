/** What the person at the console may do now: by who they are, what the contract lets them, and how things stand. Pure. */
import type { OfferPicture, SessionFace } from "../../sdk/index.ts";
import type { Who } from "../signed-in/who.ts";

export type SessionMove = "start" | "pause" | "resume" | "end" | "cancel";
export type OfferMove = "open" | "close" | "pin" | "unpin" | "withdraw";

export interface Rights {
  readonly moves: readonly SessionMove[];
  /** Change stock. */
  readonly stocks: boolean;
  readonly shows: boolean;
  readonly reprices: boolean;
  readonly withdraws: boolean;
  /** Only the drop price: headline and floor are the seller's. */
  readonly onlyDrops: boolean;
  /** Hide buyers' names. */
  readonly hides: boolean;
  /** Say what screens tell of buys. */
  readonly showsBuys: boolean;
  /** Let a moderator in. */
  readonly invites: boolean;
}

const MOVES: Readonly<Record<SessionFace["status"], readonly SessionMove[]>> = {
  draft: ["start", "cancel"],
  scheduled: ["start", "cancel"],
  live: ["pause", "end", "cancel"],
  paused: ["resume", "end", "cancel"],
  ended: [],
  cancelled: [],
};

/** Undefined for somebody who hosts another session. */
export function rightsOf(who: Who, { status, seller, creator, creatorMay }: SessionFace): Rights | undefined {
  const isSeller = who.seller === seller;
  if (!isSeller && (who.creator === undefined || who.creator !== creator)) return undefined;
  const may = (right: "run" | "show" | "reprice"): boolean =>
    isSeller || (creatorMay?.includes(right) ?? true);
  const isOver = status === "ended" || status === "cancelled";
  return {
    moves: may("run") ? MOVES[status].filter((move) => isSeller || move !== "cancel") : [],
    stocks: isSeller && !isOver,
    shows: may("show") && !isOver,
    reprices: may("reprice") && !isOver,
    withdraws: isSeller && !isOver,
    onlyDrops: !isSeller,
    hides: !isOver,
    showsBuys: may("run") && !isOver,
    invites: who.session === undefined && !isOver,
  };
}

/** The moves of an offer that are there to be made, the likeliest first. */
export function offerMoves(
  { shows, withdraws }: Rights,
  { status }: Pick<OfferPicture, "status">,
  isPinned: boolean,
): readonly OfferMove[] {
  if (status === "withdrawn") return [];
  const shown: OfferMove[] = [status === "open" ? "close" : "open", isPinned ? "unpin" : "pin"];
  return [...(shows ? shown : []), ...(withdraws ? (["withdraw"] as const) : [])];
}

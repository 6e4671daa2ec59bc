/** Where an offer stands for a viewer, and how many units there are: from the picture alone. Pure. */
import type { ClientState, OfferPicture, Picture } from "../../sdk/index.ts";

/** `open` and `soldout` can be acted on; all others wait, or are the end. */
export type Stage =
  | "loading"
  | "missing"
  | "unpinned"
  | "open"
  | "soldout"
  | "scheduled"
  | "paused"
  | "closed"
  | "withdrawn"
  | "over"
  | "cancelled";

/** What the element's `offer` says when it follows whatever the session has pinned. */
export const PINNED = "pinned";

/** The id of the offer meant; undefined while nothing is pinned. */
export function offerIdOf(picture: Picture | undefined, wanted: string): string | undefined {
  return wanted === PINNED ? picture?.session.pinned : wanted;
}

/** The offer meant, once it is known. */
export function offerOf({ picture }: Pick<ClientState, "picture">, wanted: string): OfferPicture | undefined {
  const id = offerIdOf(picture, wanted);
  return id !== undefined && picture && Object.hasOwn(picture.offers, id) ? picture.offers[id] : undefined;
}

export function stageOf(state: ClientState, wanted: string): Stage {
  const { picture, missing } = state;
  if (missing) return "missing";
  if (!picture) return "loading";
  const { status } = picture.session;
  const offer = offerOf(state, wanted);
  if (!offer) return status === "ended" ? "over" : offerIdOf(picture, wanted) ? "missing" : "unpinned";
  if (status === "cancelled") return "cancelled";
  if (status === "ended") return "over";
  if (offer.status === "withdrawn" || offer.status === "closed") return offer.status;
  if (offer.status === "scheduled" || status === "draft" || status === "scheduled") return "scheduled";
  if (status === "paused") return "paused";
  return unitsOf(picture, offer) === 0 ? "soldout" : "open";
}

/** Units that a tap of this card can get: those of the session's own zone. */
export function unitsOf({ session }: Picture, { available }: OfferPicture): number {
  return Object.hasOwn(available, session.defaultZone) ? (available[session.defaultZone] ?? 0) : 0;
}

/** Few enough to say so with emphasis: five, or a sixth of the most that were seen. */
export function isScarce(units: number, peak: number): boolean {
  return units > 0 && units <= Math.max(5, peak / 6);
}

/** When the offer opens, or failing that its session starts; epoch ms. */
export function opensAtMs({ session }: Picture, offer: OfferPicture): number | undefined {
  const at = (offer.status === "scheduled" ? offer.opensAt : undefined) ?? session.scheduledAt;
  return at === undefined ? undefined : Date.parse(at);
}

/** What the overlay shows of a session at a moment, and what has just happened on it. Pure: knows no page and no clock. */
import type { ClientState, OfferPicture, RecentBuy } from "../../sdk/index.ts";
import { offerOf, opensAtMs, PINNED } from "../card/stage.ts";

/** One word for what viewers need to know first. */
export type Status = "open" | "scheduled" | "paused" | "sold_out" | "closed" | "over";

/** A scene is of one offer. */
export interface Scene {
  readonly offer: OfferPicture;
  readonly status: Status;
  /** Units that can be bought now, in all zones. */
  readonly left: number;
  /** Of the most there were while the overlay watched: 0 to 1. */
  readonly share: number;
  /** When it opens or closes, as epoch milliseconds. */
  readonly deadlineMs?: number;
  /** The last buys of the offer, oldest first. */
  readonly buys: readonly RecentBuy[];
  /** `bought` of the last buy there was while any is told of, also where nothing came of that one. */
  readonly seen?: number;
}

/** What was bought from one moment to another. */
export interface Bought {
  readonly units: number;
  /** Those that are known: in a rush there were more. */
  readonly buys: readonly RecentBuy[];
}

/** What a mixer's crowd should see happen. */
export interface Happenings {
  readonly priceDropped: boolean;
  readonly soldOut: boolean;
  /** Units taken since the scene before. */
  readonly taken: number;
  /** Paid for since the scene before. */
  readonly bought: Bought;
}

/** The pinned offer or the one that was asked for; undefined while there is nothing to show. `before` is the last scene. */
export function sceneOf(
  { picture }: Pick<ClientState, "picture">,
  wanted: string | undefined,
  most: number,
  before?: Scene,
): Scene | undefined {
  const offer = offerOf({ picture }, wanted ?? PINNED);
  if (!picture || !offer || offer.status === "withdrawn") return undefined;
  const left = leftOf(offer);
  const status = statusOf(picture.session.status, offer);
  const closesAtMs = offer.closesAt === undefined ? undefined : Date.parse(offer.closesAt);
  const deadlineMs = status === "scheduled" ? opensAtMs(picture, offer) : closesAtMs;
  const buys = picture.recentBuys?.filter((buy) => buy.offer === offer.id) ?? [];
  const last = buys.at(-1);
  const seenBefore = before?.offer.id === offer.id ? before.seen : undefined;
  return {
    offer,
    status,
    left,
    share: Math.min(1, left / Math.max(most, left, 1)),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    buys,
    ...(last ? { seen: Math.max(last.bought, seenBefore ?? 0) } : {}),
  };
}

/** Nothing happens between scenes of two offers: another was pinned. */
export function happeningsBetween(before: Scene | undefined, now: Scene): Happenings {
  if (before?.offer.id !== now.offer.id)
    return { priceDropped: false, soldOut: false, taken: 0, bought: { units: 0, buys: [] } };
  return {
    priceDropped: now.offer.price.total.amount < before.offer.price.total.amount,
    soldOut: now.status === "sold_out" && before.status !== "sold_out",
    taken: Math.max(0, before.left - now.left),
    bought: boughtBetween(before.seen, now.buys),
  };
}

/** Every buy says how many units were bought up to it: those that nobody saw are counted, if not known. */
function boughtBetween(seen: number | undefined, now: readonly RecentBuy[]): Bought {
  const buys = now.filter(({ bought }) => bought > (seen ?? 0));
  const [first] = buys;
  const last = buys.at(-1);
  if (!first || !last) return { units: 0, buys: [] };
  return { units: last.bought - (seen ?? first.bought - first.quantity), buys };
}

export function leftOf({ available }: Pick<OfferPicture, "available">): number {
  return Object.values(available).reduce((sum, units) => sum + units, 0);
}

function statusOf(session: string, offer: OfferPicture): Status {
  if (session === "ended" || session === "cancelled") return "over";
  if (offer.status === "closed") return "closed";
  if (offer.status === "scheduled" || session === "draft" || session === "scheduled") return "scheduled";
  if (offer.soldOut) return "sold_out";
  return session === "paused" ? "paused" : "open";
}

/** What the address asks for; anything it does not know is as if it were not there. */
export interface Staging {
  readonly session: string;
  readonly offer?: string;
  readonly theme: "dark" | "light" | "clear";
  readonly place: (typeof PLACES)[number];
  readonly scale: number;
  readonly lang: string;
}

const THEMES = ["dark", "light", "clear"] as const;
const PLACES = ["bottom-start", "bottom", "bottom-end", "top-start", "top", "top-end", "center"] as const;
const SCALE_LEAST = 0.5;
const SCALE_MOST = 3;

/** Reads `/overlay/ses_…?offer=&theme=&place=&scale=&lang=`; undefined where no session is named. */
export function stagingOf(address: URL): Staging | undefined {
  const session = /\/overlay\/(ses_[0-9a-z]{26})$/.exec(address.pathname)?.[1];
  if (session === undefined) return undefined;
  const asked = (name: string): string | undefined => address.searchParams.get(name) ?? undefined;
  const offer = asked("offer");
  const scale = Number(asked("scale") ?? 1);
  return {
    session,
    ...(offer === undefined ? {} : { offer }),
    theme: THEMES.find((theme) => theme === asked("theme")) ?? "dark",
    place: PLACES.find((place) => place === asked("place")) ?? "bottom-start",
    lang: asked("lang") ?? "en",
    scale: Number.isFinite(scale) ? Math.min(SCALE_MOST, Math.max(SCALE_LEAST, scale)) : 1,
  };
}

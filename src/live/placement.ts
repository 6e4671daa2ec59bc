/**
 * Which relay serves a viewer, how many there are, and behind which hub they stand: by region, by audience and by a
 * hash of the viewer. Pure.
 */
import type { SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";

/**
 * The relays of a session: for each region their places. A place is a number that is never given twice, so that a lost
 * relay's name is not used again; its position in the list is passed on.
 */
export type Placement = Readonly<Record<string, readonly number[]>>;

/** Cloudflare's continent codes and the location hint nearest to each. */
const HINTS: Readonly<Record<string, DurableObjectLocationHint>> = {
  NA: "enam",
  SA: "sam",
  EU: "weur",
  AS: "apac",
  OC: "oc",
  AF: "afr",
};

/** Where a viewer is, as far as placement goes. */
export interface Whereabouts {
  readonly viewer: ViewerId | undefined;
  /** Continent code as Cloudflare names it; whatever is not one counts as `XX`. */
  readonly region: string;
  /** Expected viewers of the session, from its picture. */
  readonly expectedViewers: number;
  /** From the session's picture; a region it does not have is placed as expected. */
  readonly placement?: Placement | undefined;
}

/** The region that a continent code counts for. */
export function regionOf(continent: string): string {
  return continent in HINTS ? continent : "XX";
}

/** The relay or hub of that name. Where it is, its first call decides: near the viewers of its region. */
export function relayAt<T extends Rpc.DurableObjectBranded | undefined>(
  relays: DurableObjectNamespace<T>,
  name: string,
): DurableObjectStub<T> {
  const locationHint = HINTS[partsOfRelay(name).region];
  return relays.getByName(name, locationHint ? { locationHint } : {});
}

/** The relay's name starts with its session, so that it knows whom to ask. */
export function relayName(session: SessionId, region: string, place: number): string {
  return `${session}/${region}/${place}`;
}

/** A hub's name: it stands between the session and the relays of its region. */
export function hubName(session: SessionId, region: string, place: number): string {
  return `${session}/${region}/hub-${place}`;
}

/** What a relay's or a hub's name says; `place` is undefined for a name that was not made here. */
export function partsOfRelay(relay: string): {
  session: SessionId;
  region: string;
  place: number | undefined;
  isHub: boolean;
} {
  const [session = "", region = "XX", last = ""] = relay.split("/");
  const isHub = last.startsWith("hub-");
  const digits = isHub ? last.slice("hub-".length) : last;
  const place = /^\d{1,9}$/.test(digits) ? Number(digits) : undefined;
  return { session: session as SessionId, region, place, isHub };
}

/**
 * Relays that a region should have: enough for the viewers there are and some more, and for as many as are planned.
 * One at least; the list itself never shrinks while the session lives, since viewers sit where they sit.
 */
export function relaysWanted(viewers: number, planned: number): number {
  const audience = Math.max(viewers * LIMITS.relayHeadroom, planned);
  return Math.min(LIMITS.relaysPerRegion, Math.max(1, Math.ceil(audience / LIMITS.viewersPerRelay)));
}

/** Places for so many viewers in each region, for a plan made ahead. */
export function placementFor(viewersByRegion: Readonly<Record<string, number>>): Placement {
  return Object.fromEntries(
    Object.entries(viewersByRegion).map(([continent, viewers]) => [
      regionOf(continent),
      firstPlaces(relaysWanted(0, viewers)),
    ]),
  );
}

export function firstPlaces(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

/** The list with new numbers at its end until it is `wanted` long. */
export function grown(places: readonly number[], wanted: number): readonly number[] {
  if (places.length >= wanted) return places;
  const next = nextPlace(places);
  return [...places, ...firstPlaces(wanted - places.length).map((offset) => next + offset)];
}

/** The list with a new number where `lost` was; undefined when it was not in it. */
export function replaced(places: readonly number[], lost: number): readonly number[] | undefined {
  if (!places.includes(lost)) return undefined;
  const next = nextPlace(places);
  return places.map((place) => (place === lost ? next : place));
}

function nextPlace(places: readonly number[]): number {
  return Math.max(-1, ...places) + 1;
}

/**
 * The position of the hub that a relay belongs to, among its region's hubs; undefined where the session itself is the
 * parent: while all its relays are few enough, and for a relay that is no longer placed.
 */
export function hubPosition(placement: Placement, region: string, place: number): number | undefined {
  const relays = Object.values(placement).reduce((sum, places) => sum + places.length, 0);
  if (relays <= LIMITS.relaysPerParent) return undefined;
  const position = placement[region]?.indexOf(place) ?? -1;
  return position < 0 ? undefined : Math.floor(position / LIMITS.relaysPerParent);
}

/**
 * The relays to try for a viewer, in order: by rendezvous hashing, so that a longer list moves few viewers. Who has no
 * name goes anywhere.
 */
export function relaysFor(session: SessionId, where: Whereabouts): { names: string[]; region: string } {
  const region = regionOf(where.region);
  const places = where.placement?.[region] ?? firstPlaces(relaysWanted(0, where.expectedViewers));
  const { viewer } = where;
  const weightOf = viewer === undefined ? Math.random : (place: number) => hash(`${place}/${viewer}`);
  const names = places
    .map((place) => ({ place, weight: weightOf(place) }))
    .toSorted((one, other) => other.weight - one.weight)
    .slice(0, LIMITS.relaysTried)
    .map(({ place }) => relayName(session, region, place));
  return { names, region };
}

/**
 * FNV-1a of 32 bits, then mixed as MurmurHash3 ends: names that differ in one digit must be far apart, or rendezvous
 * hashing favours a place. Nothing depends on it being hard to guess.
 */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

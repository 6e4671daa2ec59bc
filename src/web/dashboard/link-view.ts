/** From what the form of a new link says to what the API is asked, and a link's target and window in words. Pure. */
import type { Schemas } from "../../sdk/api.ts";
import type { Party, SessionSummary } from "./dash.ts";

export type Link = Schemas["Link"];
export type LinkStats = Schemas["LinkStats"];
type CreateLink = Schemas["CreateLink"];

/** What somebody typed and chose. */
export interface Wish {
  readonly goes: "session" | "page";
  readonly session: string;
  readonly page: string;
  readonly code: string;
  readonly coupon: string;
  /** In minutes. */
  readonly window: string;
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
  /** Whose link a seller makes. */
  readonly creator: string;
}

/** Empty fields are left out; codes are written as the API wants them. */
export function requestOf(wish: Wish, party: Party): CreateLink {
  const [code, coupon] = [wish.code.trim().toLowerCase(), wish.coupon.trim().toUpperCase()];
  const utm = given({ source: wish.source, medium: wish.medium, campaign: wish.campaign });
  return {
    target: wish.goes === "session" ? { session: wish.session } : { url: wish.page.trim() },
    ...(party.kind === "seller" ? { creator: wish.creator } : {}),
    ...given({ code, coupon }),
    windowMinutes: Number(wish.window),
    ...(Object.keys(utm).length > 0 ? { utm } : {}),
  };
}

function given<T extends Record<string, string>>(fields: T): Partial<T> {
  const filled = Object.entries(fields).flatMap(([name, value]) =>
    value.trim() === "" ? [] : [[name, value.trim()] as const],
  );
  return Object.fromEntries(filled) as Partial<T>;
}

/** Where a link leads: a session by its title, a page by its address without what is the same for all. */
export function targetName({ target }: Pick<Link, "target">, sessions: readonly SessionSummary[]): string {
  if ("url" in target) return target.url.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
  return sessions.find(({ id }) => id === target.session)?.title ?? target.session;
}

/** What is offered for how long a link's clicks count, in minutes; the longest is what a link has that does not say. */
export const WINDOWS = [30, 1_440, 10_080, 43_200];

const UNITS = [
  ["day", 1_440],
  ["hour", 60],
] as const;

/** Minutes in the largest unit of which they are so many whole ones: `7 days`. */
export function windowName(minutes: number): string {
  const [unit, size] = UNITS.find(([, of]) => minutes % of === 0) ?? ["minute", 1];
  return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(minutes / size);
}

/** Creators who host a seller's sessions, by their ids with their names, the latest first. */
export function hostsOf(
  sessions: readonly Pick<SessionSummary, "creator" | "creatorName">[],
): ReadonlyMap<string, string> {
  return new Map(
    sessions.flatMap(({ creator, creatorName }) =>
      creator === undefined ? [] : [[creator, creatorName ?? creator] as const],
    ),
  );
}

/** The form's fields by where the API has them. */
const FIELDS: Readonly<Record<string, string>> = {
  "target.url": "Address",
  creator: "Creator",
  code: "Code",
  coupon: "Coupon",
  "utm.source": "Source",
  "utm.medium": "Medium",
  "utm.campaign": "Campaign",
};

/** What the API found wrong with it, by the names that the fields have in the form. */
export function faultText(faults: readonly { readonly path: string; readonly message: string }[]): string {
  return faults.map(({ path, message }) => `${FIELDS[path] ?? path}: ${message}.`).join(" ");
}

/** What every section of the dashboard is given: whose it is, and how to write. Pure. */
import type { Schemas } from "../../sdk/api.ts";
import type { Who } from "../signed-in/who.ts";
import type { Formats } from "./formats.ts";

export type SessionSummary = Schemas["SessionSummary"];
export type SessionStats = Schemas["SessionStats"];

/** Whose dashboard it is. */
export interface Party {
  readonly kind: "seller" | "creator";
  readonly id: string;
  readonly name: string;
}

export interface Dash {
  readonly party: Party;
  readonly formats: Formats;
}

/** The party that is signed in; undefined for a sign-in that is limited to a session. */
export function partyOf({ seller, creator, name, session }: Who): Party | undefined {
  if (session !== undefined) return undefined;
  if (seller !== undefined) return { kind: "seller", id: seller, name };
  return creator === undefined ? undefined : { kind: "creator", id: creator, name };
}

/** The query of a list of theirs. */
export function askedOf({ kind, id }: Party): { seller: string } | { creator: string } {
  return kind === "seller" ? { seller: id } : { creator: id };
}

/** Where a report is to be had as CSV, whole; the cookie goes along. */
export function csvAddress(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `${path}?${new URLSearchParams([...given, ["format", "csv"]]).toString()}`;
}

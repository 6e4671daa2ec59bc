/** What the dashboard reads of the API: sales, earnings in a period and by day, sessions and how they are now. Touches the network. */
import { each, type Schemas } from "../../sdk/api.ts";
import { api } from "../signed-in/api.ts";
import { askedOf, type Party, type SessionStats, type SessionSummary } from "./dash.ts";
import type { Period } from "./periods.ts";
import type { SoldInHour } from "./sales.ts";

export type SalesRow = Schemas["SalesRow"];
export type EarningsTotal = Schemas["EarningsTotal"];
export type EarningsDay = Schemas["EarningsDay"];

/** As many as a page of the API has at most. */
const PAGE = 500;

export function iso({ fromMs, untilMs }: Period): { readonly from: string; readonly to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(untilMs).toISOString() };
}

/** By the hour, hours without sales left out. */
export async function readHours(party: Party, period: Period, signal: AbortSignal): Promise<SoldInHour[]> {
  const query = { ...askedOf(party), ...iso(period), by: "hour" as const, limit: PAGE };
  const rows: SoldInHour[] = [];
  for await (const row of each((at) =>
    api.GET("/v1/reports/sales", { params: { query: { ...query, ...at } }, signal }),
  )) {
    if (row.hour !== undefined) rows.push({ ...row, hour: row.hour });
  }
  return rows;
}

/** The best, in one currency. */
export async function readBest(
  party: Party,
  period: Period,
  { by, currency, limit }: { by: "offer" | "creator"; currency: string; limit: number },
  signal: AbortSignal,
): Promise<readonly SalesRow[]> {
  const query = { ...askedOf(party), ...iso(period), by, currency, limit };
  const { data } = await api.GET("/v1/reports/sales", { params: { query }, signal });
  return data.data;
}

/** What they earned in a period, in one currency, and where all that they earned is now. */
export async function readEarned(
  party: Party,
  period: Period,
  currency: string,
  signal: AbortSignal,
): Promise<EarningsTotal | undefined> {
  const query = { ...askedOf(party), ...iso(period), currency, limit: 1 };
  const { data } = await api.GET("/v1/reports/earnings", { params: { query }, signal });
  return data.totals?.find((total) => total.currency === currency);
}

/** By the day (UTC) since one of them, days on which nothing was earned left out. */
export async function readEarnedDays(
  party: Party,
  since: string,
  signal: AbortSignal,
): Promise<readonly EarningsDay[]> {
  const query = { ...askedOf(party), from: `${since}T00:00:00Z`, by: "day" as const, limit: PAGE };
  const rows: EarningsDay[] = [];
  for await (const row of each<EarningsDay | Schemas["EarningsRow"]>((at) =>
    api.GET("/v1/reports/earnings", { params: { query: { ...query, ...at } }, signal }),
  )) {
    if ("day" in row) rows.push(row);
  }
  return rows;
}

/** The newest, as many as a page has unless said otherwise. */
export async function readSessions(party: Party, signal: AbortSignal): Promise<readonly SessionSummary[]> {
  const { data } = await api.GET("/v1/sessions", { params: { query: askedOf(party) }, signal });
  return data.data;
}

/** A session's numbers as they are now, from itself. */
export async function readStats(session: string): Promise<SessionStats> {
  return (await api.GET("/v1/sessions/{session}/stats", { params: { path: { session } } })).data;
}

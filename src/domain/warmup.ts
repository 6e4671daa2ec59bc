/** Warm-up and cool-down of a session as its journal has them: what was planned, what was done. They change no stock. Pure types. */
import type { OfferId } from "./ids.ts";

/** Where viewers are: Cloudflare's continent codes, and `XX` where it does not know. */
export const REGIONS = ["NA", "SA", "EU", "AS", "OC", "AF", "XX"] as const;
export type Region = (typeof REGIONS)[number];

/** Viewers of some regions. */
export type ByRegion = { readonly [R in Region]?: number };

/** Money for what is about to be done, in nano-dollars (10⁻⁹ USD) at the public prices of a day. */
export interface PlannedCost {
  readonly pricesAsOf: string;
  /** By what is billed, see `cost/prices`. */
  readonly byItem: Readonly<Record<string, number>>;
  readonly totalNanoUsd: number;
}

/** What is to be ready when a drop opens. */
export interface WarmupPlan {
  /** The opening that the plan was made for. */
  readonly opensAtMs: number;
  /** What is warm stays so until then, whether anybody comes or not. */
  readonly untilAtMs: number;
  readonly expectedViewers: number;
  /** How many relays to have near each region. */
  readonly relays: Readonly<Record<string, number>>;
  /** Taps a second that so many relays let in. */
  readonly tapsPerSecond: number;
  /** Offers whose images are fetched into the caches of those regions. */
  readonly media: readonly OfferId[];
  readonly cost: PlannedCost;
}

/** One kind of thing that was warmed or let go: how many, how many were not to be had, and how long all took. */
export interface UpkeepStep {
  readonly what: "session" | "relays" | "media";
  readonly done: number;
  readonly failed: number;
  readonly tookMs: number;
}

/** What became of the plan for an opening. */
export interface WarmupDone {
  readonly opensAtMs: number;
  readonly steps: readonly UpkeepStep[];
}

/** The journal as it lies in the lake, up to a block. */
export interface ArchivedJournal {
  /** Key of the manifest, which names the parts. */
  readonly key: string;
  /** Last block in it, as auditors compare it. */
  readonly head: { readonly number: number; readonly lastSeq: number; readonly hash: string };
  readonly parts: number;
  readonly bytes: number;
}

/** What was let go once the journal up to a block was in the lake. */
export interface CooledDown {
  readonly archivedBlock: number;
  /** Last event in it. */
  readonly archivedSeq: number;
  readonly steps: readonly UpkeepStep[];
}

/** The latest of each, as the session's state keeps them. */
export interface WarmupRecord {
  readonly plan?: WarmupPlan & { readonly plannedAtMs: number };
  /** Of that plan. */
  readonly done?: WarmupDone & { readonly doneAtMs: number };
  readonly archive?: ArchivedJournal & { readonly archivedAtMs: number };
  readonly cooled?: CooledDown & { readonly cooledAtMs: number };
}

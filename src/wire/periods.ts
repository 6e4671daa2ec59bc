/** Queries of a period, from a time up to another, and of a party: one seller or one creator. */
import { z } from "zod";
import { creatorId, instant, pageQuery, sellerId } from "./primitives.ts";

/** A query of a period: `from` is in it, `to` is not; without them it is open on that side. */
export function ofPeriod<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .object({
      ...shape,
      from: instant.meta({ description: "What happened then or later" }).optional(),
      to: instant.meta({ description: "What happened before" }).optional(),
    })
    .refine(({ from, to }: { from?: unknown; to?: unknown }) => isInOrder(from, to), {
      message: "must be after from",
      path: ["to"],
    });
}

function isInOrder(from: unknown, to: unknown): boolean {
  return typeof from !== "string" || typeof to !== "string" || Date.parse(from) < Date.parse(to);
}

/** A period in epoch milliseconds. */
export interface Period {
  readonly fromMs?: number;
  readonly untilMs?: number;
}

export function periodOf(asked: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): Period {
  const { from, to } = asked;
  return {
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { untilMs: Date.parse(to) }),
  };
}

/** Whom money is owed to and paid out to. */
export const partyId = z.union([sellerId, creatorId]);

/** A page of a list that may be of one seller or one creator. */
export function ofParty<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .object({ ...pageQuery.shape, ...shape, seller: sellerId.optional(), creator: creatorId.optional() })
    .refine(({ seller, creator }: { seller?: unknown; creator?: unknown }) => !seller || !creator, {
      message: "not beside seller",
      path: ["creator"],
    });
}

/**
 * A session's live numbers as its hosts read them. What was sold and held is exact, from the session's own state; what
 * relays count (views, taps, refusals, latency) is about a second behind, and what a relay could not report is lost.
 */
import { z } from "zod";
import type { Measured } from "../domain/measured.ts";
import type { Agrees } from "./agreement.ts";
import { instant, offerId, sessionId } from "./primitives.ts";
import { problemCode } from "./problem.ts";
import { counts, sum } from "./reports.ts";
import { sessionStatus } from "./sessions.ts";

const count = z.int().min(0);

const offerStats = z.object({
  held: count.meta({ description: "Of the offer, as `available` counts it: a bundle is one" }),
  sold: count.meta({ description: "The same, less what came back" }),
  captured: sum.meta({ description: "Its part of what was captured; refunds are not taken off" }),
});

export const latency = z.object({ p50Ms: count, p95Ms: count, p99Ms: count, count }).meta({
  id: "Latency",
  description:
    "From a tap's arrival at its relay to the answer, in milliseconds: so many of `count` took at most so long, rounded " +
    "up to the next of 1, 2, 3, 5, 7, 10, 15, 20, 30 … 10,000",
});

const views = count.meta({
  description:
    "Viewers who came on a socket or a stream. A viewer who comes again is counted again at another relay, or when the relay " +
    "has slept meanwhile; who does not say who they are, each time; monitors never",
});
const viewersPeak = count.meta({ description: "The most who watched at once" });
const taps = count.meta({
  description:
    "Taps for something to buy (`reserve`, or `order` with items) that a relay has answered, yes or no, each once however " +
    "often it is repeated, unless it was sold out and is tried again. Those turned away are none: they come again. What the edge refuses from its cache is not in it",
});

/** Totals of the audience so far, as the journal has them: once a minute while the session is on, at its end and just after it. */
export const measured = z.object({
  views,
  viewersPeak,
  taps,
  refused: count.meta({ description: "Of the taps, those answered with a refusal" }),
});

export const sessionStats = z
  .object({
    session: sessionId,
    at: instant.meta({ description: "When the numbers were so, by the session's clock" }),
    cursor: count.meta({
      description:
        "Sequence number of the last event they have in them; whoever has this many events has them all",
    }),
    status: sessionStatus,
    viewers: count.meta({
      description: "Sockets and streams open now but for monitors, as far as relays have reported",
    }),
    viewersPeak,
    views,
    taps,
    refusals: z.partialRecord(problemCode, count).meta({
      description:
        "Taps refused, by problem code. `overloaded` and `rate_limited` are those turned away before they were looked at, " +
        "each time; all others are in `taps`",
    }),
    latency: latency.nullable().meta({ description: "Of `taps`; null while there are none" }),
    held: count.meta({ description: "Units of stock held now, of all pools together" }),
    sold: count.meta({ description: "Units of stock paid for or promised to be, less what came back" }),
    orders: counts,
    captured: sum.meta({ description: "Refunds are not taken off" }),
    refunded: sum,
    offers: z.record(offerId, offerStats),
  })
  .meta({ id: "SessionStats", description: "A session's numbers as they are now, from its memory" });

true satisfies Agrees<typeof measured, Measured>;

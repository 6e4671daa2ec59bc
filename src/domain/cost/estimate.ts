/**
 * What a session will take, before it is: from its audience, its taps and how it is delivered to billed units by
 * feature. Follows the architecture piece by piece, with the product's own limits and measured rates. Pure.
 */
import { LIMITS } from "../limits.ts";
import { addUsage, objectGbSeconds, type Quantities, type Usage } from "./model.ts";
import { BILLING } from "./prices.ts";
import { RATES } from "./rates.ts";

/** What is known, or supposed, of a session beforehand. */
export interface Expected {
  readonly viewers: number;
  readonly minutes: number;
  /** Regions that the viewers come from, in equal parts; Cloudflare's continents, so seven at most. */
  readonly regions: number;
  readonly offers: number;
  /** Viewers' taps in all, sold out or not. */
  readonly taps: number;
  /** Time in which most taps come: the openings of the drops together. */
  readonly tapSeconds: number;
  /** Units there are to sell: reservations made at most. */
  readonly stock: number;
  /** Share of taps that come by HTTP and not by socket. */
  readonly httpShare: number;
  /** Changes a second that viewers are shown, on average. */
  readonly framesPerSecond: number;
  /** How screens follow: a socket to a relay, or asking for the cached picture every so often. */
  readonly delivery: { readonly by: "relay" } | { readonly by: "polling"; readonly everySeconds: number };
  readonly warmup: boolean;
  readonly cooldown: boolean;
}

/** Between two pictures of a session that is asked for all the time. */
export const PICTURE_MS = LIMITS.pictureStaleMs * LIMITS.pictureEarly;

/** Relays that a session has for so many viewers once they are there, and the hubs between them and the session. */
export function relaysOf(viewers: number, regions: number): { leaves: number; hubs: number } {
  const wanted = ((viewers / regions) * LIMITS.relayHeadroom) / LIMITS.viewersPerRelay;
  const perRegion = Math.min(LIMITS.relaysPerRegion, Math.max(1, Math.ceil(wanted)));
  const leaves = perRegion * regions;
  const hubs = leaves > LIMITS.relaysPerParent ? Math.ceil(perRegion / LIMITS.relaysPerParent) * regions : 0;
  return { leaves, hubs };
}

/** All of it. Storage is for a month; everything else for the session's time. */
export function estimate(expected: Expected): Usage {
  const parts = [
    expected.delivery.by === "relay"
      ? byRelay(expected)
      : byPolling(expected, expected.delivery.everySeconds),
    selling(expected),
    upkeep(expected),
  ];
  return parts.reduce(addUsage);
}

/** Pages loaded once, sockets opened, frames pushed. */
function byRelay({ viewers, minutes, regions, framesPerSecond }: Expected): Usage {
  const seconds = minutes * 60;
  const { leaves, hubs } = relaysOf(viewers, regions);
  const pages = viewers * RATES.opensPerViewer;
  const opened = viewers * RATES.socketsPerViewer;
  const pings = (viewers * seconds) / RATES.pingSeconds;
  const pushesPerSecond = Math.min(framesPerSecond, 1_000 / LIMITS.frameTickMs);
  const counting = (leaves + hubs) * seconds * RATES.presenceShare * (1_000 / LIMITS.presenceTickMs);
  const isFollowed = framesPerSecond * (BILLING.sleepsAfterMs / 1_000) >= 1;
  return {
    hydrate: requests(pages, {
      objectRequests: picturesAsked(Math.min(pages, seconds * regions), regions, seconds),
    }),
    sockets: requests(opened, { objectRequests: opened + pings / BILLING.messagesPerRequest }),
    fanout: {
      objectRequests: pushesPerSecond * seconds * (leaves + hubs) + counting,
      // Frames closer than the time to fall asleep keep relays and the session awake all along.
      objectGbSeconds: isFollowed ? objectGbSeconds(leaves + hubs + 1, seconds * 1_000) : 0,
      objectRowsWritten: 2 * (leaves + hubs),
    },
  };
}

/** Everybody asks for the cached picture again and again; the session is asked once a data centre and staleness. */
function byPolling({ viewers, minutes, regions }: Expected, everySeconds: number): Usage {
  const seconds = minutes * 60;
  const polls = (viewers * seconds) / everySeconds;
  const asked = picturesAsked(polls, regions, seconds);
  return {
    hydrate: {
      // Next to none of a poll is CPU: an ETag compared.
      workerRequests: polls,
      workerCpuMs: polls * RATES.pollCpuMs,
      objectRequests: asked,
      objectGbSeconds: objectGbSeconds(1, seconds * 1_000),
    },
  };
}

/** Pictures that data centres ask the session for: each at most one in the time after which a new one is fetched. */
function picturesAsked(requested: number, regions: number, seconds: number): number {
  const dataCentres = RATES.dataCentresPerRegion * regions;
  return Math.min(requested, (dataCentres * seconds * 1_000) / PICTURE_MS);
}

/** Tokens, taps, orders, and what follows from them in queues and D1. */
function selling({ viewers, regions, taps, tapSeconds, stock, httpShare, delivery }: Expected): Usage {
  const { leaves } = delivery.by === "relay" ? relaysOf(viewers, regions) : { leaves: regions };
  const httpTaps = delivery.by === "relay" ? taps * httpShare : taps;
  const sold = Math.min(taps, stock);
  const orders = sold * RATES.ordersPerReservation;
  const { batches, blocks } = batchesOf(taps, sold, tapSeconds, leaves);
  // Authorized and captured: two commands of their own, each a block in a quiet time and shared in a rush.
  const settling = orders * 2;
  const orderEvents = orders * RATES.eventsPerOrder;
  const events = sold + orderEvents;
  const messages =
    2 *
    Math.min(
      blocks + settling,
      (tapSeconds * 1_000) / LIMITS.publishTickMs + events / RATES.eventsPerMessage,
    );
  const consumed = messages / 2 / RATES.messagesPerBatch;
  return {
    taps: {
      ...requests(taps + httpTaps),
      objectRequests: batches + httpTaps + (taps - httpTaps) / BILLING.messagesPerRequest,
      objectGbSeconds: objectGbSeconds(1, tapSeconds * 1_000),
      objectRowsWritten: blocks * RATES.rowsPerBlock + events / LIMITS.snapshotEveryEvents,
    },
    settlement: {
      objectRequests: settling + consumed,
      objectRowsWritten: settling,
      ...reader(consumed, orderEvents * RATES.settlementRowsPerOrderEvent),
    },
    reporting: {
      objectRequests: consumed,
      ...reader(consumed, orderEvents * RATES.reportingRowsPerOrderEvent),
    },
    publishing: { queueOperations: messages * BILLING.operationsPerMessage, objectRowsWritten: messages },
  };
}

/**
 * Calls that relays make with taps, and blocks the session writes. A relay has one call under way, so that a batch is
 * what came in during a round trip; what is sold out is refused at the relay, a round trip after the last unit.
 */
function batchesOf(
  taps: number,
  sold: number,
  tapSeconds: number,
  relays: number,
): { batches: number; blocks: number } {
  const reaching = Math.min(taps, sold + (taps / tapSeconds) * RATES.roundTripSeconds);
  const perBatch = Math.max(1, (taps / tapSeconds / relays) * RATES.roundTripSeconds);
  const batches = reaching / Math.min(perBatch, LIMITS.commandsPerBatch);
  return { batches, blocks: batches };
}

/** Warm before, cold after, and what lies on disk for a month. */
function upkeep({ viewers, regions, offers, taps, stock, warmup, cooldown }: Expected): Usage {
  const { leaves, hubs } = relaysOf(viewers, regions);
  const sold = Math.min(taps, stock);
  const events = sold * (1 + RATES.ordersPerReservation * RATES.eventsPerOrder);
  const journalBytes = events * RATES.bytesPerEvent;
  const journalGb = journalBytes / 1e9;
  const relays = leaves + hubs;
  const warmMinutes = LIMITS.warmupLeadMs / 60_000;
  return {
    ...(warmup
      ? {
          warmup: {
            // Called every minute to stay awake until the drop opens; one relay of each region fetches the media.
            objectRequests: 2 * (relays + 1) * warmMinutes + regions * offers,
            objectGbSeconds: objectGbSeconds(relays + 1, LIMITS.warmupLeadMs),
            objectRowsWritten: relays * (1 + warmMinutes) + 2,
          },
        }
      : {}),
    ...(cooldown
      ? {
          cooldown: {
            objectRequests: relays + Math.ceil(journalBytes / LIMITS.auditPayloadChars) + 2,
            objectRowsWritten: relays + 3,
            r2ClassA:
              Math.max(1, Math.ceil(journalBytes / LIMITS.archivePartChars)) * RATES.putsPerArchivedPart,
          },
        }
      : {}),
    storage: { objectGbMonths: journalGb, ...(cooldown ? { r2GbMonths: journalGb } : {}) },
  };
}

function requests(times: number, more: Quantities = {}): Quantities {
  return { workerRequests: times, workerCpuMs: times * RATES.requestCpuMs, ...more };
}

function reader(batches: number, rows: number): Quantities {
  return {
    workerRequests: batches,
    workerCpuMs: batches * RATES.consumerCpuMs,
    d1RowsWritten: rows + batches * RATES.d1RowsPerBatch,
    d1RowsRead: rows + batches * RATES.d1ReadsPerBatch,
  };
}

/** The Worker's wiring: requests to the edge, queue messages to their rooms, the cron to repairs. Nothing else. */
import { createApp } from "./edge/app.ts";
import { errorFacts, logLine } from "./wire/log.ts";
import { sweepIdempotencyKeys } from "./edge/once.ts";
import { signHead } from "./edge/signed-documents.ts";
import { consumePayments, moveMoney, repairOrders, repairRefunds } from "./edge/till.ts";
import type { SessionId } from "./domain/ids.ts";
import { LIMITS } from "./domain/limits.ts";
import { LiveClient } from "./live/client.ts";
import type { Head } from "./live/journal.ts";
import type { OutletName } from "./live/publisher.ts";
import { consumeReporting } from "./reporting/consumer.ts";
import { consumeSettlement } from "./settlement/consumer.ts";
import { findOpening, findToCool } from "./reporting/upcoming.ts";
import { deadLetterQueueOf, keepDeadLetters, sweepDeadLetters } from "./settlement/dead-letters/keep.ts";
import { consumeClicks, sweepClicks } from "./shop/links/clicks.ts";
import { sweepSignIns } from "./shop/sign-ins/store.ts";
import { loadKeys } from "./token/keys.ts";
import { sweepCooldowns } from "./warmup/cool.ts";
import { sweepWarmups } from "./warmup/warm.ts";

export { Checkout } from "./edge/till.ts";
export { LiveSession } from "./live/session.ts";
export { Relay } from "./live/relay.ts";

const app = createApp();

export default {
  fetch: app.fetch,

  async queue(batch, env) {
    switch (batch.queue) {
      case "dropcast-settlement":
        return consumeSettlement(batch, portsOf(env, "settlement"));
      case "dropcast-reporting":
        return consumeReporting(batch, portsOf(env, "reporting"));
      case "dropcast-payments":
        return consumePayments(batch, env);
      case "dropcast-clicks":
        return consumeClicks(batch, { db: env.DB, nowMs: Date.now(), log: logLine });
    }
    const dead = deadLetterQueueOf(batch.queue);
    if (!dead) throw new Error(`nobody reads the queue ${batch.queue}`);
    return keepDeadLetters(batch, dead, { db: env.DB, nowMs: Date.now() });
  },

  async scheduled(controller, env) {
    const nowMs = controller.scheduledTime;
    // Each for itself: what fails keeps nobody else from the minute.
    const done = await Promise.allSettled([
      repairOrders(env, nowMs),
      repairRefunds(env, nowMs),
      moveMoney(env),
      sweepIdempotencyKeys(env.DB, nowMs),
      sweepDeadLetters(env.DB, nowMs),
      sweepClicks(env.DB, nowMs),
      sweepSignIns(env.DB, nowMs),
      sweepWarmups(warmupPorts(env), nowMs),
      sweepCooldowns(warmupPorts(env), nowMs),
    ]);
    for (const outcome of done) {
      if (outcome.status === "rejected") logLine({ event: "cron_failed", ...errorFacts(outcome.reason) });
    }
  },
} satisfies ExportedHandler<Env>;

/** What a projection needs of the sessions it projects. */
function portsOf(env: Env, outlet: OutletName) {
  const live = new LiveClient(env);
  return {
    db: env.DB,
    log: logLine,
    journal: (session: SessionId, afterSeq: number) => live.events(session, afterSeq, LIMITS.pageMax),
    confirm: (session: SessionId, appliedSeq: number) => live.confirm(session, outlet, appliedSeq),
  };
}

/** What the warm-up's cron needs: who opens and who is over, by reporting; sessions; the lake, with signed heads. */
function warmupPorts(env: Env) {
  return {
    live: new LiveClient(env),
    lake: env.LAKE,
    opening: findOpening.bind(undefined, env.DB),
    toCool: findToCool.bind(undefined, env.DB),
    seal: async (session: SessionId, head: Head) =>
      signHead(await loadKeys(env.TOKEN_KEYS), session, head, Date.now()),
  };
}

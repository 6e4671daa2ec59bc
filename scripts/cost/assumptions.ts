// What the estimate supposes, in words, with the figures it has: printed with every answer.
import { PICTURE_MS } from "../../src/domain/cost/estimate.ts";
import { BILLING, PRICES_AS_OF } from "../../src/domain/cost/prices.ts";
import { RATES, RATES_AS_OF } from "../../src/domain/cost/rates.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { Asked } from "./options.ts";
import { relaysText } from "./show.ts";

export function assumptionsOf(asked: Asked): string[] {
  const { viewers, minutes, regions, taps, tapSeconds, stock, httpShare, framesPerSecond, offers } = asked;
  return [
    `${viewers.toLocaleString("en")} viewers for ${minutes} minutes in ${regions} regions, in equal parts; ` +
      `${offers} offers; ${taps.toLocaleString("en")} taps within ${tapSeconds} s, ${httpShare * 100} % of them by HTTP, ` +
      `for ${stock.toLocaleString("en")} units; ${framesPerSecond} changes a second shown.`,
    `Public prices of ${PRICES_AS_OF} on the paid plan; included amounts and the monthly fee are left out.`,
    `${relaysText(asked)}: one for ${LIMITS.viewersPerRelay} of ${LIMITS.relayHeadroom} times the viewers of a region, hubs from ${LIMITS.relaysPerParent} relays on; ` +
      `at most ${1_000 / LIMITS.frameTickMs} pushes a second to each.`,
    `An object is awake all along when frames are less than ${BILLING.sleepsAfterMs / 1_000} s apart: ${BILLING.objectGb} GB each. ` +
      "Outgoing messages are free.",
    `A viewer loads the page ${RATES.opensPerViewer} times, opens ${RATES.socketsPerViewer} sockets, pings every ${RATES.pingSeconds} s ` +
      `(${BILLING.messagesPerRequest} messages are one request).`,
    `A Worker request takes ${RATES.requestCpuMs} ms of CPU, a poll ${RATES.pollCpuMs} ms; each tap needs a token of its own. ` +
      `${RATES.dataCentresPerRegion} data centres a region ask for the picture every ${PICTURE_MS} ms.`,
    `A relay's batch is what comes in during ${RATES.roundTripSeconds * 1_000} ms, a round trip; sold-out taps end at the relay after that.`,
    `${RATES.ordersPerReservation * 100} % of reservations are paid for; an order is ${RATES.eventsPerOrder} events, each ` +
      `${RATES.settlementRowsPerOrderEvent} rows in settlement's D1 and ${RATES.reportingRowsPerOrderEvent} in reporting's (measured ${RATES_AS_OF}).`,
    `Warm: the session and all relays kept awake ${LIMITS.warmupLeadMs / 60_000} minutes before the drop. Cool: the journal put into the lake, relays told.`,
    `Polling pages tap by HTTP. Storage is the journal for a month; payment providers' fees are not in it.`,
  ];
}

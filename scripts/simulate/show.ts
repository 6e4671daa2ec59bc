// The simulation's answers: a table, what gives way first, the bill, and everything that was assumed. Prints nothing.
import Table from "cli-table3";
import { estimate } from "../../src/domain/cost/estimate.ts";
import { addUsage, billOf, usdOf } from "../../src/domain/cost/model.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { NETWORK, PLATFORM, REGIONS } from "./platform.ts";
import type { Outcome } from "./scenario.ts";
import { relaysPlaced } from "./seats.ts";

/** The bill is for a broadcast of this length with this one rush. */
const BROADCAST_MINUTES = 60;
/** Changes a second that viewers are shown over the whole broadcast. */
const FRAMES_PER_SECOND = 2;

export function tableOf(outcomes: readonly Outcome[]): string {
  const table = new Table({
    head: [
      "viewers",
      "rush",
      "taps/s at most",
      "relays + hubs",
      "sold",
      "sold out, by\nsession/relay/edge",
      "overloaded\n(gave up)",
      "tap ms\np50 / p99",
      "tap decided by\nthe session",
      "frame ms\np50 / p99",
      "most used part",
      "bill, USD\nan hour",
    ],
    colAligns: [
      "right",
      "right",
      "right",
      "right",
      "right",
      "right",
      "right",
      "right",
      "right",
      "right",
      "left",
      "right",
    ],
    style: { head: [], border: [] },
  });
  for (const outcome of outcomes) {
    const { scenario, answers, uses } = outcome;
    table.push([
      whole(scenario.viewers),
      `${scenario.spike}×`,
      whole(outcome.peakTapsPerSecond),
      `${outcome.relays} + ${outcome.hubs}`,
      whole(answers.sold),
      `${short(answers.soldOutBySession)}/${short(answers.soldOutByRelay)}/${short(answers.soldOutByEdge)}`,
      `${short(answers.overloaded)} (${short(outcome.gaveUp)})`,
      pair(outcome.tapLatency),
      pair(outcome.soldLatency),
      pair(outcome.frameLatency),
      `${percent(uses[0]?.share ?? 0)} ${uses[0]?.part ?? ""}`,
      billText(outcome),
    ]);
  }
  return table.toString();
}

/** For each audience: the parts that were used most, in the greatest rush. */
export function usesText(outcomes: readonly Outcome[]): string {
  const greatest = new Map(outcomes.map((outcome) => [outcome.scenario.viewers, outcome]));
  const lines = [...greatest.values()].map(({ scenario, uses }) => {
    const first = uses.slice(0, 4).map(({ part, used, most, share }) => {
      const figures = most === 1 ? "" : ` (${whole(used)} of ${whole(most)})`;
      return `${part} ${percent(share)}${figures}`;
    });
    const unseated = unseatedOf(scenario);
    const polls = unseated > 0 ? `; ${whole(unseated)} viewers find no socket and poll` : "";
    return `${whole(scenario.viewers)} viewers, ${scenario.spike}×: ${first.join(", ")}${polls}`;
  });
  return `What is used most, of what it can do at most:\n${lines.join("\n")}\n`;
}

/** Everything that the figures rest on. */
export function assumptionsOf(outcomes: readonly Outcome[], costs: readonly string[]): string[] {
  const [first] = outcomes;
  return [
    ...costs,
    ...Object.values(PLATFORM).map(({ value, unit, source }) => `${whole(value)} ${unit} (${source})`),
    `Supposed: ${NETWORK.lastMileMs} ms from viewer to relay, ${NETWORK.withinRegionMs} ms between objects of a region, ` +
      `${REGIONS.map(({ name, share, toSessionMs }) => `${name} ${share * 100} % of viewers, ${toSessionMs} ms`).join("; ")} ` +
      `to the session, one way; ${NETWORK.commitMs} ms until a block is durable.`,
    `A relay for ${whole(LIMITS.viewersPerRelay)} viewers, ${LIMITS.relaysPerRegion} a region at most, hubs from ${LIMITS.relaysPerParent} relays on; ` +
      "all there when the drop opens (warmed up).",
    `Taps: ${percent(first ? first.scenario.tapsPerSecond / first.scenario.viewers : 0, 2)} of the viewers in an ordinary second; the rush rises in half a second ` +
      `and falls to a twentieth in ${first?.scenario.rushSeconds ?? 0} s. ${percent(first?.scenario.httpShare ?? 0)} come by HTTP. One unit each.`,
    `A call takes the session a millisecond at least, the pace that is documented; one batch of at most ${LIMITS.commandsPerBatch} is under way from each relay and hub.`,
    `Who would wait more than ${LIMITS.tapWaitMs / 1_000} s is told to come back, and does three times. A relay refuses what it knows to be sold out, the edge ${LIMITS.pictureStaleMs} ms later.`,
    "Frames: from the change in the session to the last screen of a relay, by the sockets each has.",
    `The bill is for ${BROADCAST_MINUTES} minutes with one such rush and ${FRAMES_PER_SECOND} changes a second, as \`npm run cost\` has it; who finds no socket polls every ${LIMITS.pollLiveMostMs / 1_000} s.`,
    "Not modelled: lost relays, deploys, payments, viewers who come and go, noise between neighbours on a machine.",
  ];
}

/** Who finds no socket polls, as rarely as polling gets. */
function billText({ scenario, viewersTaps }: Outcome): string {
  const { viewers, stock, httpShare, rushSeconds } = scenario;
  const unseated = unseatedOf(scenario);
  const session = {
    viewers: viewers - unseated,
    minutes: BROADCAST_MINUTES,
    regions: scenario.regions.length,
    offers: 10,
    taps: viewersTaps,
    tapSeconds: rushSeconds,
    stock,
    httpShare,
    framesPerSecond: FRAMES_PER_SECOND,
    delivery: { by: "relay" },
    warmup: true,
    cooldown: true,
  } as const;
  const polling = { by: "polling", everySeconds: LIMITS.pollLiveMostMs / 1_000 } as const;
  const rest = { ...session, viewers: unseated, taps: 0, delivery: polling, warmup: false, cooldown: false };
  const usage = unseated > 0 ? addUsage(estimate(session), estimate(rest)) : estimate(session);
  const usd = usdOf(billOf(usage).totalNanoUsd);
  return usd >= 10 ? usd.toFixed(0) : usd.toPrecision(2);
}

function unseatedOf(scenario: Outcome["scenario"]): number {
  return relaysPlaced(scenario).reduce((sum, place) => sum + place.unseated, 0);
}

function pair(latency: Outcome["tapLatency"]): string {
  return `${whole(latency.quantile(0.5))} / ${whole(latency.quantile(0.99))}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function short(value: number): string {
  return value >= 1_000_000
    ? `${(value / 1_000_000).toFixed(1)}M`
    : value >= 10_000
      ? `${Math.round(value / 1_000)}k`
      : String(value);
}

function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`;
}

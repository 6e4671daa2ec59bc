// The figures that are to be reached, looked up in the results. A figure that was not measured has no verdict.
import type { Result } from "./contender.ts";
import { DROPCAST as FANNED, fanOutTo, mannerName, SCREENS } from "./groups/fan-out.ts";
import { FROM_MEMORY, HELLO, HYDRATE } from "./groups/hydrate.ts";
import { DROPCAST, HTTP, SOCKETS } from "./groups/taps.ts";
import { POSTGRES, REDIS } from "./peers/start.ts";
import { batchesOf, COMMIT_EACH, IN_OBJECT, ROW_SETS } from "./groups/in-object.ts";

interface Target {
  readonly what: string;
  readonly group: string;
  readonly name: string;
  /** A ratio beside another of the group, or a fact of its own. */
  readonly of: { readonly pace: string } | { readonly cpu: string } | { readonly fact: string };
  readonly least?: number;
  readonly most?: number;
}

export interface Verdict {
  readonly what: string;
  readonly value: number;
  readonly least?: number;
  readonly most?: number;
  readonly met: boolean;
}

const TARGETS: readonly Target[] = [
  {
    what: "reservations in batches of 64, beside a row set each with one commit for 64",
    group: IN_OBJECT,
    name: batchesOf(64),
    of: { pace: ROW_SETS },
    least: 4,
  },
  {
    what: "reservations in batches of 64, beside a commit each",
    group: IN_OBJECT,
    name: batchesOf(64),
    of: { pace: COMMIT_EACH },
    least: 15,
  },
  {
    what: "rows written for a reservation in batches of 64",
    group: IN_OBJECT,
    name: batchesOf(64),
    of: { fact: "rowsEach" },
    most: 0.1,
  },
  {
    what: "taps over sockets, beside an echo that verifies the token",
    group: SOCKETS.group,
    name: DROPCAST,
    of: { pace: SOCKETS.bareName },
    least: 0.7,
  },
  {
    what: "taps over sockets, beside Node with Redis",
    group: SOCKETS.group,
    name: DROPCAST,
    of: { pace: REDIS },
    least: 1,
  },
  {
    what: "CPU of a tap over a socket, beside Node with Redis",
    group: SOCKETS.group,
    name: DROPCAST,
    of: { cpu: REDIS },
    most: 0.7,
  },
  {
    what: "taps over sockets, beside Node with PostgreSQL",
    group: SOCKETS.group,
    name: DROPCAST,
    of: { pace: POSTGRES },
    least: 3,
  },
  {
    what: "taps over HTTP, beside a bare Worker and object that verify the token",
    group: HTTP.group,
    name: DROPCAST,
    of: { pace: HTTP.bareName },
    least: 0.75,
  },
  ...SCREENS.flatMap((screens): Target[] => [
    {
      what: `CPU of a viewer-second at ${screens} screens, beside Node ws sending each change`,
      group: fanOutTo(screens),
      name: FANNED,
      of: { cpu: mannerName("Node ws", "each") },
      most: 0.35,
    },
    {
      what: `CPU of a viewer-second at ${screens} screens, beside uWebSockets.js sending each change`,
      group: fanOutTo(screens),
      name: FANNED,
      of: { cpu: mannerName("uWebSockets.js", "each") },
      most: 0.8,
    },
  ]),
  {
    what: `ms from a change to the last of ${SCREENS[0]} screens, median`,
    group: fanOutTo(SCREENS[0]),
    name: FANNED,
    of: { fact: "lastScreenMedianMs" },
    most: 250,
  },
  {
    what: "hydrate from memory, beside a bare hello",
    group: HYDRATE,
    name: FROM_MEMORY,
    of: { pace: HELLO },
    least: 0.6,
  },
];

export function verdictsOn(results: readonly Result[]): Verdict[] {
  return TARGETS.flatMap(({ group, name, of, ...target }) => {
    const result = results.find((each) => each.group === group && each.name === name);
    const value = result && valueOf(result, of);
    if (value === undefined) return [];
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = target;
    return [{ ...target, value, met: value >= least && value <= most }];
  });
}

function valueOf(result: Result, of: Target["of"]): number | undefined {
  if ("fact" in of) return result.facts[of.fact];
  if ("pace" in of) return result.beside.find(({ name }) => name === of.pace)?.pace;
  return result.beside.find(({ name }) => name === of.cpu)?.cpu;
}

// What takes part in one group of the benchmark. Every group has servers of its own: what the one before it left in
// memory and on disk would be measured with it.
import type { Contender } from "./contender.ts";
import { DOMAIN, domainContenders } from "./domain.ts";
import { fanOutContenders, fanOutTo, SCREENS } from "./groups/fan-out.ts";
import { GROWTH, growthContenders } from "./groups/growth.ts";
import { HYDRATE, hydrateContenders } from "./groups/hydrate.ts";
import { IN_OBJECT, inObjectContenders } from "./groups/in-object.ts";
import { SURVIVAL, survivals, type Survival } from "./groups/survival.ts";
import { HTTP, SOCKETS, tapContenders } from "./groups/taps.ts";
import { TOKENS, tokenContenders } from "./groups/tokens.ts";
import { startLoad } from "./load/process.ts";
import { broadcasterKinds, type BroadcasterKind } from "./peers/broadcasters.ts";
import { startPostgres, startRedis, type Peer } from "./peers/start.ts";
import { startRuntime } from "./runtime.ts";

export interface Stage {
  readonly contenders: readonly Contender[];
  /** What is not there, and why. */
  readonly skipped: readonly string[];
  /** Where that is what the group is about: kills everything once. */
  readonly survivals: () => Promise<Survival[]>;
  stop(): Promise<void>;
}

/** All there are, in the order in which they are measured. */
export const GROUPS: readonly string[] = [
  IN_OBJECT,
  SOCKETS.group,
  HTTP.group,
  ...SCREENS.map(fanOutTo),
  TOKENS,
  HYDRATE,
  GROWTH,
  DOMAIN,
  SURVIVAL,
];

export async function setStage(group: string): Promise<Stage> {
  const runtime = await startRuntime();
  const load = startLoad();
  const { folder, tokenKeys } = runtime;
  const skipped: string[] = [];
  const peers: Peer[] = [];
  if ([SOCKETS.group, HTTP.group, SURVIVAL].includes(group)) {
    for (const started of await Promise.all([
      startRedis(folder, tokenKeys),
      startPostgres(folder, tokenKeys),
    ])) {
      if ("skipped" in started) skipped.push(started.skipped);
      else peers.push(started);
    }
  }
  const kinds: BroadcasterKind[] = [];
  if (SCREENS.map(fanOutTo).includes(group)) {
    const found = await broadcasterKinds(folder);
    kinds.push(...found.kinds);
    skipped.push(...found.skipped);
  }
  const all = [
    ...inObjectContenders(runtime),
    ...tapContenders(SOCKETS, runtime, load, peers),
    ...tapContenders(HTTP, runtime, load, peers),
    ...fanOutContenders(runtime, load, kinds),
    ...tokenContenders(runtime),
    ...hydrateContenders(runtime, load),
    ...growthContenders(runtime),
    ...domainContenders(),
  ];
  return {
    contenders: all.filter((contender) => contender.group === group),
    skipped,
    survivals: async () => (group === SURVIVAL ? survivals(runtime, load, peers) : []),
    async stop() {
      load.stop();
      await Promise.all(peers.map((peer) => peer.stop()));
      await runtime.stop();
    },
  };
}

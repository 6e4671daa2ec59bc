// Everything that takes part in one run of the benchmark, started only where a group that is wanted needs it.
import type { Contender } from "./contender.ts";
import { domainContenders } from "./domain.ts";
import { fanOutContenders, fanOutTo, SCREENS } from "./groups/fan-out.ts";
import { growthContenders } from "./groups/growth.ts";
import { hydrateContenders } from "./groups/hydrate.ts";
import { inObjectContenders } from "./groups/in-object.ts";
import { SURVIVAL, survivals, type Survival } from "./groups/survival.ts";
import { HTTP, SOCKETS, tapContenders } from "./groups/taps.ts";
import { tokenContenders } from "./groups/tokens.ts";
import { startLoad } from "./load/process.ts";
import { broadcasterKinds, type BroadcasterKind } from "./peers/broadcasters.ts";
import { startPostgres, startRedis, type Peer } from "./peers/start.ts";
import { startRuntime } from "./runtime.ts";

export interface Stage {
  readonly contenders: readonly Contender[];
  /** What is not there, and why. */
  readonly skipped: readonly string[];
  /** Where everything is stored. */
  readonly folder: string;
  /** Kills everything once; undefined when that is not wanted. */
  readonly survive: (() => Promise<Survival[]>) | undefined;
  stop(): Promise<void>;
}

/** `only` names the groups that are wanted: those whose name contains it. */
export async function setStage(only: string): Promise<Stage> {
  const isWanted = (...groups: readonly string[]): boolean => groups.some((group) => group.includes(only));
  const runtime = await startRuntime();
  const load = startLoad();
  const { folder, tokenKeys } = runtime;
  const skipped: string[] = [];
  const peers: Peer[] = [];
  if (isWanted(SOCKETS.group, HTTP.group, SURVIVAL)) {
    for (const started of await Promise.all([
      startRedis(folder, tokenKeys),
      startPostgres(folder, tokenKeys),
    ])) {
      if ("skipped" in started) skipped.push(started.skipped);
      else peers.push(started);
    }
  }
  const kinds: BroadcasterKind[] = [];
  if (isWanted(...SCREENS.map(fanOutTo))) {
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
    contenders: all.filter(({ group }) => isWanted(group)),
    skipped,
    folder,
    survive: isWanted(SURVIVAL) ? () => survivals(runtime, load, peers) : undefined,
    async stop() {
      load.stop();
      await Promise.all(peers.map((peer) => peer.stop()));
      await runtime.stop();
    },
  };
}

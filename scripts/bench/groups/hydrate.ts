// A session's picture over HTTP: from the isolate's memory, from the data centre's cache, from the object; beside a
// Worker that says hello.
import type { SessionId } from "../../../src/domain/ids.ts";
import type { Contender, Timed } from "../contender.ts";
import type { Load } from "../load/process.ts";
import type { Runtime } from "../runtime.ts";

export const HYDRATE = "hydrate";
export const HELLO = "bare hello";
export const FROM_MEMORY = "from memory";

const OFFERS = 10;
const CONNECTIONS = 32;
const REQUESTS = 8_000;
/** Sessions of one lot, each asked for once: few, so that what the cache has of them is young. */
const LOT = 8;
const LOTS = 16;

export function hydrateContenders(runtime: Runtime, load: Load): Contender[] {
  const contender = (name: string, run: Contender["run"]): Contender => ({
    group: HYDRATE,
    name,
    operation: "request",
    beside: name === HELLO ? [] : [HELLO],
    run,
  });
  const { hello, shop, elsewhere } = runtime.urls;
  return [
    contender(HELLO, () => gets(runtime, load, [`${hello}/`], REQUESTS)),
    contender(FROM_MEMORY, async () => {
      const [url = ""] = await sessionUrls(runtime, shop, 1);
      await gets(runtime, load, [url], CONNECTIONS);
      return gets(runtime, load, [url], REQUESTS);
    }),
    contender("from memory, 304", async () => {
      const [url = ""] = await sessionUrls(runtime, shop, 1);
      const tag = (await fetch(url)).headers.get("ETag") ?? "";
      return gets(runtime, load, [url], REQUESTS, { "If-None-Match": tag });
    }),
    contender("from the data centre's cache", async () => {
      // Asked for in one isolate, so that the cache has it, and then in another, which has nothing in memory.
      const warmed = (urls: readonly string[]) => gets(runtime, load, urls, LOT);
      return inLots(runtime, shop, warmed, (url) =>
        gets(
          runtime,
          load,
          url.map((each) => each.replace(shop, elsewhere)),
          LOT,
        ),
      );
    }),
    contender("from the object", () =>
      inLots(runtime, shop, undefined, (urls) => gets(runtime, load, urls, LOT)),
    ),
  ];
}

/** Lot by lot of fresh sessions: prepared, then measured; gives the sum. */
async function inLots(
  runtime: Runtime,
  origin: string,
  prepare: ((urls: readonly string[]) => Promise<unknown>) | undefined,
  measured: (urls: readonly string[]) => Promise<Timed>,
): Promise<Timed> {
  const lots: Timed[] = [];
  for (let lot = 0; lot < LOTS; lot++) {
    const urls = await sessionUrls(runtime, origin, LOT);
    await prepare?.(urls);
    lots.push(await measured(urls));
  }
  const sum = (of: (lot: Timed) => number): number => lots.reduce((total, lot) => total + of(lot), 0);
  return {
    operations: sum(({ operations }) => operations),
    ms: sum(({ ms }) => ms),
    cpuMs: sum(({ cpuMs = Number.NaN }) => cpuMs),
    facts: { askedOfObjects: sum(({ facts }) => facts?.["askedOfObjects"] ?? 0) / LOTS },
  };
}

async function sessionUrls(runtime: Runtime, origin: string, count: number): Promise<string[]> {
  const sessions: SessionId[] = [];
  for (let made = 0; made < count; made++) {
    sessions.push((await runtime.call("/open", { offers: OFFERS, stock: 100 })).session);
  }
  return sessions.map((session) => `${origin}/v1/sessions/${session}`);
}

async function gets(
  runtime: Runtime,
  load: Load,
  urls: readonly string[],
  requests: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Timed> {
  const servers = [runtime.pid()];
  const { hydrated: before } = await runtime.call("/hydrated", {});
  const { ms, cpuMs, answered, complaint } = await load.gets({
    kind: "get",
    urls,
    connections: Math.min(CONNECTIONS, requests),
    requests,
    servers,
    headers,
  });
  if (answered !== requests || complaint !== undefined)
    throw new Error(`${answered} of ${requests}: ${complaint}`);
  const { hydrated } = await runtime.call("/hydrated", {});
  return { operations: requests, ms, cpuMs, facts: { askedOfObjects: (hydrated - before) / requests } };
}

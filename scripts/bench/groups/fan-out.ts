// A hundred changes of stock a second to many screens: what it costs the server for a viewer and a second, and how long
// a change takes to the last screen. Beside servers that send each change, and beside the same ones conflating.
import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "../../../src/domain/limits.ts";
import { median, type Contender, type Timed } from "../contender.ts";
import { RawHttp, requestOf } from "../load/http.ts";
import { nowOfMachineMs } from "../load/watch.ts";
import type { Load } from "../load/process.ts";
import { cpuMsOf } from "../machine.ts";
import type { Manner } from "../peers/broadcast.ts";
import type { BroadcasterKind } from "../peers/broadcasters.ts";
import type { Runtime } from "../runtime.ts";
import { keep as promised } from "./promises.ts";

export const SCREENS = [1_000, 5_000] as const;
export const fanOutTo = (screens: number): string => `fan-out to ${screens.toLocaleString("en")} screens`;
export const DROPCAST = "Dropcast";
export const FLOOR = "Dropcast, one screen";
export const mannerName = (name: string, manner: Manner): string =>
  `${name}, ${manner === "each" ? "each change" : "conflated"}`;

const OFFERS = 10;
const PER_SECOND = 100;
/** Units before the first change: every number of the run has as many digits. */
const FIRST_UNITS = 100_000;
/** Long enough for a tick to find its width; shorter where each change is sent, which takes as long as it takes. */
const CONFLATED_S = 2;
const EACH_S = 1;
/** Counts of viewers are frames, too: until no more come. */
const QUIET_MS = LIMITS.presenceTickMs + 3 * LIMITS.frameTickMs;
const SHOWN_WITHIN_MS = 60_000;

/** Where screens connect, and how a change is made. */
interface Audience {
  readonly url: string;
  readonly pid: number;
  readonly screens: number;
  /** They stay for the next round. */
  readonly keep: boolean;
  /** The request that makes a change. */
  readonly change: (units: number) => Buffer;
  readonly changesUrl: string;
  /** What they were shown last. */
  units: number;
}

export function fanOutContenders(
  runtime: Runtime,
  load: Load,
  kinds: readonly BroadcasterKind[],
): Contender[] {
  let sample: Promise<string> | undefined;
  const frame = (): Promise<string> => (sample ??= sampleOf(runtime, load));
  // Screens stay from round to round: a broadcast's audience does.
  const ours = (screens: number): Contender["run"] => {
    let audience: Promise<Audience> | undefined;
    return async () => show(await (audience ??= audienceOf(runtime, screens)), load, CONFLATED_S);
  };
  return SCREENS.flatMap((screens) => {
    const group = fanOutTo(screens);
    const manners = kinds.flatMap((kind) =>
      (["each", "conflated"] as const).map((manner) => ({ kind, manner })),
    );
    const beside = manners.map(({ kind, manner }) => mannerName(kind.name, manner));
    const contender = (name: string, others: readonly string[], take: Contender["run"]): Contender => ({
      group,
      name,
      operation: "viewer-second",
      beside: others,
      run: take,
    });
    return [
      contender(DROPCAST, beside, ours(screens)),
      ...(screens === SCREENS[0] ? [contender(FLOOR, [], ours(1))] : []),
      ...manners.map(({ kind, manner }) =>
        contender(mannerName(kind.name, manner), [], async () =>
          runPeer(load, kind, manner, screens, await frame()),
        ),
      ),
    ];
  });
}

/** A session that expects just so many. */
async function audienceOf(runtime: Runtime, screens: number): Promise<Audience> {
  const opening = { offers: OFFERS, stock: FIRST_UNITS, expectedViewers: screens };
  const { session } = await runtime.call("/open", opening);
  return {
    url: `${runtime.urls.shop.replace("http", "ws")}/v1/sessions/${session}/live`,
    pid: runtime.pid(),
    screens,
    keep: true,
    change: (allocated) =>
      requestOf("POST", `${runtime.urls.control}/restock`, {}, JSON.stringify({ session, allocated })),
    changesUrl: runtime.urls.control,
    units: FIRST_UNITS,
  };
}

async function runPeer(
  load: Load,
  kind: BroadcasterKind,
  manner: Manner,
  screens: number,
  text: string,
): Promise<Timed> {
  const server = await kind.start(manner, text);
  try {
    const audience: Audience = {
      url: `${server.url.replace("http", "ws")}/`,
      pid: server.pid,
      screens,
      keep: false,
      change: (units) => requestOf("POST", `${server.url}/${units}`, { "Content-Length": "0" }),
      changesUrl: server.url,
      units: FIRST_UNITS,
    };
    return await show(audience, load, manner === "each" ? EACH_S : CONFLATED_S);
  } finally {
    server.stop();
  }
}

async function show(audience: Audience, load: Load, seconds: number): Promise<Timed> {
  const { url, pid, screens, keep, units } = audience;
  const changes = PER_SECOND * seconds;
  const { opened } = await load.watch({ kind: "watch", url, sockets: screens, base: units, changes });
  if (opened) await sleep(QUIET_MS);
  const cpuBeforeMs = cpuMsOf([pid]) ?? Number.NaN;
  const startedAtMs = nowOfMachineMs();
  const madeAtMs = await makeChanges(audience, changes);
  const told = await load.shown({ kind: "shown", url, keep, withinMs: SHOWN_WITHIN_MS, sample: false });
  const cpuMs = (cpuMsOf([pid]) ?? Number.NaN) - cpuBeforeMs;
  const { allAtMs, framesEach, pictures } = told;
  promised([[pictures === 1, `every screen ends on the same picture (${pictures} different ones)`]]);
  const tookMs = allAtMs.map((atMs, change) => atMs - madeAtMs[change]!).toSorted((a, b) => a - b);
  return {
    operations: screens * seconds,
    ms: nowOfMachineMs() - startedAtMs,
    cpuMs,
    facts: {
      lastScreenMedianMs: median(tookMs),
      lastScreenP99Ms: tookMs[Math.floor(tookMs.length * 0.99)] ?? 0,
      framesASecond: framesEach / seconds,
    },
  };
}

/**
 * At an even pace, whether or not the last is answered; gives when each was made. On one connection: on several, one
 * could overtake another.
 */
async function makeChanges(audience: Audience, changes: number): Promise<number[]> {
  const line = await RawHttp.open(audience.changesUrl);
  const madeAtMs: number[] = [];
  let answered = 0;
  await new Promise<void>((resolve, reject) => {
    line.onEnd = (reason) => reject(new Error(reason));
    line.onAnswer = (status, bytes, start, end) => {
      if (status !== 200) reject(new Error(`a change was refused: ${bytes.toString("utf8", start, end)}`));
      answered += 1;
      if (answered === changes) resolve();
    };
    const startedAtMs = nowOfMachineMs();
    const make = (): void => {
      madeAtMs.push(nowOfMachineMs());
      audience.units += 1;
      line.send(audience.change(audience.units));
      const nextAtMs = startedAtMs + (madeAtMs.length * 1_000) / PER_SECOND;
      if (madeAtMs.length < changes) setTimeout(make, Math.max(0, nextAtMs - nowOfMachineMs()));
    };
    make();
  });
  line.end();
  return madeAtMs;
}

/** What a relay sends for one change: the peers send the same bytes. */
async function sampleOf(runtime: Runtime, load: Load): Promise<string> {
  const audience = await audienceOf(runtime, 1);
  const { url, units } = audience;
  await load.watch({ kind: "watch", url, sockets: 1, base: units, changes: 1 });
  await sleep(QUIET_MS);
  await makeChanges(audience, 1);
  const asked = { kind: "shown", url, keep: false, withinMs: SHOWN_WITHIN_MS, sample: true } as const;
  const { text = "" } = await load.shown(asked);
  if (!text.startsWith('{"type":"frame"')) throw new Error(`no frame to copy: ${text.slice(0, 200)}`);
  return text;
}

// The spike: a session of which many times as many taps are wanted for half a minute as before, beside sessions that go
// on as they were. Crowds are processes of their own; afterwards the record is examined and what was acknowledged is
// looked for in it.
import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeJwt } from "jose";
import type { SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { SAMPLE_CATALOG } from "../sample-shop.ts";
import { childrenOf, cpuMsOf, moveToLoadCore, moveToServerCore } from "../bench/machine.ts";
import { Api } from "./api.ts";
import { examine, type Findings } from "./checks.ts";
import type { Progress } from "./race.ts";
import { createSession, openShop, priced, type Shop } from "./shop.ts";
import type { CrowdJob, CrowdTold, News, OfferFacts, Order, Stretch } from "./spike-plan.ts";
import { printSpike } from "./spike-report.ts";

/** As long as a spike is; and long enough before and after it for a 99th percentile. */
const CALM_MS = 20_000;
const SPIKE_MS = 30_000;
const AFTER_MS = 20_000;
/** Twenty times the calm pace are so many times what a relay takes. */
const PLANNED_SPIKE = 20;
const BEYOND = 1.5;
const CALM_PER_SECOND = (LIMITS.tapsPerRelaySecond * BEYOND) / PLANNED_SPIKE;
/** At the height of the spike; well below what one socket may send, with room for coming back. */
const TAPS_OF_VIEWER_PER_SECOND = 5;
/** Both sign and send; the first core is the server's. */
const HOT_PROCESSES = 2;
const OTHERS = 3;
const OTHERS_PER_SECOND = 30;
const OTHERS_VIEWERS = 60;
/** The most that one session has held at a time leaves room for the drop's holds. */
const DROP_STOCK = 1_500;
const MUCH_STOCK = 10_000_000;
/** Longer than all of it: what somebody got stays theirs, and the drop stays sold out. */
const LONG_HOLD_MS = 5 * 60_000;

/** A session of the spike with its two offers. */
interface Stage {
  readonly session: SessionId;
  readonly open: OfferFacts;
  readonly drop: OfferFacts;
}

/** Everything that is printed and judged. */
export interface Spiked {
  readonly times: number;
  readonly stretches: readonly Stretch[];
  readonly hot: readonly CrowdTold[];
  readonly others: CrowdTold;
  readonly findings: readonly Findings[];
  readonly dropStock: number;
  /** Of each phase's time, how much the server was busy, and how much it waited for a core that others had. */
  readonly busy: readonly Busy[];
}

export interface Busy {
  readonly running: number;
  readonly waiting: number;
}

export interface SpikeServer {
  readonly url: string;
  readonly platformKey: string;
  readonly tokenKeys: string;
}

/** Rehearses a spike of so many times the calm pace. True when every promise was kept. */
export async function spike(server: SpikeServer, times: number, withProgress: Progress): Promise<boolean> {
  const servers = childrenOf(process.pid, "workerd");
  for (const pid of servers) moveToServerCore(pid);
  const api = new Api(server.url);
  const shop = await openShop(api, server.platformKey, readFileSync(SAMPLE_CATALOG, "utf8"), "USD");
  const hot = await prepare(api, shop, "Spike", LIMITS.holdMinMs);
  const others = await Promise.all(
    Array.from({ length: OTHERS }, (_, index) => prepare(api, shop, `Other ${index}`, LONG_HOLD_MS)),
  );
  const stretches = stretchesOf(times);
  const crowds = [
    ...hotJobs(server, hot, stretches, times),
    ...others.map((stage) => otherJob(server, stage, stretches)),
  ].map((job) => new CrowdProcess(job));
  try {
    const { told, busy } = await play(crowds, stretches, servers, withProgress);
    const spiked = {
      times,
      stretches,
      hot: told.slice(0, HOT_PROCESSES),
      others: merged(told.slice(HOT_PROCESSES)),
      findings: await examined(api, server.platformKey, [hot, ...others], told),
      dropStock: DROP_STOCK,
      busy,
    };
    return printSpike(spiked);
  } finally {
    for (const crowd of crowds) crowd.stop();
  }
}

function stretchesOf(times: number): Stretch[] {
  const calm = CALM_PER_SECOND;
  return [
    { phase: "calm", ms: CALM_MS, perSecond: calm, dropShare: 0.1 },
    // They come for the drop; once it is sold out most of them have to be told so.
    { phase: "spike", ms: SPIKE_MS, perSecond: calm * times, dropShare: 0.7 },
    { phase: "after", ms: AFTER_MS, perSecond: calm, dropShare: 0.1 },
  ];
}

function hotJobs(server: SpikeServer, stage: Stage, stretches: Stretch[], times: number): CrowdJob[] {
  const viewers = Math.ceil((CALM_PER_SECOND * times) / TAPS_OF_VIEWER_PER_SECOND / HOT_PROCESSES);
  const share = stretches.map((stretch) => ({ ...stretch, perSecond: stretch.perSecond / HOT_PROCESSES }));
  const job = { ...server, ...stage, stretches: share, viewers, httpEvery: 50, orderEvery: 100, isCut: true };
  return Array.from({ length: HOT_PROCESSES }, () => job);
}

function otherJob(server: SpikeServer, stage: Stage, stretches: Stretch[]): CrowdJob {
  const steady = stretches.map((stretch) => ({ ...stretch, perSecond: OTHERS_PER_SECOND, dropShare: 0 }));
  const { url, tokenKeys } = server;
  return {
    url,
    tokenKeys,
    ...stage,
    stretches: steady,
    viewers: OTHERS_VIEWERS,
    httpEvery: 3,
    orderEvery: 50,
    isCut: false,
  };
}

/** A live session with a drop of few units and an offer of many, whose units are held for so long. */
async function prepare(api: Api, shop: Shop, title: string, holdMs: number): Promise<Stage> {
  const [few, many] = priced(shop.products);
  if (!few || !many) throw new Error("the catalogue has no two variants with a price");
  const { sellerKey } = shop;
  const session = (await createSession(api, shop, "USD", { title })) as SessionId;
  const path = `/v1/sessions/${session}`;
  await api.post(`${path}/stock`, sellerKey, { sku: few.sku, allocated: DROP_STOCK });
  await api.post(`${path}/stock`, sellerKey, { sku: many.sku, allocated: MUCH_STOCK });
  const offer = ({ sku, price }: typeof few, heldMs: number): Promise<{ id: string }> =>
    api.post(`${path}/offers`, sellerKey, {
      title: sku,
      lines: [{ sku, quantity: 1 }],
      price: { headline: price },
      holdMs: heldMs,
    });
  const drop = await offer(few, LONG_HOLD_MS);
  const open = await offer(many, holdMs);
  await api.post(`${path}/start`, shop.creatorKey);
  for (const { id } of [drop, open]) await api.post(`${path}/offers/${id}/open`, shop.creatorKey);
  const { token: viewer } = await api.post<{ token: string }>("/v1/viewers", undefined);
  const facts = async ({ id }: { id: string }): Promise<OfferFacts> => {
    const { token } = await api.post<{ token: string }>(`${path}/offers/${id}/tokens`, viewer);
    const { offer: of, priceVersion, price } = decodeJwt<OfferFacts>(token);
    return { offer: of, priceVersion, price };
  };
  return { session, open: await facts(open), drop: await facts(drop) };
}

async function play(
  crowds: readonly CrowdProcess[],
  stretches: readonly Stretch[],
  servers: readonly number[],
  withProgress: Progress,
): Promise<{ told: CrowdTold[]; busy: Busy[] }> {
  const taps = crowds.reduce((sum, { taps: each }) => sum + each, 0);
  await withProgress("signing", Math.round(taps / 1_000), (done) => {
    let signed = 0;
    const onSigned = (count: number): void => {
      if (Math.floor(signed / 1_000) < Math.floor((signed + count) / 1_000)) done();
      signed += count;
    };
    return Promise.all(crowds.map((crowd) => crowd.prepared(onSigned)));
  });
  for (const { pid } of crowds) if (pid !== undefined) moveToLoadCore(pid);
  const told = Promise.all(crowds.map((crowd) => crowd.run()));
  // A crowd that fails is heard of at the end.
  told.catch(() => undefined);
  const busy: Busy[] = [];
  for (const { phase, ms } of stretches) {
    const before = cpuTimesOf(servers);
    const startedAtMs = performance.now();
    await withProgress(phase.padEnd(7), ms / 1_000, async (done) => {
      for (let second = 0; second < ms / 1_000; second++) {
        await sleep(Math.max(0, startedAtMs + (second + 1) * 1_000 - performance.now()));
        done();
      }
    });
    const now = cpuTimesOf(servers);
    const tookMs = performance.now() - startedAtMs;
    busy.push({
      running: (now.runningMs - before.runningMs) / tookMs,
      waiting: (now.waitingMs - before.waitingMs) / tookMs,
    });
  }
  return { told: await told, busy };
}

/** CPU time of the servers, and how long their first threads waited for a core (schedstat, Linux only). */
function cpuTimesOf(servers: readonly number[]): { runningMs: number; waitingMs: number } {
  const waitingMs = servers.map((pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / 1_000_000;
    } catch {
      return Number.NaN;
    }
  });
  return { runningMs: cpuMsOf(servers) ?? Number.NaN, waitingMs: Math.max(...waitingMs) };
}

/** Each session's record beside what its crowds were told. */
async function examined(
  api: Api,
  key: string,
  stages: readonly Stage[],
  told: readonly CrowdTold[],
): Promise<Findings[]> {
  const findings: Findings[] = [];
  for (const [index, { session }] of stages.entries()) {
    const own =
      index === 0
        ? told.slice(0, HOT_PROCESSES)
        : told.slice(HOT_PROCESSES + index - 1, HOT_PROCESSES + index);
    const acknowledged = own.flatMap((each) => each.acknowledged);
    findings.push(await examine(api, session, key, acknowledged));
  }
  return findings;
}

function merged(told: readonly CrowdTold[]): CrowdTold {
  const sum = (of: (each: CrowdTold) => number): number => told.reduce((total, each) => total + of(each), 0);
  return {
    taps: sum((each) => each.taps),
    rows: told.flatMap(({ rows }) => rows),
    acknowledged: told.flatMap(({ acknowledged }) => acknowledged),
    drops: sum(({ drops }) => drops),
    unanswered: sum(({ unanswered }) => unanswered),
    cuts: sum(({ cuts }) => cuts),
    repeated: sum(({ repeated }) => repeated),
    lateMs: Math.max(...told.map(({ lateMs }) => lateMs)),
    faults: told.flatMap(({ faults }) => faults),
    lost: told.flatMap(({ lost }) => lost),
  };
}

/** A crowd's process, see spike-crowd.ts. */
class CrowdProcess {
  readonly #child: ChildProcess;
  readonly #job: CrowdJob;

  constructor(job: CrowdJob) {
    this.#job = job;
    this.#child = fork(join(import.meta.dirname, "spike-crowd.ts"), {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get taps(): number {
    return this.#job.stretches.reduce((sum, { ms, perSecond }) => sum + (ms / 1_000) * perSecond, 0);
  }

  async prepared(signed: (count: number) => void): Promise<void> {
    await this.#ask({ job: this.#job }, (news) => {
      if ("signed" in news) signed(news.signed);
      return "ready" in news ? true : undefined;
    });
  }

  run(): Promise<CrowdTold> {
    return this.#ask({ go: true }, (news) => ("told" in news ? news.told : undefined));
  }

  stop(): void {
    this.#child.kill();
  }

  #ask<T>(order: Order, answerIn: (news: News) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error("a crowd's process ended"));
      const onNews = (news: News): void => {
        const answer = answerIn(news);
        if (answer === undefined && !("failed" in news)) return;
        this.#child.off("message", onNews).off("exit", onExit);
        if ("failed" in news) reject(new Error(news.failed));
        else if (answer !== undefined) resolve(answer);
      };
      this.#child.on("message", onNews).once("exit", onExit);
      this.#child.send(order);
    });
  }
}

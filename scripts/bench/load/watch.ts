// Screens: sockets that only read. Tells when all of them show each number of units, with as little work a frame as
// there can be.
import { RawSocket } from "./socket.ts";
import type { ShownJob, ShownDone, WatchJob } from "./jobs.ts";

const OPENING_AT_ONCE = 64;
const MARK = Buffer.from('"main":');
const CURSOR = Buffer.from('"cursor":');

/** Screens that are open, by what they are connected to. */
const watches = new Map<string, Watch>();

/** Opens the sockets, unless they are open from before. */
export async function openWatch(job: WatchJob): Promise<{ opened: boolean }> {
  const known = watches.get(job.url);
  const watch = known ?? new Watch(job.url);
  watches.set(job.url, watch);
  if (!known) await watch.open(job.sockets);
  watch.await(job);
  return { opened: !known };
}

/** Resolves when every screen shows the last number. */
export async function shown(job: ShownJob): Promise<ShownDone> {
  const watch = watches.get(job.url);
  if (!watch) throw new Error("nothing is watched");
  try {
    return await watch.done(job);
  } finally {
    if (!job.keep) {
      watch.close();
      watches.delete(job.url);
    }
  }
}

class Watch {
  readonly #url: string;
  readonly #sockets: RawSocket[] = [];
  /** By socket: what it shows. */
  readonly #values: number[] = [];
  readonly #cursors: number[] = [];
  #base = 0;
  #changes = 0;
  /** By change: how many screens show it or a later one, and since when all do. */
  #shownBy: number[] = [];
  #allAtMs: number[] = [];
  #frames = 0;
  #bytes = 0;
  #text = "";
  /** Why the first of those that are gone is. */
  #ended: string | undefined;
  #complete: (() => void) | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  async open(sockets: number): Promise<void> {
    for (let at = 0; at < sockets; at += OPENING_AT_ONCE) {
      const joining = Array.from({ length: Math.min(OPENING_AT_ONCE, sockets - at) }, () =>
        RawSocket.open(this.#url, { "Sec-WebSocket-Protocol": "dropcast.v1" }),
      );
      for (const socket of await Promise.all(joining)) this.#add(socket);
    }
  }

  /** From now on these changes are watched for. */
  await({ base, changes }: WatchJob): void {
    this.#base = base;
    this.#changes = changes;
    this.#shownBy = Array.from({ length: changes + 1 }, () => 0);
    this.#allAtMs = Array.from({ length: changes + 1 }, () => 0);
    this.#frames = 0;
    this.#bytes = 0;
  }

  async done({ withinMs, sample }: ShownJob): Promise<ShownDone> {
    const sockets = this.#sockets.length;
    const missing = (): number => sockets - this.#shownBy[this.#changes]!;
    if (missing() > 0) {
      await new Promise<void>((resolve, reject) => {
        const fail = (): void => {
          const furthest = Math.max(...this.#values) - this.#base;
          const what = `${missing()} of ${sockets} screens miss change ${this.#changes}`;
          reject(
            new Error(
              `${what}; the furthest shows ${furthest}; ${this.#frames} frames; ended: ${this.#ended}`,
            ),
          );
        };
        const timer = setTimeout(fail, withinMs);
        this.#complete = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return {
      allAtMs: this.#allAtMs.slice(1),
      framesEach: this.#frames / sockets,
      bytes: this.#bytes,
      pictures: new Set(this.#values.map((value, index) => `${value} ${this.#cursors[index]}`)).size,
      ...(sample ? { text: this.#text } : {}),
    };
  }

  close(): void {
    for (const socket of this.#sockets) socket.end();
  }

  #add(socket: RawSocket): void {
    const index = this.#sockets.length;
    this.#sockets.push(socket);
    this.#values.push(0);
    this.#cursors.push(0);
    socket.onText = (bytes, start, end) => this.#take(index, bytes, start, end);
    socket.onEnd = (reason) => (this.#ended ??= reason);
  }

  /** The drop is the first offer of every picture; a frame that only counts viewers has none. */
  #take(index: number, bytes: Buffer, start: number, end: number): void {
    this.#frames += 1;
    this.#bytes += end - start;
    const at = bytes.indexOf(MARK, start);
    if (at < 0 || at >= end) return;
    const value = numberAt(bytes, at + MARK.length);
    const cursorAt = bytes.indexOf(CURSOR, start);
    if (cursorAt >= 0 && cursorAt < end) this.#cursors[index] = numberAt(bytes, cursorAt + CURSOR.length);
    const before = this.#values[index]!;
    this.#values[index] = Math.max(before, value);
    const change = value - this.#base;
    if (value <= before || change > this.#changes) return;
    if (index === 0) this.#text = bytes.toString("utf8", start, end);
    this.#count(Math.max(0, before - this.#base), change);
  }

  /** One more screen shows these changes. */
  #count(after: number, last: number): void {
    const screens = this.#sockets.length;
    const nowMs = nowOfMachineMs();
    for (let change = after + 1; change <= last; change++) {
      this.#shownBy[change]! += 1;
      if (this.#shownBy[change] === screens) this.#allAtMs[change] = nowMs;
    }
    if (this.#shownBy[this.#changes] === screens) this.#complete?.();
  }
}

function numberAt(bytes: Buffer, start: number): number {
  let value = 0;
  for (let at = start; bytes[at]! >= 48 && bytes[at]! <= 57; at++) value = value * 10 + bytes[at]! - 48;
  return value;
}

/** The same clock in every process of the machine. */
export function nowOfMachineMs(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}

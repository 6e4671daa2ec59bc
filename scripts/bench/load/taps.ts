// Makes viewers' taps with real tokens before the clock runs, then sends them, each next one when an answer has come.
import { typeid } from "typeid-js";
import { priceOf } from "../../../src/domain/pricing.ts";
import type { ViewerId } from "../../../src/domain/ids.ts";
import { loadKeys, type KeyRing } from "../../../src/token/keys.ts";
import { issueOfferToken } from "../../../src/token/offer-token.ts";
import { issueViewerToken } from "../../../src/token/viewer-token.ts";
import { VIEWER_HEADER } from "../../../src/live/client.ts";
import { cpuMsOf, killTree } from "../machine.ts";
import { DROP, newViewer, PRICE } from "../traffic.ts";
import { textFrame } from "./frames.ts";
import { RawHttp, requestOf } from "./http.ts";
import type { TapJob, Taps, TapsDone } from "./jobs.ts";
import { RawSocket } from "./socket.ts";

const OPENING_AT_ONCE = 64;
/** Taps that are not answered by then never will be. */
const ANSWERED_WITHIN_MS = 60_000;
/** Acknowledgements that were sent before the servers were killed have come by then. */
const ANSWERS_ON_THEIR_WAY_MS = 500;

/** A viewer who will tap: how to be known, and what to send. */
interface Tapper {
  readonly viewer: ViewerId;
  readonly token: string;
  readonly offerTokens: readonly string[];
}

/** One viewer's way to the server. */
interface Line {
  send(bytes: Buffer): void;
  end(): void;
}

/** What came back: acknowledged or why not. */
type OnAnswer = (line: number, acknowledged: boolean, text: () => string) => void;

export async function runTaps(job: TapJob): Promise<TapsDone> {
  const { taps } = job;
  const ring = await loadKeys(taps.tokenKeys);
  const tappers = await Promise.all(
    Array.from({ length: taps.viewers + (job.extra ? 1 : 0) }, () => tapperOf(ring, taps)),
  );
  const messages = tappers.map((tapper) => messagesOf(job, tapper));
  const tally = new Tally(job);
  const lines = await openLines(job, tappers, (line, acknowledged, text) =>
    tally.answer(line, acknowledged, text),
  );
  await tally.run(lines.slice(0, taps.viewers), messages.slice(0, taps.viewers));
  const extraRefused = job.extra && (await tally.refusedOnce(lines.at(-1)!, messages.at(-1)![0]!));
  for (const line of lines) line.end();
  return tally.done(extraRefused);
}

async function tapperOf(ring: KeyRing, { session, tapsEach }: Taps): Promise<Tapper> {
  const viewer = newViewer();
  const nowMs = Date.now();
  const promise = {
    session,
    viewer,
    offer: DROP,
    priceVersion: 1,
    price: priceOf(PRICE),
    quantity: 1,
    creditLimit: 0,
    priority: 0,
  };
  const offerTokens: string[] = [];
  for (let tap = 0; tap < tapsEach; tap++) {
    const issued = await issueOfferToken(ring, { token: `tok_${typeid().getSuffix()}`, ...promise }, nowMs);
    offerTokens.push(issued.token);
  }
  const { token } = await issueViewerToken(ring, { viewer, priority: 0 }, nowMs);
  return { viewer, token, offerTokens };
}

function identity({ viewerBy }: TapJob, { viewer, token }: Tapper): Record<string, string> {
  return viewerBy === "token" ? { Authorization: `Bearer ${token}` } : { [VIEWER_HEADER]: viewer };
}

function messagesOf(job: TapJob, tapper: Tapper): Buffer[] {
  const { url, path, taps } = job;
  return tapper.offerTokens.map((token) => {
    const items = [{ token, quantity: 1 }];
    if (job.kind === "tap-sockets")
      return textFrame(JSON.stringify({ type: "reserve", id: crypto.randomUUID(), items }));
    const target =
      path === "dropcast" ? `${url}/v1/sessions/${taps.session}/reservations` : `${url}/${taps.session}`;
    const headers = { ...identity(job, tapper), "Idempotency-Key": crypto.randomUUID() };
    return requestOf("POST", target, headers, JSON.stringify({ items }));
  });
}

async function openLines(job: TapJob, tappers: readonly Tapper[], onAnswer: OnAnswer): Promise<Line[]> {
  const lines: Line[] = [];
  for (let at = 0; at < tappers.length; at += OPENING_AT_ONCE) {
    const next = tappers.slice(at, at + OPENING_AT_ONCE);
    lines.push(
      ...(await Promise.all(next.map((tapper, index) => openLine(job, tapper, at + index, onAnswer)))),
    );
  }
  return lines;
}

const REFUSED = Buffer.from('"type":"error"');
const PUSHED = ['{"type":"welcome"', '{"type":"snapshot"', '{"type":"frame"', '{"type":"notice"'].map(
  (text) => Buffer.from(text),
);

async function openLine(job: TapJob, tapper: Tapper, line: number, onAnswer: OnAnswer): Promise<Line> {
  const { session } = job.taps;
  if (job.kind === "tap-http") {
    const http = await RawHttp.open(job.url);
    http.onAnswer = (status, bytes, start, end) =>
      onAnswer(line, status === 201, () => `${status} ${bytes.toString("utf8", start, end)}`);
    http.onEnd = (reason) => onAnswer(line, false, () => reason);
    return http;
  }
  const base = job.url.replace("http", "ws");
  const url = job.path === "dropcast" ? `${base}/v1/sessions/${session}/live` : `${base}/${session}`;
  const headers = { "Sec-WebSocket-Protocol": "dropcast.v1", ...identity(job, tapper) };
  const socket = await RawSocket.open(url, headers);
  socket.onText = (bytes, start, end) => {
    const text = bytes.subarray(start, end);
    if (PUSHED.some((pushed) => text.subarray(0, pushed.length).equals(pushed))) return;
    const head = text.subarray(0, 64);
    onAnswer(line, !head.includes(REFUSED), () => text.toString());
  };
  socket.onEnd = (reason) => onAnswer(line, false, () => reason);
  return socket;
}

/** Keeps every line's taps under way, and counts what comes back. */
class Tally {
  readonly #taps: Taps;
  readonly #servers: readonly number[];
  readonly #killAfter: number;
  readonly #reservations: string[] = [];
  #lines: readonly Line[] = [];
  #messages: readonly (readonly Buffer[])[] = [];
  /** By line: the next message to send, and when those under way were sent, oldest first. */
  readonly #next: number[] = [];
  readonly #sentAtMs: number[][] = [];
  readonly #tookMs: number[] = [];
  #acknowledged = 0;
  #refused = 0;
  #missing = 0;
  #ms = 0;
  #cpuMs: number | undefined;
  #complaint: string | undefined;
  #answered: () => void = () => undefined;
  #extra: ((text: string) => void) | undefined;

  constructor({ taps, servers, killAfter = Number.POSITIVE_INFINITY }: TapJob) {
    this.#taps = taps;
    this.#servers = servers;
    this.#killAfter = killAfter;
  }

  async run(lines: readonly Line[], messages: readonly (readonly Buffer[])[]): Promise<void> {
    this.#lines = lines;
    this.#messages = messages;
    this.#missing = messages.reduce((sum, each) => sum + each.length, 0);
    const cpuBeforeMs = cpuMsOf(this.#servers) ?? Number.NaN;
    const startedAt = performance.now();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.#missing} taps were not answered: ${this.#complaint}`)),
        ANSWERED_WITHIN_MS,
      );
      this.#answered = () => {
        clearTimeout(timer);
        resolve();
      };
      for (let line = 0; line < lines.length; line++) {
        this.#next.push(0);
        this.#sentAtMs.push([]);
        for (let tap = 0; tap < this.#taps.inFlight; tap++) this.#send(line);
      }
    });
    this.#ms = performance.now() - startedAt;
    this.#cpuMs = (cpuMsOf(this.#servers) ?? Number.NaN) - cpuBeforeMs;
  }

  answer(line: number, acknowledged: boolean, text: () => string): void {
    if (this.#extra) return this.#extra(text());
    const sentAtMs = this.#sentAtMs[line]?.shift();
    if (sentAtMs === undefined) {
      this.#complaint ??= text();
      return;
    }
    this.#tookMs.push(performance.now() - sentAtMs);
    if (acknowledged) {
      this.#acknowledged += 1;
      if (Number.isFinite(this.#killAfter)) this.#note(text());
    } else {
      this.#refused += 1;
      this.#complaint ??= text();
    }
    this.#missing -= 1;
    if (this.#missing === 0) this.#answered();
    else if (this.#acknowledged < this.#killAfter) this.#send(line);
  }

  /** Remembers what was promised; when it is time, nothing more is. */
  #note(text: string): void {
    this.#reservations.push(/"id":"(rsv_\w+)"/.exec(text)?.[1] ?? "");
    if (this.#acknowledged !== this.#killAfter) return;
    for (const pid of this.#servers) killTree(pid);
    // What was on its way already still counts: whoever reads it has been promised it.
    setTimeout(() => this.#answered(), ANSWERS_ON_THEIR_WAY_MS);
  }

  /** One tap when all are answered. */
  async refusedOnce(line: Line, message: Buffer): Promise<boolean> {
    const text = await new Promise<string>((resolve) => {
      this.#extra = resolve;
      line.send(message);
    });
    return text.includes("out_of_stock");
  }

  done(extraRefused: boolean): TapsDone {
    const sorted = this.#tookMs.toSorted((a, b) => a - b);
    return {
      ms: this.#ms,
      cpuMs: this.#cpuMs,
      acknowledged: this.#acknowledged,
      refused: this.#refused,
      extraRefused,
      medianMs: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      ...(this.#complaint === undefined ? {} : { complaint: this.#complaint }),
      reservations: this.#reservations,
    };
  }

  #send(line: number): void {
    const at = this.#next[line]!;
    const message = this.#messages[line]?.[at];
    if (!message) return;
    this.#next[line] = at + 1;
    this.#sentAtMs[line]!.push(performance.now());
    this.#lines[line]!.send(message);
  }
}

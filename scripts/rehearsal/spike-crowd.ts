// A crowd of a spike, in a process of its own: makes its tokens and lines before the clock runs, then lets every tap
// leave at its time, whether or not earlier ones were answered, and times the answers from then on.
import { setTimeout as sleep } from "node:timers/promises";
import { typeid } from "typeid-js";
import { loadKeys, type KeyRing } from "../../src/token/keys.ts";
import { issueOfferToken } from "../../src/token/offer-token.ts";
import { issueViewerToken } from "../../src/token/viewer-token.ts";
import type { ViewerId } from "../../src/domain/ids.ts";
import { HttpLine, SocketLine, type Answer, type Line, type Message } from "./spike-lines.ts";
import {
  percentile,
  tapsOf,
  type CrowdJob,
  type CrowdTold,
  type News,
  type Order,
  type PlannedTap,
  type Row,
} from "./spike-plan.ts";

const SIGNED_AT_ONCE = 500;
const OPENING_AT_ONCE = 32;
/** Taps that are not answered by then never will be. */
const ANSWERED_WITHIN_MS = 30_000;
/** Every second viewer comes back when told so. */
const COMES_BACK_EVERY = 2;
/** Of so many viewers one loses the socket now and then. */
const CUT_EVERY = 40;
const CUT_TAP_EVERY = 10;
/** Of so many taps one is sent again a while after its answer. */
const ASKS_AGAIN_EVERY = 97;
const ASKS_AGAIN_AFTER_MS = 300;
const TURNED_AWAY: ReadonlySet<string> = new Set(["overloaded", "rate_limited"]);
/** What else a tap may be refused for here: the drop sells out, and a session has room for so many holds. */
const REFUSED: ReadonlySet<string> = new Set(["out_of_stock", "limit_reached"]);

interface Tap extends PlannedTap {
  readonly message: Message;
  /** When it was to leave, or to come back. */
  leavesMs: number;
  isWaiting: boolean;
  hasComeBack: boolean;
  wasCut: boolean;
  /** It has its answer and asks for it once more. */
  asksAgain: boolean;
  answer: Answer | undefined;
}

class Crowd {
  readonly #job: CrowdJob;
  readonly #taps = new Map<string, Tap>();
  readonly #order: Tap[] = [];
  readonly #lines: Line[] = [];
  readonly #rows: Row[] = [];
  readonly #acknowledged: string[] = [];
  readonly #late: number[] = [];
  readonly #faults = new Map<string, string>();
  readonly #lost: string[] = [];
  #drops = 0;
  #cuts = 0;
  #repeated = 0;
  #open = 0;
  #startedAtMs = 0;

  constructor(job: CrowdJob) {
    this.#job = job;
  }

  async prepare(signed: (count: number) => void): Promise<void> {
    const { tokenKeys, viewers } = this.#job;
    const ring = await loadKeys(tokenKeys);
    const names = Array.from({ length: viewers }, (): ViewerId => `vwr_${typeid().getSuffix()}`);
    const planned = tapsOf(this.#job);
    for (let at = 0; at < planned.length; at += SIGNED_AT_ONCE) {
      const next = planned.slice(at, at + SIGNED_AT_ONCE);
      this.#order.push(
        ...(await Promise.all(next.map((tap) => tapOf(this.#job, ring, tap, names[tap.viewer]!)))),
      );
      signed(next.length);
    }
    for (const tap of this.#order) this.#taps.set(tap.message.id, tap);
    for (let at = 0; at < viewers; at += OPENING_AT_ONCE) {
      const next = names.slice(at, at + OPENING_AT_ONCE);
      this.#lines.push(...(await Promise.all(next.map((name, index) => this.#line(ring, name, at + index)))));
    }
  }

  async run(): Promise<CrowdTold> {
    this.#startedAtMs = performance.now();
    for (let next = 0; next < this.#order.length; await sleep(1)) {
      const nowMs = this.#nowMs();
      for (let tap = this.#order[next]; tap && tap.dueMs <= nowMs; tap = this.#order[++next]) {
        this.#late.push(nowMs - tap.dueMs);
        this.#send(tap);
        if (this.#isCut(tap)) this.#cut(tap.viewer);
      }
    }
    const untilMs = performance.now() + ANSWERED_WITHIN_MS;
    while (this.#open > 0 && performance.now() < untilMs) await sleep(50);
    for (const line of this.#lines) line.end();
    return {
      taps: this.#order.length,
      rows: this.#rows,
      acknowledged: this.#acknowledged,
      drops: this.#drops,
      unanswered: this.#order.filter(({ answer }) => answer === undefined).length,
      cuts: this.#cuts,
      repeated: this.#repeated,
      lateMs: percentile(this.#late, 99),
      faults: [...this.#faults.values()],
      lost: this.#lost,
    };
  }

  async #line(ring: KeyRing, viewer: ViewerId, index: number): Promise<Line> {
    const { url, session, httpEvery } = this.#job;
    const { token } = await issueViewerToken(ring, { viewer, priority: 0 }, Date.now());
    const lost = (reason: string): void => void this.#lost.push(reason);
    const options = { url, session, token, lost, answered: (answer: Answer) => this.#answered(answer) };
    if (index % httpEvery === httpEvery - 1) return new HttpLine(options);
    const line = new SocketLine(options);
    await line.connect();
    return line;
  }

  /** From the start of the first stretch. */
  #nowMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  #send(tap: Tap): void {
    tap.isWaiting = true;
    this.#open += 1;
    this.#lines[tap.viewer]!.send(tap.message);
  }

  #isCut({ viewer, number }: Tap): boolean {
    const { isCut, viewers } = this.#job;
    return isCut && viewer % CUT_EVERY === 0 && Math.floor(number / viewers) % CUT_TAP_EVERY === 0;
  }

  /** The answer may be lost or not even be asked for: the viewer cannot know. */
  #cut(viewer: number): void {
    const line = this.#lines[viewer];
    if (!(line instanceof SocketLine)) return;
    const unanswered = line.cut();
    this.#cuts += 1;
    this.#repeated += unanswered.length;
    for (const id of unanswered) this.#taps.get(id)!.wasCut = true;
  }

  #answered(answer: Answer): void {
    const nowMs = this.#nowMs();
    const tap = this.#taps.get(answer.id);
    if (!tap?.isWaiting) return this.#fault("twice", `${answer.id} has two answers: ${answer.kind}`);
    tap.isWaiting = false;
    this.#open -= 1;
    const { status, kind, retryAfterMs = 0 } = answer;
    if (status >= 500 && kind !== "overloaded") this.#fault(kind, `${status} ${kind}`);
    if (tap.asksAgain) return this.#compare(tap, answer, nowMs);
    const isAway = TURNED_AWAY.has(kind);
    if (isAway && !(retryAfterMs > 0)) this.#fault("when", `${kind} without a time to come back`);
    tap.answer = answer;
    if (!tap.wasCut) this.#note(tap, answer, nowMs);
    if (!isAway) this.#settled(tap, answer);
    else if (tap.viewer % COMES_BACK_EVERY === 0 && !tap.hasComeBack)
      this.#comeBack(tap, nowMs + retryAfterMs);
  }

  #note(tap: Tap, { kind }: Answer, nowMs: number): void {
    const { leavesMs, viewer } = tap;
    const way = this.#lines[viewer] instanceof HttpLine ? "http" : "socket";
    this.#rows.push({ dueMs: leavesMs, tookMs: nowMs - leavesMs, kind, way });
  }

  #settled(tap: Tap, { kind, about }: Answer): void {
    if (about !== undefined) {
      this.#acknowledged.push(about);
      if (tap.isDrop) this.#drops += 1;
    } else if (!REFUSED.has(kind)) this.#fault(kind, `a tap was refused with ${kind}`);
    if (tap.wasCut || tap.number % ASKS_AGAIN_EVERY === 0) this.#askAgain(tap);
  }

  /** Waits as it was told to, then sends the same message again. */
  #comeBack(tap: Tap, leavesMs: number): void {
    tap.hasComeBack = true;
    this.#open += 1;
    setTimeout(
      () => {
        this.#open -= 1;
        tap.leavesMs = leavesMs;
        this.#send(tap);
      },
      Math.max(0, leavesMs - this.#nowMs()),
    );
  }

  #askAgain(tap: Tap): void {
    this.#open += 1;
    setTimeout(() => {
      this.#open -= 1;
      this.#repeated += 1;
      tap.asksAgain = true;
      this.#send(tap);
    }, ASKS_AGAIN_AFTER_MS);
  }

  #compare(tap: Tap, again: Answer, nowMs: number): void {
    // To be turned away is no answer of record: whoever is comes back and learns the same then.
    if (TURNED_AWAY.has(again.kind)) return;
    const { kind, about } = tap.answer!;
    if (again.kind !== kind || again.about !== about) {
      const later = ((nowMs - tap.leavesMs) / 1_000).toFixed(1);
      this.#fault(
        "differs",
        `a tap repeated under its id got ${again.kind}, ${later} s after it got ${kind} ${about}`,
      );
    }
  }

  #fault(kind: string, words: string): void {
    if (!this.#faults.has(kind)) this.#faults.set(kind, words);
  }
}

async function tapOf(job: CrowdJob, ring: KeyRing, planned: PlannedTap, viewer: ViewerId): Promise<Tap> {
  const facts = planned.isDrop ? job.drop : job.open;
  const promise = { ...facts, session: job.session, viewer, quantity: 1, creditLimit: 0, priority: 0 };
  const id = `${process.pid}-${planned.number}`;
  const { token } = await issueOfferToken(
    ring,
    { token: `tok_${typeid().getSuffix()}`, ...promise },
    Date.now(),
  );
  const items = [{ token }];
  const body = planned.isOrder ? { items, paymentMethod: "sandbox_success" } : { items };
  return {
    ...planned,
    message: { id, isOrder: planned.isOrder, body },
    leavesMs: planned.dueMs,
    isWaiting: false,
    hasComeBack: false,
    wasCut: false,
    asksAgain: false,
    answer: undefined,
  };
}

function tell(news: News): void {
  process.send?.(news);
}

let crowd: Crowd | undefined;

async function obey(order: Order): Promise<void> {
  if ("job" in order) {
    crowd = new Crowd(order.job);
    await crowd.prepare((signed) => tell({ signed }));
    tell({ ready: true });
  } else if (crowd) tell({ told: await crowd.run() });
}

process.on("message", (order: Order) => {
  obey(order).catch((error: unknown) =>
    tell({ failed: error instanceof Error ? (error.stack ?? "") : String(error) }),
  );
});
process.on("disconnect", () => process.exit());

// Contenders over sockets: a change of stock to the last of many screens, beside one object that sends the same text.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { LIMITS } from "../../src/domain/limits.ts";
import type { SessionId } from "../../src/domain/ids.ts";
import { timed, type Contender, type Timed } from "./contender.ts";
import type { Runtime } from "./runtime.ts";

const OFFERS = 10;
const SOCKETS = 500;
const CONNECTING_AT_ONCE = 50;
const CHANGES = 3;
/** Longer than a tick: each change is shown at once and alone. */
const APART_MS = LIMITS.frameTickMs + 20;
/** Counts of viewers are frames, too: until no more come. */
const QUIET_MS = LIMITS.presenceTickMs + 3 * LIMITS.frameTickMs;
/** A screen that shows nothing by then never will. */
const SHOWN_WITHIN_MS = 10_000;
const GROUP = `one change to ${SOCKETS} sockets`;
const BARE = "bare broadcast";

/** Sockets that show how much stock there is. */
class Screens {
  readonly #sockets: WebSocket[] = [];
  #awaited = "";
  #missing = 0;
  #shown: () => void = () => undefined;
  /** The last text that came. */
  text = "";

  async open(url: string): Promise<void> {
    while (this.#sockets.length < SOCKETS) {
      const joining = Array.from({ length: CONNECTING_AT_ONCE }, () => new WebSocket(url));
      this.#sockets.push(...joining);
      for (const socket of joining) socket.on("message", (data: Buffer) => this.#take(data.toString()));
      await Promise.all(joining.map((socket) => once(socket, "open")));
    }
    await sleep(QUIET_MS);
  }

  /** Resolves when every screen shows so much stock. Called before the change is made. */
  show(stock: number): Promise<void> {
    this.#awaited = stockText(stock);
    this.#missing = SOCKETS;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.#missing} of ${SOCKETS} screens were not shown the change`)),
        SHOWN_WITHIN_MS,
      );
      this.#shown = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #take(text: string): void {
    if (!text.includes(this.#awaited)) return;
    this.text = text;
    this.#missing -= 1;
    if (this.#missing === 0) this.#shown();
  }
}

export function socketContenders(runtime: Runtime): Contender[] {
  let stock = 1_000;
  let opened: Promise<SessionId> | undefined;
  const relayed = new Screens();
  const bare = new Screens();

  const restock = (session: SessionId): Promise<unknown> =>
    runtime.call("/restock", { session, allocated: stock });
  /** What the relay sent last, with the stock there is now. */
  const broadcast = (): Promise<unknown> =>
    runtime.call("/broadcast", { text: relayed.text.replace(/\{"main":\d+\}/, stockText(stock)) });

  const open = async (): Promise<SessionId> => {
    const { session } = await runtime.call("/prepare", { offers: OFFERS, reservations: 1 });
    await Promise.all([
      relayed.open(`${runtime.socketUrl}${session}`),
      bare.open(`${runtime.socketUrl}bare`),
    ]);
    await change(relayed, () => restock(session));
    return session;
  };
  const change = async (screens: Screens, make: () => Promise<unknown>): Promise<number> => {
    await sleep(APART_MS);
    stock += 1;
    const shown = screens.show(stock);
    return (await timed(SOCKETS, () => Promise.all([shown, make()]))).ms;
  };
  const run = async (screens: Screens, make: (session: SessionId) => Promise<unknown>): Promise<Timed> => {
    const session = await (opened ??= open());
    // An object that slept meanwhile is woken by a change that is not counted.
    await change(screens, () => make(session));
    let ms = 0;
    for (let time = 0; time < CHANGES; time++) ms += await change(screens, () => make(session));
    return { operations: CHANGES * SOCKETS, ms };
  };
  return [
    contender(BARE, [], () => run(bare, broadcast)),
    contender("through session and relay", [BARE], () => run(relayed, restock)),
  ];
}

function contender(name: string, beside: readonly string[], run: Contender["run"]): Contender {
  return { group: GROUP, name, operation: "socket", beside, run };
}

function stockText(stock: number): string {
  return `{"main":${stock}}`;
}

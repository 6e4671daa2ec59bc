/**
 * Follows a session the best way there is: by socket; where none goes through, by event stream; else by asking again and
 * again. Comes again after every cut, from the last cursor on. Touches the network and timers.
 */
import { backoffMs, sleep } from "./backoff.ts";
import type { End, Message } from "./following.ts";
import { watchPage, whenSeen } from "./page.ts";
import { poll } from "./polling.ts";
import { MONITOR } from "./protocol.ts";
import { LiveSocket } from "./socket.ts";
import { followStream } from "./stream.ts";
import { DropcastError } from "./error.ts";
import type { Connection, Picture } from "./types.ts";
import type { ViewerTokens } from "./viewer-tokens.ts";

export interface FeedPorts {
  /** `{api}/v1/sessions/{session}` */
  readonly url: string;
  readonly tokens: ViewerTokens;
  /** The last cursor that is known. */
  readonly after: () => number | undefined;
  readonly isMonitor: boolean;
  /** False when the message builds on what is not known. */
  readonly take: (message: Message) => boolean;
  readonly picture: (picture: Picture) => void;
  readonly connection: (connection: Connection) => void;
  readonly missing: () => void;
}

/** One attempt may fail by chance; after two there may be a proxy that lets no socket through. */
const SOCKET_ATTEMPTS = 2;
/** One kept from a page before may be forgotten; a second that is not known comes from a page that is wrong. */
const TOKEN_ATTEMPTS = 2;
/** Who has no socket tries for one again after this, up to twice as long: networks change. */
const SOCKET_AGAIN_MS = 60_000;

interface Followed extends End {
  /** News came this way. */
  readonly opened: boolean;
  /** It was left to try for a better way. */
  readonly isPlanned: boolean;
}

export class Feed {
  readonly #ports: FeedPorts;
  readonly socket = new LiveSocket();
  #running: AbortController | undefined;
  /** Ends the connection, or the wait for the next. */
  #step = new AbortController();
  #unwatch: () => void = () => undefined;
  /** Where news was missing last: if it is so again, asking at once does not help. */
  #gapAt: number | undefined;
  /** Tokens in a row that the server did not know. */
  #rejected = 0;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  start(): void {
    const running = new AbortController();
    this.#running = running;
    this.#unwatch = watchPage(() => {
      this.socket.probe();
      if (!this.socket.isOpen) this.again();
    });
    this.#ports.connection("connecting");
    // It ends with the signal's reason when it is stopped.
    this.#run(running.signal).catch((error: unknown) => {
      if (!running.signal.aborted) throw error;
    });
  }

  stop(): void {
    this.#running?.abort();
    this.#unwatch();
  }

  /** Begins anew at once: the viewer is another, or there is reason to hope. */
  again(): void {
    this.#step.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let socketFailures = 0;
    let failures = 0;
    while (!signal.aborted) {
      let end = await this.#bySocket(signal);
      socketFailures = end.opened ? 0 : socketFailures + 1;
      if (end.opened) this.#rejected = 0;
      if (socketFailures >= SOCKET_ATTEMPTS && goesOn(end)) end = await this.#without(signal);
      if (!goesOn(end)) return this.#finish(end);
      failures = end.opened ? 0 : failures + 1;
      signal.throwIfAborted();
      if (!end.isPlanned) this.#ports.connection(failures >= SOCKET_ATTEMPTS ? "offline" : "connecting");
      if (end.isPlanned || this.#isFirstGap(end)) continue;
      const waitMs = Math.max((end.waitMs ?? 0) * (1 + Math.random() / 2), backoffMs(failures));
      await this.#limited(signal, (step) => sleep(waitMs, step)).catch(() => undefined);
    }
  }

  #finish({ why }: End): void {
    this.#unwatch();
    if (why === "missing") this.#ports.missing();
    this.#ports.connection("over");
  }

  #isFirstGap({ why }: End): boolean {
    if (why !== "gap") return false;
    const cursor = this.#ports.after();
    const isFirst = cursor === undefined || cursor !== this.#gapAt;
    this.#gapAt = cursor;
    return isFirst;
  }

  async #bySocket(signal: AbortSignal): Promise<Followed> {
    const token = await this.#ports.tokens.token().catch(() => undefined);
    if (token === undefined) return { why: "lost", opened: false, isPlanned: false };
    return this.#follow("socket", signal, (following) => this.socket.follow(token, following));
  }

  /** Where no socket goes through. */
  async #without(signal: AbortSignal): Promise<Followed> {
    const { tokens } = this.#ports;
    const token = await tokens.token().catch(() => undefined);
    const lasts = SOCKET_AGAIN_MS * (1 + Math.random());
    const stream = (as: string | undefined): Promise<Followed> =>
      this.#follow("stream", signal, (it) => followStream(as, it), lasts);
    let streamed = await stream(token);
    if (streamed.isUnknownViewer && token !== undefined) {
      tokens.reject(token);
      this.#rejected += 1;
      // Another token opens the socket; if not, anybody may watch.
      if (this.#rejected < TOKEN_ATTEMPTS) return streamed;
      streamed = await stream(undefined);
    }
    if (streamed.opened || !goesOn(streamed)) return streamed;
    const polled = await this.#follow("polling", signal, (it) => this.#poll(it), lasts);
    return { ...polled, waitMs: polled.waitMs ?? streamed.waitMs };
  }

  #poll(it: { url: string; opened: () => void; signal: AbortSignal }): Promise<End> {
    const { picture } = this.#ports;
    return poll({ ...it, picture, isSeen: () => whenSeen(it.signal), random: Math.random }).catch(endOf);
  }

  /** One way, until it ends or `lastsMs` are over. */
  async #follow(
    name: "socket" | "stream" | "polling",
    signal: AbortSignal,
    way: (following: Parameters<LiveSocket["follow"]>[1]) => Promise<End>,
    lastsMs?: number,
  ): Promise<Followed> {
    const { url, take, connection } = this.#ports;
    const query = (): string => this.#query();
    let opened = false;
    const open = (): void => {
      if (!opened && !signal.aborted) connection(name);
      opened = true;
    };
    let isPlanned = false;
    const end = await this.#limited(signal, (step, leave) => {
      const plan = (): void => {
        isPlanned = true;
        leave();
      };
      const timer = lastsMs === undefined ? undefined : setTimeout(plan, lastsMs);
      return way({ url, query, take, opened: open, signal: step }).finally(() => clearTimeout(timer));
    });
    return { ...end, opened, isPlanned: isPlanned && opened };
  }

  #query(): string {
    const { isMonitor, after } = this.#ports;
    return `${isMonitor ? `as=${MONITOR}&` : ""}after=${after() ?? ""}`;
  }

  /** Runs a step that `again` and `stop` can end; none where it is stopped already: another run may be under way by now. */
  async #limited<T>(
    signal: AbortSignal,
    run: (step: AbortSignal, leave: () => void) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    this.#step = new AbortController();
    const { signal: step } = this.#step;
    return run(AbortSignal.any([signal, step]), () => this.#step.abort());
  }
}

function goesOn({ why }: End): boolean {
  return why === "lost" || why === "gap";
}

/** Why polling ended, as an end. */
function endOf(error: unknown): End {
  if (!(error instanceof DropcastError)) return { why: "lost" };
  if (error.code === "session_not_found") return { why: "missing" };
  return { why: "lost", waitMs: error.retryAfterMs };
}

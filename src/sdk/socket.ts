/** The session's socket: messages down, taps up. One connection at a time; coming again is the feed's. Touches WebSocket. */
import type { End, Following } from "./following.ts";
import { BEARER_SUBPROTOCOL, CLOSE, messageOf, PING, SUBPROTOCOL } from "./protocol.ts";

/** A handshake or a sign of life that takes longer does not come. */
const PATIENCE_MS = 10_000;
/** Nor when there is reason to doubt that it would. */
const PROBE_MS = 3_000;
/** As the server asks for it, see /docs/live; between two pings everything that comes is a sign of life as well. */
const PING_MS = 20_000;
/** Who sent too much is counted anew after the server's window. */
const FLOOD_MS = 10_000;

export class LiveSocket {
  #socket: WebSocket | undefined;
  #isOpen = false;
  #token = "";
  #check: ReturnType<typeof setTimeout> | undefined;
  /** Ends the connection there is. */
  #leave: () => void = () => undefined;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether taps of the viewer with this token can go this way now. */
  isOpenFor(token: string): boolean {
    return this.#isOpen && this.#token === token;
  }

  /** False when there is no open socket. */
  send(text: string): boolean {
    if (!this.#isOpen) return false;
    this.#socket?.send(text);
    return true;
  }

  /** The tab is back, or the network: what the socket missed it does not say by itself. */
  probe(): void {
    if (this.#isOpen) this.#ping(PROBE_MS);
  }

  /** Connects, and resolves when it is over. Never rejects. */
  follow(token: string, following: Following): Promise<End> {
    const { url, query, signal } = following;
    const address = `${url.replace(/^http/, "ws")}/live?${query()}`;
    return new Promise((resolve) => {
      const socket = connection(address, token);
      if (!socket) return resolve({ why: "lost" });
      const leave = (): void => end({ why: "lost" });
      const end = (how: End): void => {
        if (this.#socket !== socket) return;
        this.#socket = undefined;
        this.#isOpen = false;
        clearTimeout(this.#check);
        signal.removeEventListener("abort", leave);
        socket.close();
        resolve(how);
      };
      this.#socket = socket;
      this.#token = token;
      this.#leave = leave;
      this.#expectLife();
      signal.addEventListener("abort", leave);
      if (signal.aborted) leave();
      socket.addEventListener("close", ({ code }) => end(endOf(code)));
      socket.addEventListener("message", ({ data }) => {
        if (this.#socket !== socket) return;
        const message = messageOf(data);
        if (!message) return leave();
        if (!this.#isOpen) {
          this.#isOpen = true;
          following.opened();
        }
        this.#alive();
        if (!following.take(message)) end({ why: "gap" });
      });
    });
  }

  #ping(patienceMs = PATIENCE_MS): void {
    this.#socket?.send(PING);
    this.#expectLife(patienceMs);
  }

  #expectLife(patienceMs = PATIENCE_MS): void {
    clearTimeout(this.#check);
    this.#check = setTimeout(() => this.#leave(), patienceMs);
  }

  #alive(): void {
    clearTimeout(this.#check);
    this.#check = setTimeout(() => this.#ping(), PING_MS);
  }
}

/** Undefined where there are no sockets, or the page's policy forbids this one. */
function connection(address: string, token: string): WebSocket | undefined {
  try {
    return new WebSocket(address, [SUBPROTOCOL, `${BEARER_SUBPROTOCOL}${token}`]);
  } catch {
    return undefined;
  }
}

function endOf(code: number): End {
  switch (code) {
    case CLOSE.unknown:
      return { why: "missing" };
    case CLOSE.over:
      return { why: "over" };
    case CLOSE.flood:
    case CLOSE.faults:
      return { why: "lost", waitMs: FLOOD_MS };
    default:
      return { why: "lost" };
  }
}

// A viewer's ways to the server under load: one raw socket that comes back when it is cut, or HTTP over kept-alive
// connections. What has no answer when a way is lost is sent again under the same id.
import { setTimeout as sleep } from "node:timers/promises";
import { textFrame } from "../bench/load/frames.ts";
import { RawHttp, requestOf } from "../bench/load/http.ts";
import { RawSocket } from "../bench/load/socket.ts";

/** What a viewer sends: `path` for HTTP, `type` for the socket. */
export interface Message {
  readonly id: string;
  readonly isOrder: boolean;
  readonly body: { readonly items: readonly { readonly token: string }[]; readonly paymentMethod?: string };
}

export interface Answer {
  readonly id: string;
  /** What was acknowledged, or the code of the refusal. */
  readonly kind: string;
  readonly status: number;
  /** Id of what was acknowledged. */
  readonly about?: string;
  readonly retryAfterMs?: number;
}

export interface Line {
  send(message: Message): void;
  end(): void;
}

/** Who a line belongs to, and where what comes of it goes. */
export interface LineOptions {
  readonly url: string;
  readonly session: string;
  readonly token: string;
  readonly answered: (answer: Answer) => void;
  /** The server's end of the line went away; why, in words. */
  readonly lost: (reason: string) => void;
}

interface Said {
  readonly id?: string;
  /** A reservation's own answer has it whole, an order has its id. */
  readonly reservation?: { readonly id: string } | string;
  readonly code?: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
}

function answerOf(id: string, isOk: boolean, said: Said): Answer {
  if (!isOk) {
    const { code = "no code", status = 0, retryAfterMs } = said;
    return { id, kind: code, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  const { reservation, id: order = "" } = said;
  if (typeof reservation === "object") return { id, kind: "reserved", status: 201, about: reservation.id };
  return { id, kind: "ordered", status: 201, about: order };
}

const BACK_AFTER_MS = 200;
const TRIES = 20;
/** `{"type":"` comes before the first letter of what a message is. */
const TYPE_AT = 9;
const ACK = "a".charCodeAt(0);
const ERROR = "e".charCodeAt(0);

export class SocketLine implements Line {
  readonly #options: LineOptions;
  #socket: RawSocket | undefined;
  readonly #unanswered = new Map<string, Message>();
  #isOver = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  async connect(): Promise<void> {
    const { url, session, token } = this.#options;
    const headers = { "Sec-WebSocket-Protocol": "dropcast.v1", Authorization: `Bearer ${token}` };
    const socket = await RawSocket.open(`${url.replace("http", "ws")}/v1/sessions/${session}/live`, headers);
    socket.onText = (bytes, start, end) => this.#read(bytes, start, end);
    socket.onEnd = (reason) => {
      this.#options.lost(reason);
      this.#comeBack();
    };
    this.#socket = socket;
    for (const message of this.#unanswered.values()) this.#write(message);
  }

  send(message: Message): void {
    this.#unanswered.set(message.id, message);
    this.#write(message);
  }

  /** As in a tunnel: whatever was on its way is lost, and the viewer comes back. Gives what had no answer yet. */
  cut(): string[] {
    if (!this.#socket) return [];
    this.#socket.end();
    this.#comeBack();
    return [...this.#unanswered.keys()];
  }

  end(): void {
    this.#isOver = true;
    this.#socket?.end();
  }

  #write({ id, isOrder, body }: Message): void {
    this.#socket?.send(textFrame(JSON.stringify({ type: isOrder ? "order" : "reserve", id, ...body })));
  }

  #comeBack(): void {
    this.#socket = undefined;
    void this.#connectAgain();
  }

  async #connectAgain(): Promise<void> {
    for (let attempt = 0; attempt < TRIES && !this.#isOver; attempt++) {
      await sleep(BACK_AFTER_MS * (1 + Math.random()));
      try {
        return await this.connect();
      } catch (error) {
        this.#options.lost(String(error).slice(0, 200));
      }
    }
  }

  /** Frames, snapshots and notices are for eyes; they are not even parsed. */
  #read(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start + TYPE_AT];
    if (type !== ACK && type !== ERROR) return;
    const said = JSON.parse(bytes.toString("utf8", start, end)) as {
      id?: string;
      result?: Said;
      problem?: Said;
    };
    if (said.id === undefined || said.id === null) return this.#options.lost(`error: ${said.problem?.code}`);
    this.#unanswered.delete(said.id);
    this.#options.answered(answerOf(said.id, type === ACK, said.result ?? said.problem ?? {}));
  }
}

/** Connections that wait for their next request, shared by all viewers of a process. */
const idle: RawHttp[] = [];

export class HttpLine implements Line {
  readonly #options: LineOptions;
  #isOver = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  send(message: Message): void {
    void this.#request(message);
  }

  end(): void {
    this.#isOver = true;
    for (const http of idle.splice(0)) http.end();
  }

  async #request(message: Message): Promise<void> {
    const { url, session, token, answered, lost } = this.#options;
    const { id, isOrder, body } = message;
    const http = idle.pop() ?? (await RawHttp.open(url));
    http.onAnswer = (status, bytes, start, end) => {
      if (this.#isOver) http.end();
      else idle.push(http);
      const said = JSON.parse(bytes.toString("utf8", start, end)) as Said;
      answered(answerOf(id, status === 201, said));
    };
    http.onEnd = (reason) => {
      const at = idle.indexOf(http);
      if (at >= 0) return void idle.splice(at, 1);
      lost(reason);
      if (!this.#isOver) this.send(message);
    };
    const headers = { Authorization: `Bearer ${token}`, "Idempotency-Key": id };
    const path = `${url}/v1/sessions/${session}/${isOrder ? "orders" : "reservations"}`;
    http.send(requestOf("POST", path, headers, JSON.stringify(body)));
  }
}

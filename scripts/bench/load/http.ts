// One kept-alive HTTP/1.1 connection of the load: requests that were made before, answers read by their length.
import { connect, type Socket } from "node:net";

/** An answer's status and where its body lies; valid until the call returns. */
export type OnAnswer = (status: number, bytes: Buffer, start: number, end: number) => void;

export class RawHttp {
  readonly #socket: Socket;
  #rest: Buffer | undefined;
  onAnswer: OnAnswer = () => undefined;
  onEnd: (reason: string) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("close", () => this.onEnd("the connection is gone"));
    socket.on("error", () => undefined);
  }

  static open(url: string): Promise<RawHttp> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.removeAllListeners();
        resolve(new RawHttp(socket));
      });
    });
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  end(): void {
    this.onEnd = () => undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const end = this.#answer(bytes);
      if (end === undefined) break;
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes.length > 0 ? bytes : undefined;
  }

  /** Takes one answer; gives where it ends, or undefined when it is not all there yet. */
  #answer(bytes: Buffer): number | undefined {
    const headEnd = bytes.indexOf("\r\n\r\n");
    if (headEnd < 0) return undefined;
    const head = bytes.toString("latin1", 0, headEnd);
    const status = Number(head.slice(9, 12));
    const start = headEnd + 4;
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const hasBody = status !== 304 && status !== 204;
    const end = !hasBody ? start : length === undefined ? endOfChunks(bytes, start) : start + Number(length);
    if (end === undefined || bytes.length < end) return undefined;
    this.onAnswer(status, bytes, start, end);
    return end;
  }
}

/** Where a chunked body ends (RFC 9112 §7.1), trailers not expected. */
function endOfChunks(bytes: Buffer, start: number): number | undefined {
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    at = lineEnd + 2 + size + 2;
    if (bytes.length < at) return undefined;
    if (size === 0) return at;
  }
}

/** A request's bytes. */
export function requestOf(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Buffer {
  const { pathname, search, host } = new URL(url);
  const all = {
    Host: host,
    ...(body === ""
      ? {}
      : { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}

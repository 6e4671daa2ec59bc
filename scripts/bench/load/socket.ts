// One raw WebSocket of the load: opened over TCP, written to with frames that were made before, read with as little
// work as there can be.
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { FrameReader, type OnText } from "./frames.ts";

const OPENED_WITHIN_MS = 20_000;

export class RawSocket {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  /** Gets every text; set it before the first is sent for. */
  onText: OnText = () => undefined;
  /** After all texts of one read. */
  onRead: () => void = () => undefined;
  onEnd: (reason: string) => void = () => undefined;

  private constructor(socket: Socket, first: Buffer) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("close", () => this.onEnd(this.#reader.closed ?? "the connection is gone"));
    socket.on("error", () => undefined);
    // What came with the upgrade is read once the owner has said where to.
    if (first.length > 0) queueMicrotask(() => this.#take(first));
  }

  /** Resolves after the 101; anything else is an error. */
  static open(url: string, headers: Readonly<Record<string, string>>): Promise<RawSocket> {
    const { hostname, port, pathname, search, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      const timer = setTimeout(() => fail("no upgrade in time"), OPENED_WITHIN_MS);
      const fail = (reason: string): void => {
        clearTimeout(timer);
        socket.destroy();
        reject(new Error(`${url}: ${reason}`));
      };
      let head = Buffer.alloc(0);
      const onData = (chunk: Buffer): void => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!head.toString("latin1", 0, 12).startsWith("HTTP/1.1 101"))
          return fail(head.toString("utf8", 0, 400));
        clearTimeout(timer);
        socket.removeAllListeners();
        resolve(new RawSocket(socket, head.subarray(end + 4)));
      };
      socket.on("data", onData);
      socket.on("error", (error) => fail(error.message));
      socket.on("close", () => fail("closed before the upgrade"));
      const lines = Object.entries({
        Host: host,
        Upgrade: "websocket",
        Connection: "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
        ...headers,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
    });
  }

  send(frame: Buffer): void {
    this.#socket.write(frame);
  }

  /** At once, without the closing handshake. */
  end(): void {
    this.onEnd = () => undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#reader.read(chunk, this.onText);
    this.onRead();
    if (this.#reader.closed !== undefined) this.#socket.destroy();
  }
}

// Stands between a client and the real server as a network does: cuts sockets, lets some things not through, loses answers.
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

export interface Between {
  readonly url: string;
  /** What is not let through. */
  readonly blocked: Set<"sockets" | "streams" | "all">;
  /** Of the next request whose path ends so the answer is lost. */
  loses: string | undefined;
  /** Ends every connection there is, in the middle of whatever goes over it. */
  cut(): void;
}

export async function between(server: string): Promise<Between> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket | Duplex>();
  const blocked: Between["blocked"] = new Set();
  const proxy = createServer(pass).on("upgrade", upgrade);
  proxy.on("connection", (socket) => open.add(socket.once("close", () => open.delete(socket))));
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const cut = (): void => open.forEach((socket) => void socket.destroy());
  onTestFinished(() => {
    cut();
    proxy.close();
  });
  const network: Between = {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    blocked,
    loses: undefined,
    cut,
  };
  return network;

  function pass(asked: IncomingMessage, answer: ServerResponse): void {
    const isStream = asked.headers.accept === "text/event-stream";
    if (blocked.has("all") || (isStream && blocked.has("streams"))) return void asked.socket.destroy();
    const { method, url: path, headers } = asked;
    const onward = request({ hostname, port, method, path, headers }, (reply) => {
      if (network.loses !== undefined && path?.endsWith(network.loses)) {
        network.loses = undefined;
        reply.resume().on("end", () => asked.socket.destroy());
        return;
      }
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer).on("close", () => onward.destroy());
    });
    onward.on("error", () => asked.socket.destroy());
    asked.pipe(onward);
  }

  function upgrade(asked: IncomingMessage, down: Duplex, head: Buffer): void {
    if (blocked.has("all") || blocked.has("sockets")) return void down.destroy();
    const up = connect(Number(port), hostname, () => {
      const headers = asked.rawHeaders
        .map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`))
        .join("");
      up.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${headers}\r\n`);
      up.write(head);
      up.pipe(down).pipe(up);
    });
    up.on("error", () => down.destroy());
    down.on("error", () => up.destroy());
    down.on("close", () => up.destroy());
  }
}

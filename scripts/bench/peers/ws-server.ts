// A fan-out peer: Node's `ws`, which frames every text for every socket. A change comes by POST, as it does elsewhere.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { onChange, type Manner } from "./broadcast.ts";

const [manner = "each", text = ""] = process.argv.slice(2);

const change = onChange(manner as Manner, text, (frame) => {
  const bytes = Buffer.from(frame);
  for (const socket of sockets.clients) socket.send(bytes, { binary: false });
});

const server = createServer((request, response) => {
  change(Number((request.url ?? "").slice(1)));
  response.end();
});
const sockets = new WebSocketServer({
  server,
  perMessageDeflate: false,
  handleProtocols: (offered) => [...offered][0] ?? false,
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));

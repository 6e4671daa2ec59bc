// A peer's server for taps: Node's own HTTP and `ws`, with one of the stores behind. Its port and its words go to the
// process that started it.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import type { SessionId, ViewerId } from "../../../src/domain/ids.ts";
import { loadKeys } from "../../../src/token/keys.ts";
import { verifyViewerToken } from "../../../src/token/viewer-token.ts";
import { DROP } from "../traffic.ts";
import { postgresStore } from "./postgres-store.ts";
import { redisStore } from "./redis-store.ts";
import { tap, type Reserved, type Store } from "./tap.ts";

const [kind = "", storeSocket = ""] = process.argv.slice(2);
const ring = await loadKeys(process.env["TOKEN_KEYS"] ?? "");
const store: Store = kind === "redis" ? await redisStore(storeSocket) : postgresStore(storeSocket, DROP);

/** Viewers whose token was verified: a viewer's next tap need not wait for it again. */
const viewers = new Map<string, { viewer: ViewerId; untilMs: number }>();
const VIEWERS_KEPT = 10_000;
const VIEWER_KEPT_MS = 60_000;

async function viewerOf(request: IncomingMessage): Promise<ViewerId | undefined> {
  const token = request.headers.authorization?.slice("Bearer ".length) ?? "";
  const nowMs = Date.now();
  const known = viewers.get(token);
  if (known && nowMs < known.untilMs) return known.viewer;
  const verified = await verifyViewerToken(ring, token, nowMs);
  if (!verified.ok) return undefined;
  if (viewers.size >= VIEWERS_KEPT) viewers.clear();
  viewers.set(token, { viewer: verified.claims.viewer, untilMs: nowMs + VIEWER_KEPT_MS });
  return verified.claims.viewer;
}

const sessionOf = (request: IncomingMessage): SessionId => (request.url ?? "").slice(1) as SessionId;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const viewer = await viewerOf(request);
  const id = request.headers["idempotency-key"];
  if (viewer === undefined || typeof id !== "string") return void response.writeHead(401).end();
  const body = JSON.parse(Buffer.concat(chunks).toString()) as { items?: unknown };
  const reserved = await tap(store, ring, { session: sessionOf(request), viewer, id }, body.items);
  const [status, text] =
    "answer" in reserved ? [201, `{"reservation":${reserved.answer}}`] : [409, JSON.stringify(reserved)];
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
});

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on("upgrade", (request, stream, head) => {
  void viewerOf(request).then((viewer) => {
    if (viewer === undefined) return void stream.destroy();
    sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, sessionOf(request), viewer));
  });
});

function serve(socket: WebSocket, session: SessionId, viewer: ViewerId): void {
  socket.on("message", (data: Buffer) => {
    const { id = "", items } = JSON.parse(data.toString()) as { id?: string; items?: unknown };
    void tap(store, ring, { session, viewer, id }, items)
      .catch((error: unknown): Reserved => ({ refused: String(error) }))
      .then((reserved) => socket.send(textOf(id, reserved)));
  });
}

function textOf(id: string, reserved: Reserved): string {
  return "answer" in reserved
    ? `{"type":"ack","id":"${id}","replayed":false,"result":{"reservation":${reserved.answer},"shortfall":[]}}`
    : JSON.stringify({ type: "error", id, code: reserved.refused });
}

/** Steps that are not measured. */
process.on("message", (asked: { open: number } | { missing: string[] } | { count: true }) => {
  const work: Promise<unknown> =
    "open" in asked
      ? store.open(asked.open)
      : "missing" in asked
        ? store.missing(asked.missing)
        : store.count();
  work.then(
    (done) => process.send?.({ done: done ?? null }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on("disconnect", () => process.exit());

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));

/**
 * `Relay`: holds viewers' sockets, many relays per session. Shows every socket the same frames, takes taps up in
 * batches, reports how many watch. Keeps nothing on disk: what it needs it asks the session for.
 */
import { DurableObject } from "cloudflare:workers";
import type { Envelope } from "../domain/commands.ts";
import type { OrderId, SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { loadKeys } from "../token/keys.ts";
import { isoOf, toWire } from "../wire/instants.ts";
import { CLOSE, SUBPROTOCOL } from "../wire/live.ts";
import { problemOf } from "../wire/problems.ts";
import { VIEWER_HEADER, type TapOutcome } from "./client.ts";
import type { Push } from "./fanout.ts";
import type { Notice } from "./notices.ts";
import { sessionOfRelay } from "./placement.ts";
import { RelayPicture } from "./relay-picture.ts";
import { isRetryable } from "./retry.ts";
import type { LiveSession } from "./session.ts";
import { SocketGuard } from "./socket-guard.ts";
import { answerTap, errorText } from "./socket-taps.ts";
import { TapBatcher } from "./tap-batcher.ts";
import { Ticker } from "./ticker.ts";

/** The bindings the object needs. */
export interface RelayEnv {
  readonly LIVE_SESSION: DurableObjectNamespace<LiveSession>;
  readonly TOKEN_KEYS: string;
}

/** The Worker's own entrypoint that takes payments; a relay places orders and leaves their money to it. */
interface Exports {
  readonly Checkout: { settle(session: SessionId, order: OrderId): Promise<void> };
}

/** Kept with a socket through hibernation. */
interface Attachment {
  readonly viewer: ViewerId | null;
}

export class Relay extends DurableObject<RelayEnv> {
  readonly #session: SessionId;
  readonly #batcher = new TapBatcher((batch) => this.#execute(batch));
  readonly #guards = new WeakMap<WebSocket, SocketGuard>();
  readonly #frames = new Ticker(LIMITS.frameTickMs, () => this.#broadcast());
  readonly #presence = new Ticker(LIMITS.presenceTickMs, () => void this.#reportPresence());
  #picture: RelayPicture | undefined;
  #subscribing: Promise<boolean> | undefined;
  /** Upgrades on their way: a push that comes meanwhile is not for nobody. */
  #joining = 0;
  /** Sockets from before this object slept have an unknown cursor: they get a snapshot before any frame. */
  readonly #stale: Set<WebSocket>;

  constructor(ctx: DurableObjectState, env: RelayEnv) {
    super(ctx, env);
    this.#session = sessionOfRelay(ctx.id.name ?? "");
    this.#stale = new Set(ctx.getWebSockets());
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('{"type":"ping"}', '{"type":"pong"}'));
  }

  /** A viewer's tap that came by HTTP; goes the way of those from sockets. */
  tap(envelope: Envelope): Promise<TapOutcome> {
    return this.#batcher.tap(envelope);
  }

  /** From the session: what changed. Answers where it is now; undefined when nobody watches. */
  async push({ change, viewers, notices }: Push): Promise<{ cursor: number; viewers: number } | undefined> {
    if (this.#viewers() === 0 && this.#joining === 0) {
      this.#picture = undefined;
      return undefined;
    }
    if (!this.#picture?.take(change, viewers)) {
      if (!(await this.#subscribe())) return undefined;
      // The picture may be older than this change, if it was asked for before.
      this.#picture?.take(change, viewers);
    }
    this.#frames.request();
    for (const notice of notices) this.#notify(notice);
    return { cursor: this.#picture?.knownCursor ?? 0, viewers: this.#viewers() };
  }

  /** The upgrade, passed on by the edge with the viewer it has verified. */
  override async fetch(request: Request): Promise<Response> {
    if (this.#isFullFor(request.headers.get(VIEWER_HEADER))) {
      return closedAtOnce(CLOSE.resume, "relay is full", request);
    }
    if (!(await this.#joined())) return closedAtOnce(CLOSE.unknown, "no such session", request);
    const viewer = request.headers.get(VIEWER_HEADER) as ViewerId | null;
    const cursor = cursorOf(request);
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    this.ctx.acceptWebSocket(server, viewer === null ? [] : [viewer]);
    server.serializeAttachment({ viewer } satisfies Attachment);
    const nowMs = Date.now();
    server.send(JSON.stringify({ type: "welcome", session: this.#session, viewer, serverAt: isoOf(nowMs) }));
    if (this.#picture) server.send(this.#picture.catchUp(cursor, nowMs));
    this.#presence.request();
    return switching(client, request);
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const guard = this.#guardOf(socket);
    const nowMs = Date.now();
    const requestId = crypto.randomUUID();
    const verdict = guard.check(message, nowMs);
    if (!verdict.pass || typeof message !== "string") {
      const code = verdict.pass ? "frame_binary" : verdict.problem;
      send(socket, errorText(null, problemOf(code, { requestId })));
      if (!verdict.pass && verdict.close !== undefined) close(socket, verdict.close, code);
      return;
    }
    const { viewer } = socket.deserializeAttachment() as Attachment;
    const { text, fault } = await answerTap(message, {
      session: this.#session,
      viewer: viewer ?? undefined,
      ring: await loadKeys(this.env.TOKEN_KEYS),
      requestId,
      nowMs,
      tap: (envelope) => this.#batcher.tap(envelope),
      settle: (order) => this.#settle(order),
    });
    send(socket, text);
    if (fault && guard.fault()) close(socket, CLOSE.faults, "too many messages that were not valid");
  }

  override webSocketClose(): void {
    this.#presence.request();
  }

  override webSocketError(): void {
    this.#presence.request();
  }

  /** A viewer has a few sockets, not all; a part is kept for those who say who they are. */
  #isFullFor(viewer: string | null): boolean {
    const sockets = this.ctx.getWebSockets().length;
    if (viewer === null) return sockets >= LIMITS.anonymousSocketsPerRelay;
    return (
      sockets >= LIMITS.socketsPerRelay || this.ctx.getWebSockets(viewer).length >= LIMITS.socketsPerViewer
    );
  }

  async #joined(): Promise<boolean> {
    this.#joining += 1;
    try {
      return this.#picture !== undefined || (await this.#subscribe());
    } finally {
      this.#joining -= 1;
    }
  }

  /** Sockets that are open; one that is closing no longer watches. */
  #viewers(): number {
    let viewers = 0;
    for (const socket of this.ctx.getWebSockets()) if (socket.readyState === WebSocket.OPEN) viewers += 1;
    return viewers;
  }

  #guardOf(socket: WebSocket): SocketGuard {
    const guard = this.#guards.get(socket) ?? new SocketGuard();
    this.#guards.set(socket, guard);
    return guard;
  }

  /** The same bytes for every socket, but for those whose cursor was lost in sleep. */
  #broadcast(): void {
    const nowMs = Date.now();
    const frame = this.#picture?.nextFrame(nowMs);
    if (!this.#picture || (frame === undefined && this.#stale.size === 0)) return;
    const snapshot = this.#stale.size > 0 ? this.#picture.snapshot(nowMs) : undefined;
    for (const socket of this.ctx.getWebSockets()) {
      const text = this.#stale.has(socket) ? snapshot : frame;
      if (text !== undefined) send(socket, text);
    }
    this.#stale.clear();
  }

  #notify({ viewer, order, reservation }: Notice): void {
    const text = JSON.stringify({
      type: "notice",
      ...(order ? { order: toWire(order) } : {}),
      ...(reservation ? { reservation: toWire(reservation) } : {}),
    });
    for (const socket of this.ctx.getWebSockets(viewer)) send(socket, text);
  }

  #settle(order: OrderId): void {
    const { Checkout } = this.ctx.exports as unknown as Exports;
    this.ctx.waitUntil(Checkout.settle(this.#session, order));
  }

  /** Asks the session for the picture and to be told of changes; one question however many ask. */
  #subscribe(): Promise<boolean> {
    this.#subscribing ??= this.#askForPicture().finally(() => (this.#subscribing = undefined));
    return this.#subscribing;
  }

  async #askForPicture(): Promise<boolean> {
    const subscription = await this.#stub().subscribe(
      this.ctx.id.name ?? "",
      this.ctx.getWebSockets().length,
    );
    if (!subscription) return false;
    // Sockets already here were shown something before: they start over from a snapshot of the new picture.
    for (const socket of this.ctx.getWebSockets()) this.#stale.add(socket);
    this.#picture = new RelayPicture(subscription);
    if (this.#stale.size > 0) this.#frames.request();
    return true;
  }

  async #reportPresence(): Promise<void> {
    const viewers = this.#viewers();
    const name = this.ctx.id.name ?? "";
    try {
      if (viewers === 0) {
        this.#picture = undefined;
        await this.#stub().unsubscribe(name);
      } else if (!(await this.#stub().presence(name, viewers))) {
        await this.#subscribe();
      }
    } catch {
      // The next count corrects this one; a session that resets asks its relays anew.
    }
  }

  /** A batch may be sent again: its commands have ids. */
  async #execute(batch: readonly Envelope[]): ReturnType<LiveSession["execute"]> {
    try {
      return await this.#stub().execute(batch);
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await scheduler.wait(Math.random() * LIMITS.retryJitterMs);
      return this.#stub().execute(batch);
    }
  }

  #stub(): DurableObjectStub<LiveSession> {
    return this.env.LIVE_SESSION.getByName(this.#session);
  }
}

/** `?after=`: the last cursor the client has; anything but a whole number is none. */
function cursorOf(request: Request): number | undefined {
  const after = new URL(request.url).searchParams.get("after");
  return after !== null && /^\d{1,15}$/.test(after) ? Number(after) : undefined;
}

/** Chooses our subprotocol when it was offered; the one with the token in it is never echoed. */
function switching(client: WebSocket, request: Request): Response {
  const offered = (request.headers.get("Sec-WebSocket-Protocol") ?? "")
    .split(",")
    .map((protocol) => protocol.trim());
  const headers = offered.includes(SUBPROTOCOL) ? { "Sec-WebSocket-Protocol": SUBPROTOCOL } : undefined;
  return new Response(null, { status: 101, webSocket: client, ...(headers ? { headers } : {}) });
}

/** Browsers hide why an upgrade failed, but not a close code. */
function closedAtOnce(code: number, reason: string, request: Request): Response {
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
  server.accept();
  server.close(code, reason);
  return switching(client, request);
}

/** Sending to a socket that is closing throws; it will be gone from the list next time. */
function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // Benign: the peer left between the list and the send.
  }
}

function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // Benign: closed already.
  }
}

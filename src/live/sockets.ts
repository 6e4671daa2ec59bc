/**
 * A relay's sockets: lets them in, shows all the same text, sees to those that lag or do not read. Touches the object's
 * hibernatable sockets, nothing else.
 */
import type { ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { CLOSE, SUBPROTOCOL } from "../wire/live.ts";
import { notReading, type Reader } from "./readers.ts";
import { SocketGuard } from "./socket-guard.ts";

/** Kept with a socket through hibernation. */
interface Attachment {
  readonly viewer: ViewerId | null;
  /** When the token runs out by which the viewer is known; a version before this one does not say. */
  readonly expiresAtMs?: number;
  /** A monitor's; a version before this one does not say. */
  readonly isMonitor?: boolean;
}

/** One socket and what is known of it. */
export interface Seat extends Reader {
  readonly socket: WebSocket;
  readonly viewer: ViewerId | undefined;
  readonly expiresAtMs: number;
  readonly isMonitor: boolean;
  readonly guard: SocketGuard;
}

export class Sockets {
  readonly #ctx: DurableObjectState;
  readonly #seats = new Map<WebSocket, Seat>();
  /** Sockets that get something of their own instead of the next frame, with the cursor they have, if any. */
  readonly #late = new Map<Seat, number | undefined>();
  /** Text sent to everybody so far. */
  #sent = 0;
  #monitors = 0;
  #lookedAtMs = 0;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    const nowMs = Date.now();
    for (const socket of ctx.getWebSockets()) {
      // Sockets from before this object slept have an unknown cursor: they get a snapshot before any frame.
      if (socket.readyState === WebSocket.OPEN)
        this.#late.set(this.#seat(socket, attachmentOf(socket), nowMs), undefined);
    }
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('{"type":"ping"}', '{"type":"pong"}'));
  }

  get size(): number {
    return this.#seats.size;
  }

  /** How many of them are no viewer's. */
  get monitors(): number {
    return this.#monitors;
  }

  /** Who is there, of those who are counted and say who they are. */
  *viewers(): Generator<ViewerId> {
    for (const { viewer, isMonitor } of this.#seats.values())
      if (viewer !== undefined && !isMonitor) yield viewer;
  }

  /** Whether somebody waits for the next frame who needs another. */
  get isAnyLate(): boolean {
    return this.#late.size > 0;
  }

  /** A part is kept for those who say who they are. */
  isFullFor(viewer: ViewerId | undefined): boolean {
    return this.size >= (viewer === undefined ? LIMITS.anonymousSocketsPerRelay : LIMITS.socketsPerRelay);
  }

  /** A viewer has a few sockets, not all. */
  hasEnough(viewer: ViewerId): boolean {
    return this.#ctx.getWebSockets(viewer).length >= LIMITS.socketsPerViewer;
  }

  accept(socket: WebSocket, attachment: Attachment, nowMs: number): Seat {
    const { viewer } = attachment;
    this.#ctx.acceptWebSocket(socket, viewer === null ? [] : [viewer]);
    socket.serializeAttachment(attachment);
    return this.#seat(socket, attachment, nowMs);
  }

  /** Undefined for one that was closed from here: until the other side agrees it may go on sending. */
  seatOf(socket: WebSocket): Seat | undefined {
    return this.#seats.get(socket);
  }

  /** A seat that has `cursor` gets what it lacks with the next frame, and nothing before. */
  awaits(seat: Seat, cursor: number | undefined): void {
    this.#late.set(seat, cursor);
  }

  /** The same text for all but those who are late. Gives how many it went to. */
  broadcast(frame: string | undefined, catchUp: (cursor: number | undefined) => string): number {
    if (frame === undefined) {
      const late = this.#late.size;
      for (const [seat, cursor] of this.#late) send(seat.socket, catchUp(cursor));
      this.#late.clear();
      return late;
    }
    for (const seat of this.#seats.values()) {
      const isLate = this.#late.size > 0 && this.#late.has(seat);
      send(seat.socket, isLate ? catchUp(this.#late.get(seat)) : frame);
    }
    this.#late.clear();
    this.#sent += frame.length;
    return this.#seats.size;
  }

  sendTo(viewer: ViewerId, text: string): void {
    for (const socket of this.#ctx.getWebSockets(viewer)) send(socket, text);
  }

  /** Drops sockets that do not read, now and then. Gives how many. */
  dropUnread(nowMs: number): number {
    if (nowMs - this.#lookedAtMs < LIMITS.readersLookMs) return 0;
    this.#lookedAtMs = nowMs;
    const lifeOf = ({ socket, aliveAtMs }: Seat): number =>
      Math.max(aliveAtMs, this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0);
    const dropped = notReading(this.#seats.values(), { sent: this.#sent, nowMs, lifeOf });
    for (const { socket } of dropped)
      this.close(socket, CLOSE.resume, "no sign of life: send a ping now and then");
    return dropped.length;
  }

  /** A message came: the socket's reader lives. */
  heard(seat: Seat, nowMs: number): void {
    seat.aliveAtMs = nowMs;
    seat.sentBefore = this.#sent;
  }

  /** It no longer counts from now on, whenever the other side agrees. */
  close(socket: WebSocket, code: number, reason: string): void {
    this.gone(socket);
    try {
      socket.close(code, reason);
    } catch {
      // Benign: closed already.
    }
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.#seats.keys()) this.close(socket, code, reason);
  }

  gone(socket: WebSocket): void {
    const seat = this.#seats.get(socket);
    if (!seat) return;
    this.#late.delete(seat);
    this.#seats.delete(socket);
    if (seat.isMonitor) this.#monitors -= 1;
  }

  #seat(socket: WebSocket, { viewer, expiresAtMs, isMonitor = false }: Attachment, nowMs: number): Seat {
    const seat: Seat = {
      socket,
      viewer: viewer ?? undefined,
      expiresAtMs: expiresAtMs ?? Number.POSITIVE_INFINITY,
      isMonitor,
      guard: new SocketGuard(),
      aliveAtMs: nowMs,
      sentBefore: this.#sent,
    };
    this.#seats.set(socket, seat);
    if (isMonitor) this.#monitors += 1;
    return seat;
  }
}

function attachmentOf(socket: WebSocket): Attachment {
  return (socket.deserializeAttachment() as Attachment | null) ?? { viewer: null };
}

/** Chooses our subprotocol when it was offered; the one with the token in it is never echoed. */
export function switching(client: WebSocket, request: Request): Response {
  const offered = (request.headers.get("Sec-WebSocket-Protocol") ?? "")
    .split(",")
    .map((protocol) => protocol.trim());
  const headers = offered.includes(SUBPROTOCOL) ? { "Sec-WebSocket-Protocol": SUBPROTOCOL } : undefined;
  return new Response(null, { status: 101, webSocket: client, ...(headers ? { headers } : {}) });
}

/** Browsers hide why an upgrade failed, but not a close code. */
export function closedAtOnce(code: number, reason: string, request: Request): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(code, reason);
  return switching(client, request);
}

/** Sending to a socket that is closing throws; it will be gone from the list next time. */
export function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // Benign: the peer left between the list and the send.
  }
}

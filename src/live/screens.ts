/**
 * What a relay's viewers see, on sockets and on event streams: who joins is brought up to date, then all get the same
 * frames, one a tick. Touches the object's sockets and streams; the picture is the relay's.
 */
import type { SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { isoOf } from "../wire/instants.ts";
import { CLOSE } from "../wire/live.ts";
import { EXPIRES_HEADER, MONITOR_HEADER, VIEWER_HEADER } from "./client.ts";
import type { Meter } from "./meter.ts";
import type { Notice } from "./notices.ts";
import type { RelayPicture } from "./relay-picture.ts";
import { closedAtOnce, send, Sockets, switching } from "./sockets.ts";
import { Streams } from "./streams.ts";
import { Ticker } from "./ticker.ts";
import { Visitors } from "./visitors.ts";

export interface ScreensPorts {
  readonly ctx: DurableObjectState;
  readonly session: SessionId;
  readonly meter: Meter;
  readonly picture: () => RelayPicture | undefined;
  /** A screen is gone that nobody said goodbye to. */
  readonly left: () => void;
}

/** Who wants to join, as the edge passed it on. */
export interface Joining {
  readonly request: Request;
  readonly isUpgrade: boolean;
  readonly viewer: ViewerId | undefined;
  /** Shown all that viewers are, and counted as none. */
  readonly isMonitor: boolean;
  /** The last cursor the client has. */
  readonly cursor: number | undefined;
}

export class Screens {
  readonly #ports: ScreensPorts;
  readonly sockets: Sockets;
  readonly #streams: Streams;
  readonly #visitors: Visitors;
  readonly #frames = new Ticker(
    () => Math.min(LIMITS.frameTickMaxMs, Math.max(LIMITS.frameTickMs, this.size * LIMITS.frameSocketMs)),
    () => this.#broadcast(),
  );
  /** For what changes all the time and nobody waits for. */
  readonly #quietFrames = new Ticker(
    () => LIMITS.presenceTickMs,
    () => this.#frames.request(),
  );

  constructor(ports: ScreensPorts) {
    this.#ports = ports;
    this.sockets = new Sockets(ports.ctx);
    this.#visitors = new Visitors(this.sockets.viewers());
    this.#streams = new Streams(() => {
      ports.meter.streaming(this.#streams.size > 0, Date.now());
      ports.left();
    });
  }

  get size(): number {
    return this.sockets.size + this.#streams.size;
  }

  /** Without monitors. */
  get viewers(): number {
    return this.size - this.sockets.monitors - this.#streams.monitors;
  }

  /** The answer to somebody for whom there is no room: here (503), or anywhere. */
  turnedAway({ request, isUpgrade, viewer }: Joining): Response | undefined {
    const screens = isUpgrade ? this.sockets : this.#streams;
    const headers = { "Retry-After": "1" };
    if (screens.isFullFor(viewer)) return new Response(null, { status: 503, headers });
    if (viewer === undefined || !screens.hasEnough(viewer)) return undefined;
    if (!isUpgrade) return new Response(null, { status: 429, headers });
    return closedAtOnce(CLOSE.resume, "too many sockets of one viewer", request);
  }

  /** Lets somebody in and brings them up to date. There must be a picture. */
  join(joining: Joining): Response {
    if (!joining.isMonitor && this.#visitors.isNew(joining.viewer)) this.#ports.meter.add("views", 1);
    return joining.isUpgrade ? this.#seated(joining) : this.#streamed(joining);
  }

  /** What came in is shown with the next frame; what nobody waits for may take longer. */
  show(): void {
    // With nobody to show it to it is shown: who joins is brought up to date with it.
    if (this.size === 0) return void this.#ports.picture()?.absorb();
    const isUrgent = this.#ports.picture()?.isNews || this.sockets.isAnyLate || this.#streams.isAnyLate;
    if (isUrgent) this.#frames.request();
    else this.#quietFrames.request();
  }

  notify({ viewer, text }: Notice): void {
    this.sockets.sendTo(viewer, text);
    this.#streams.sendTo(viewer, text);
  }

  /** Everybody is sent away, and no frame is due any more. */
  close(code: number, reason: string): void {
    this.#frames.stop();
    this.#quietFrames.stop();
    this.sockets.closeAll(code, reason);
    this.#streams.closeAll();
  }

  #seated({ request, viewer, isMonitor, cursor }: Joining): Response {
    const nowMs = Date.now();
    const { 0: client, 1: server } = new WebSocketPair();
    const expiresAtMs = Number(request.headers.get(EXPIRES_HEADER) ?? Number.NaN);
    const known = Number.isFinite(expiresAtMs) ? { expiresAtMs } : {};
    const seat = this.sockets.accept(server, { viewer: viewer ?? null, ...known, isMonitor }, nowMs);
    send(server, this.#welcome(viewer, nowMs));
    const caughtUp = this.#caughtUp(cursor, nowMs);
    if (caughtUp !== undefined) send(server, caughtUp);
    else {
      this.sockets.awaits(seat, cursor);
      this.#frames.request();
    }
    return switching(client, request);
  }

  #streamed({ viewer, isMonitor, cursor }: Joining): Response {
    const nowMs = Date.now();
    this.#ports.meter.streaming(true, nowMs);
    const welcome = { text: this.#welcome(viewer, nowMs) };
    const text = this.#caughtUp(cursor, nowMs);
    const shown = this.#ports.picture()?.cursor ?? 0;
    if (text !== undefined)
      return this.#streams.open({ viewer, isMonitor }, [welcome, { text, cursor: shown }]);
    const response = this.#streams.open({ viewer, isMonitor }, [welcome], { cursor });
    this.#frames.request();
    return response;
  }

  #welcome(viewer: ViewerId | undefined, nowMs: number): string {
    const { session } = this.#ports;
    return JSON.stringify({ type: "welcome", session, viewer: viewer ?? null, serverAt: isoOf(nowMs) });
  }

  /** Undefined for a client that knows more than is shown, from a hydrate: it waits for the frame that shows it. */
  #caughtUp(cursor: number | undefined, nowMs: number): string | undefined {
    const picture = this.#ports.picture();
    return picture && (cursor ?? 0) <= picture.cursor ? picture.catchUp(cursor, nowMs) : undefined;
  }

  #broadcast(): void {
    const { meter, left } = this.#ports;
    const picture = this.#ports.picture();
    if (!picture) return;
    const nowMs = Date.now();
    const frame = picture.nextFrame(nowMs);
    const catchUp = (cursor: number | undefined): string => picture.catchUp(cursor, nowMs);
    const toSockets = this.sockets.broadcast(frame, catchUp);
    const toStreams = this.#streams.broadcast(frame, picture.cursor, catchUp);
    meter.add("framesOut", toSockets + toStreams);
    if (this.sockets.dropUnread(nowMs) > 0) left();
  }
}

/** Reads a request that the edge passed on. */
export function joiningOf(request: Request): Joining {
  return {
    request,
    isUpgrade: request.headers.get("Upgrade")?.toLowerCase() === "websocket",
    viewer: (request.headers.get(VIEWER_HEADER) as ViewerId | null) ?? undefined,
    isMonitor: request.headers.has(MONITOR_HEADER),
    cursor: cursorOf(request),
  };
}

/** `Last-Event-ID` or `?after=`: the last cursor the client has; anything but a whole number is none. */
function cursorOf(request: Request): number | undefined {
  // A browser that resumes a stream asks for the address it began with: what it has seen since is in the header.
  const after = request.headers.get("Last-Event-ID") ?? new URL(request.url).searchParams.get("after");
  return after !== null && /^\d{1,15}$/.test(after) ? Number(after) : undefined;
}

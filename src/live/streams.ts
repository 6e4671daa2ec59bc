/**
 * A relay's event streams (HTML, server-sent events), for those who cannot have a socket: the same messages, one way.
 * Unlike a socket, a stream keeps its object awake, and billed, for as long as it is open. Touches nothing but them.
 */
import type { ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";

/** Whose stream it is. */
interface Watching {
  readonly viewer: ViewerId | undefined;
  readonly isMonitor: boolean;
}

interface Stream extends Watching {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

const encoder = new TextEncoder();
/** A line that says nothing keeps proxies from cutting a quiet stream, and shows us who has gone. */
const HEARTBEAT = encoder.encode(":\n\n");

export class Streams {
  readonly #open = new Set<Stream>();
  /** As with sockets: who gets something of their own instead of the next frame. */
  readonly #late = new Map<Stream, number | undefined>();
  readonly #left: () => void;
  #monitors = 0;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  /** `left` is called when a stream is over. */
  constructor(left: () => void) {
    this.#left = left;
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many of them are no viewer's. */
  get monitors(): number {
    return this.#monitors;
  }

  get isAnyLate(): boolean {
    return this.#late.size > 0;
  }

  /** A part is kept for those who say who they are. */
  isFullFor(viewer: ViewerId | undefined): boolean {
    return this.size >= (viewer === undefined ? LIMITS.anonymousStreamsPerRelay : LIMITS.streamsPerRelay);
  }

  /** As with sockets: a viewer has a few streams, not all. */
  hasEnough(viewer: ViewerId): boolean {
    let streams = 0;
    for (const stream of this.#open) if (stream.viewer === viewer) streams += 1;
    return streams >= LIMITS.socketsPerViewer;
  }

  /** Opens a stream with its first messages; where the last of them must wait, with the next frame, for `cursor`. */
  open(
    { viewer, isMonitor }: Watching,
    first: readonly SentEvent[],
    late?: { readonly cursor: number | undefined },
  ): Response {
    let stream: Stream | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          stream = { viewer, isMonitor, controller };
          this.#open.add(stream);
          if (isMonitor) this.#monitors += 1;
          if (late) this.#late.set(stream, late.cursor);
          const retryMs = Math.ceil(LIMITS.streamRetryMs * (1 + Math.random()));
          controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n${first.map(textOf).join("")}`));
        },
        cancel: () => this.#gone(stream),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: LIMITS.streamBacklogBytes }),
    );
    this.#heartbeat ??= setInterval(() => this.#beat(), LIMITS.streamHeartbeatMs);
    return new Response(body, {
      headers: { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" },
    });
  }

  /** As sockets' broadcast; `cursor` is what is shown with it. */
  broadcast(
    frame: string | undefined,
    cursor: number,
    catchUp: (cursor: number | undefined) => string,
  ): number {
    if (this.#open.size === 0) return 0;
    const bytes = frame === undefined ? undefined : encoder.encode(textOf({ text: frame, cursor }));
    let sent = 0;
    for (const stream of this.#open) {
      if (this.#late.has(stream)) {
        const text = catchUp(this.#late.get(stream));
        this.#send(stream, encoder.encode(textOf({ text, cursor })));
      } else if (bytes) this.#send(stream, bytes);
      else continue;
      sent += 1;
    }
    this.#late.clear();
    return sent;
  }

  sendTo(viewer: ViewerId, text: string): void {
    for (const stream of this.#open) {
      if (stream.viewer === viewer) this.#send(stream, encoder.encode(textOf({ text })));
    }
  }

  /** Ends all of them; a browser comes again by itself and is then told what there is. */
  closeAll(): void {
    for (const stream of this.#open) this.#end(stream);
  }

  #beat(): void {
    for (const stream of this.#open) this.#send(stream, HEARTBEAT);
  }

  /** A reader that left too much unread is ended: it comes again with the last id it has seen. */
  #send(stream: Stream, bytes: Uint8Array): void {
    const { controller } = stream;
    if ((controller.desiredSize ?? 0) <= 0) return this.#end(stream);
    try {
      controller.enqueue(bytes);
    } catch {
      this.#gone(stream);
    }
  }

  #end(stream: Stream): void {
    try {
      stream.controller.close();
    } catch {
      // Benign: the reader ended it first.
    }
    this.#gone(stream);
  }

  #gone(stream: Stream | undefined): void {
    if (!stream || !this.#open.delete(stream)) return;
    this.#late.delete(stream);
    if (stream.isMonitor) this.#monitors -= 1;
    if (this.#open.size === 0) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = undefined;
    }
    this.#left();
  }
}

/** A message as an event. `cursor` becomes its id: what a browser sends back as `Last-Event-ID`. */
export interface SentEvent {
  /** A message of the socket, as JSON text. */
  readonly text: string;
  readonly cursor?: number;
}

/** Messages are one line of JSON that begins with their type. */
function textOf({ text, cursor }: SentEvent): string {
  const type = /^\{"type":"([a-z]+)"/.exec(text)?.[1] ?? "message";
  const id = cursor === undefined ? "" : `id: ${cursor}\n`;
  return `event: ${type}\n${id}data: ${text}\n\n`;
}

// The network as the SDK's tests have it: sockets that say what a test says, and requests that a test answers.
import { onTestFinished, vi } from "vitest";
import type { Message } from "../../src/sdk/following.ts";

export class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  isClosed = false;
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, protocols: readonly string[]) {
    super();
    this.url = url;
    this.protocols = protocols;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
  }

  /** From the server. */
  says(message: object): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(message) }));
  }

  ends(code = 1006): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }

  /** The taps that were sent: pings apart. */
  get taps(): { id: string; type: string; [part: string]: unknown }[] {
    return this.sent
      .map((text) => JSON.parse(text) as { id: string; type: string })
      .filter(({ type }) => type !== "ping");
  }
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
  readonly signal: AbortSignal | undefined;
}

export interface Network {
  readonly sockets: FakeSocket[];
  readonly requests: Request[];
  /** The socket that was opened last. */
  readonly socket: FakeSocket;
  /** Answers a request; undefined is no answer. */
  answer: (request: Request) => Response | undefined | Promise<Response | undefined>;
  /** Requests whose path ends so. */
  asked(end: string): Request[];
}

export const API = "https://live.test";
export const SESSION = "ses_01jd3m5n8yfx0t2qv4w6z9r1ab";

/** Takes the place of WebSocket and fetch until the test is over; time stands still unless the test moves it. */
export function fakeNetwork(): Network {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 18) });
  const network: Network = {
    sockets: [],
    requests: [],
    get socket() {
      return this.sockets.at(-1)!;
    },
    answer: () => undefined,
    asked(end) {
      return this.requests.filter(({ path }) => path.endsWith(end));
    },
  };
  class Socket extends FakeSocket {
    constructor(url: string, protocols: readonly string[]) {
      super(url, protocols);
      network.sockets.push(this);
    }
  }
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit): Promise<Response> => {
    const request: Request = {
      method: init.method ?? "GET",
      path: url.slice(API.length),
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
      signal: init.signal ?? undefined,
    };
    network.requests.push(request);
    const response = await network.answer(request);
    if (!response) throw new TypeError("fetch failed");
    return response;
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
  return network;
}

/** Takes local storage's place until the test is over; gives what is in it. */
export function fakeStorage(): Map<string, string> {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  });
  return stored;
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

export function problemBody(code: string, status: number, more: object = {}): object {
  return { type: `/docs/problems#${code}`, title: code, status, code, requestId: "r", ...more };
}

export function problem(code: string, status: number, headers: Record<string, string> = {}): Response {
  return json(problemBody(code, status), status, { "Content-Type": "application/problem+json", ...headers });
}

/** A token whose claims can be read, and whose signature nobody looks at. */
export function jwt(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

/** A message of the server's, with the time of now on it. */
export function welcome(): Message {
  return { type: "welcome", session: SESSION, viewer: "vwr_1", serverAt: new Date().toISOString() };
}

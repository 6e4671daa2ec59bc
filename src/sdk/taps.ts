/**
 * Sends taps: by socket while one is open, else by request, under the same id until there is an answer, so that a tap is
 * carried out once at most, however often it is sent. Touches socket, network and timers.
 */
import type * as wire from "../wire/live.ts";
import { backoffMs, sleep } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { DropcastError, errorOf } from "./error.ts";
import { ask } from "./http.ts";
import { newId } from "./ids.ts";
import type { Problem } from "./problem.ts";
import type { LiveSocket } from "./socket.ts";
import type { OwnOrder, Reservation } from "./types.ts";
import { isUnknown, type ViewerTokens } from "./viewer-tokens.ts";

type WithoutId<T> = T extends { readonly id: string } ? Omit<T, "id"> : never;
/** What the socket takes, before it has an id. */
export type Tap = WithoutId<wire.Tap>;

export interface Answers {
  readonly reserve: { readonly reservation: Reservation };
  readonly release: Reservation;
  readonly extend: Reservation;
  readonly order: OwnOrder;
}

export type Answer = Extract<wire.ServerMessage, { type: "ack" | "error" }>;

export interface TapsPorts {
  readonly url: string;
  readonly socket: Pick<LiveSocket, "isOpen" | "isOpenFor" | "send">;
  readonly tokens: Pick<ViewerTokens, "token" | "reject">;
  readonly clock: Pick<Clock, "nowMs">;
  /** The viewer is another than the socket's, or not known: that socket is of no use for taps. */
  readonly otherViewer: () => void;
}

/** A tap on an open socket without an answer goes by request after this. */
const ANSWER_MS = 8_000;
/** Of a server that has too much to do, or fails. */
const TRIES = 4;

/** Answers that say nothing of whether an earlier, unanswered attempt was carried out: its credentials ran out since. */
const NO_PROOF: ReadonlySet<string> = new Set(["token_expired", "unauthenticated", "token_viewer_mismatch"]);
/** Answers that ask to come again, under the same id. */
const AGAIN: ReadonlySet<string> = new Set(["overloaded", "internal", "provider_unavailable"]);

export class Taps {
  readonly #ports: TapsPorts;
  /** Of taps on the socket, by id. */
  readonly #waiting = new Map<string, (answer: Answer | undefined) => void>();

  constructor(ports: TapsPorts) {
    this.#ports = ports;
  }

  /** What the socket said of a tap. */
  answered(answer: Answer): void {
    if (answer.id !== null) this.#waiting.get(answer.id)?.(answer);
  }

  /** The socket is gone: what was on it may or may not have arrived. */
  cut(): void {
    for (const settle of this.#waiting.values()) settle(undefined);
  }

  /**
   * Resolves with the answer. Rejects with the refusal; or with `offline` when until `untilMs`, by the server's clock, nobody
   * answered, and whether it was carried out is not known.
   */
  async send<Sent extends Tap>(tap: Sent, untilMs: number): Promise<Answers[Sent["type"]]> {
    const id = newId();
    let isUncertain = false;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return (await this.#attempt(id, tap)) as Answers[Sent["type"]];
      } catch (error) {
        if (!(error instanceof DropcastError)) throw error;
        if (isUncertain && NO_PROOF.has(error.code)) throw uncertain(error);
        // The server may have carried it out before it failed.
        isUncertain ||= error.code === "offline" || error.code === "internal";
        if (!mayRepeat(error, attempt, isUncertain)) throw error;
        const waitMs = Math.max(error.retryAfterMs ?? 0, backoffMs(attempt));
        if (this.#ports.clock.nowMs() + waitMs >= untilMs) throw isUncertain ? uncertain(error) : error;
        await sleep(waitMs);
      }
    }
  }

  async #attempt(id: string, tap: Tap): Promise<unknown> {
    const { socket, tokens } = this.#ports;
    const token = await tokens.token();
    const isSocket = socket.isOpenFor(token);
    if (!isSocket && socket.isOpen) this.#ports.otherViewer();
    try {
      return await (isSocket ? this.#bySocket(id, tap) : this.#byRequest(id, tap, token));
    } catch (error) {
      if (isUnknown(error)) {
        tokens.reject(token);
        this.#ports.otherViewer();
      }
      throw error;
    }
  }

  async #bySocket(id: string, tap: Tap): Promise<unknown> {
    const answer = await new Promise<Answer | undefined>((resolve) => {
      const timer = setTimeout(() => settle(undefined), ANSWER_MS);
      const settle = (said: Answer | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(said);
      };
      this.#waiting.set(id, settle);
      if (!this.#ports.socket.send(JSON.stringify({ ...tap, id }))) settle(undefined);
    });
    if (!answer) throw new DropcastError("offline", "the socket was cut before the answer");
    if (answer.type === "error") throw errorOf(answer.problem as Problem);
    return answer.result;
  }

  #byRequest(id: string, tap: Tap, bearer: string): Promise<unknown> {
    const { url } = this.#ports;
    const { type, ...body } = tap;
    const asked = { bearer, key: id };
    switch (type) {
      case "reserve":
        return ask("POST", `${url}/reservations`, { ...asked, body });
      case "order":
        return ask("POST", `${url}/orders`, { ...asked, body });
      case "extend":
        return ask("POST", `${placeOf(url, tap)}/extend`, asked);
      case "release":
        return ask("DELETE", placeOf(url, tap), asked);
    }
  }
}

function placeOf(url: string, { reservation }: Extract<Tap, { type: "extend" | "release" }>): string {
  return `${url}/reservations/${encodeURIComponent(reservation)}`;
}

function mayRepeat({ code }: DropcastError, attempt: number, isUncertain: boolean): boolean {
  if (code === "offline" || code === "idempotency_in_flight") return true;
  // Who taps too much is told so, and who meets a busy server, unless what became of the tap is still to be found out.
  if (isUncertain) return code === "rate_limited" || AGAIN.has(code);
  return AGAIN.has(code) && attempt + 1 < TRIES;
}

function uncertain(cause: DropcastError): DropcastError {
  return new DropcastError("offline", "nobody answered", { problem: cause.problem });
}

/** Watches what a socket sends: size, kind, pace, faults. Decides, touches nothing; time is an argument. */
import { LIMITS } from "../domain/limits.ts";
import { CLOSE } from "../wire/live.ts";
import type { ProblemCode } from "../wire/problem.ts";

/** What to do about a message: let it pass, answer with a problem, or also close. */
export type Verdict =
  { readonly pass: true } | { readonly pass: false; readonly problem: ProblemCode; readonly close?: number };

/** One per socket; a relay that was asleep starts counting anew, which costs nothing but leniency. */
export class SocketGuard {
  #windowEndsAtMs = 0;
  #inWindow = 0;
  #faults = 0;

  check(message: string | ArrayBuffer, nowMs: number): Verdict {
    if (nowMs >= this.#windowEndsAtMs) {
      this.#windowEndsAtMs = nowMs + LIMITS.socketWindowMs;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    if (this.#inWindow > LIMITS.socketMessagesPerWindow)
      return { pass: false, problem: "rate_limited", close: CLOSE.flood };
    if (typeof message !== "string") return this.#refuse("frame_binary");
    // A UTF-16 unit is at most three bytes: short messages need no counting.
    if (message.length * 3 > LIMITS.socketMessageBytes && byteLength(message) > LIMITS.socketMessageBytes) {
      return this.#refuse("frame_too_large");
    }
    return { pass: true };
  }

  /** A message passed but was not valid. True when it was one too many. */
  fault(): boolean {
    this.#faults += 1;
    return this.#faults >= LIMITS.socketFaults;
  }

  #refuse(problem: ProblemCode): Verdict {
    return this.fault() ? { pass: false, problem, close: CLOSE.faults } : { pass: false, problem };
  }
}

const encoder = new TextEncoder();

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

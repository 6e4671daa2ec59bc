/** A viewer's message on the socket: read, checked, turned into a command, answered. Knows no sockets, only text. */
import type { z } from "zod";
import {
  extendTap,
  orderTap,
  releaseTap,
  reserveTap,
  unverifiedTap,
  type Tapped,
  type Tapper,
} from "./taps.ts";
import type { OrderId, SessionId, ViewerId } from "../domain/ids.ts";
import type { Accepted } from "../domain/reply.ts";
import type { KeyRing } from "../token/keys.ts";
import { toWire } from "../wire/instants.ts";
import { ping, tap, tapBuy, tapExtend, tapPlace, tapRelease, tapReserve, type Tap } from "../wire/live.ts";
import type { Problem, ProblemCode } from "../wire/problem.ts";
import { problemOf, refusalProblem } from "../wire/problems.ts";
import type { TapOutcome, TurnedAway } from "./client.ts";
import { codeOf, type Ticket } from "./tap-desk.ts";

/** What the socket's taps need from the relay. */
export interface TapContext {
  readonly session: SessionId;
  readonly viewer: ViewerId | undefined;
  /** When the token ran out by which the viewer is known. */
  readonly expiresAtMs: number;
  readonly nowMs: number;
  keys(): KeyRing | Promise<KeyRing>;
  /** Gives the tap its place, at once, before anything else is done for it. */
  admit(viewer: ViewerId): Ticket | TurnedAway;
  /** Whether the payment provider has such a method. */
  acceptsMethod(method: string): boolean | Promise<boolean>;
  /** An order was placed: its payment is somebody else's work. */
  settle(order: OrderId): void;
}

/** An answer, and whether the message was one that should not have been sent. */
export interface Answered {
  readonly text: string;
  readonly fault: boolean;
}

const PONG: Answered = { text: '{"type":"pong"}', fault: false };

/** Never throws for what a client sent. */
export async function answerTap(message: string, context: TapContext): Promise<Answered> {
  const read = readTap(message);
  if ("problem" in read) return { text: errorText(read.id, read.problem, read.facts), fault: true };
  const asked = read.tap;
  if (asked.type === "ping") return PONG;
  const { id } = asked;
  if (context.viewer === undefined) return refused(id, "unauthenticated");
  if (context.nowMs >= context.expiresAtMs) {
    return refused(id, "unauthenticated", { reason: "token_expired" });
  }
  const admitted = context.admit(context.viewer);
  if ("overloaded" in admitted) return turnedAway(id, admitted);
  try {
    const by = { session: context.session, viewer: context.viewer, commandId: id };
    const refusedHere = (code: ProblemCode): Answered => {
      if ("items" in asked) admitted.refused(code);
      return refused(id, code);
    };
    if (asked.type === "order" && !(await context.acceptsMethod(asked.paymentMethod))) {
      return refusedHere("payment_method_unknown");
    }
    const known = "items" in asked ? admitted.refuse(() => unverifiedTap(by, asked)) : undefined;
    if (known) return answered(id, asked.type, known, context);
    const tapped = await commandOf(asked, by, context);
    if (!tapped.ok) return refusedHere(tapped.fault);
    return answered(id, asked.type, await admitted.take(tapped.envelope), context);
  } finally {
    admitted.drop();
  }
}

async function commandOf(
  message: Exclude<Tap, { type: "ping" }>,
  by: Tapper,
  context: TapContext,
): Promise<Tapped> {
  const { nowMs } = context;
  switch (message.type) {
    case "reserve": {
      const { type: _, id: __, ...body } = message;
      return reserveTap(await context.keys(), by, body, nowMs);
    }
    case "order": {
      const { type: _, id: __, ...body } = message;
      return orderTap(await context.keys(), by, body, nowMs);
    }
    case "release":
      return releaseTap(by, message.reservation);
    case "extend":
      return extendTap(by, message.reservation);
  }
}

function answered(id: string, kind: Tap["type"], outcome: TapOutcome, context: TapContext): Answered {
  if ("overloaded" in outcome) return turnedAway(id, outcome);
  const { reply, replayed } = outcome;
  if (!reply.ok) {
    return { text: errorOf(id, refusalProblem(reply.refusal, { requestId: newRequestId() })), fault: false };
  }
  if (!replayed && "order" in reply) context.settle(reply.order.id);
  const result = toWire(resultOf(kind, reply));
  return { text: JSON.stringify({ type: "ack", id, replayed, result }), fault: false };
}

/** What the HTTP route of the same tap answers with. */
function resultOf(kind: Tap["type"], reply: Accepted): unknown {
  if ("order" in reply) return reply.order;
  if (!("reservation" in reply)) throw new Error("a tap was answered with something else");
  const { reservation, shortfall } = reply;
  return kind === "reserve" ? { reservation, shortfall } : reservation;
}

function turnedAway(id: string, away: TurnedAway): Answered {
  return refused(id, codeOf(away), { retryAfterMs: away.retryAfterMs });
}

function refused(id: string, code: ProblemCode, facts: Record<string, unknown> = {}): Answered {
  return { text: errorText(id, code, facts), fault: code === "token_malformed" };
}

type ReadTap =
  | { readonly tap: Tap }
  | { readonly problem: ProblemCode; readonly id: string | null; readonly facts: Record<string, unknown> };

function readTap(message: string): ReadTap {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return { problem: "frame_invalid", id: null, facts: { detail: "The message is not JSON" } };
  }
  const parsed = schemaOf(value).safeParse(value);
  if (parsed.success) return { tap: parsed.data };
  const errors = parsed.error.issues
    .slice(0, 10)
    .map(({ path, message: reason }) => ({ path: path.map(String).join("."), message: reason }));
  return { problem: "frame_invalid", id: idIn(value), facts: { errors } };
}

/** The one schema that a message of its type has to match: trying them all costs more, and says less of what is wrong. */
function schemaOf(value: unknown): z.ZodType<Tap> {
  if (typeof value !== "object" || value === null || !("type" in value)) return tap;
  switch (value.type) {
    case "reserve":
      return tapReserve;
    case "order":
      return "reservation" in value ? tapPlace : tapBuy;
    case "release":
      return tapRelease;
    case "extend":
      return tapExtend;
    case "ping":
      return ping;
    default:
      return tap;
  }
}

/** The id of a message that is otherwise not valid, so that its sender can tell which it was. */
function idIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("id" in value)) return null;
  return typeof value.id === "string" ? value.id.slice(0, 255) : null;
}

/** An error message of the socket; its request id is made for it, and stands in no log but the client's. */
export function errorText(id: string | null, code: ProblemCode, facts: Record<string, unknown> = {}): string {
  return errorOf(id, problemOf(code, { requestId: newRequestId(), ...facts }));
}

function errorOf(id: string | null, problem: Problem): string {
  return JSON.stringify({ type: "error", id, problem });
}

function newRequestId(): string {
  return crypto.randomUUID();
}

/** A viewer's message on the socket: read, checked, turned into a command, answered. Knows no sockets, only text. */
import { orderTap, releaseTap, reserveTap, type Tapped, type Tapper } from "./taps.ts";
import type { OrderId, SessionId, ViewerId } from "../domain/ids.ts";
import type { Envelope } from "../domain/commands.ts";
import type { KeyRing } from "../token/keys.ts";
import { toWire } from "../wire/instants.ts";
import { tap, type Tap } from "../wire/live.ts";
import type { Problem, ProblemCode } from "../wire/problem.ts";
import { problemOf, refusalProblem } from "../wire/problems.ts";
import type { TapOutcome } from "./client.ts";

/** What the socket's taps need from the relay. */
export interface TapContext {
  readonly session: SessionId;
  readonly viewer: ViewerId | undefined;
  readonly ring: KeyRing;
  readonly requestId: string;
  readonly nowMs: number;
  tap(envelope: Envelope): Promise<TapOutcome>;
  /** An order was placed: its payment is somebody else's work. */
  settle(order: OrderId): void;
}

/** An answer, and whether the message was one that should not have been sent. */
export interface Answered {
  readonly text: string;
  readonly fault: boolean;
}

/** Never throws for what a client sent. */
export async function answerTap(message: string, context: TapContext): Promise<Answered> {
  const read = readTap(message);
  if ("problem" in read) {
    return {
      text: errorText(read.id, problemOf(read.problem, { requestId: context.requestId, ...read.facts })),
      fault: true,
    };
  }
  if (read.tap.type === "ping") return { text: '{"type":"pong"}', fault: false };
  const { id } = read.tap;
  const refuse = (code: ProblemCode): Answered => ({
    text: errorText(id, problemOf(code, { requestId: context.requestId })),
    fault: code === "token_malformed",
  });
  if (context.viewer === undefined) return refuse("unauthenticated");
  const tapped = await commandOf(
    read.tap,
    { session: context.session, viewer: context.viewer, commandId: id },
    context,
  );
  if (!tapped.ok) return refuse(tapped.fault);
  const outcome = await context.tap(tapped.envelope);
  return { text: answerText(id, outcome, context), fault: false };
}

function commandOf(
  message: Exclude<Tap, { type: "ping" }>,
  by: Tapper,
  { ring, nowMs }: TapContext,
): Promise<Tapped> | Tapped {
  switch (message.type) {
    case "reserve": {
      const { type: _, id: __, ...body } = message;
      return reserveTap(ring, by, body, nowMs);
    }
    case "order": {
      const { type: _, id: __, ...body } = message;
      return orderTap(ring, by, body, nowMs);
    }
    case "release":
      return releaseTap(by, message.reservation);
  }
}

function answerText(id: string, outcome: TapOutcome, context: TapContext): string {
  const { requestId } = context;
  if ("overloaded" in outcome) {
    return errorText(id, problemOf("overloaded", { requestId, retryAfterMs: outcome.retryAfterMs }));
  }
  const { reply, replayed } = outcome;
  if (!reply.ok) return errorText(id, refusalProblem(reply.refusal, { requestId }));
  const { ok: _, ...result } = reply;
  if (!replayed && "order" in reply) context.settle(reply.order.id);
  return JSON.stringify({ type: "ack", id, replayed, result: toWire(result) });
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
  const parsed = tap.safeParse(value);
  if (parsed.success) return { tap: parsed.data };
  const errors = parsed.error.issues
    .slice(0, 10)
    .map(({ path, message: reason }) => ({ path: path.map(String).join("."), message: reason }));
  return { problem: "frame_invalid", id: idIn(value), facts: { errors } };
}

/** The id of a message that is otherwise not valid, so that its sender can tell which it was. */
function idIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("id" in value)) return null;
  return typeof value.id === "string" ? value.id.slice(0, 255) : null;
}

export function errorText(id: string | null, problem: Problem): string {
  return JSON.stringify({ type: "error", id, problem });
}

/** Hosts' commands: from a request to the session and back to an answer. Touches the session through `LiveClient`. */
import { wrapTime } from "hono/timing";
import type { Executed } from "../domain/block.ts";
import type { Command } from "../domain/commands.ts";
import { commandIdOf, type SessionId } from "../domain/ids.ts";
import type { Accepted } from "../domain/reply.ts";
import { fingerprintOf } from "../live/taps.ts";
import { toWire } from "../wire/instants.ts";
import { liveOf, type AppContext } from "./context.ts";
import { dropPicture } from "./picture-cache.ts";
import { refusal } from "./problem.ts";

/**
 * Sends a command for the request's principal. Its id is the request's `Idempotency-Key`, so the session itself knows
 * a repeat; `step`, with a leading slash, tells apart the commands of a request that has several.
 */
export async function command<C extends Command>(
  c: AppContext,
  session: SessionId,
  body: unknown,
  sent: C,
  step = "",
): Promise<ExecutedOf<C>> {
  const key = c.get("idempotencyKey") ?? crypto.randomUUID();
  const envelope = {
    id: commandIdOf(`${c.get("principal").name}${step}`, key),
    fingerprint: requestOf(c, body),
    command: sent,
  };
  const executed = await wrapTime(c, "session", liveOf(c).command(session, envelope));
  if (executed.reply.ok && !executed.replayed) await dropPicture(session);
  return executed as ExecutedOf<C>;
}

/** A request by its content. */
export function requestOf(c: AppContext, body: unknown): string {
  return fingerprintOf(`${c.req.method} ${c.req.path}`, body);
}

/** What a command of this kind is answered with. */
export interface ExecutedOf<C extends Command> extends Executed {
  readonly reply: Accepted<C["type"]> | Extract<Executed["reply"], { ok: false }>;
}

/** The answer to a command: what it shows, or why it was refused; marked when it is a repeat. */
export function answer<C extends Command>(
  c: AppContext,
  { reply, replayed }: ExecutedOf<C>,
  show: (accepted: Accepted<C["type"]>) => object,
  status: 200 | 201 = 200,
): Response {
  if (replayed) c.header("Idempotency-Replayed", "true");
  if (!reply.ok) return refusal(c, reply.refusal);
  return c.json(toWire(show(reply)), status);
}

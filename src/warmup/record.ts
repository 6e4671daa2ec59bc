/** Writes down in a session's journal what the cron plans and has done, once however often it says so. Calls the session. */
import type { WarmupCommand } from "../domain/commands.ts";
import { commandIdOf, type SessionId } from "../domain/ids.ts";
import type { WarmupRecord } from "../domain/warmup.ts";
import type { LiveClient } from "../live/client.ts";

/**
 * The record afterwards; undefined when the session has moved on and wants none of it. `about` names what it is about:
 * with the command's type it is the command's id, and stands for its content too, which a second run words anew.
 */
export async function recorded(
  live: LiveClient,
  session: SessionId,
  command: WarmupCommand,
  about: number,
): Promise<WarmupRecord | undefined> {
  const id = commandIdOf("system", `${command.type}/${about}`);
  const { reply } = await live.command(session, { id, fingerprint: id, command });
  return reply.ok && "warmup" in reply ? reply.warmup : undefined;
}

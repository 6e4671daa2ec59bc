/** The socket's names and numbers as the wire has them, whose code would bring its schemas along: the types keep them equal. */
import type * as wire from "../wire/live.ts";

export const SUBPROTOCOL = "dropcast.v1" satisfies typeof wire.SUBPROTOCOL;
export const BEARER_SUBPROTOCOL = "dropcast.bearer." satisfies typeof wire.BEARER_SUBPROTOCOL;

export const MONITOR = "monitor" satisfies typeof wire.MONITOR;

/** Close codes; what each means is said in wire/live.ts. */
export const CLOSE = {
  faults: 4400,
  flood: 4429,
  unknown: 4404,
  resume: 4503,
  over: 4410,
} as const satisfies typeof wire.CLOSE;

export const PING = '{"type":"ping"}';

/** A message of the server's, which is trusted to be one; undefined for what is not even JSON. */
export function messageOf(data: unknown): wire.ServerMessage | undefined {
  try {
    return JSON.parse(String(data)) as wire.ServerMessage;
  } catch {
    return undefined;
  }
}

/** How decisions are built: a refusal, or events with what their answer shows. Pure. */
import type { EventBody } from "./events.ts";
import type { Refusal } from "./refusal.ts";
import { refuse, type DecidedResult, type Decision } from "./reply.ts";

export function refused(refusal: Refusal): Decision {
  return { events: [], result: refuse(refusal) };
}

export function decided(result: DecidedResult, ...events: EventBody[]): Decision {
  return { events, result };
}

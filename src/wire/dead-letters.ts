/** Dead letters on the wire: messages that a queue gave up on. */
import { z } from "zod";
import { deadLetterId, instant, pageQuery } from "./primitives.ts";

const queue = z.enum(["settlement", "reporting", "payments", "clicks"]);
const status = z.enum(["waiting", "replayed"]);

export const listedDeadLetter = z
  .object({
    id: deadLetterId,
    queue,
    message: z.string().meta({ description: "The queue's own id of it" }),
    about: z.string().meta({ description: "For people: its session and events, or what it is news of" }),
    status,
    replayable: z.boolean(),
    replays: z.int().min(0),
    receivedAt: instant,
    replayedAt: instant.exactOptional(),
  })
  .meta({ id: "ListedDeadLetter", description: "A message that a queue gave up on" });

export const deadLetter = listedDeadLetter
  .extend({
    body: z
      .unknown()
      .meta({ description: "As it was sent; null when it was not JSON, or too large to keep" }),
  })
  .meta({ id: "DeadLetter" });

export const deadLettersPage = pageQuery.extend({ queue: queue.optional(), status: status.optional() });

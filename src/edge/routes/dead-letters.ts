/** Messages that a queue gave up on, for the platform: listed, read, sent to their queue again. */
import { Hono } from "hono";
import { LIMITS } from "../../domain/limits.ts";
import { noteReplay } from "../../settlement/dead-letters/keep.ts";
import { findDeadLetter, listDeadLetters, type ListedLetter } from "../../settlement/dead-letters/readers.ts";
import type { DeadLetter, DeadLetterQueue } from "../../settlement/dead-letters/tables.ts";
import * as wire from "../../wire/dead-letters.ts";
import { toWire } from "../../wire/instants.ts";
import { deadLetterId, page } from "../../wire/primitives.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newId } from "../ids.ts";
import { params, query } from "../input.ts";
import { once } from "../once.ts";
import { foreignCursor } from "../lists.ts";
import { problem } from "../problem.ts";

export const deadLetters = new Hono<AppEnv>();

const CLICK_DAYS = LIMITS.clickKeptMs / 86_400_000;

const ofLetter = params({ letter: deadLetterId });

deadLetters.get(
  "/v1/dead-letters",
  endpoint({
    id: "listDeadLetters",
    tag: "reconciliation",
    summary: "Dead letters",
    description: "Messages that a queue gave up on, newest first, without their bodies.",
    who: ["platform"],
    answers: { 200: { description: "A page of dead letters", schema: page(wire.listedDeadLetter) } },
    problems: ["bad_request"],
  }),
  query(wire.deadLettersPage),
  async (c) => {
    const found = await listDeadLetters(c.env.DB, c.req.valid("query"));
    if (!found) return foreignCursor(c);
    return c.json({ ...found, data: found.data.map(listed) });
  },
);

deadLetters.get(
  "/v1/dead-letters/:letter",
  endpoint({
    id: "getDeadLetter",
    tag: "reconciliation",
    summary: "A dead letter",
    who: ["platform"],
    answers: { 200: { description: "The letter and its body", schema: wire.deadLetter } },
    problems: ["not_found"],
  }),
  ofLetter,
  async (c) => {
    const found = await findDeadLetter(c.env.DB, c.req.valid("param").letter);
    return found ? c.json(whole(found)) : problem(c, "not_found");
  },
);

deadLetters.post(
  "/v1/dead-letters/:letter/replays",
  endpoint({
    id: "replayDeadLetter",
    tag: "reconciliation",
    summary: "Replay a dead letter",
    description:
      "Sends it to its queue again, once what stopped it is mended. What was applied before is not applied twice. A " +
      `letter that fails again comes back as another one. A click is counted within ${CLICK_DAYS} days, or not at all.`,
    who: ["platform"],
    key: "required",
    answers: { 201: { description: "The letter, sent again", schema: wire.deadLetter } },
    problems: ["not_found", "dead_letter_incomplete", "idempotency_in_flight"],
  }),
  ofLetter,
  (c) => {
    const { letter } = c.req.valid("param");
    return once(c, { body: null, subject: newId("req") }, async () => {
      const found = await findDeadLetter(c.env.DB, letter);
      if (!found) return problem(c, "not_found");
      if (found.body === null) return problem(c, "dead_letter_incomplete");
      await queueOf(c.env, found.queue).send(JSON.parse(found.body));
      await noteReplay(c.env.DB, letter, Date.now());
      return c.json(whole((await findDeadLetter(c.env.DB, letter)) ?? found), 201);
    });
  },
);

function queueOf(env: Env, queue: DeadLetterQueue): Queue {
  switch (queue) {
    case "settlement":
      return env.SETTLEMENT_QUEUE;
    case "reporting":
      return env.REPORTING_QUEUE;
    case "payments":
      return env.PAYMENTS_QUEUE;
    case "clicks":
      return env.CLICKS_QUEUE;
  }
}

function listed({ isReplayable, replayedAtMs, ...letter }: ListedLetter): object {
  return toWire({
    ...letter,
    status: replayedAtMs === null ? "waiting" : "replayed",
    replayable: isReplayable,
    ...(replayedAtMs === null ? {} : { replayedAtMs }),
  });
}

function whole({ body, ...letter }: DeadLetter): object {
  // The body as it is: its instants are those of the message.
  return {
    ...listed({ ...letter, isReplayable: body !== null }),
    body: body === null ? null : (JSON.parse(body) as unknown),
  };
}

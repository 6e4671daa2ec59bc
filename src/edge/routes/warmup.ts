/** Warm-up and cool-down as a session's host reads them. From the session itself; the cron does the work. */
import { Hono } from "hono";
import { toWire } from "../../wire/instants.ts";
import { warmup as schema } from "../../wire/warmup.ts";
import { liveOf, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofSession } from "../input.ts";
import { problem } from "../problem.ts";
import { READS } from "../rate-limit.ts";

export const warmup = new Hono<AppEnv>();

warmup.get(
  "/v1/sessions/:session/warmup",
  endpoint({
    id: "getWarmup",
    tag: "sessions",
    summary: "What is made ready before a drop, and put away after",
    description:
      "Minutes before a session is scheduled, or an offer opens by its window, `plan` is made and carried out (`done`). " +
      "After the end, once no payment is open any more, the journal is put into the lake (`archive`) and the session is " +
      "let go (`cooled`). The latest of each; all of them are `warmup.…` events of the journal.",
    who: ["platform", "seller"],
    host: ["platform", "seller"],
    rate: READS,
    answers: { 200: { description: "Warm-up and cool-down", schema } },
  }),
  ofSession,
  async (c) => {
    const { session } = c.req.valid("param");
    const upkeep = await liveOf(c).upkeep(session);
    if (!upkeep) return problem(c, "session_not_found");
    return c.json(toWire({ session, ...upkeep.record }));
  },
);

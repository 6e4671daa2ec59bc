/** A session's live numbers, for the console. For hosts; read from the session's memory, no database is asked. */
import { Hono } from "hono";
import { toWire } from "../../wire/instants.ts";
import { sessionStats } from "../../wire/stats.ts";
import { liveOf, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofSession } from "../input.ts";
import { problem } from "../problem.ts";
import { READS } from "../rate-limit.ts";

export const stats = new Hono<AppEnv>();

stats.get(
  "/v1/sessions/:session/stats",
  endpoint({
    id: "sessionStats",
    tag: "sessions",
    summary: "A session's numbers as they are now",
    description:
      "Cheap enough to be asked for every second. What is held and sold, orders and money are exact as of `cursor`. Viewers, " +
      "views, taps, refusals and latency are counted by relays, which report once a second: what one counted and could " +
      "not report is lost. The journal has the audience's totals now and then, as `session.measured`.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller", "creator"],
    rate: READS,
    answers: { 200: { description: "The numbers", schema: sessionStats } },
  }),
  ofSession,
  async (c) => {
    const numbers = await liveOf(c).stats(c.req.valid("param").session);
    return numbers ? c.json(toWire(numbers)) : problem(c, "session_not_found");
  },
);

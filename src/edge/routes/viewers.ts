/** Viewer tokens. Signs; keeps nothing. */
import { Hono } from "hono";
import { fromWire, isoOf } from "../../wire/instants.ts";
import { createViewer, viewer } from "../../wire/identities.ts";
import { issueViewerToken, type ViewerClaims } from "../../token/viewer-token.ts";
import { body } from "../body.ts";
import { keysOf, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newId, viewerIdOf } from "../ids.ts";
import { problem } from "../problem.ts";
import { VIEWERS } from "../rate-limit.ts";

export const viewers = new Hono<AppEnv>();

viewers.post(
  "/v1/viewers",
  endpoint({
    id: "createViewer",
    tag: "viewers",
    summary: "Get a viewer token",
    description:
      "Anyone may have one for a new, anonymous viewer. `reference`, `priority` and `credit` take the platform's key; " +
      "the same reference always gets the same viewer.",
    who: "anybody",
    better: ["platform"],
    rate: VIEWERS,
    takes: "body",
    answers: { 201: { description: "The viewer and a token", schema: viewer } },
    problems: ["forbidden"],
  }),
  body(createViewer),
  async (c) => {
    const asked = fromWire(c.req.valid("json"));
    const { kind } = c.get("principal");
    if (Object.keys(asked).length > 0 && kind !== "platform") {
      const detail = "Naming the viewer, priority or credit takes the platform's key.";
      return problem(c, kind === "anonymous" ? "unauthenticated" : "forbidden", { detail });
    }
    const { reference, priority = 0, credit } = asked;
    const claims: ViewerClaims = {
      viewer: reference === undefined ? newId("vwr") : viewerIdOf(c.env.PLATFORM_KEY, reference),
      priority,
      ...(credit ? { credit } : {}),
    };
    const { token, expiresAtMs } = await issueViewerToken(await keysOf(c), claims, Date.now());
    return c.json({ viewer: claims.viewer, token, expiresAt: isoOf(expiresAtMs) }, 201);
  },
);

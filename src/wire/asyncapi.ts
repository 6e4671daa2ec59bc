/** /asyncapi.json: the socket of a session, from the schemas of its messages. Pure. */
import type { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import { liftedSchema, type JsonSchema } from "./json-schema.ts";
import * as live from "./live.ts";

interface Message {
  readonly name: string;
  readonly summary: string;
  readonly schema: z.ZodType;
}

/** What a viewer sends. */
const TAPS: readonly Message[] = [
  { name: "reserve", summary: "Hold units", schema: live.tapReserve },
  { name: "release", summary: "Give held units back", schema: live.tapRelease },
  { name: "extend", summary: "Hold units for longer", schema: live.tapExtend },
  { name: "order", summary: "Pay for a reservation, or reserve and pay in one tap", schema: live.tapOrder },
  { name: "ping", summary: "Ask for a sign of life; answered without waking the server", schema: live.ping },
];

/** What comes back. */
const ANSWERS: readonly Message[] = [
  { name: "welcome", summary: "First message on every socket", schema: live.welcome },
  {
    name: "snapshot",
    summary: "The whole picture: replaces what the client had",
    schema: live.snapshotFrame,
  },
  {
    name: "frame",
    summary: "What changed since `change.after`; ten a second at most",
    schema: live.changeFrame,
  },
  { name: "ack", summary: "A tap was carried out", schema: live.ackReply },
  { name: "error", summary: "A tap was refused, or a message was not understood", schema: live.errorReply },
  { name: "notice", summary: "What became of an order or reservation of the viewer's", schema: live.notice },
  { name: "pong", summary: "The answer to `ping`", schema: live.pong },
];

const DESCRIPTION = `The socket of a live session: one picture for everybody, taps from those who are known.

A client connects with the subprotocol \`${live.SUBPROTOCOL}\`, and to tap offers \`${live.BEARER_SUBPROTOCOL}{viewer
token}\` beside it. It is sent \`welcome\`, then a \`snapshot\`, then numbered \`frame\`s: each builds on the cursor in
\`change.after\`. To resume after a cut it connects with \`?after={cursor}\` and gets what it missed as one frame, or a
snapshot. Every tap has an \`id\` of the client's own: sending it again gets the same answer. What is known to be sold out
is refused at once, which uses up neither the tap's tokens nor its \`id\`. \`overloaded\` and \`rate_limited\` say in
\`retryAfterMs\` when to send the tap again, under the same \`id\`.

How much of what was sent still waits to be read the platform does not say. A client therefore sends \`{"type":"ping"}\`
about every twenty seconds, which is answered without waking anything. Whoever shows no life for
${LIMITS.socketSilenceMs / 1_000} seconds is taken to be reading only until much was sent meanwhile (${LIMITS.socketBacklogBytes / 1e6} MB for a few, less each in a crowd of
them), and is then closed with ${live.CLOSE.resume}.

Where no socket can be had, a \`GET\` of the same address with \`Accept: text/event-stream\` answers with the same messages
as server-sent events: their \`event\` is the message's type, their \`id\` the cursor, so that a browser resumes by itself.

Close codes: ${live.CLOSE.faults} too many invalid messages, ${live.CLOSE.unknown} no such session, ${live.CLOSE.flood} too many messages,
${live.CLOSE.resume} connect again with the last cursor, ${live.CLOSE.over} the session is over for good.`;

const SCHEMAS = "#/components/schemas/";

/** The document, AsyncAPI 3.1, but for the server it is asked of. */
export function asyncApi(version: string): JsonSchema {
  const schemas: Record<string, JsonSchema> = {};
  const messages: Record<string, JsonSchema> = {};
  for (const { name, summary, schema } of [...TAPS, ...ANSWERS]) {
    const lifted = liftedSchema(schema, SCHEMAS);
    Object.assign(schemas, lifted.parts);
    messages[name] = { name, title: name, summary, contentType: "application/json", payload: lifted.schema };
  }
  return {
    asyncapi: "3.1.0",
    info: { title: "Dropcast live", version, description: DESCRIPTION, license: { name: "MIT" } },
    defaultContentType: "application/json",
    channels: {
      live: {
        address: "/v1/sessions/{session}/live",
        title: "A live session",
        parameters: { session: { description: "The session's id", examples: [EXAMPLE] } },
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, ref("components", "messages", name)]),
        ),
        bindings: { ws: { method: "GET", query: QUERY, bindingVersion: "0.1.0" } },
      },
    },
    operations: {
      tap: operation("receive", "What a viewer sends", TAPS),
      show: operation("send", "What viewers are sent", ANSWERS),
    },
    components: { messages, schemas },
  };
}

const EXAMPLE = "ses_01jd3m5n8yfx0t2qv4w6z9r1ab";

const QUERY = {
  type: "object",
  properties: {
    after: { type: "integer", minimum: 0, description: "The last cursor the client has" },
    as: {
      const: live.MONITOR,
      description: "A screen of whoever makes the show: shown all that viewers are, and counted as none",
    },
  },
};

function operation(action: "send" | "receive", summary: string, messages: readonly Message[]): JsonSchema {
  return {
    action,
    summary,
    channel: ref("channels", "live"),
    messages: messages.map(({ name }) => ref("channels", "live", "messages", name)),
  };
}

function ref(...path: readonly string[]): { readonly $ref: string } {
  return { $ref: `#/${path.join("/")}` };
}

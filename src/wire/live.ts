/** The socket: what a viewer sends, and what comes back. AsyncAPI is made from these schemas. */
import { z } from "zod";
import { order, placeOrder, buy } from "./orders.ts";
import { clientCommandId, instant, reservationId } from "./primitives.ts";
import { problem } from "./problem.ts";
import { reserve, reserved, reservation } from "./reservations.ts";
import { picture, pictureChange } from "./sessions.ts";

/** Offered by the client in `Sec-WebSocket-Protocol`, and chosen by the server. */
export const SUBPROTOCOL = "dropcast.v1";
/** Offered beside it with a viewer token appended: browsers cannot set headers on a socket. */
export const BEARER_SUBPROTOCOL = "dropcast.bearer.";

/** `?as=monitor` on the socket or the stream: a screen of whoever makes the show, not counted among its viewers. */
export const MONITOR = "monitor";

/** Close codes of the socket: 4000 to 4999 are the application's own (RFC 6455 §7.4.2). */
export const CLOSE = {
  /** Too many messages that were not valid. */
  faults: 4400,
  /** Too many messages in too short a time. */
  flood: 4429,
  /** No such session. */
  unknown: 4404,
  /** The relay starts anew or is full, or the socket showed no sign of being read: connect again with the last cursor. */
  resume: 4503,
  /** The session is over for good: nothing more will come. */
  over: 4410,
} as const;

const id = clientCommandId.meta({
  description: "Made by the client: sending the same message again gets the same answer",
});

export const tapReserve = z
  .object({ type: z.literal("reserve"), id, ...reserve.shape })
  .strict()
  .meta({ id: "TapReserve" });
export const tapRelease = z
  .object({ type: z.literal("release"), id, reservation: reservationId })
  .strict()
  .meta({ id: "TapRelease" });
export const tapExtend = z
  .object({ type: z.literal("extend"), id, reservation: reservationId })
  .strict()
  .meta({ id: "TapExtend" });
export const tapPlace = z.object({ type: z.literal("order"), id, ...placeOrder.shape }).strict();
export const tapBuy = z.object({ type: z.literal("order"), id, ...buy.shape }).strict();
export const tapOrder = z.union([tapPlace, tapBuy]).meta({ id: "TapOrder" });
export const ping = z
  .object({ type: z.literal("ping") })
  .strict()
  .meta({ id: "Ping" });

/** Everything a viewer may send. */
export const tap = z.union([tapReserve, tapRelease, tapExtend, tapOrder, ping]);
export type Tap = z.output<typeof tap>;

export const welcome = z
  .object({
    type: z.literal("welcome"),
    session: z.string(),
    viewer: z.string().nullable(),
    serverAt: instant,
  })
  .meta({ id: "Welcome", description: "First message on every socket" });

export const snapshotFrame = z
  .object({ type: z.literal("snapshot"), viewers: z.int(), serverAt: instant, picture })
  .meta({ id: "SnapshotFrame", description: "The whole picture: replaces what the client had" });

export const changeFrame = z
  .object({ type: z.literal("frame"), viewers: z.int(), serverAt: instant, change: pictureChange })
  .meta({
    id: "ChangeFrame",
    description: "What changed after the client's cursor; `change.after` is the cursor it builds on",
  });

export const ackReply = z
  .object({
    type: z.literal("ack"),
    id: z.string(),
    replayed: z.boolean(),
    result: z.union([reserved, reservation, order]).meta({ description: "What the HTTP route answers" }),
  })
  .meta({ id: "Ack", description: "A tap was carried out; `replayed` when it was before" });

export const errorReply = z
  .object({ type: z.literal("error"), id: z.string().nullable(), problem })
  .meta({ id: "ErrorReply", description: "A tap was refused, or a message was not understood" });

export const notice = z
  .object({
    type: z.literal("notice"),
    order: order.exactOptional(),
    reservation: reservation.exactOptional(),
  })
  .meta({ id: "Notice", description: "To one viewer: what became of an order or a reservation of theirs" });

export const pong = z.object({ type: z.literal("pong") }).meta({ id: "Pong" });

/** Everything the server may send. */
export const serverMessage = z.union([
  welcome,
  snapshotFrame,
  changeFrame,
  ackReply,
  errorReply,
  notice,
  pong,
]);
export type ServerMessage = z.output<typeof serverMessage>;

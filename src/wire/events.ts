/**
 * The journal's events on the wire: CloudEvents 1.0 whose `data` is the event as the code has it, instants in ISO 8601.
 * One schema per event type; JSON Schemas, OpenAPI and the webhooks' documents are made from them.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
import { z } from "zod";
import type { Event, EventBody, EventType } from "../domain/events.ts";
import type { SessionId } from "../domain/ids.ts";
import type { Agrees } from "./agreement.ts";
import { isoOf, toWire } from "./instants.ts";
import { click } from "./links.ts";
import { backorderConsent, offerLimits, offerTerms, priceTerms } from "./offers.ts";
import { failureReason, newOrder, payment } from "./orders.ts";
import {
  durationMs,
  instant,
  money,
  offerId,
  orderId,
  refundId,
  reservationId,
  units,
  viewerId,
} from "./primitives.ts";
import { newReservation, releaseReason } from "./reservations.ts";
import { creatorCode, sessionStatus, sessionTerms, showBuys } from "./sessions.ts";
import { measured } from "./stats.ts";
import { archivedJournal, cooledDown, warmupDone, warmupPlan } from "./warmup.ts";

const moved = { status: sessionStatus };
const ofOffer = { offer: offerId };
const ofReservation = { reservation: reservationId };
const ofOrder = { order: orderId };

/** `data` of each event, without the type, version, sequence and time that the envelope carries. */
const DATA = {
  "session.created": z.object({ terms: sessionTerms }),
  "session.updated": z.object({
    changes: z.object({
      title: z.string().exactOptional(),
      scheduledAt: instant.exactOptional(),
      creatorCodes: z.array(creatorCode).exactOptional(),
      showBuys: showBuys.exactOptional(),
    }),
  }),
  "session.scheduled": z.object(moved),
  "session.started": z.object(moved),
  "session.paused": z.object(moved),
  "session.resumed": z.object(moved),
  "session.ended": z.object(moved),
  "session.cancelled": z.object(moved),
  "session.measured": measured,
  "stock.allocated": z.object({ sku: z.string(), zone: z.string(), allocated: units, previous: units }),
  "offer.created": z.object({ terms: offerTerms }),
  "offer.updated": z.object({
    ...ofOffer,
    changes: z.object({
      title: z.string().exactOptional(),
      image: z.string().exactOptional(),
      opensAt: instant.exactOptional(),
      closesAt: instant.exactOptional(),
      limits: offerLimits.exactOptional(),
      holdMs: durationMs.exactOptional(),
      backorder: backorderConsent.exactOptional(),
    }),
  }),
  "offer.repriced": z.object({
    ...ofOffer,
    price: priceTerms,
    priceVersion: z.int(),
    olderTokensUntilAt: instant.exactOptional(),
  }),
  "offer.opened": z.object(ofOffer),
  "offer.closed": z.object(ofOffer),
  "offer.withdrawn": z.object(ofOffer),
  "offer.pinned": z.object(ofOffer),
  "offer.unpinned": z.object(ofOffer),
  "reservation.held": z.object({ reservation: newReservation }),
  "reservation.backordered": z.object({ reservation: newReservation }),
  "reservation.filled": z.object({ ...ofReservation, expiresAt: instant, latestAt: instant }),
  "reservation.extended": z.object({ ...ofReservation, expiresAt: instant }),
  "reservation.released": z.object({ ...ofReservation, reason: releaseReason }),
  "reservation.expired": z.object(ofReservation),
  "reservation.committed": z.object(ofReservation),
  "order.placed": z.object({
    order: newOrder,
    clicks: z.array(click).exactOptional(),
    shownAs: z.string().exactOptional(),
  }),
  "order.pending": z.object({ ...ofOrder, payment: payment.exactOptional() }),
  "order.authorized": z.object({ ...ofOrder, payment }),
  "order.captured": z.object(ofOrder),
  "order.failed": z.object({
    ...ofOrder,
    reason: failureReason,
    payment: payment.exactOptional(),
    unitsReturned: z.boolean(),
  }),
  "order.cancelled": z.object(ofOrder),
  "order.refunded": z.object({
    ...ofOrder,
    refund: refundId,
    amount: money,
    refundedTotal: money,
    unitsReturned: z.boolean(),
  }),
  "viewer.unnamed": z.object({ viewer: viewerId }),
  "warmup.planned": z.object({ plan: warmupPlan }),
  "warmup.done": z.object({ done: warmupDone }),
  "warmup.archived": z.object({ archive: archivedJournal }),
  "warmup.cooled": z.object({ cooled: cooledDown }),
} as const satisfies Record<EventType, z.ZodType>;

type DataOf<T extends EventType> = T extends EventType
  ? Agrees<(typeof DATA)[T], Omit<Extract<EventBody, { type: T }>, "type" | "v">>
  : never;
type Disagreeing = { [T in EventType]: [DataOf<T>] extends [never] ? T : never }[EventType];
/** Every schema above agrees with the domain's event of its name; the error names those that do not. */
true satisfies [Disagreeing] extends [never] ? true : Disagreeing;

/** Version of each event's shape; a change of shape is a new version beside the old. */
export const EVENT_VERSION = 1;
const EVENT_TYPES = Object.keys(DATA) as EventType[];

/** The CloudEvents `type` of an event: ours, versioned, stable. */
export type CloudEventType = `dropcast.${EventType}.v${typeof EVENT_VERSION}`;

export function cloudEventType(type: EventType): CloudEventType {
  return `dropcast.${type}.v${EVENT_VERSION}`;
}

function envelopeOf(type: EventType) {
  return z
    .object({
      specversion: z.literal("1.0"),
      id: z.string().regex(/^evt_/),
      source: z.string(),
      type: z.literal(cloudEventType(type)),
      subject: z.string(),
      time: instant,
      /** The event's place in the journal, as the CloudEvents sequence extension has it: a string that sorts. */
      sequence: z.string(),
      datacontenttype: z.literal("application/json"),
      dataschema: z.string(),
      data: DATA[type],
    })
    .meta({ id: `Event.${type}.v${EVENT_VERSION}` });
}

/** A schema of the whole CloudEvent per type, by the type's name in the code. */
export const EVENT_SCHEMAS: ReadonlyMap<EventType, z.ZodType> = new Map(
  EVENT_TYPES.map((type) => [type, envelopeOf(type)]),
);

/** Any event of a journal. */
export const cloudEvent = z
  .object({
    specversion: z.literal("1.0"),
    id: z.string(),
    source: z.string(),
    type: z.enum(EVENT_TYPES.map(cloudEventType) as [CloudEventType, ...CloudEventType[]]),
    subject: z.string(),
    time: instant,
    sequence: z.string(),
    datacontenttype: z.literal("application/json"),
    dataschema: z.string(),
    data: z.looseObject({}),
  })
  .meta({ id: "CloudEvent", description: "CloudEvents 1.0; `dataschema` has the schema of the whole event" });

export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: CloudEventType;
  readonly subject: string;
  readonly time: string;
  readonly sequence: string;
  readonly datacontenttype: "application/json";
  readonly dataschema: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Digits of a padded sequence number: 10^12 events sort as text. */
const SEQUENCE_DIGITS = 12;

/** The same event always gets the same id: consumers drop what they have seen. */
export function eventIdOf(session: SessionId, seq: number): `evt_${string}` {
  return `evt_${session.slice("ses_".length)}${String(seq).padStart(SEQUENCE_DIGITS, "0")}`;
}

export function toCloudEvent(session: SessionId, event: Event): CloudEvent {
  const { type, v: _, seq, atMs, ...data } = event;
  return {
    specversion: "1.0",
    id: eventIdOf(session, seq),
    source: `/v1/sessions/${session}`,
    type: cloudEventType(type),
    subject: subjectOf(session, event),
    time: isoOf(atMs),
    sequence: String(seq).padStart(SEQUENCE_DIGITS, "0"),
    datacontenttype: "application/json",
    dataschema: `/schemas/events/${type}.v${EVENT_VERSION}.json`,
    data: toWire(data),
  };
}

/** The id of what the event is about. */
function subjectOf(session: SessionId, event: Event): string {
  if ("reservation" in event) return idOf(event.reservation);
  if ("order" in event) return idOf(event.order);
  if ("offer" in event) return event.offer;
  if ("viewer" in event) return event.viewer;
  if (event.type === "offer.created") return event.terms.id;
  if (event.type === "stock.allocated") return `${event.zone}/${event.sku}`;
  return session;
}

function idOf(thing: string | { readonly id: string }): string {
  return typeof thing === "string" ? thing : thing.id;
}

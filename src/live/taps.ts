/**
 * From a viewer's request to a command: tokens verified, ids made, fingerprint taken. The HTTP routes and the socket
 * share it, so that the same request under the same id is one command, whichever way it comes. No I/O.
 */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { typeid } from "typeid-js";
import type { z } from "zod";
import type { Click, ClickId } from "../domain/attribution.ts";
import type { Command, Envelope, Evidence, ReservationItem, ReserveRequest } from "../domain/commands.ts";
import {
  commandIdOf,
  type OrderId,
  type ReservationId,
  type SessionId,
  type ViewerId,
} from "../domain/ids.ts";
import { verifyClickToken } from "../token/click-token.ts";
import type { KeyRing } from "../token/keys.ts";
import { verifyOfferToken } from "../token/offer-token.ts";
import { unverifiedClaims } from "../token/unverified.ts";
import type { createOrder } from "../wire/orders.ts";
import type { TokenFault } from "../wire/problem.ts";
import type { items, reserve } from "../wire/reservations.ts";
import type { Asked, AskedItem, AskedTap } from "./sold-out.ts";

type Reserve = z.output<typeof reserve>;
type CreateOrder = z.output<typeof createOrder>;
export type Tapped =
  { readonly ok: true; readonly envelope: Envelope } | { readonly ok: false; readonly fault: TokenFault };

/** Who taps, where, and under which id of their own. */
export interface Tapper {
  readonly session: SessionId;
  readonly viewer: ViewerId;
  /** `Idempotency-Key` or a socket message's `id`: one name space per viewer. */
  readonly commandId: string;
}

/** SHA-256 of the request's canonical JSON (RFC 8785): equal requests, equal fingerprints, however they were written. */
export function fingerprintOf(kind: string, body: unknown): string {
  return createHash("sha256")
    .update(canonicalize([kind, body]) ?? "")
    .digest("base64url");
}

/** A tap by what it asks and by which tokens: short enough to be kept as it is, mostly. */
function contentOf(...parts: readonly (string | number | boolean)[]): string {
  const text = JSON.stringify(parts);
  return text.length <= CONTENT_CHARS ? text : createHash("sha256").update(text).digest("base64url");
}

/** Room for a tap of two tokens. */
const CONTENT_CHARS = 128;

/** An id that says which session it belongs to, so that the edge finds the session without a database. */
export function reservationIdFor(session: SessionId): ReservationId {
  return `rsv_${typeid().getSuffix()}${suffixOf(session)}`;
}

export function orderIdFor(session: SessionId): OrderId {
  return `ord_${typeid().getSuffix()}${suffixOf(session)}`;
}

const SUFFIX_CHARS = 26;

function suffixOf(session: SessionId): string {
  return session.slice("ses_".length);
}

/** The session a reservation or an order belongs to; undefined for an id we never made. */
export function sessionOf(id: ReservationId | OrderId): SessionId | undefined {
  const suffix = id.slice("rsv_".length + SUFFIX_CHARS);
  return suffix.length === SUFFIX_CHARS ? `ses_${suffix}` : undefined;
}

export async function reserveTap(ring: KeyRing, by: Tapper, body: Reserve, nowMs: number): Promise<Tapped> {
  const request = await reserveRequest(ring, by, body, nowMs);
  if ("fault" in request) return { ok: false, fault: request.fault };
  const content = contentOf("reserve", ...partsOf(request), request.backorder);
  return envelope(by, content, { type: "reservation.reserve", v: 1, ...request });
}

/**
 * Pays for a reservation, or, given items, reserves and pays as one decision. Clicks and name are no part of the tap's
 * content: a viewer who follows another link while a repeat is under way still repeats the one purchase, with its first
 * clicks.
 */
export async function orderTap(ring: KeyRing, by: Tapper, body: CreateOrder, nowMs: number): Promise<Tapped> {
  const order = orderIdFor(by.session);
  const { viewer } = by;
  const name = body.shownAs === undefined ? {} : { shownAs: body.shownAs };
  const evidence = { ...(await evidenceOf(ring, body.clicks, nowMs)), ...name };
  if ("reservation" in body) {
    const { reservation, paymentMethod } = body;
    return envelope(by, contentOf("order", reservation, paymentMethod), {
      type: "order.place",
      v: 1,
      order,
      reservation,
      viewer,
      paymentMethod,
      ...evidence,
    });
  }
  const { paymentMethod, clicks: _, shownAs: __, ...wanted } = body;
  const request = await reserveRequest(ring, by, { ...wanted, backorder: false }, nowMs);
  if ("fault" in request) return { ok: false, fault: request.fault };
  const content = contentOf("order", ...partsOf(request), paymentMethod);
  return envelope(by, content, {
    type: "order.buy",
    v: 1,
    order,
    paymentMethod,
    reserve: request,
    ...evidence,
  });
}

/** The clicks whose tokens hold, each once; the others say nothing, and stop nothing. */
async function evidenceOf(
  ring: KeyRing,
  tokens: readonly string[] = [],
  nowMs: number,
): Promise<Pick<Evidence, "clicks">> {
  const clicks = new Map<ClickId, Click>();
  for (const token of new Set(tokens)) {
    const verified = await verifyClickToken(ring, token, nowMs);
    if (verified.ok) clicks.set(verified.claims.click, verified.claims);
  }
  return clicks.size > 0 ? { clicks: [...clicks.values()] } : {};
}

/**
 * A tap for stock as it claims to be, its tokens not verified: for refusing it, never for carrying it out. Undefined for
 * another tap, and where verifying would say something else of it.
 */
export function unverifiedTap(by: Tapper, body: Reserve | CreateOrder): AskedTap | undefined {
  if (!("items" in body) || ("backorder" in body && body.backorder)) return undefined;
  const items: AskedItem[] = [];
  for (const { token, quantity } of body.items) {
    const claims = unverifiedClaims(token);
    if (!claims || claims.session !== by.session || claims.viewer !== by.viewer) return undefined;
    const { expiresAtMs: tokenExpiresAtMs, quantity: maxQuantity, ...rest } = claims;
    items.push({ ...rest, tokenExpiresAtMs, maxQuantity, quantity });
  }
  const { zone, allowPartial } = body;
  const asked = { items, ...(zone === undefined ? {} : { zone }), allowPartial };
  const fingerprint =
    "paymentMethod" in body
      ? contentOf("order", ...partsOf(asked), body.paymentMethod)
      : contentOf("reserve", ...partsOf(asked), body.backorder);
  return { id: commandIdOf(by.viewer, by.commandId), fingerprint, asked };
}

export function releaseTap(by: Tapper, reservation: ReservationId): Tapped {
  const command = { type: "reservation.release", v: 1, reservation, viewer: by.viewer } as const;
  return envelope(by, contentOf("release", reservation), command);
}

export function extendTap(by: Tapper, reservation: ReservationId): Tapped {
  const command = { type: "reservation.extend", v: 1, reservation, viewer: by.viewer } as const;
  return envelope(by, contentOf("extend", reservation), command);
}

function envelope(by: Tapper, fingerprint: string, command: Command): Tapped {
  return { ok: true, envelope: { id: commandIdOf(by.viewer, by.commandId), fingerprint, command } };
}

function partsOf({ zone = "", allowPartial, items: wanted }: Asked): (string | number | boolean)[] {
  return [zone, allowPartial, ...wanted.flatMap(({ token, quantity }) => [token, quantity])];
}

async function reserveRequest(
  ring: KeyRing,
  by: Tapper,
  { items: asked, zone, allowPartial, backorder }: Reserve,
  nowMs: number,
): Promise<ReserveRequest | { fault: TokenFault }> {
  const verified = await verifyItems(ring, by, asked, nowMs);
  if (!Array.isArray(verified)) return verified;
  return {
    reservation: reservationIdFor(by.session),
    viewer: by.viewer,
    items: verified,
    ...(zone === undefined ? {} : { zone }),
    allowPartial,
    backorder,
  };
}

async function verifyItems(
  ring: KeyRing,
  by: Tapper,
  asked: z.output<typeof items>,
  nowMs: number,
): Promise<ReservationItem[] | { fault: TokenFault }> {
  const verified: ReservationItem[] = [];
  for (const { token, quantity } of asked) {
    const outcome = await verifyOfferToken(ring, token, by, nowMs);
    if (!outcome.ok) return { fault: outcome.fault };
    const { claims } = outcome;
    verified.push({
      token: claims.token,
      tokenExpiresAtMs: claims.expiresAtMs,
      offer: claims.offer,
      priceVersion: claims.priceVersion,
      price: claims.price,
      maxQuantity: claims.quantity,
      quantity,
      creditLimit: claims.creditLimit,
      priority: claims.priority,
    });
  }
  return verified;
}

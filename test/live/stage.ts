/** A live session on real workerd, driven through its RPC as the relays and the edge drive it. */
import { env } from "cloudflare:workers";
import { typeid } from "typeid-js";
import type { Executed } from "../../src/domain/block.ts";
import type { Command, Envelope } from "../../src/domain/commands.ts";
import type { OfferId, SessionId, ViewerId } from "../../src/domain/ids.ts";
import type { OfferTerms } from "../../src/domain/offer.ts";
import type { Accepted } from "../../src/domain/reply.ts";
import { fingerprintOf, reservationIdFor } from "../../src/live/taps.ts";
import { priceOf } from "../../src/domain/pricing.ts";
import { offerTerms, sessionTerms } from "../domain/shop.ts";

/** Ids here are as long as real ones: the wire's schemas look at them. */
export const TEE: OfferId = `ofr_${"0".repeat(22)}tee0`;

export function newSession(): SessionId {
  return `ses_${typeid().getSuffix()}`;
}

export function newViewer(): ViewerId {
  return `vwr_${typeid().getSuffix()}`;
}

export function stubOf(session: SessionId) {
  return env.LIVE_SESSION.getByName(session);
}

export function envelope<C extends Command>(command: C, id: string = crypto.randomUUID()): Envelope<C> {
  return { id, fingerprint: fingerprintOf("test", command), command };
}

export async function send(session: SessionId, command: Command, id?: string): Promise<Executed> {
  const [executed] = await stubOf(session).execute([envelope(command, id)]);
  return executed!;
}

/** A live session with `stock` tees and the offer open. */
export async function liveSession(stock: number, over: Partial<OfferTerms> = {}): Promise<SessionId> {
  const session = newSession();
  await stubOf(session).execute([
    envelope({
      type: "session.create",
      v: 1,
      terms: sessionTerms({ id: session, seller: `sel_${"0".repeat(26)}` }),
    }),
    envelope({ type: "session.move", v: 1, action: "start" }),
    envelope({ type: "stock.allocate", v: 1, sku: "tee", zone: "main", allocated: stock }),
    envelope({
      type: "offer.create",
      v: 1,
      terms: offerTerms(TEE, { lines: [{ sku: "tee", quantity: 1 }], ...over }),
    }),
    envelope({ type: "offer.move", v: 1, offer: TEE, action: "open" }),
  ]);
  return session;
}

export function reserveCommand(session: SessionId, viewer = newViewer(), quantity = 1) {
  return {
    type: "reservation.reserve",
    v: 1,
    reservation: reservationIdFor(session),
    viewer,
    allowPartial: false,
    backorder: false,
    items: [
      {
        token: `tok_${crypto.randomUUID()}`,
        tokenExpiresAtMs: Date.now() + 120_000,
        offer: TEE,
        priceVersion: 1,
        price: priceOf(offerTerms(TEE).price),
        maxQuantity: 10,
        quantity,
        creditLimit: 0,
        priority: 0,
      },
    ],
  } as const satisfies Command;
}

/** A hold, or the failure of the test that wanted one. */
export async function reserve(session: SessionId): Promise<Accepted<"reservation.reserve">["reservation"]> {
  const { reply } = await send(session, reserveCommand(session));
  if (!reply.ok || !("reservation" in reply)) throw new Error(JSON.stringify(reply));
  return reply.reservation;
}

export async function cursorOf(session: SessionId): Promise<number> {
  return (await stubOf(session).hydrate())!.picture.cursor;
}

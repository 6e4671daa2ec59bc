/** Orders as D1 has them and as the session has them, side by side. */
import { env } from "cloudflare:workers";
import type { Event } from "../../src/domain/events.ts";
import type { SessionId } from "../../src/domain/ids.ts";
import type { Order } from "../../src/domain/order.ts";
import { listOrders, type OrderRow } from "../../src/settlement/order-readers.ts";
import { createContract } from "../../src/settlement/contracts.ts";
import { orderOf } from "../../src/settlement/orders.ts";
import { contractTerms } from "../domain/contracts.ts";
import type { Shop } from "../domain/shop.ts";
import { EVERYTHING, eventsOf, live } from "./journal.ts";

/** The contract that the journals' orders are sold under. */
export async function agree(): Promise<void> {
  const { seller, ...terms } = contractTerms();
  await createContract(env.DB, { seller, ...terms, creatorMay: [...terms.creatorMay] }, 0, "con_1");
}

export function silent(): void {}

/** A session with every kind of order in it, and its journal. */
export function story(): { shop: Shop; session: SessionId; events: Event[] } {
  const shop = live(EVERYTHING);
  return { shop, session: shop.state.terms!.id, events: eventsOf(shop) };
}

export async function rowsOf(session: SessionId): Promise<readonly OrderRow[]> {
  const page = await listOrders(env.DB, { session, limit: 500 });
  return page!.rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export async function ordersInD1(shop: Shop): Promise<Order[]> {
  return (await rowsOf(shop.state.terms!.id)).map(orderOf);
}

export function ordersInSession(shop: Shop): Order[] {
  return [...shop.state.orders.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** How far the orders of a session have come; null before the first event. */
export async function cursorOf(session: SessionId): Promise<number | null> {
  return env.DB.prepare("SELECT seq FROM settlement_cursors WHERE projection = 'orders' AND session = ?")
    .bind(session)
    .first<number>("seq");
}

/** What stands in the book: one entry each, and the little arithmetic it takes. */
import type { ReservationItem } from "../../../src/domain/commands.ts";
import type { OfferTerms } from "../../../src/domain/offer.ts";
import type { OrderStatus } from "../../../src/domain/order.ts";
import type { ReservationLine, ReservationStatus } from "../../../src/domain/reservation.ts";
import type { Units } from "../../../src/domain/stock.ts";

export interface BookedReservation {
  readonly id: string;
  /** Sequence of its first event. */
  readonly seq: number;
  readonly viewer: string;
  readonly lines: readonly ReservationLine[];
  readonly units: readonly Units[];
  readonly priority: number;
  status: ReservationStatus;
  heldAtMs: number;
  deadlineMs: number;
  extensions: number;
  endedAtMs: number;
}

export interface BookedOrder {
  readonly id: string;
  readonly hold: BookedReservation;
  readonly due: number;
  status: OrderStatus;
  refunded: number;
  returned: boolean;
}

export interface BookedOffer {
  readonly terms: OfferTerms;
  status: "scheduled" | "open" | "closed" | "withdrawn";
  limits: OfferTerms["limits"];
  consented: boolean;
  /** Price versions whose tokens buy, and until when. */
  readonly versions: Map<number, number>;
  version: number;
}

/** A token as it was issued, with the viewer it was issued to. */
export interface IssuedToken {
  readonly item: ReservationItem;
  readonly viewer: string;
}

export function must(condition: boolean, promise: string, about?: unknown): void {
  if (!condition) throw new Error(`${promise}: ${JSON.stringify(about)}`);
}

export function comesBefore(other: BookedReservation, hold: BookedReservation): boolean {
  return other.priority > hold.priority || (other.priority === hold.priority && other.seq < hold.seq);
}

export function keyOf({ sku, zone }: { readonly sku: string; readonly zone: string }): string {
  return `${zone}/${sku}`;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export function unitsOf(of: { readonly units: readonly Units[] }, key: string): number {
  return sum(of.units.filter((unit) => keyOf(unit) === key).map((unit) => unit.quantity));
}

export function quantityOf(lines: readonly ReservationLine[], offer: string): number {
  return sum(lines.filter((line) => line.offer === offer).map((line) => line.quantity));
}

/** Loyalty credit in these lines or items. */
export function creditIn(lines: readonly Pick<ReservationLine, "quantity" | "price">[]): number {
  return sum(lines.map(({ quantity, price }) => quantity * (price.total.amount - price.due.amount)));
}

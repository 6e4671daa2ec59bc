/** This viewer's purchases by offer: from tap to outcome, whatever order the news comes in. Pure. */
import type { DropcastError } from "./error.ts";
import type { OwnOrder, Purchase, PurchaseStep, Reservation } from "./types.ts";

/** Steps from which a purchase may still move by itself. */
const OPEN: ReadonlySet<PurchaseStep> = new Set(["pending", "held", "waiting", "paying", "action"]);

export function isOpen({ step }: Purchase): boolean {
  return OPEN.has(step);
}

export class Purchases {
  /** A new object at every change. */
  #byOffer: Readonly<Record<string, Purchase>> = {};
  /** The last news of a reservation, which may come before the answer to its tap. */
  #news: Reservation | undefined;

  get byOffer(): Readonly<Record<string, Purchase>> {
    return this.#byOffer;
  }

  get open(): readonly Purchase[] {
    return Object.values(this.#byOffer).filter(isOpen);
  }

  /** The purchase that a reservation belongs to. */
  ofReservation(id: string): Purchase | undefined {
    return Object.values(this.#byOffer).find(
      ({ reservation, order }) => reservation?.id === id || order?.reservation === id,
    );
  }

  /** A tap goes out. Gives what was there before. */
  pending({ offer, quantity, reservation }: Omit<Purchase, "step">): Purchase | undefined {
    const before = this.#byOffer[offer];
    this.#put({ offer, quantity, step: "pending", ...(reservation && { reservation }) });
    return before;
  }

  /** A tap for units was refused, or nobody answered it: what was open before is as it was. */
  refused(refused: Required<Pick<Purchase, "offer" | "quantity" | "refusal">>, before?: Purchase): void {
    const now = this.#byOffer[refused.offer];
    // Of two taps at a time the other may have been answered meanwhile.
    const stands = [now, before].find((one) => one && isOpen(one) && one.step !== "pending");
    if (stands) this.#put({ ...stands, refusal: refused.refusal });
    else this.#put({ ...refused, step: "refused" });
  }

  /** What was asked about a hold was refused: the hold is as it was, unless its end was told meanwhile. */
  stands(before: Purchase, refusal: DropcastError): void {
    const now = this.#byOffer[before.offer];
    const isSame = now?.reservation?.id === before.reservation?.id;
    if (isSame && (now?.step === "pending" || now?.step === before.step)) this.#put({ ...before, refusal });
  }

  /** The answer to a tap: a reservation. */
  held(answered: Reservation): void {
    const reservation = this.#news?.id === answered.id ? this.#news : answered;
    for (const { offer, quantity } of reservation.lines) {
      this.#put({ offer, quantity, step: stepOfReservation(reservation), reservation });
    }
  }

  /** The answer to a tap: an order. */
  placed(order: OwnOrder): void {
    for (const { offer, quantity } of order.lines) {
      const known = this.#byOffer[offer];
      const isLater = known?.order?.id === order.id && rank(known.order) > rank(order);
      const now = isLater ? known.order : order;
      const reservation = known?.reservation?.id === order.reservation ? known.reservation : undefined;
      this.#put({ offer, quantity, step: stepOfOrder(now), ...(reservation && { reservation }), order: now });
    }
  }

  /** News of a reservation: of a purchase that is known, or of a hold that this viewer got elsewhere. */
  reservation(reservation: Reservation): void {
    this.#news = reservation;
    const step = stepOfReservation(reservation);
    for (const { offer, quantity } of reservation.lines) {
      const known = this.#byOffer[offer];
      const isSame =
        known?.reservation?.id === reservation.id || known?.order?.reservation === reservation.id;
      if (isSame && known.order) this.#put({ ...known, reservation });
      else if (isSame ? !isBefore(step, known) : isHold(step) && !(known && isOpen(known)))
        this.#put({ offer, quantity, step, reservation });
    }
  }

  /** News of an order: of a purchase that is known, or of a later one that this viewer made elsewhere. */
  order(order: OwnOrder): void {
    for (const { offer } of order.lines) {
      const known = this.#byOffer[offer];
      // Whatever becomes of one before it, the latest is what the viewer waits for.
      if (known?.order && known.order.placedAt > order.placedAt) continue;
      const isKnown = known?.order?.id === order.id || known?.reservation?.id === order.reservation;
      // The end of one that was given up says nothing of the one after it.
      const isNews = known?.step !== "bought" || stepOfOrder(order) !== "failed";
      if (isKnown || (isNews && !(known && isOpen(known)))) this.placed(order);
    }
  }

  #put(purchase: Purchase): void {
    this.#byOffer = { ...this.#byOffer, [purchase.offer]: purchase };
  }
}

/** Whether news of the step is older than what is known: stock is waited for before it is held, and an end stays. */
function isBefore(news: PurchaseStep, { step }: Purchase): boolean {
  return step === "expired" || step === "released" || (news === "waiting" && step === "held");
}

function isHold(step: PurchaseStep): boolean {
  return step === "held" || step === "waiting";
}

const OF_RESERVATION = {
  held: "held",
  backordered: "waiting",
  committed: "bought",
  released: "released",
  expired: "expired",
} as const satisfies Record<Reservation["status"], PurchaseStep>;

function stepOfReservation({ status }: Reservation): PurchaseStep {
  return OF_RESERVATION[status];
}

function stepOfOrder({ status, paymentAction }: OwnOrder): PurchaseStep {
  if (status === "placed") return paymentAction ? "action" : "paying";
  return status === "failed" || status === "cancelled" ? "failed" : "bought";
}

/** Orders go one way: `placed`, what the viewer must do, `authorized`, then an end. */
function rank({ status, paymentPending, paymentAction }: OwnOrder): number {
  if (status === "placed") return paymentAction ? 2 : paymentPending ? 1 : 0;
  if (status === "authorized") return 3;
  return status === "refunded" ? 5 : 4;
}

/** What the card tells its page: events that bubble out of shadow trees, with plain data. Types, and how one is fired. */
import type { DropcastError, Money, OwnOrder, Purchase } from "../../sdk/index.ts";

interface About {
  readonly session: string;
  readonly offer: string;
}

/** What is held for the viewer; also what `onCart` gets. */
export interface Reserved extends About {
  readonly quantity: number;
  readonly reservation: string;
  /** ISO 8601. */
  readonly expiresAt: string | undefined;
  /** In all. */
  readonly due: Money;
}

export interface Ordered extends About {
  readonly quantity: number;
  readonly order: string;
  readonly status: OwnOrder["status"];
  /** In all. */
  readonly due: Money;
}

export interface CardEvents {
  /** The offer is on screen for the first time. */
  "dropcast:ready": About;
  "dropcast:reserved": Reserved;
  /** The payment is authorized or captured. */
  "dropcast:ordered": Ordered;
  /** The payment came to nothing. */
  "dropcast:failed": About & { readonly order: string; readonly reason: OwnOrder["failure"] };
  /** What the viewer asked for was not done. */
  "dropcast:refused": About & {
    readonly code: DropcastError["code"];
    readonly status: number;
    readonly retryAfterMs: number | undefined;
  };
  "dropcast:soldout": About & { readonly waitlist: boolean };
}

export function fire<K extends keyof CardEvents>(target: EventTarget, type: K, detail: CardEvents[K]): void {
  target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

/** Fires what a purchase's new step means for the page. */
export function firePurchase(target: EventTarget, session: string, purchase: Purchase): void {
  const { offer, quantity, step, order } = purchase;
  if (step === "bought" && order) {
    const { id, status, due } = order;
    fire(target, "dropcast:ordered", { session, offer, quantity, order: id, status, due });
  } else if (step === "failed" && order) {
    fire(target, "dropcast:failed", { session, offer, order: order.id, reason: order.failure });
  }
}

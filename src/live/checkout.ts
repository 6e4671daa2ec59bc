/** The way from an object to the Worker's own entrypoint that takes payments. Keeps nothing, calls nothing by itself. */
import type { OrderId, SessionId } from "../domain/ids.ts";

/** A relay places orders and leaves their money to it. */
export interface CheckoutPort {
  settle(session: SessionId, order: OrderId): Promise<void>;
  acceptsMethod(method: string): Promise<boolean>;
}

export function checkoutOf({ exports }: Pick<DurableObjectState, "exports">): CheckoutPort {
  return (exports as unknown as { readonly Checkout: CheckoutPort }).Checkout;
}

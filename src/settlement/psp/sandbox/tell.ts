/** The sandbox's voice: news on the payments queue, now or when their time has come. Touches the queue alone. */
import type { PaymentBindings } from "../bindings.ts";
import type { PaymentNews } from "../port.ts";

/** The name of this adapter. */
export const PROVIDER = "sandbox";

/** What every part of the sandbox works with. */
export interface Sandbox {
  readonly env: PaymentBindings;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Says that something has moved, or is going to in `afterMs`; never before that. */
export async function tell({ env }: Sandbox, news: PaymentNews, afterMs = 0): Promise<void> {
  const message = { provider: PROVIDER, ...news };
  if (afterMs === 0) await env.PAYMENTS_QUEUE.send(message);
  else await env.PAYMENTS_QUEUE.send(message, { delaySeconds: Math.ceil(afterMs / 1_000) });
}

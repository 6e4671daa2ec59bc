/** Orders on the wire. */
import { z } from "zod";
import { FIRST_NAME } from "../domain/first-name.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Order } from "../domain/order.ts";
import type { Purchases } from "../domain/purchases.ts";
import type { Agrees } from "./agreement.ts";
import {
  contractId,
  instant,
  money,
  orderId,
  refundId,
  reservationId,
  title,
  viewerId,
  zone,
} from "./primitives.ts";
import { items, reservation, reservationLine, reservedUnits } from "./reservations.ts";

const paymentMethod = z
  .string()
  .regex(/^[A-Za-z0-9_:-]{1,128}$/, "must be a payment method's id")
  .meta({
    description:
      "A payment method as the provider names it: Stripe's begin with `pm_`. The sandbox's are behaviours: " +
      "`sandbox_success`, `sandbox_decline`, `sandbox_3ds` (see `paymentAction`), `sandbox_later_success` and " +
      "`sandbox_later_decline` (after 2 seconds, or as many as `sandbox_later_success_30` says), `sandbox_dispute`, " +
      "`sandbox_dispute_won`, `sandbox_dispute_lost`, `sandbox_refund_fails`, `sandbox_never_answers`, " +
      "`sandbox_success_after_hold_lost`.",
    example: "sandbox_success",
  });

const clicks = z
  .array(z.string())
  .max(LIMITS.clicksPerOrder)
  .meta({
    description:
      "Click tokens of creators' links, as `dropcast_click` in the page's address or cookie has them: they decide to " +
      "which creator the order is attributed. One that is expired or does not hold is passed over; it never stops a " +
      "sale. They are no part of what is asked for: a repeat with others is the same order, with the clicks that it " +
      "came with first.",
  });

const shownAs = z
  .string()
  .trim()
  .max(LIMITS.shownAsChars)
  .regex(
    FIRST_NAME,
    "must be a first name: letters, with blanks, hyphens, apostrophes and points between them",
  )
  .meta({
    description:
      "The first name under which the buyer agrees to be shown among the session's `recentBuys`, for everybody to see, " +
      "once the order is paid for: giving it is the consent, and without it the buy is shown without a name. It is no part " +
      "of the order, nor of what is asked for: the session's record has it, and screens until others have bought, a host " +
      "hides it or the session is over.",
    example: "Ana",
  });

/** What an order may come with, and is the same order without. */
const beside = { clicks: clicks.exactOptional(), shownAs: shownAs.exactOptional() };

export const placeOrder = z
  .object({ reservation: reservationId, paymentMethod, ...beside })
  .strict()
  .meta({ id: "PlaceOrder", description: "Pay for what is held" });

export const buy = z
  .object({
    items,
    zone: zone.exactOptional(),
    allowPartial: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Buy what there is when not all of it can be had. The order's `lines` are what was bought and is charged; " +
          "compare them with `items`. Without it nothing is bought then.",
      }),
    paymentMethod,
    ...beside,
  })
  .strict()
  .meta({ id: "Buy", description: "One tap: reserve and pay as one decision" });

export const createOrder = z.union([placeOrder, buy]).meta({ id: "CreateOrder" });

export const payment = z.object({ provider: z.string(), id: z.string() });
export const orderStatus = z.enum(["placed", "authorized", "captured", "failed", "cancelled", "refunded"]);
export const failureReason = z.enum(["declined", "hold_lost", "capture_failed"]);

const orderShape = {
  id: orderId,
  reservation: reservationId,
  viewer: viewerId,
  contract: contractId.exactOptional(),
  lines: z.array(reservationLine),
  units: z.array(reservedUnits),
  paymentMethod: z.string(),
  total: money,
  due: money,
  placedAt: instant,
};

/** An order before anything has become of it. */
export const newOrder = z.object(orderShape);

export const order = z
  .object({
    ...orderShape,
    refunded: money,
    status: orderStatus,
    payment: payment.exactOptional(),
    paymentPending: z.boolean(),
    failure: failureReason.exactOptional(),
    refunds: z.array(z.object({ id: refundId, amount: money })),
  })
  .meta({ id: "Order" });

/** An order as lists have it: its lines tell what was bought to whoever has no offers beside them. */
export const listedOrder = order
  .extend({
    lines: z.array(
      reservationLine.extend({
        title: title
          .meta({ description: "What the offer is called now; left out until it is reported" })
          .exactOptional(),
      }),
    ),
  })
  .meta({ id: "ListedOrder" });

/** An order as its viewer gets it. */
export const ownOrder = order
  .extend({
    paymentAction: z
      .object({ url: z.url() })
      .exactOptional()
      .meta({ description: "What the viewer must do for the payment to go on, in a browser" }),
  })
  .meta({ id: "OwnOrder" });

/** What a viewer holds, waits for and has ordered; what there is to be done for a payment is said of each order alone. */
export const purchases = z
  .object({ reservations: z.array(reservation), orders: z.array(order) })
  .meta({ id: "Purchases" });

export const createRefund = z
  .object({
    /** The rest of the captured amount when left out. */
    amount: money.exactOptional(),
    /** Whether the units go back to the session's stock; they do with the refund that completes the total. */
    returnUnits: z.boolean().default(false),
  })
  .strict()
  .meta({ id: "CreateRefund" });

true satisfies Agrees<typeof order, Order>;
true satisfies Agrees<typeof purchases, Purchases>;

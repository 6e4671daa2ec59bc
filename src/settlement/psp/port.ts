/**
 * The payment port: what Dropcast needs of a payment provider. Adapters stand beside it, one a folder. Every call is
 * idempotent by the id it is given, so that a crash between two steps is repaired by doing the step again. A provider
 * may forget such ids (Stripe after 24 hours): what was sent long ago is looked for before it is sent again.
 * A refund, transfer, reversal or payout that was refused stays so under its id: another try is another id.
 *
 * A call throws when the provider cannot be reached, is too busy or does not know what to say: nothing is known then,
 * and the same call is made again later. What the provider decided against is a value.
 */
import type { OrderId, PartyId, PayoutId, RefundId, ReversalId, TransferId } from "../../domain/ids.ts";
import type { Money } from "../../domain/money.ts";

export interface Charge {
  readonly order: OrderId;
  /** What is to be paid; zero when credit pays for all, which the port is not asked for. */
  readonly amount: Money;
  readonly paymentMethod: string;
}

/** What the buyer must do before a payment goes on: 3-D Secure at the bank. `url` opens in a browser. */
export interface PaymentAction {
  readonly url: string;
}

/** Where a payment stands at the provider. */
export type PaymentState =
  | { readonly status: "unknown" }
  | { readonly status: "pending"; readonly payment: string; readonly action?: PaymentAction }
  | { readonly status: "authorized"; readonly payment: string }
  | { readonly status: "captured"; readonly payment: string }
  | { readonly status: "declined"; readonly payment: string; readonly reason: string }
  | { readonly status: "returned"; readonly payment: string };

/**
 * Money that was taken, as the provider has it in its books: in the currency of the order. A provider that would change
 * it into another is not for orders in this currency, since its books and ours could never be equal.
 */
export interface CapturedCharge {
  /** The provider's id of it; transfers name it as their source. */
  readonly charge: string;
  readonly amount: Money;
  /** What the provider kept; absent until it says. */
  readonly fee?: Money;
}

/** A refund at the provider. `failed`: it was sent, and the buyer's bank did not take it. */
export type RefundState =
  | { readonly status: "unknown" }
  | { readonly status: "pending" | "sent" | "failed"; readonly refund: string }
  | { readonly status: "refused"; readonly reason: string };

/**
 * Money on its way between the platform and a party, or to a party's bank. `done` is at its goal, `refused` never left;
 * `returned` was at its goal, or nearly, and came back.
 */
export type MovementState =
  | { readonly status: "unknown" }
  | { readonly status: "pending" | "done"; readonly id: string }
  | { readonly status: "returned"; readonly id: string; readonly reason: string }
  | { readonly status: "refused"; readonly reason: string };

/** From the platform's money at the provider to a party's account there. */
export interface Transfer {
  readonly id: TransferId;
  readonly order: OrderId;
  readonly account: string;
  readonly amount: Money;
  /** The charge the money comes from; absent where credit paid. */
  readonly charge?: string;
  /** When it was first asked for. */
  readonly startedAtMs: number;
}

/** Back from a party's account, in part or whole. */
export interface Reversal {
  readonly id: ReversalId;
  /** The provider's id of the transfer. */
  readonly transfer: string;
  readonly account: string;
  readonly amount: Money;
  readonly startedAtMs: number;
}

/** From a party's account to its bank. */
export interface Payout {
  readonly id: PayoutId;
  readonly account: string;
  readonly amount: Money;
  readonly startedAtMs: number;
}

/** Somebody who is to have an account at the provider. */
export interface Party {
  readonly id: PartyId;
  readonly name: string;
  readonly email?: string;
  /** ISO 3166-1 alpha-2, where the party is. */
  readonly country: string;
}

/** A party's account. Only an `enabled` one takes transfers and payouts; `restricted` ones did once. */
export interface ConnectedAccount {
  readonly account: string;
  readonly status: "onboarding" | "enabled" | "restricted";
}

export interface OnboardingLink {
  readonly url: string;
  readonly expiresAtMs: number;
}

/** A buyer's bank has taken money back. `fee` is what the provider has taken for it so far. */
export interface Dispute {
  /** The provider's id. */
  readonly dispute: string;
  readonly order: OrderId;
  readonly amount: Money;
  readonly fee?: Money;
  readonly status: "open" | "won" | "lost";
  readonly reason: string;
}

/**
 * What a line of the provider's books is about. Of what Dropcast did not cause, `platform_payout` is money between the
 * platform's bank and the provider, whichever way it went, and `provider_fee` what the provider charged by itself;
 * anything else, holds among it, is `other`.
 */
export type ProviderEntryKind =
  | "charge"
  | "refund"
  | "refund_failed"
  | "transfer"
  | "reversal"
  | "dispute"
  | "dispute_won"
  | "platform_payout"
  | "provider_fee"
  | "other";

/** A line of the provider's books on the platform's own money there. */
export interface ProviderEntry {
  /** The provider's id of the line. */
  readonly id: string;
  readonly kind: ProviderEntryKind;
  /** Our id of what it is about: an order, a refund, a transfer, a reversal; for disputes the provider's id of it. */
  readonly reference?: string;
  /** What it added to the platform's money, before the fee; negative where it took. */
  readonly amount: Money;
  /** What the provider kept for it; negative where it gave back. */
  readonly fee: Money;
  readonly atMs: number;
}

/** What a provider tells later. It carries no state: ask for it. */
export type PaymentNews =
  | { readonly order: OrderId }
  | { readonly refund: RefundId; readonly of: OrderId }
  | { readonly dispute: string }
  | { readonly payout: PayoutId }
  | { readonly account: string };

/** The buyer's side: money in, and back. */
export interface ChargePort {
  /** Whether the provider has a method of this name; checked before anything is held. */
  acceptsMethod(method: string): boolean;
  /** Asks for the money without taking it. Repeated for an order, it answers what became of the first. */
  authorize(charge: Charge, signal: AbortSignal): Promise<PaymentState>;
  /** Takes what was authorized. Repeated, it answers `captured` again. */
  capture(order: OrderId): Promise<PaymentState>;
  /** Gives back whatever was promised or taken: voids or refunds in whole. Repeated, it answers `returned` again. */
  giveBack(order: OrderId): Promise<PaymentState>;
  /** Where the order's payment stands; `unknown` when the provider never heard of it. */
  find(order: OrderId): Promise<PaymentState>;
  /**
   * What was taken for an order; undefined as long as nothing was.
   * @throws {ProviderRefusal} `currency_not_settled`: what was taken has become money of another currency.
   */
  captured(order: OrderId): Promise<CapturedCharge | undefined>;
  /** Refunds a part of what was captured. */
  refund(order: OrderId, refund: RefundId, amount: Money): Promise<RefundState>;
  findRefund(order: OrderId, refund: RefundId): Promise<RefundState>;
  /** Undefined for one the provider does not know, that is of no order of ours, or that has taken no money so far. */
  dispute(dispute: string): Promise<Dispute | undefined>;
}

/** The sellers' and creators' side: money out, and back. */
export interface TransferPort {
  /** Opens the party's account, or finds it open. */
  openAccount(party: Party): Promise<ConnectedAccount>;
  account(account: string): Promise<ConnectedAccount>;
  /** Where the party tells the provider who it is; it comes back to `returnUrl`. */
  onboardingLink(account: string, returnUrl: string): Promise<OnboardingLink>;
  /** What the account has to reverse or pay out just now, in minor units. */
  available(account: string, currency: string): Promise<number>;
  transfer(transfer: Transfer): Promise<MovementState>;
  findTransfer(transfer: Transfer): Promise<MovementState>;
  reverse(reversal: Reversal): Promise<MovementState>;
  findReversal(reversal: Reversal): Promise<MovementState>;
  /**
   * The part of an amount that a bank can be paid, in minor units: rounded down where its currency is not paid out to
   * the last of them. The rest stays in the account. Any other amount is refused as a payout.
   */
  payable(amount: Money): number;
  payout(payout: Payout): Promise<MovementState>;
  findPayout(payout: Payout): Promise<MovementState>;
}

/** The provider's own record and voice. */
export interface RecordPort {
  /** The lines of the provider's books from one time to another, oldest first, a page at a time. */
  entries(fromMs: number, untilMs: number): AsyncIterable<readonly ProviderEntry[]>;
  /** Checks a webhook and reads it; undefined when it is not authentic, too old or from the future. */
  readWebhook(request: Request): Promise<readonly PaymentNews[] | undefined>;
}

export interface PaymentPort extends ChargePort, TransferPort, RecordPort {
  /** The adapter's name, as it stands in orders and routes. */
  readonly provider: string;
}

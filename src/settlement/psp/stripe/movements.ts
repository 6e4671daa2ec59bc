/**
 * The parties' side at Stripe: transfers beside the charge they come from, reversals, payouts of connected accounts.
 * Asks Stripe, and keeps what it asked for in `stripe_requests`.
 * @see https://docs.stripe.com/connect/separate-charges-and-transfers
 */
import type { Stripe } from "stripe";
import { LIMITS } from "../../../domain/limits.ts";
import type { Money } from "../../../domain/money.ts";
import type { MovementState, Payout, Reversal, Transfer, TransferPort } from "../port.ts";
import { idOf } from "./client.ts";
import type { Desk } from "./desk.ts";
import { isRefusal, known } from "./refusals.ts";
import type { Search } from "./requests.ts";
import { payableOf, payoutUnitsOf, stripeCurrencyOf, unitsOf, whyNoUnits } from "./units.ts";

type MovementPort = Pick<
  TransferPort,
  "transfer" | "findTransfer" | "reverse" | "findReversal" | "payable" | "payout" | "findPayout"
>;

const UNKNOWN: MovementState = { status: "unknown" };

export function movementPort(desk: Desk): MovementPort {
  const { log } = desk;
  return {
    transfer: (asked) => sendTransfer(desk, asked),
    async findTransfer(asked) {
      const made = await log.search(transferSearch(desk, asked));
      return made ? transferStateOf(made, asked) : UNKNOWN;
    },
    reverse: (asked) => sendReversal(desk, asked),
    async findReversal(asked) {
      const made = await log.search(reversalSearch(desk, asked));
      return made ? reversalStateOf(made, asked) : UNKNOWN;
    },
    payable: payableOf,
    payout: (asked) => sendPayout(desk, asked),
    async findPayout(asked) {
      const made = await log.search(payoutSearch(desk, asked));
      return made ? payoutStateOf(made, asked) : UNKNOWN;
    },
  };
}

async function sendTransfer(desk: Desk, asked: Transfer): Promise<MovementState> {
  const amount = unitsOf(asked.amount);
  if (amount === undefined) return refused(whyNoUnits(asked.amount));
  const { id, order, account, charge, startedAtMs } = asked;
  const params = {
    amount,
    currency: stripeCurrencyOf(asked.amount),
    destination: account,
    transfer_group: order,
    ...(charge === undefined ? {} : { source_transaction: charge }),
    metadata: { order, transfer: id },
  };
  const made = await desk.log.run({
    ...transferSearch(desk, asked),
    params,
    startedAtMs,
    identity: ["amount", "currency", "destination", "transfer_group"],
    send: (sent, idempotencyKey) => desk.stripe.transfers.create(sent, { idempotencyKey }),
  });
  return isRefusal(made) ? refused(made.refusal) : transferStateOf(made, asked);
}

async function sendReversal(desk: Desk, asked: Reversal): Promise<MovementState> {
  const amount = unitsOf(asked.amount);
  if (amount === undefined) return refused(whyNoUnits(asked.amount));
  const { id, transfer, startedAtMs } = asked;
  const made = await desk.log.run({
    ...reversalSearch(desk, asked),
    // `transfer` is no parameter of Stripe's: it is part of the path.
    params: { transfer, amount, metadata: { reversal: id } },
    startedAtMs,
    identity: ["transfer", "amount"],
    send: ({ transfer: of, ...sent }, idempotencyKey) =>
      desk.stripe.transfers.createReversal(of, sent, { idempotencyKey }),
  });
  return isRefusal(made) ? refused(made.refusal) : reversalStateOf(made, asked);
}

async function sendPayout(desk: Desk, asked: Payout): Promise<MovementState> {
  const amount = payoutUnitsOf(asked.amount);
  if (amount === undefined) return refused(whyNoUnits(asked.amount));
  const { id, account, startedAtMs } = asked;
  const made = await desk.log.run({
    ...payoutSearch(desk, asked),
    params: { account, amount, currency: stripeCurrencyOf(asked.amount), metadata: { payout: id } },
    startedAtMs,
    identity: ["account", "amount", "currency"],
    send: ({ account: stripeAccount, ...sent }, idempotencyKey) =>
      desk.stripe.payouts.create(sent, { idempotencyKey, stripeAccount }),
  });
  return isRefusal(made) ? refused(made.refusal) : payoutStateOf(made, asked);
}

function refused(reason: string): MovementState {
  return { status: "refused", reason };
}

/** Between accounts at Stripe money moves at once. */
function transferStateOf(made: Stripe.Transfer, { order, account, amount }: Transfer): MovementState {
  const isSame =
    isAmount(made, amount) && idOf(made.destination) === account && made.transfer_group === order;
  return isSame ? { status: "done", id: made.id } : refused("id_reused");
}

function reversalStateOf(made: Stripe.TransferReversal, { transfer, amount }: Reversal): MovementState {
  const isSame = isAmount(made, amount) && idOf(made.transfer) === transfer;
  return isSame ? { status: "done", id: made.id } : refused("id_reused");
}

/** A payout that was paid can still turn out to have failed, days later. */
function payoutStateOf(made: Stripe.Payout, asked: Payout): MovementState {
  if (!isAmount(made, asked.amount)) return refused("id_reused");
  const { id, status, failure_code: failure } = made;
  switch (status) {
    case "paid":
      return { status: "done", id };
    case "failed":
      return { status: "returned", id, reason: failure ?? "payout_failed" };
    case "canceled":
      return refused("payout_canceled");
    default:
      return { status: "pending", id };
  }
}

function isAmount(made: { readonly amount: number; readonly currency: string }, asked: Money): boolean {
  return made.amount === unitsOf(asked) && made.currency === stripeCurrencyOf(asked);
}

function transferSearch({ stripe }: Desk, { id, order, account }: Transfer): Search<Stripe.Transfer> {
  return {
    id,
    read: (made) => known(stripe.transfers.retrieve(made)),
    async find() {
      const list = stripe.transfers.list({
        transfer_group: order,
        destination: account,
        limit: LIMITS.stripePage,
      });
      for await (const made of list) if (made.metadata.transfer === id) return made;
      return undefined;
    },
  };
}

function reversalSearch({ stripe }: Desk, { id, transfer }: Reversal): Search<Stripe.TransferReversal> {
  return {
    id,
    read: (made) => known(stripe.transfers.retrieveReversal(transfer, made)),
    async find() {
      for await (const made of stripe.transfers.listReversals(transfer, { limit: LIMITS.stripePage })) {
        if (made.metadata?.reversal === id) return made;
      }
      return undefined;
    },
  };
}

function payoutSearch({ stripe }: Desk, { id, account, startedAtMs }: Payout): Search<Stripe.Payout> {
  const options = { stripeAccount: account };
  const gte = Math.floor((startedAtMs - LIMITS.clockSkewMs) / 1_000);
  return {
    id,
    read: (made) => known(stripe.payouts.retrieve(made, {}, options)),
    async find() {
      for await (const made of stripe.payouts.list({ created: { gte }, limit: LIMITS.stripePage }, options)) {
        if (made.metadata?.payout === id) return made;
      }
      return undefined;
    },
  };
}

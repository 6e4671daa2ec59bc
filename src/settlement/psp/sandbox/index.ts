/**
 * The sandbox: a payment provider of our own, so that everything runs on one machine. Its books are in D1. Every step
 * is one guarded batch, so that calls at the same time end as if one had come after the other. What banks do later
 * happens by the clock: whoever looks after its time finds it done. It remembers every id it was given.
 */
import type { PaymentBindings } from "../bindings.ts";
import type { PaymentPort } from "../port.ts";
import { account, available, onboardingLink, openAccount } from "./accounts.ts";
import { authorize, capture, captured, find, giveBack } from "./charges.ts";
import { dispute } from "./disputes.ts";
import { entries } from "./entries.ts";
import { behaviourOf } from "./methods.ts";
import { findPayout, payout } from "./payouts.ts";
import { findRefund, refund } from "./refunds.ts";
import { PROVIDER, type Sandbox } from "./tell.ts";
import { findReversal, findTransfer, reverse, transfer } from "./transfers.ts";
import { readSandboxWebhook } from "./webhook.ts";

/** The sandbox adapter. `clock` answers in epoch milliseconds. */
export function sandbox(env: PaymentBindings, clock: () => number): PaymentPort {
  const it: Sandbox = { env, clock };
  return {
    provider: PROVIDER,
    acceptsMethod: (method) => behaviourOf(method) !== undefined,
    authorize: (charge, signal) => authorize(it, charge, signal),
    capture: (order) => capture(it, order),
    giveBack: (order) => giveBack(it, order),
    find: (order) => find(it, order),
    captured: (order) => captured(it, order),
    refund: (order, id, amount) => refund(it, order, id, amount),
    findRefund: (order, id) => findRefund(it, order, id),
    dispute: (id) => dispute(it, id),
    openAccount: (party) => openAccount(it, party),
    account: (id) => account(it, id),
    onboardingLink: (id, returnUrl) => onboardingLink(it, id, returnUrl),
    available: (id, currency) => available(it, id, currency),
    transfer: (asked) => transfer(it, asked),
    findTransfer: (asked) => findTransfer(it, asked),
    reverse: (asked) => reverse(it, asked),
    findReversal: (asked) => findReversal(it, asked),
    payable: ({ amount }) => Math.max(0, amount),
    payout: (asked) => payout(it, asked),
    findPayout: (asked) => findPayout(it, asked),
    entries: (fromMs, untilMs) => entries(it, fromMs, untilMs),
    readWebhook: (request) => readSandboxWebhook(request, env.PLATFORM_KEY, clock()),
  };
}

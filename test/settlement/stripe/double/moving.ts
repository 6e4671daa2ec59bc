/** The double's accounts, transfers, reversals and payouts. */
import { PLATFORM, type Books } from "./books.ts";
import { faults } from "./faults.ts";
import { formOf, numberOf, textOf, textsOf, type Form } from "./form.ts";
import * as things from "./things.ts";
import type { AccountThing, ChargeThing, PayoutThing, ReversalThing, TransferThing } from "./things.ts";

export function createAccount(books: Books, form: Form): AccountThing {
  const type = textOf(form, "type") ?? "standard";
  const country = textOf(form, "country") ?? "US";
  if (country === "KP")
    throw faults.invalid(`Country '${country}' is unknown.`, "country_unsupported", "country");
  const requested = Object.keys(formOf(form, "capabilities") ?? {});
  const payouts = formOf(formOf(form, "settings") ?? {}, "payouts") ?? {};
  const interval = textOf(formOf(payouts, "schedule") ?? {}, "interval") ?? "daily";
  const made = books.keep(
    things.account(books.newId("acct"), books.nowS, {
      type,
      country,
      email: textOf(form, "email") ?? null,
      metadata: textsOf(form, "metadata"),
      // One that the platform does not control is somebody's already.
      capabilities:
        type === "express"
          ? Object.fromEntries(requested.map((name) => [name, "inactive"]))
          : { card_payments: "active", transfers: "active" },
      settings: { payouts: { debit_negative_balances: true, schedule: { delay_days: 2, interval } } },
    }),
  );
  if (type === "express") made.requirements.disabled_reason = "requirements.past_due";
  return made;
}

/** Where onboarding has led. */
export function onboard(books: Books, of: AccountThing, to: "submitted" | "enabled" | "restricted"): void {
  of.details_submitted = true;
  of.payouts_enabled = to === "enabled";
  of.charges_enabled = to === "enabled";
  const [transfers, reason] = {
    submitted: ["pending", "requirements.pending_verification"] as const,
    enabled: ["active", null] as const,
    restricted: ["inactive", "requirements.past_due"] as const,
  }[to];
  of.capabilities.transfers = transfers;
  of.requirements.disabled_reason = reason;
  books.tell("account.updated", of, of.id);
}

export function createLink(books: Books, form: Form): object {
  const of = books.get("account", textOf(form, "account"), 400, "account");
  return {
    object: "account_link",
    created: books.nowS,
    expires_at: books.nowS + 300,
    url: `https://connect.stripe.com/setup/e/${of.id}/${books.newId("link")}`,
  };
}

export function createTransfer(books: Books, form: Form): TransferThing {
  const amount = numberOf(form, "amount") ?? Number.NaN;
  const currency = textOf(form, "currency")?.toLowerCase();
  if (currency === undefined) throw faults.missing("currency");
  if (!(amount > 0)) throw faults.invalid("Invalid positive integer", "parameter_invalid_integer", "amount");
  const destination = textOf(form, "destination") ?? "";
  if (!books.find(destination)) throw faults.notFound("destination", destination, 400, "destination");
  const to = books.get("account", destination);
  if (to.capabilities.transfers !== "active") {
    throw faults.invalid("transfers is not enabled", "insufficient_capabilities_for_transfer");
  }
  const source = textOf(form, "source_transaction");
  const of = source === undefined ? undefined : books.get("charge", source, 404);
  checkFunds(books, of, amount, currency);
  const group = textOf(form, "transfer_group") ?? (of ? `group_${of.payment_intent}` : null);
  const metadata = textsOf(form, "metadata");
  return move(books, { amount, currency, destination, metadata, source: of?.id ?? null, group });
}

/** What comes from a charge is limited by it, and need not be available yet. */
function checkFunds(books: Books, of: ChargeThing | undefined, amount: number, currency: string): void {
  if (!of) {
    if (amount > books.balance(PLATFORM, currency).available) throw faults.insufficient();
    return;
  }
  const earlier = books.all("transfer").filter((made) => made.source_transaction === of.id);
  const spent = earlier.reduce((sum, made) => sum + made.amount, 0);
  if (spent + amount > of.amount_captured) {
    throw faults.invalid(`Transfers using this transaction as a source must not exceed ${of.amount}`);
  }
}

interface Move {
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly metadata: Record<string, string>;
  readonly source: string | null;
  readonly group: string | null;
}

export function move(
  books: Books,
  { amount, currency, destination, metadata, source, group }: Move,
): TransferThing {
  const made = books.keep(
    things.transfer(books.newId("tr"), books.nowS, {
      amount,
      currency,
      destination,
      metadata,
      source_transaction: source,
      transfer_group: group,
    }),
  );
  const line = books.post(PLATFORM, { currency, amount: -amount, category: "transfer", source: made.id });
  made.balance_transaction = line.id;
  const isPending = source !== null;
  books.post(destination, { currency, amount, category: "charge", source: made.id, isPending });
  books.tell("transfer.created", made);
  return made;
}

export function createReversal(books: Books, of: TransferThing, form: Form): ReversalThing {
  const left = of.amount - of.amount_reversed;
  const amount = numberOf(form, "amount") ?? left;
  if (left === 0) throw faults.invalid(`The transfer ${of.id} is already fully reversed.`);
  if (amount > left) {
    throw faults.invalid(
      "Reversal amount is greater than unreversed amount on transfer",
      undefined,
      "amount",
    );
  }
  const { available, pending } = books.balance(of.destination, of.currency);
  if (amount > available + pending) throw faults.insufficient();
  const made = books.keep(
    things.reversal(books.newId("trr"), books.nowS, of, { amount, metadata: textsOf(form, "metadata") }),
  );
  const moved = { currency: of.currency, category: "transfer_reversal", source: made.id };
  made.balance_transaction = books.post(PLATFORM, { ...moved, amount }).id;
  const isPending = available < amount;
  books.post(of.destination, { ...moved, amount: -amount, isPending });
  of.amount_reversed += amount;
  of.reversed = of.amount_reversed === of.amount;
  of.reversals.data.unshift(structuredClone(made));
  books.tell("transfer.reversed", of);
  return made;
}

export function createPayout(books: Books, form: Form, account: string | undefined): PayoutThing {
  const holder = books.holderOf(account);
  const amount = numberOf(form, "amount") ?? Number.NaN;
  const currency = textOf(form, "currency")?.toLowerCase();
  if (currency === undefined) throw faults.missing("currency");
  if (!(amount > 0)) throw faults.invalid("Invalid positive integer", "parameter_invalid_integer", "amount");
  if (amount > books.balance(holder, currency).available) throw faults.insufficient();
  const made = books.keep(
    things.payout(books.newId("po"), books.nowS, { amount, currency, metadata: textsOf(form, "metadata") }),
  );
  made.balance_transaction = books.post(holder, {
    currency,
    amount: -amount,
    category: "payout",
    source: made.id,
  }).id;
  books.tell("payout.created", made, account);
  return made;
}

/** What the bank says; a payout that was paid may still fail. */
export function bank(
  books: Books,
  made: PayoutThing,
  account: string,
  status: "in_transit" | "paid" | "failed",
): void {
  made.status = status;
  if (status === "failed") {
    made.failure_code = "account_closed";
    made.failure_message = "The bank account has been closed.";
    const { currency, amount, id: source } = made;
    const line = books.post(account, { currency, amount, category: "payout_reversal", source });
    made.failure_balance_transaction = line.id;
  }
  books.tell(`payout.${status === "in_transit" ? "updated" : status}`, made, account);
}

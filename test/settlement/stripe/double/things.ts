/** What Stripe's objects look like: every field that its own fixtures have, empty where the double has no use for it. Pure. */

interface Thing {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  metadata: Record<string, string>;
  [field: string]: unknown;
}

export interface Intent extends Thing {
  status: string;
  amount: number;
  amount_capturable: number;
  amount_received: number;
  currency: string;
  capture_method: string;
  payment_method: string | null;
  latest_charge: string | null;
  transfer_group: string | null;
  transfer_data: { destination: string } | null;
  last_payment_error: object | null;
  next_action: object | null;
}

export interface ChargeThing extends Thing {
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  captured: boolean;
  currency: string;
  disputed: boolean;
  payment_intent: string;
  payment_method: string;
  refunded: boolean;
  status: string;
  transfer_group: string | null;
}

export interface RefundThing extends Thing {
  amount: number;
  charge: string;
  currency: string;
  payment_intent: string;
  status: string;
}

export interface TransferThing extends Thing {
  amount: number;
  amount_reversed: number;
  currency: string;
  destination: string;
  reversed: boolean;
  reversals: { data: object[] };
  source_transaction: string | null;
  transfer_group: string | null;
}

export interface ReversalThing extends Thing {
  amount: number;
  transfer: string;
}

export interface PayoutThing extends Thing {
  amount: number;
  currency: string;
  status: string;
  failure_code: string | null;
  failure_message: string | null;
  failure_balance_transaction: string | null;
}

export interface DisputeThing extends Thing {
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  status: string;
  balance_transactions: LineThing[];
}

export interface LineThing {
  readonly id: string;
  readonly object: "balance_transaction";
  readonly created: number;
  amount: number;
  currency: string;
  fee: number;
  net: number;
  reporting_category: string;
  source: string;
  [field: string]: unknown;
}

export interface AccountThing extends Thing {
  capabilities: Record<string, string>;
  charges_enabled: boolean;
  details_submitted: boolean;
  payouts_enabled: boolean;
  requirements: { disabled_reason: string | null; [field: string]: unknown };
}

/** What is kept, by the name in `object`. */
export interface Things {
  payment_intent: Intent;
  charge: ChargeThing;
  refund: RefundThing;
  transfer: TransferThing;
  transfer_reversal: ReversalThing;
  payout: PayoutThing;
  dispute: DisputeThing;
  balance_transaction: LineThing;
  account: AccountThing;
}

export function nulls(fields: string): Record<string, null> {
  return Object.fromEntries(fields.split(/\s+/).map((field) => [field, null]));
}

export function listOf(url: string, data: object[] = [], hasMore = false) {
  return { object: "list", data, has_more: hasMore, url };
}

const ADDRESS = nulls("city country line1 line2 postal_code state");

export function intent(id: string, created: number, given: Partial<Intent>): Intent {
  return {
    ...nulls(
      "application application_fee_amount automatic_payment_methods canceled_at cancellation_reason customer " +
        "customer_account description excluded_payment_method_types managed_payments on_behalf_of " +
        "payment_method_configuration_details processing receipt_email review setup_future_usage shipping source " +
        "statement_descriptor statement_descriptor_suffix",
    ),
    id,
    object: "payment_intent",
    amount: 0,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    capture_method: "automatic",
    client_secret: `${id}_secret_double`,
    confirmation_method: "automatic",
    created,
    currency: "usd",
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: {},
    next_action: null,
    payment_method: null,
    payment_method_options: {},
    payment_method_types: ["card"],
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
    ...given,
  };
}

export function charge(id: string, created: number, of: Intent): ChargeThing {
  return {
    ...nulls(
      "application application_fee application_fee_amount calculated_statement_descriptor customer description " +
        "failure_balance_transaction failure_code failure_message on_behalf_of receipt_email receipt_number review " +
        "shipping source source_transfer statement_descriptor statement_descriptor_suffix transfer_data",
    ),
    id,
    object: "charge",
    amount: of.amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: { address: ADDRESS, email: null, name: null, phone: null, tax_id: null },
    captured: false,
    created,
    currency: of.currency,
    disputed: false,
    fraud_details: {},
    livemode: false,
    metadata: { ...of.metadata },
    outcome: {
      ...nulls("advice_code network_advice_code network_decline_code network_status reason seller_message"),
      type: "authorized",
    },
    paid: true,
    payment_intent: of.id,
    payment_method: of.payment_method ?? "",
    payment_method_details: { card: { brand: "visa", last4: "4242" }, type: "card" },
    receipt_url: `https://pay.stripe.com/receipts/${id}`,
    refunded: false,
    refunds: listOf(`/v1/charges/${id}/refunds`),
    status: "succeeded",
    transfer_group: of.transfer_group,
  };
}

export function refund(
  id: string,
  created: number,
  of: ChargeThing,
  given: Partial<RefundThing>,
): RefundThing {
  return {
    ...nulls(
      "balance_transaction customer customer_account payment_method reason receipt_number source_transfer_reversal " +
        "transfer_reversal",
    ),
    id,
    object: "refund",
    amount: of.amount,
    charge: of.id,
    created,
    currency: of.currency,
    destination_details: { card: { type: "refund" }, type: "card" },
    metadata: {},
    payment_intent: of.payment_intent,
    status: "succeeded",
    ...given,
  };
}

export function transfer(id: string, created: number, given: Partial<TransferThing>): TransferThing {
  return {
    ...nulls("balance_transaction description"),
    id,
    object: "transfer",
    amount: 0,
    amount_reversed: 0,
    created,
    currency: "usd",
    destination: "",
    destination_payment: id.replace("tr_", "py_"),
    livemode: false,
    metadata: {},
    reversals: listOf(`/v1/transfers/${id}/reversals`),
    reversed: false,
    source_transaction: null,
    source_type: "card",
    transfer_group: null,
    ...given,
  };
}

export function reversal(
  id: string,
  created: number,
  of: TransferThing,
  given: Partial<ReversalThing>,
): ReversalThing {
  return {
    ...nulls("balance_transaction destination_payment_refund source_refund"),
    id,
    object: "transfer_reversal",
    amount: of.amount,
    created,
    currency: of.currency,
    metadata: {},
    transfer: of.id,
    ...given,
  };
}

export function payout(id: string, created: number, given: Partial<PayoutThing>): PayoutThing {
  return {
    ...nulls(
      "application_fee application_fee_amount balance_transaction description original_payout payout_method reversed_by " +
        "statement_descriptor trace_id",
    ),
    id,
    object: "payout",
    amount: 0,
    arrival_date: created,
    automatic: false,
    created,
    currency: "usd",
    destination: `ba_${id}`,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: "standard",
    reconciliation_status: "not_applicable",
    source_type: "card",
    status: "pending",
    type: "bank_account",
    ...given,
  };
}

const EVIDENCE = nulls(
  "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal " +
    "customer_communication customer_email_address customer_name customer_purchase_ip customer_signature " +
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt " +
    "refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation " +
    "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number " +
    "uncategorized_file uncategorized_text",
);

export function dispute(id: string, created: number, of: ChargeThing, status: string): DisputeThing {
  return {
    id,
    object: "dispute",
    amount: of.amount - of.amount_refunded,
    balance_transactions: [],
    charge: of.id,
    created,
    currency: of.currency,
    enhanced_eligibility_types: [],
    evidence: { ...EVIDENCE, enhanced_evidence: {} },
    evidence_details: {
      due_by: created + 604_800,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: status.startsWith("warning"),
    livemode: false,
    metadata: {},
    payment_intent: of.payment_intent,
    payment_method_details: {
      card: { brand: "visa", case_type: "chargeback", network: "visa", network_reason_code: "10.4" },
      type: "card",
    },
    reason: "fraudulent",
    status,
  };
}

export function line(
  id: string,
  created: number,
  given: Pick<LineThing, "amount" | "currency" | "fee" | "reporting_category" | "source"> & { type: string },
): LineThing {
  return {
    id,
    object: "balance_transaction",
    available_on: created,
    balance_type: "payments",
    created,
    description: null,
    exchange_rate: null,
    fee_details: [],
    net: given.amount - given.fee,
    status: "available",
    ...given,
  };
}

export function account(id: string, created: number, given: Partial<AccountThing>): AccountThing {
  const due = {
    alternatives: [],
    current_deadline: null,
    currently_due: [],
    disabled_reason: null,
    errors: [],
    eventually_due: [],
    past_due: [],
    pending_verification: [],
  };
  return {
    id,
    object: "account",
    business_profile: {
      ...nulls(
        "annual_revenue estimated_worker_count mcc minority_owned_business_designation name product_description " +
          "support_address support_email support_phone support_url url",
      ),
    },
    business_type: null,
    capabilities: {},
    charges_enabled: false,
    controller: { type: "application" },
    country: "US",
    created,
    default_currency: "usd",
    details_submitted: false,
    email: null,
    external_accounts: listOf(`/v1/accounts/${id}/external_accounts`),
    future_requirements: { ...due },
    metadata: {},
    payouts_enabled: false,
    requirements: { ...due },
    settings: { payouts: { debit_negative_balances: true, schedule: { delay_days: 2, interval: "daily" } } },
    tos_acceptance: nulls("date ip user_agent"),
    type: "standard",
    ...given,
  };
}

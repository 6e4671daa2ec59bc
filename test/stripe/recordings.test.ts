/**
 * Outside judges of the double: exchanges that others recorded with Stripe's test mode, asked again of the double, have
 * the same statuses and amounts; and errors are those that Stripe was seen to answer with.
 */
import { describe, expect, it } from "vitest";
import { openDispute } from "../settlement/stripe/double/charging.ts";
import { StripeDouble } from "../settlement/stripe/double/double.ts";
import { json, stripeData } from "./outside.ts";

type Thing = Readonly<Record<string, unknown>>;

interface Exchange {
  readonly method: "GET" | "POST";
  readonly uri: string;
  readonly requestBody: string | null;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Thing;
}

const recording = stripeData("recordings/liberapay/transcript.json");
const seen = stripeData("recordings/stripe-error-facts.json");

describe.skipIf(!recording)("recorded exchanges", () => {
  it("have the same statuses and amounts when the double is asked", async () => {
    const exchanges = (json(recording!) as Exchange[]).filter(isWanted);
    const replay = new Replay();
    const ours: unknown[] = [];
    for (const exchange of exchanges) ours.push(await replay.ask(exchange));
    expect(ours).toEqual(exchanges.map(({ status, body, uri }) => [uri, status, telling(body)]));
    // 8 payments, 5 captures, 7 lines of the books, 4 transfers and a look at one, a reversal, a refund.
    expect(exchanges).toHaveLength(27);
  });
});

const ROUTES =
  /\/v1\/(payment_intents(\/pi_\w+\/capture)?|balance_transactions\/txn_\w+|transfers(\/tr_\w+\/reversals)?|refunds)$/;

/** By card, on the platform's routes that the double has; a destination charge's transfer is looked at once. */
function isWanted({ method, uri, requestBody, headers, body }: Exchange): boolean {
  const isByDebit = requestBody?.includes("mandate=") || requestBody?.includes("=py_") || isDebit(body);
  if (isByDebit || headers["Stripe-Account"] !== undefined) return false;
  return ROUTES.test(uri) || (method === "GET" && /\/v1\/transfers\/tr_\w+$/.test(uri));
}

/** A line about money that was debited from a bank account. */
function isDebit({ source }: Thing): boolean {
  return typeof source === "string" && source.startsWith("py_");
}

/** Asks the double what was asked of Stripe, with the double's ids in place of the recorded ones. */
class Replay {
  readonly #double = new StripeDouble();
  readonly #ours = new Map<string, string>();

  async ask({ method, uri, requestBody, status, headers, body }: Exchange): Promise<unknown> {
    if (status === 200) await this.#openAccounts(requestBody ?? "");
    const path = this.#translated(new URL(uri).pathname);
    const sent = this.#translated(requestBody ?? "");
    const key = headers["Idempotency-Key"];
    const answer = await this.#call(method, path, sent, key);
    const made = (await answer.json()) as Thing;
    this.#learn(body, made);
    return [uri, answer.status, telling(made, body)];
  }

  async #call(method: string, path: string, body: string, key?: string): Promise<Response> {
    return this.#double.fetch(`http://double${path}`, {
      method,
      headers: { authorization: "Bearer sk_test_1", ...(key ? { "idempotency-key": key } : {}) },
      ...(method === "GET" ? {} : { body }),
    });
  }

  #translated(text: string): string {
    return text
      .replaceAll(/\b(pi|ch|txn|tr|acct)_\w+/g, (id) => this.#ours.get(id) ?? id)
      .replaceAll(/\bpm_\w+/g, (id) => CARDS[id] ?? "pm_card_visa");
  }

  /** Accounts that were there before the recording, or were opened with forms of identity. */
  async #openAccounts(text: string): Promise<void> {
    for (const [id] of text.matchAll(/acct_\w+/g)) {
      if (this.#ours.has(id)) continue;
      const opened = await this.#call("POST", "/v1/accounts", "type=standard");
      this.#ours.set(id, (await opened.json<{ id: string }>()).id);
    }
  }

  /** Which of our objects stand for the recorded ones. */
  #learn(theirs: Thing, ours: Thing): void {
    if (typeof theirs.id === "string" && typeof ours.id === "string") this.#ours.set(theirs.id, ours.id);
    const [charge] = (theirs.charges as { data: Readonly<Record<string, string>>[] } | undefined)?.data ?? [];
    if (!charge || typeof ours.latest_charge !== "string") return;
    const { books } = this.#double;
    const made = books.get("charge", ours.latest_charge);
    const moved = books.all("transfer").find(({ source_transaction: source }) => source === made.id);
    if (charge.id) this.#ours.set(charge.id, made.id);
    if (charge.balance_transaction)
      this.#ours.set(charge.balance_transaction, made.balance_transaction ?? "");
    if (charge.transfer) this.#ours.set(charge.transfer, moved?.id ?? "");
  }
}

/** The recorded card that its bank wants to see the buyer for; all others are good. */
const CARDS: Readonly<Record<string, string>> = {
  pm_1QlCyVFk4eGpfLOCi3x9oF7a: "pm_card_threeDSecureRequired",
};

const TELLING = [
  "object",
  "status",
  "amount",
  "amount_capturable",
  "amount_received",
  "amount_reversed",
  "currency",
  "reversed",
  "reporting_category",
  "code",
  "decline_code",
  "param",
];

/** What is compared. A line's own state and an error's `type` of old API versions are not. */
function telling(body: Thing, like: Thing = body): unknown {
  if ("error" in body) {
    const error = body.error as Thing;
    return { ...picked(error, TELLING), payment: picked((error.payment_intent ?? {}) as Thing, TELLING) };
  }
  const isLine = like.object === "balance_transaction";
  return picked(body, isLine ? TELLING.filter((field) => field !== "status") : TELLING);
}

function picked(thing: Thing, fields: readonly string[]): Thing {
  return Object.fromEntries(
    fields.filter((field) => thing[field] !== undefined).map((field) => [field, thing[field]]),
  );
}

interface Fact {
  readonly op: string;
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly decline_code: string | null;
  readonly param: string | null;
}

const PAY = "amount=500&currency=usd&confirm=true&payment_method=";

describe.skipIf(!seen)("errors of the double", () => {
  const facts = seen ? (json(seen) as Fact[]) : [];
  const double = new StripeDouble();

  async function post(path: string, body: string): Promise<{ status: number; body: Thing }> {
    const headers = { authorization: "Bearer sk_test_1" };
    const answer = await double.fetch(`http://double${path}`, { method: "POST", headers, body });
    return { status: answer.status, body: (await answer.json()) as Thing };
  }

  async function charged(): Promise<string> {
    return (await post("/v1/payment_intents", `${PAY}pm_card_visa`)).body.latest_charge as string;
  }

  it.each<[string, string, () => Promise<{ status: number; body: Thing }>]>([
    [
      "a declined card",
      "POST /v1/payment_intents",
      () => post("/v1/payment_intents", `${PAY}pm_card_chargeDeclined`),
    ],
    [
      "a payment method that is none",
      "POST /v1/payment_intents",
      () => post("/v1/payment_intents", `${PAY}pm_missing`),
    ],
    [
      "a refund of more than there is",
      "POST /v1/refunds",
      async () => post("/v1/refunds", `charge=${await charged()}&amount=501`),
    ],
    [
      "a refund of what is refunded",
      "POST /v1/refunds",
      async () => {
        const charge = await charged();
        await post("/v1/refunds", `charge=${charge}`);
        return post("/v1/refunds", `charge=${charge}`);
      },
    ],
    [
      "a refund of what is disputed",
      "POST /v1/refunds",
      async () => {
        const charge = await charged();
        openDispute(double.books, double.books.get("charge", charge));
        return post("/v1/refunds", `charge=${charge}`);
      },
    ],
    [
      "a payout beyond the balance",
      "POST /v1/payouts",
      () => post("/v1/payouts", "amount=99999&currency=eur"),
    ],
    [
      "a cancellation of what has succeeded",
      "POST /v1/payment_intents/{pi}/cancel",
      async () => {
        const { body } = await post("/v1/payment_intents", `${PAY}pm_card_visa`);
        return post(`/v1/payment_intents/${String(body.id)}/cancel`, "");
      },
    ],
  ])("for %s are Stripe's", async (_, op, provoke) => {
    const { status, body } = await provoke();
    const { type, code = null, decline_code: declined = null, param = null } = body.error as Thing;
    const same = facts.filter((fact) => fact.op === op && fact.status === status && fact.type === type);
    expect(same.map((fact) => [fact.code, fact.decline_code, fact.param])).toContainEqual([
      code,
      declined,
      param,
    ]);
  });
});

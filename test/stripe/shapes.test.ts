/** Outside judge of the double: its answers have the fields, and the types, of Stripe's own fixtures. */
import { describe, expect, it } from "vitest";
import { failRefund, openDispute } from "../settlement/stripe/double/charging.ts";
import { StripeDouble } from "../settlement/stripe/double/double.ts";
import { bank } from "../settlement/stripe/double/moving.ts";
import { json, stripeData } from "./outside.ts";

type Thing = Readonly<Record<string, unknown>>;

interface Fixtures {
  readonly resources: Readonly<Record<string, Thing>>;
}

const fixtures = stripeData("openapi/fixtures3.2026-08-21.json");

describe.skipIf(!fixtures)("the double's", () => {
  const answers = fixtures ? collected((json(fixtures) as Fixtures).resources) : [];

  it.each(answers)("%s is shaped like Stripe's", async (_, answer, fixture) => {
    const thing = (await answer()) as Thing;
    expect(Object.keys(thing).toSorted()).toEqual(Object.keys(fixture).toSorted());
    expect(differences(thing, fixture)).toEqual([]);
  });
});

type Case = readonly [string, () => Promise<unknown>, Thing];

/** One or more of each kind of answer, in states where many fields are filled. */
function collected(resources: Readonly<Record<string, Thing>>): Case[] {
  const double = new StripeDouble();
  const { books } = double;
  const post = (path: string, body: string, account?: string) => call(double, path, body, account);
  const intent = (method: string, more = "") =>
    post("/v1/payment_intents", `amount=5000&currency=usd&confirm=true&payment_method=${method}${more}`);
  const idOf = async (made: Promise<unknown>) => ((await made) as { id: string }).id;
  const expanded = async (method: string, field: string) =>
    ((await intent(method, `&expand[]=${field}`)) as Record<string, unknown>)[field];
  const account = () => idOf(post("/v1/accounts", "type=standard"));
  const charge = async () =>
    ((await intent("pm_card_bypassPending")) as { latest_charge: string }).latest_charge;
  const transfer = async () =>
    post(
      "/v1/transfers",
      `amount=100&currency=usd&destination=${await account()}&source_transaction=${await charge()}`,
    );
  const refund = async () => post("/v1/refunds", `charge=${await charge()}&metadata[refund]=rfd_1`);
  const payout = async () => {
    await intent("pm_card_bypassPending");
    return post("/v1/payouts", "amount=100&currency=usd");
  };
  const declined = async () =>
    ((await intent("pm_card_chargeDeclined")) as { error: { payment_intent: object } }).error.payment_intent;
  const cases: [string, string, () => Promise<unknown>][] = [
    ["payment intent", "payment_intent", () => intent("pm_card_visa")],
    [
      "payment intent to be captured",
      "payment_intent",
      () => intent("pm_card_visa", "&capture_method=manual"),
    ],
    ["payment intent to be acted on", "payment_intent", () => intent("pm_card_authenticationRequired")],
    ["payment intent of a decline", "payment_intent", declined],
    ["charge", "charge", () => expanded("pm_card_visa", "latest_charge")],
    ["refund", "refund", refund],
    [
      "refund that failed",
      "refund",
      async () => {
        const made = books.get("refund", await idOf(refund()));
        failRefund(books, made);
        return made;
      },
    ],
    ["transfer", "transfer", transfer],
    [
      "reversal",
      "transfer_reversal",
      async () => post(`/v1/transfers/${await idOf(transfer())}/reversals`, "amount=5"),
    ],
    ["payout", "payout", payout],
    [
      "payout that was returned",
      "payout",
      async () => {
        const made = books.get("payout", await idOf(payout()));
        bank(books, made, "platform", "failed");
        return made;
      },
    ],
    ["dispute", "dispute", async () => openDispute(books, books.get("charge", await charge()))],
    ["balance", "balance", () => call(double, "/v1/balance")],
    [
      "account",
      "account",
      () => post("/v1/accounts", "type=express&capabilities[transfers][requested]=true"),
    ],
    [
      "account link",
      "account_link",
      async () => post("/v1/account_links", `account=${await account()}&type=account_onboarding`),
    ],
    [
      "balance transaction",
      "balance_transaction",
      async () => {
        await charge();
        return ((await call(double, "/v1/balance_transactions?limit=1")) as { data: object[] }).data[0];
      },
    ],
  ];
  return cases.map(([name, resource, answer]) => [name, answer, resources[resource] ?? {}]);
}

async function call(double: StripeDouble, path: string, body?: string, account?: string): Promise<unknown> {
  const answer = await double.fetch(`http://double${path}`, {
    headers: { authorization: "Bearer sk_test_1", ...(account ? { "stripe-account": account } : {}) },
    ...(body === undefined ? {} : { method: "POST", body }),
  });
  return answer.json();
}

/** Fields of another type than Stripe's, or that Stripe's has not; empty ones tell nothing, and metadata is the caller's. */
function differences(ours: unknown, theirs: unknown, at = ""): string[] {
  if (ours === null || theirs === null || ours === undefined) return [];
  const [type, wanted] = [typeOf(ours), typeOf(theirs)];
  // An id where Stripe's fixture has an object it expanded, or the other way round.
  if (type !== wanted)
    return type === "string" && wanted === "object" ? [] : [`${at}: ${type}, not ${wanted}`];
  if (type === "array") {
    const [first] = theirs as unknown[];
    return first === undefined
      ? []
      : (ours as unknown[]).flatMap((item, index) => differences(item, first, `${at}[${index}]`));
  }
  if (type !== "object" || OPEN.test(at)) return [];
  return Object.entries(ours as Thing).flatMap(([key, value]) =>
    key in (theirs as Thing)
      ? differences(value, (theirs as Thing)[key], `${at}.${key}`)
      : [`${at}.${key}: not Stripe's`],
  );
}

/** Objects whose fields depend on a type that the fixture does not show. */
const OPEN = /\.(metadata|next_action|last_payment_error|capabilities|transfer_data|destination_details)$/;

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

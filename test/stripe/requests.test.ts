/**
 * Outside judges of what the adapter sends: the port's whole contract once more, and every request of it goes past
 * `steady` with Stripe's specification, and past the schemas of the SDK's parameters.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseForm, type Form } from "../settlement/stripe/double/form.ts";
import { describeBooks } from "../settlement/stripe/books-contract.ts";
import { describeMovements } from "../settlement/stripe/movements-contract.ts";
import { describePayments } from "../settlement/stripe/payments-contract.ts";
import { describeRefunds } from "../settlement/stripe/refunds-contract.ts";
import { Stage, type Way } from "../settlement/stripe/stage.ts";
import { openDatabase, type Database } from "./database.ts";
import { json, program, startSteady, stripeData } from "./outside.ts";

const specification = stripeData("openapi/spec3.connect.2023-08-16.json");
const steady = program("steady");

describe.skipIf(!specification || !steady)("every request", () => {
  let database: Database;
  let judge: Awaited<ReturnType<typeof startSteady>>;
  const verdicts: Promise<Verdict>[] = [];
  const routes = new Set<string>();

  beforeAll(async () => {
    [database, judge] = await Promise.all([openDatabase(), startSteady(steady!, specification!)]);
  });
  afterAll(async () => {
    judge.stop();
    await database.close();
  });
  afterEach(async () => {
    const judged = await Promise.all(verdicts.splice(0));
    for (const { route } of judged) routes.add(route);
    // eslint-disable-next-line vitest/no-standalone-expect -- every test is judged when it is over
    expect(judged.flatMap(({ faults }) => faults)).toEqual([]);
  });

  const way: Way = (double) => (input, init) => {
    verdicts.push(verdictOf(judge.url, new Request(input, init)));
    return double.fetch(input, init);
  };
  const newStage = () => new Stage(database.db, way);
  describePayments(newStage);
  describeRefunds(newStage);
  describeBooks(newStage);
  describeMovements(newStage, () => database.db.prepare("DELETE FROM stripe_requests").run());

  it("was judged, on every route that the adapter uses", () => {
    expect([...routes].toSorted()).toEqual([
      "GET /v1/accounts",
      "GET /v1/accounts/:id",
      "GET /v1/balance",
      "GET /v1/balance_transactions",
      "GET /v1/charges",
      "GET /v1/disputes/:id",
      "GET /v1/payment_intents/:id",
      "GET /v1/payouts",
      "GET /v1/payouts/:id",
      "GET /v1/refunds",
      "GET /v1/refunds/:id",
      "GET /v1/transfers",
      "GET /v1/transfers/:id",
      "GET /v1/transfers/:id/reversals",
      "GET /v1/transfers/:id/reversals/:id",
      "POST /v1/account_links",
      "POST /v1/accounts",
      "POST /v1/payment_intents",
      "POST /v1/payment_intents/:id/cancel",
      "POST /v1/payment_intents/:id/capture",
      "POST /v1/payouts",
      "POST /v1/refunds",
      "POST /v1/transfers",
      "POST /v1/transfers/:id/reversals",
    ]);
  });
});

interface Verdict {
  readonly route: string;
  readonly faults: readonly string[];
}

/** The SDK's own types of parameters, newer than the specification. */
const SCHEMAS: Readonly<Record<string, string>> = {
  "POST /v1/account_links": "X_AccountLinkCreate",
  "POST /v1/payment_intents/:id/capture": "X_PICapture",
  "POST /v1/payment_intents": "X_PICreate",
  "POST /v1/refunds": "X_RefundCreate",
  "POST /v1/transfers": "X_TransferCreate",
  "GET /v1/transfers": "X_TransferList",
  "POST /v1/transfers/:id/reversals": "X_TransferReversalCreate",
};
const schemas = new Map<string, z.ZodType | undefined>();

async function verdictOf(judge: string, request: Request): Promise<Verdict> {
  const { pathname, search } = new URL(request.url);
  const body = await request.text();
  const route = `${request.method} ${pathname.replaceAll(/\/[a-z]+_\w*(?=\/|$)/g, (id) => (ROUTE_WORDS.test(id) ? id : "/:id"))}`;
  const parameters = request.method === "GET" ? search.slice(1) : body;
  const sent = `${route}?${parameters}`;
  const answer = await fetch(`${judge}${pathname}${search}`, {
    method: request.method,
    headers: request.headers,
    ...(request.method === "GET" ? {} : { body }),
  });
  const text = await answer.text();
  const faults = answer.ok || isFalseAlarm(text) ? [] : [`steady: ${sent} ${answer.status} ${text}`];
  const schema = schemaOf(route)?.safeParse(typed(parseForm(parameters)));
  return { route, faults: schema?.error ? [...faults, `schema: ${sent} ${schema.error.message}`] : faults };
}

const ROUTE_WORDS = /^\/(payment_intents|balance_transactions|account_links)$/;

/** Steady does not know `expand` with numbers on GET. */
function isFalseAlarm(text: string): boolean {
  const { steady: verdict } = JSON.parse(text) as {
    steady?: { errors: { path: string; message: string }[] };
  };
  return verdict?.errors.every(({ path, message }) => `${path} ${message}`.includes("expand[")) ?? false;
}

function schemaOf(route: string): z.ZodType | undefined {
  const name = SCHEMAS[route];
  if (name === undefined) return undefined;
  if (!schemas.has(name)) {
    const file = stripeData(`sdk-schemas/${name}.schema.json`);
    schemas.set(name, file === undefined ? undefined : z.fromJSONSchema(withPlainRefs(json(file))));
  }
  return schemas.get(name);
}

/** Generic types have names that are encoded where they are referred to. */
function withPlainRefs(schema: unknown): Parameters<typeof z.fromJSONSchema>[0] {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === "$ref" && typeof value === "string" ? decodeURIComponent(value) : value,
  );
  return JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0];
}

/** Numbers, truths and lists, which a form has as text. */
function typed(form: Form): unknown {
  const entries = Object.entries(form).map(([key, value]) => [
    key,
    typeof value === "string" ? plain(value) : typed(value),
  ]);
  const isList = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(String(key)));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function plain(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^\d+$/.test(text) ? Number(text) : text;
}

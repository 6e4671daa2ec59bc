/**
 * A double of Stripe's API: the routes that the adapter uses, with the state behind them, idempotency keys, faults when
 * asked for, and a record of what came in. No I/O: `fetch` answers a request, `serve.ts` puts it on a port.
 */
import { Books, PLATFORM, type DoubleEvent } from "./books.ts";
import * as charging from "./charging.ts";
import { Fault, faults } from "./faults.ts";
import { formOf, numberOf, parseForm, textOf, textsOf, type Form } from "./form.ts";
import * as moving from "./moving.ts";
import { listOf, type Intent, type Things } from "./things.ts";

const KEYS_KEPT_MS = 24 * 3_600_000;

/** A request as it came in. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly key: string | undefined;
  readonly account: string | undefined;
  readonly version: string | undefined;
}

/** What goes wrong with one of the next requests: `lost` is done and its answer is not heard. */
export interface Trouble {
  readonly on: RegExp;
  readonly kind: "lost" | "unreachable" | 401 | 403 | 409 | 429 | 500;
  /** Whether the same key gets the same fault for a day, as it does at Stripe once a request has begun. */
  readonly isKept?: true;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

interface Call {
  readonly books: Books;
  readonly form: Form;
  readonly account: string | undefined;
  readonly ids: readonly string[];
}

type Route = (call: Call) => object;

/** `:id` in a path is an id, handed on in order. */
const ROUTES: Readonly<Record<string, Route>> = {
  "POST /v1/payment_intents": ({ books, form }) => charging.createIntent(books, form),
  "GET /v1/payment_intents/:id": ({ books, ids }) => intentOf(books, ids),
  "POST /v1/payment_intents/:id/confirm": ({ books, ids, form }) =>
    charging.confirmIntent(books, intentOf(books, ids), form),
  "POST /v1/payment_intents/:id/capture": ({ books, ids, form }) =>
    capture(books, intentOf(books, ids), form),
  "POST /v1/payment_intents/:id/cancel": ({ books, ids, form }) =>
    charging.cancelIntent(books, intentOf(books, ids), form),
  "GET /v1/charges": (call) =>
    list(
      call,
      "charge",
      ({ transfer_group: group, payment_intent: intent }, asked) =>
        is(asked, "transfer_group", group) && is(asked, "payment_intent", intent),
    ),
  "GET /v1/charges/:id": ({ books, ids }) => books.get("charge", ids[0]),
  "POST /v1/refunds": ({ books, form }) => charging.createRefund(books, form),
  "GET /v1/refunds": (call) =>
    list(call, "refund", (made, asked) => is(asked, "payment_intent", made.payment_intent)),
  "GET /v1/refunds/:id": ({ books, ids }) => books.get("refund", ids[0]),
  "POST /v1/refunds/:id": (call) => update(call, "refund", "charge.refund.updated"),
  "POST /v1/transfers": ({ books, form }) => moving.createTransfer(books, form),
  "GET /v1/transfers": (call) =>
    list(
      call,
      "transfer",
      (made, asked) =>
        is(asked, "transfer_group", made.transfer_group) && is(asked, "destination", made.destination),
    ),
  "GET /v1/transfers/:id": ({ books, ids }) => books.get("transfer", ids[0]),
  "POST /v1/transfers/:id": (call) => update(call, "transfer", "transfer.updated"),
  "POST /v1/transfers/:id/reversals": ({ books, ids, form }) =>
    moving.createReversal(books, books.get("transfer", ids[0]), form),
  "GET /v1/transfers/:id/reversals": (call) =>
    list(call, "transfer_reversal", ({ transfer }) => transfer === call.ids[0]),
  "GET /v1/transfers/:id/reversals/:id": ({ books, ids }) => books.get("transfer_reversal", ids[1]),
  "POST /v1/payouts": ({ books, form, account }) => moving.createPayout(books, form, account),
  "GET /v1/payouts": (call) => list(call, "payout", ({ id }) => isPayoutOf(call, id)),
  "GET /v1/payouts/:id": payoutOf,
  "POST /v1/payouts/:id": (call) => update(call, "payout", "payout.updated"),
  "GET /v1/balance": ({ books, account }) => balance(books, books.holderOf(account)),
  "GET /v1/balance_transactions": lines,
  "GET /v1/balance_transactions/:id": ({ books, ids }) => books.get("balance_transaction", ids[0]),
  "GET /v1/disputes": (call) =>
    list(call, "dispute", (made, asked) => is(asked, "payment_intent", made.payment_intent)),
  "GET /v1/disputes/:id": ({ books, ids }) => books.get("dispute", ids[0]),
  "POST /v1/disputes/:id/close": ({ books, ids }) =>
    charging.closeDispute(books, books.get("dispute", ids[0]), "lost"),
  "POST /v1/accounts": ({ books, form }) => moving.createAccount(books, form),
  "GET /v1/accounts": (call) => list(call, "account", () => true),
  "GET /v1/accounts/:id": ({ books, ids }) => {
    books.assertOurs(ids[0] ?? "");
    return books.get("account", ids[0]);
  },
  "POST /v1/accounts/:id": (call) => update(call, "account", "account.updated"),
  "POST /v1/account_links": ({ books, form }) => moving.createLink(books, form),
};

function intentOf(books: Books, ids: readonly string[]): Intent {
  return books.get("payment_intent", ids[0], 404, "intent");
}

/** A destination charge moves its money on when it is captured. */
function capture(books: Books, intent: Intent, form: Form): Intent {
  const taken = charging.captureIntent(books, intent, form);
  const { transfer_data: to, amount, currency, latest_charge: source, transfer_group: group } = taken;
  if (to) moving.move(books, { ...to, amount, currency, source, group, metadata: {} });
  return taken;
}

function update({ books, ids, form }: Call, object: Changed, event: string): object {
  const made = books.get(object, ids[0]);
  Object.assign(made.metadata, textsOf(form, "metadata"));
  books.tell(event, made);
  return made;
}

type Changed = "refund" | "transfer" | "payout" | "account";

/** A payout is its account's own: nobody else sees it. */
function isPayoutOf({ books, account }: Call, id: string | undefined): boolean {
  return books.lines(books.holderOf(account)).some(({ source }) => source === id);
}

function payoutOf(call: Call): object {
  const [id] = call.ids;
  if (!isPayoutOf(call, id)) throw faults.notFound("payout", id ?? "");
  return call.books.get("payout", id);
}

/** Whether a list's parameter, where it is given, is met. */
function is(asked: Form, key: string, value: string | null | undefined): boolean {
  const wanted = textOf(asked, key);
  return wanted === undefined || wanted === value;
}

function list<K extends keyof Things>(
  { books, form }: Call,
  object: K,
  isWanted: (thing: Things[K], asked: Form) => boolean,
): object {
  return pageOf(
    `/v1/${object}s`,
    books.all(object).filter((thing) => isWanted(thing, form)),
    form,
  );
}

function lines({ books, form, account }: Call): object {
  const { gte, lt } = { gte: "0", lt: "Infinity", ...formOf(form, "created") };
  const ofHolder = books.lines(books.holderOf(account));
  const inTime = ofHolder.filter(({ created }) => created >= Number(gte) && created < Number(lt));
  return pageOf("/v1/balance_transactions", inTime.toReversed(), form);
}

function pageOf(url: string, found: readonly { readonly id: string }[], form: Form): object {
  const after = textOf(form, "starting_after");
  const limit = numberOf(form, "limit") ?? 10;
  const start = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
  return listOf(url, found.slice(start, start + limit), start + limit < found.length);
}

function balance(books: Books, holder: string): object {
  const parts = (part: "available" | "pending") =>
    books.currencies(holder).map(([currency, amounts]) => ({
      amount: amounts[part],
      currency,
      source_types: { card: amounts[part] },
    }));
  return {
    object: "balance",
    available: parts("available"),
    connect_reserved: [],
    livemode: false,
    pending: parts("pending"),
  };
}

export class StripeDouble {
  readonly books: Books;
  readonly heard: Heard[] = [];
  readonly #answers = new Map<
    string,
    { readonly print: string; readonly answer: Answer; readonly atMs: number }
  >();
  #troubles: Trouble[] = [];

  constructor(nowMs = Date.UTC(2026, 10, 22)) {
    this.books = new Books(nowMs);
  }

  /** One thing that goes wrong; the next request that fits has it. */
  trouble(trouble: Trouble): void {
    this.#troubles.push(trouble);
  }

  /** Nothing goes wrong any more. */
  calm(): void {
    this.#troubles = [];
  }

  /** As Stripe does with keys older than a day. */
  forgetKeys(): void {
    this.#answers.clear();
  }

  /** Money that the platform has had from before. */
  fund(currency: string, amount: number): void {
    this.books.balance(PLATFORM, currency).available += amount;
  }

  get events(): readonly DoubleEvent[] {
    return this.books.events;
  }

  /** Requests that were to make or change something. */
  get writes(): readonly Heard[] {
    return this.heard.filter(({ method }) => method === "POST");
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const headers = request.headers;
    const heard: Heard = {
      method: request.method,
      path: pathname + search,
      // Not `text()`: workerd warns about every form.
      body: new TextDecoder().decode(await request.arrayBuffer()),
      key: headers.get("idempotency-key") ?? undefined,
      account: headers.get("stripe-account") ?? undefined,
      version: headers.get("stripe-version") ?? undefined,
    };
    this.heard.push(heard);
    const trouble = this.#takeTrouble(`${heard.method} ${heard.path}`);
    if (trouble?.kind === "unreachable") throw new TypeError("connection refused");
    const isKnown = /^(Bearer|Basic) /.test(headers.get("authorization") ?? "");
    const answer =
      typeof trouble?.kind === "number"
        ? this.#troubled(heard, trouble.kind, trouble.isKept)
        : isKnown
          ? this.#once(heard)
          : outcome(() => {
              throw faults.unauthorized();
            });
    if (trouble?.kind === "lost") throw new TypeError("connection lost");
    return Response.json(answer.body, {
      status: answer.status,
      headers: { "request-id": this.books.newId("req"), "stripe-should-retry": "false" },
    });
  };

  #takeTrouble(what: string): Trouble | undefined {
    const found = this.#troubles.find(({ on }) => on.test(what));
    this.#troubles = this.#troubles.filter((trouble) => trouble !== found);
    return found;
  }

  #troubled(heard: Heard, status: number, isKept = false): Answer {
    const answer = troubled(status);
    if (isKept && heard.key !== undefined) this.#keep(heard, heard.key, answer);
    return answer;
  }

  #keep(heard: Heard, key: string, answer: Answer): void {
    this.#answers.set(key, { print: printOf(heard), answer, atMs: this.books.nowMs });
  }

  /** The same key gets the same answer for a day, and no other request. */
  #once(heard: Heard): Answer {
    if (heard.method !== "POST" || heard.key === undefined) return this.#answer(heard);
    const kept = this.#answers.get(heard.key);
    if (kept && this.books.nowMs - kept.atMs < KEYS_KEPT_MS) {
      return kept.print === printOf(heard)
        ? kept.answer
        : outcome(() => {
            throw faults.keyReused();
          });
    }
    const answer = this.#answer(heard);
    this.#keep(heard, heard.key, answer);
    return answer;
  }

  #answer({ method, path, body, account }: Heard): Answer {
    const { pathname, search } = new URL(path, "http://double");
    const form = parseForm(method === "POST" ? body : search.slice(1));
    for (const [pattern, route] of Object.entries(ROUTES)) {
      const ids = matchOf(pattern, `${method} ${pathname}`);
      if (!ids) continue;
      return outcome(() => {
        const made = structuredClone(route({ books: this.books, form, account, ids }));
        for (const way of Object.values(textsOf(form, "expand"))) expand(this.books, made, way.split("."));
        return made;
      });
    }
    return outcome(() => {
      throw faults.noRoute(method, pathname);
    });
  }
}

/** What a key stands for. */
function printOf({ path, body, account }: Heard): string {
  return JSON.stringify([path, body, account]);
}

function matchOf(pattern: string, what: string): string[] | undefined {
  const expression = new RegExp(`^${pattern.replaceAll(":id", "([^/]+)")}$`);
  return expression.exec(what)?.slice(1);
}

function outcome(make: () => object): Answer {
  try {
    return { status: 200, body: make() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { status: error.status, body: { error: error.error } };
  }
}

function troubled(status: number): Answer {
  const code = status === 409 || status === 429 ? { code: "lock_timeout" } : {};
  return {
    status,
    body: { error: { type: "api_error", message: "sk_test_double_secret is troubled", ...code } },
  };
}

/** Puts objects where their ids are, along a path; `data` is every object of a list. */
function expand(books: Books, place: unknown, [step, ...rest]: readonly string[]): void {
  if (step === undefined || typeof place !== "object" || place === null) return;
  const fields = place as Record<string, unknown>;
  const value = fields[step];
  if (typeof value === "string") fields[step] = structuredClone(books.find(value) ?? value);
  const next = fields[step];
  for (const inner of Array.isArray(next) ? next : [next]) expand(books, inner, rest);
}

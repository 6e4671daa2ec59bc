/** The Stripe adapter before its double: a clock, and what a test needs to have happened. */
import { typeid } from "typeid-js";
import type {
  OrderId,
  PayoutId,
  RefundId,
  ReversalId,
  SellerId,
  TransferId,
} from "../../../src/domain/ids.ts";
import type { Money } from "../../../src/domain/money.ts";
import type { Party, PaymentPort, PaymentState, Transfer } from "../../../src/settlement/psp/port.ts";
import { stripe } from "../../../src/settlement/psp/stripe/index.ts";
import { usd } from "../../domain/shop.ts";
import { authenticate } from "./double/charging.ts";
import { StripeDouble } from "./double/double.ts";
import { onboard } from "./double/moving.ts";

export const HOUR_MS = 3_600_000;
export const SECRET_KEY = "sk_test_double_secret";
export const WEBHOOK_SECRET = "whsec_platform";
export const CONNECT_SECRET = "whsec_connect";

/** How requests reach the double: as they are, or past somebody who judges them. */
export type Way = (double: StripeDouble) => typeof fetch;

/** What is about to happen to the database: the next statement that fits ends the process, so to speak. */
export interface Weather {
  crashesAt?: RegExp;
}

function under(weather: Weather, db: D1Database): D1Database {
  return new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === "prepare") {
        return (query: string) => {
          if (weather.crashesAt?.test(query)) {
            delete weather.crashesAt;
            throw new Error("crashed");
          }
          return target.prepare(query);
        };
      }
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

export const ids = {
  order: (): OrderId => `ord_${typeid().getSuffix()}`,
  refund: (): RefundId => `rfd_${typeid().getSuffix()}`,
  transfer: (): TransferId => `trf_${typeid().getSuffix()}`,
  reversal: (): ReversalId => `rvl_${typeid().getSuffix()}`,
  payout: (): PayoutId => `pyo_${typeid().getSuffix()}`,
  seller: (): SellerId => `sel_${typeid().getSuffix()}`,
};

export class Stage {
  readonly double = new StripeDouble();
  readonly port: PaymentPort;

  constructor(db: D1Database, way: Way = (double) => double.fetch, weather: Weather = {}) {
    const settings = {
      db: under(weather, db),
      secretKey: SECRET_KEY,
      webhookSecret: `${WEBHOOK_SECRET}, ${CONNECT_SECRET}`,
      publicUrl: "https://dropcast.example",
      fetch: way(this.double),
    };
    this.port = stripe(settings, () => this.nowMs);
  }

  get nowMs(): number {
    return this.double.books.nowMs;
  }

  wait(ms: number): void {
    this.double.books.nowMs += ms;
  }

  /** A day later, when Stripe has forgotten the keys of today. */
  nextDay(): void {
    this.wait(25 * HOUR_MS);
    this.double.forgetKeys();
  }

  authorize(
    order: OrderId,
    paymentMethod = "pm_card_visa",
    amount: Money = usd(5_000),
  ): Promise<PaymentState> {
    return this.port.authorize({ order, amount, paymentMethod }, new AbortController().signal);
  }

  /** An order of 50.00 that was paid. */
  async captured(paymentMethod = "pm_card_visa", amount: Money = usd(5_000)): Promise<OrderId> {
    const order = ids.order();
    await this.authorize(order, paymentMethod, amount);
    await this.port.capture(order);
    return order;
  }

  async party(country = "US"): Promise<Party> {
    return { id: ids.seller(), name: "Kiln & Loom", email: "kiln@example.com", country };
  }

  /** An account that takes transfers. */
  async enabled(): Promise<string> {
    const { account } = await this.port.openAccount(await this.party());
    onboard(this.double.books, this.double.books.get("account", account), "enabled");
    return account;
  }

  /** A transfer of 10.00 from a captured order. */
  async transferOf(account: string, amount: Money = usd(1_000)): Promise<Transfer> {
    const order = await this.captured();
    const charge = (await this.port.captured(order))?.charge;
    const id = ids.transfer();
    return { id, order, account, amount, startedAtMs: this.nowMs, ...(charge ? { charge } : {}) };
  }

  /** The buyer answers the bank. */
  comeBack(payment: string, isGranted: boolean): void {
    const { books } = this.double;
    try {
      authenticate(books, books.get("payment_intent", payment), isGranted);
    } catch {
      // The decline is the bank's answer to the buyer.
    }
  }

  /** How many of a kind Stripe has. */
  made(
    object: "payment_intent" | "refund" | "transfer" | "transfer_reversal" | "payout" | "account",
  ): number {
    return this.double.books.all(object).length;
  }
}

export function paymentOf(state: PaymentState): string {
  if (!("payment" in state)) throw new Error(`no payment: ${state.status}`);
  return state.payment;
}

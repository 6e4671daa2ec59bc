/** The sandbox with a clock that tests move and a queue that they read. */
import { env } from "cloudflare:workers";
import { typeid } from "typeid-js";
import type { CreatorId, OrderId, SellerId } from "../../src/domain/ids.ts";
import type { Money } from "../../src/domain/money.ts";
import { paymentPort, type PaymentBindings, type PaymentMessage } from "../../src/settlement/psp/index.ts";
import type { PaymentPort, PaymentState, ProviderEntry } from "../../src/settlement/psp/port.ts";
import { finishOnboarding, readChallenge } from "../../src/settlement/psp/sandbox/visits.ts";
import { usd } from "../domain/shop.ts";

export interface News {
  readonly message: PaymentMessage;
  readonly delaySeconds: number | undefined;
}

type Send = PaymentBindings["PAYMENTS_QUEUE"]["send"];

/** The sandbox at a time, and what it has told since it was made. */
export class SandboxStage {
  nowMs = Date.UTC(2026, 10, 21);
  news: News[] = [];
  /** Whether the queue takes messages. */
  isTelling = true;
  readonly port: PaymentPort;
  readonly bindings: PaymentBindings;

  constructor() {
    const send: Send = async (message, options) => {
      if (!this.isTelling) throw new Error("queue is down");
      this.news.push({ message, delaySeconds: options?.delaySeconds });
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
    };
    this.bindings = {
      DB: env.DB,
      PAYMENTS_QUEUE: { send },
      PLATFORM_KEY: "pk_test",
      PUBLIC_URL: "https://dropcast.test",
    };
    this.port = paymentPort(this.bindings, () => this.nowMs);
  }

  /** For the pages. */
  get sandbox() {
    return { env: this.bindings, clock: () => this.nowMs };
  }

  authorize(order: OrderId, paymentMethod: string, amount: Money = usd(5_000)): Promise<PaymentState> {
    return this.port.authorize({ order, amount, paymentMethod }, new AbortController().signal);
  }

  async statusOf(order: OrderId): Promise<string> {
    return (await this.port.find(order)).status;
  }

  /** A captured payment, of 50.00 USD unless it says. */
  async captured(paymentMethod = "sandbox_success", amount: Money = usd(5_000)): Promise<OrderId> {
    const order = newOrder();
    await this.authorize(order, paymentMethod, amount);
    await this.port.capture(order);
    return order;
  }

  /** An account that has finished its onboarding. */
  async enabled(name = "Kiln & Loom"): Promise<string> {
    const { account } = await this.port.openAccount({ id: newSeller(), name, country: "DE" });
    const { url } = await this.port.onboardingLink(account, "https://shop.test/back");
    await finishOnboarding(this.sandbox, account, Object.fromEntries(new URL(url).searchParams));
    return account;
  }

  /** Every line of the platform's books so far, over all pages. */
  async entries(fromMs = 0, untilMs = Number.MAX_SAFE_INTEGER): Promise<ProviderEntry[]> {
    const all: ProviderEntry[] = [];
    for await (const page of this.port.entries(fromMs, untilMs)) all.push(...page);
    return all;
  }

  /** Lines about one thing, without their ids and times. */
  async entriesOf(...references: string[]): Promise<unknown[]> {
    const all = await this.entries();
    return all
      .filter(({ reference }) => reference !== undefined && references.includes(reference))
      .map(({ kind, amount, fee }) => [kind, amount.amount, fee.amount]);
  }

  /** What a link to the bank's page says, as the page sees it. */
  challenge(url: string): ReturnType<typeof readChallenge> {
    const { payment, token } = challengeIn(url);
    return readChallenge(this.sandbox, payment, token);
  }
}

export function challengeIn(url: string): { readonly payment: string; readonly token: string } {
  const [, , , payment = "", , token = ""] = new URL(url).pathname.split("/");
  return { payment, token };
}

export function newOrder(): OrderId {
  return `ord_${typeid().getSuffix()}`;
}

export function newSeller(): SellerId {
  return `sel_${typeid().getSuffix()}`;
}

export function newCreator(): CreatorId {
  return `cre_${typeid().getSuffix()}`;
}

/** A new id of a kind: `rfd_…`. */
export function newOf<P extends string>(prefix: P): `${P}_${string}` {
  return `${prefix}_${typeid().getSuffix()}`;
}

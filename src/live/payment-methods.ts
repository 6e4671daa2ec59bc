/** Which payment methods the provider has, as a relay has learnt it: asked once for each. Keeps a bounded lot in memory. */
import { LIMITS } from "../domain/limits.ts";
import { errorFacts, logLine } from "../wire/log.ts";

export class PaymentMethods {
  readonly #ask: (method: string) => Promise<boolean>;
  readonly #known = new Map<string, boolean>();
  /** When a drop opens many pay by the same method at once. */
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(ask: (method: string) => Promise<boolean>) {
    this.#ask = ask;
  }

  accepts(method: string): boolean | Promise<boolean> {
    return this.#known.get(method) ?? this.#asking.get(method) ?? this.#asked(method);
  }

  #asked(method: string): Promise<boolean> {
    const answer = this.#learn(method).finally(() => this.#asking.delete(method));
    this.#asking.set(method, answer);
    return answer;
  }

  /**
   * Taps behind this one wait for the answer, so it must not take long; where there is none the method passes, and the
   * provider refuses it when it is to pay.
   */
  async #learn(method: string): Promise<boolean> {
    try {
      const patience = scheduler.wait(LIMITS.paymentMethodAskMs).then(() => undefined);
      const accepts = await Promise.race([this.#ask(method), patience]);
      if (accepts === undefined) return true;
      if (this.#known.size >= LIMITS.paymentMethodsRemembered) this.#known.clear();
      this.#known.set(method, accepts);
      return accepts;
    } catch (error) {
      logLine({ event: "payment_method_unchecked", ...errorFacts(error) });
      return true;
    }
  }
}

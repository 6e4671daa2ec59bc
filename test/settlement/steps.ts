/** Every step that settlement takes outside itself, counted, and made to fail where a specification says. */
import type { CountingHouse } from "./counting-house.ts";
import type { Failure } from "./deliver.ts";

/** `dies`: the step was taken, and nothing after it until the next run. */
export type Crash = "before" | "after" | "dies";

export class Steps {
  /** Whether each step so far was one that may change something. */
  readonly taken: boolean[] = [];
  readonly #at: number;
  readonly #crash: Crash | undefined;
  #isDead = false;

  /** Nothing fails, unless told at which step, from 0, and how. */
  constructor(at = -1, crash?: Crash) {
    this.#at = at;
    this.#crash = crash;
  }

  /** Makes every call of the house's database and bank a step. */
  watch(house: CountingHouse, db: D1Database): void {
    house.db = this.#watched(db);
    house.bank.fault = (call) => this.#next(!/^(find|captured|available|account|dispute)/.test(call));
  }

  #next(isChange: boolean): Failure {
    if (this.#isDead) return "before";
    const at = this.taken.push(isChange) - 1;
    if (at !== this.#at) return undefined;
    this.#isDead = this.#crash === "dies";
    return this.#crash === "before" ? "before" : "after";
  }

  async #step<T>(isChange: boolean, act: () => Promise<T>): Promise<T> {
    const failure = this.#next(isChange);
    if (failure === "before") throw new Error("D1_ERROR: connection lost before");
    const answer = await act();
    if (failure === "after") throw new Error("D1_ERROR: connection lost after");
    return answer;
  }

  #watched(db: D1Database): D1Database {
    const texts = new WeakMap<object, { readonly text: string; readonly real: D1PreparedStatement }>();
    const isChange = (text: string): boolean => !/^\s*select/i.test(text);
    const statement = (real: D1PreparedStatement, text: string): D1PreparedStatement => {
      const proxy = new Proxy(real, {
        get: (target, key) => {
          if (key === "bind") return (...values: unknown[]) => statement(target.bind(...values), text);
          const value: unknown = Reflect.get(target, key);
          if (typeof value !== "function") return value;
          return (...of: unknown[]) =>
            this.#step(isChange(text), async (): Promise<unknown> => value.apply(target, of));
        },
      });
      texts.set(proxy, { text, real });
      return proxy;
    };
    return new Proxy(db, {
      get: (target, key) => {
        if (key === "prepare") return (text: string) => statement(target.prepare(text), text);
        if (key !== "batch") return Reflect.get(target, key);
        return (statements: readonly D1PreparedStatement[]) => {
          const known = statements.map((one) => texts.get(one)!);
          return this.#step(
            known.some(({ text }) => isChange(text)),
            () => target.batch(known.map(({ real }) => real)),
          );
        };
      },
    });
  }
}

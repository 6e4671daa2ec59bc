/** What the double knows: its objects, the balances of the platform and of accounts, the lines about them, events. */
import { faults } from "./faults.ts";
import { line, type LineThing, type Things } from "./things.ts";

export const PLATFORM = "platform";

interface Balance {
  available: number;
  pending: number;
}

interface Kept {
  readonly id: string;
  readonly object: string;
}

/** Something that happened, as webhooks tell it. */
export interface DoubleEvent {
  readonly id: string;
  readonly object: "event";
  readonly type: string;
  readonly created: number;
  readonly account?: string;
  readonly data: { readonly object: object };
}

interface Movement {
  readonly currency: string;
  readonly amount: number;
  readonly fee?: number;
  readonly category: string;
  readonly source: string;
  readonly isPending?: boolean;
}

export class Books {
  nowMs: number;
  readonly events: DoubleEvent[] = [];
  readonly #things = new Map<string, Kept>();
  readonly #balances = new Map<string, Map<string, Balance>>();
  readonly #left = new Set<string>();
  readonly #linesOf = new Map<string, LineThing[]>();
  #made = 0;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  get nowS(): number {
    return Math.floor(this.nowMs / 1_000);
  }

  newId(prefix: string): string {
    this.#made += 1;
    return `${prefix}_${String(this.#made).padStart(6, "0")}double`;
  }

  keep<T extends Kept>(thing: T): T {
    this.#things.set(thing.id, thing);
    return thing;
  }

  /** The object with this id; a fault as Stripe makes it when there is none. */
  get<K extends keyof Things>(object: K, id: string | undefined, status = 404, param = "id"): Things[K] {
    const thing = this.#things.get(id ?? "");
    if (thing?.object !== object) throw faults.notFound(object, id ?? "", status, param);
    return thing as Things[K];
  }

  find(id: string): object | undefined {
    return this.#things.get(id);
  }

  /** Newest first, as Stripe lists. */
  all<K extends keyof Things>(object: K): Things[K][] {
    return [...this.#things.values()].filter((thing) => thing.object === object).toReversed() as Things[K][];
  }

  tell(type: string, object: object, account?: string): void {
    this.events.push({
      id: this.newId("evt"),
      object: "event",
      type,
      created: this.nowS,
      ...(account === undefined ? {} : { account }),
      data: { object: structuredClone(object) },
    });
  }

  balance(holder: string, currency: string): Balance {
    const ofHolder = this.#balances.get(holder) ?? new Map<string, Balance>();
    this.#balances.set(holder, ofHolder);
    const balance = ofHolder.get(currency) ?? { available: 0, pending: 0 };
    ofHolder.set(currency, balance);
    return balance;
  }

  currencies(holder: string): readonly (readonly [string, Balance])[] {
    return [...(this.#balances.get(holder) ?? [])];
  }

  lines(holder: string): readonly LineThing[] {
    return this.#linesOf.get(holder) ?? [];
  }

  /** Writes a line, and moves the money. */
  post(holder: string, { currency, amount, fee = 0, category, source, isPending }: Movement): LineThing {
    const type = category === "dispute" || category === "dispute_reversal" ? "adjustment" : category;
    const given = { amount, currency, fee, reporting_category: category, source, type };
    const made = this.keep(line(this.newId("txn"), this.nowS, given));
    this.#linesOf.set(holder, [...this.lines(holder), made]);
    this.balance(holder, currency)[isPending ? "pending" : "available"] += made.net;
    return made;
  }

  /** What is pending becomes available, as it does after some days. */
  settle(): void {
    for (const balances of this.#balances.values()) {
      for (const balance of balances.values()) {
        balance.available += balance.pending;
        balance.pending = 0;
      }
    }
  }

  /** An account parts from the platform, which may not look at it any more. */
  leave(account: string): void {
    this.#left.add(account);
  }

  assertOurs(account: string): void {
    if (this.#left.has(account)) throw faults.accountInvalid(account);
  }

  /** Whom a request is made for: the platform, or an account of it. */
  holderOf(account: string | undefined): string {
    if (account === undefined) return PLATFORM;
    this.assertOurs(account);
    return this.get("account", account, 403).id;
  }
}

/** The viewer's token: got when first needed, kept for the next page, renewed before it runs out. Touches network and storage. */
import type { Clock } from "./clock.ts";
import { DropcastError } from "./error.ts";
import { ask } from "./http.ts";

/** Of a token's claims those that the SDK reads; it does not verify, the server does. */
interface Claims {
  /** When it was made and until when it holds, in epoch seconds. */
  readonly iat?: number;
  readonly exp?: number;
  readonly credit?: {
    readonly session: string;
    readonly amount: { readonly amount: number; readonly currency: string };
  };
}

export interface ViewerTokensPorts {
  readonly api: string;
  /** The host page's own. */
  readonly host: (() => Promise<string>) | undefined;
  /** The server's clock, which a new token tells as well. */
  readonly clock: Clock;
}

/** A token that runs out sooner than this is not begun with. */
const SPARE_MS = 5 * 60_000;

export class ViewerTokens {
  readonly #ports: ViewerTokensPorts;
  #token: string | undefined;
  /** However many ask, one is got. */
  #getting: Promise<string> | undefined;

  constructor(ports: ViewerTokensPorts) {
    this.#ports = ports;
  }

  /** A token that holds for a while. A new one is another viewer's, unless the host page gives it. */
  async token(): Promise<string> {
    this.#token ??= this.#ports.host ? undefined : (storage()?.getItem(this.#place) ?? undefined);
    if (this.#token !== undefined && this.#isFresh(this.#token)) return this.#token;
    this.#getting ??= this.#get().finally(() => (this.#getting = undefined));
    return this.#getting;
  }

  /** The server does not accept it: the next one who asks gets another. */
  reject(token: string): void {
    if (this.#token !== token) return;
    this.#token = undefined;
    if (!this.#ports.host) storage()?.removeItem(this.#place);
  }

  /** Loyalty credit that the token grants in a session, in minor units. */
  credit(session: string): number {
    const credit = this.#token === undefined ? undefined : claimsOf(this.#token).credit;
    return credit?.session === session ? credit.amount.amount : 0;
  }

  get #place(): string {
    return `dropcast.viewer ${this.#ports.api}`;
  }

  async #get(): Promise<string> {
    const { api, host } = this.#ports;
    if (host) return (this.#token = await host().catch(notGiven));
    const { token } = await ask<{ token: string }>("POST", `${api}/v1/viewers`);
    this.#token = token;
    const { iat } = claimsOf(token);
    if (iat !== undefined) this.#ports.clock.heard(new Date(iat * 1_000).toISOString());
    try {
      storage()?.setItem(this.#place, token);
    } catch {
      // Storage that is full or forbidden: the token lasts as long as the page.
    }
    return token;
  }

  #isFresh(token: string): boolean {
    const { exp } = claimsOf(token);
    return exp === undefined || exp * 1_000 - SPARE_MS > this.#ports.clock.nowMs();
  }
}

function notGiven(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : "the page gave no viewer token";
  throw new DropcastError("unauthenticated", message, { status: 401 });
}

/** A JWT's claims; none of what is not one, which then is as good as the server says. */
function claimsOf(token: string): Claims {
  try {
    const [, payload = ""] = token.split(".");
    const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(bytes) as Claims;
  } catch {
    return {};
  }
}

/** Where there is storage and the page may use it: asking alone throws in a sandboxed frame. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

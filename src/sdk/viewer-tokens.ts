/** The viewer's token: got when first needed, kept for the next page, renewed before it runs out. Touches network and storage. */
import { claimsOf } from "./claims.ts";
import type { Clock } from "./clock.ts";
import { DropcastError } from "./error.ts";
import { ask } from "./http.ts";
import { forget, keep, kept } from "./storage.ts";

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
    this.#token ??= this.#ports.host ? undefined : kept(this.#place);
    if (this.#token !== undefined && this.#isFresh(this.#token)) return this.#token;
    this.#getting ??= this.#get().finally(() => (this.#getting = undefined));
    return this.#getting;
  }

  /** Asks as the viewer. A token that the server does not accept is given to nobody any more. */
  async as<T>(asked: (bearer: string) => Promise<T>): Promise<T> {
    const bearer = await this.token();
    try {
      return await asked(bearer);
    } catch (error) {
      if (isUnknown(error)) this.reject(bearer);
      throw error;
    }
  }

  /** The server does not accept it: the next one who asks gets another. */
  reject(token: string): void {
    if (this.#token !== token) return;
    this.#token = undefined;
    if (!this.#ports.host) forget(this.#place);
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
    forget(this.#place);
    const { token } = await ask<{ token: string }>("POST", `${api}/v1/viewers`);
    const { iat } = claimsOf(token);
    if (iat !== undefined) this.#ports.clock.heard(new Date(iat * 1_000).toISOString());
    // Where another session's client got one at the same time, that is who the viewer is.
    this.#token = kept(this.#place) ?? token;
    keep(this.#place, this.#token);
    return this.#token;
  }

  #isFresh(token: string): boolean {
    const { exp } = claimsOf(token);
    return exp === undefined || exp * 1_000 - SPARE_MS > this.#ports.clock.nowMs();
  }
}

/** Whether the server refused to know who asked. */
export function isUnknown(error: unknown): boolean {
  return error instanceof DropcastError && error.code === "unauthenticated";
}

function notGiven(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : "the page gave no viewer token";
  throw new DropcastError("unauthenticated", message, { status: 401 });
}

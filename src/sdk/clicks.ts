/**
 * By which creators' links the viewer came: click tokens from the page's address, and on Dropcast's own pages from the
 * cookie, kept for the pages after. Anybody can write an address: it never stops a sale. Touches storage, reads the page.
 */
import { claimsOf } from "./claims.ts";
import type { Clock } from "./clock.ts";
import { keep, kept } from "./storage.ts";

export interface ClicksPorts {
  /** The API's origin. */
  readonly api: string;
  readonly clock: Pick<Clock, "nowMs">;
}

/** In addresses and cookies. */
const CLICK = "dropcast_click";
const CODE = "dropcast_code";
/** An order takes no more. */
const MOST = 5;
/** Twice as long as ours are; longer ones would make an order too long for the server. */
const TOKEN = /^[\w.-]{1,1000}$/;
/** What can be a creator's code, in either case. */
const CREATOR_CODE = /^[\w-]{2,32}$/;

export class Clicks {
  readonly #ports: ClicksPorts;
  /** Newest last; here too, since they may not be stored. */
  #tokens: readonly string[] = [];

  constructor(ports: ClicksPorts) {
    this.#ports = ports;
    // The page may change its address before anything is bought.
    this.forOrder();
  }

  /** What goes with an order of now. */
  forOrder(): { clicks?: string[] } {
    const { api } = this.#ports;
    const place = `dropcast.clicks ${api}`;
    const before = kept(place) ?? "";
    const found = [...before.split(" "), ...this.#tokens, inCookie(api), inAddress(CLICK)];
    const clicks = [...new Set(found)].filter((token) => this.#isGood(token)).slice(-MOST);
    const now = clicks.join(" ");
    if (now !== before) keep(place, now);
    this.#tokens = clicks;
    return clicks.length > 0 ? { clicks } : {};
  }

  #isGood(token: string): boolean {
    const { exp = 0 } = claimsOf(token);
    return TOKEN.test(token) && exp * 1_000 > this.#ports.clock.nowMs();
  }
}

/** The creator's code that a link handed to the page, in the address; empty where there is none. A session may not know it. */
export function creatorCodeInAddress(): string {
  const code = inAddress(CODE);
  return CREATOR_CODE.test(code) ? code : "";
}

function inAddress(name: string): string {
  // Node has none.
  return new URLSearchParams(globalThis.location?.search).get(name) ?? "";
}

/** On the API's own pages. A frame that may have no cookies has the origin `null`. */
function inCookie(api: string): string {
  if (typeof document === "undefined" || globalThis.origin !== api) return "";
  return new RegExp(`(?:^|; )${CLICK}=([^;]*)`).exec(document.cookie)?.[1] ?? "";
}

/** What the viewer holds and has ordered in a session, by the session's own word. Touches the network and timers. */
import { backoffMs, sleep } from "./backoff.ts";
import { claimsOf } from "./claims.ts";
import type { DropcastError } from "./error.ts";
import { ask } from "./http.ts";
import type { OwnOrder, Reservation } from "./types.ts";
import type { ViewerTokens } from "./viewer-tokens.ts";

export interface Own {
  /** Open ones. */
  readonly reservations: readonly Reservation[];
  /** Neither turned down nor wholly refunded. */
  readonly orders: readonly OwnOrder[];
}

/** For twelve minutes, about: whoever is cut off for longer finds out when the page is loaded anew. */
const TRIES = 90;
/** The wait between two tries grows so often: a viewer stands before a card that says nothing. */
const GROWS = 4;

/** Asks until somebody answers, as whom the server knows. `url` is `{api}/v1/sessions/{session}`. */
export async function ownOf(url: string, tokens: Pick<ViewerTokens, "as">): Promise<Own> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await tokens.as((bearer) => ask("GET", `${url}/purchases`, { bearer }));
    } catch (error) {
      const isNone = (error as Partial<DropcastError>).code === "session_not_found";
      if (tried >= TRIES || isNone) throw error;
      await sleep(backoffMs(Math.min(tried, GROWS)));
    }
  }
}

/** What a tap with this offer token would have been answered with, an order or a reservation: a token is used once. */
export function boughtBy(
  token: string,
  isOrder: boolean,
  { reservations, orders }: Own,
): OwnOrder | { readonly reservation: Reservation } | undefined {
  const { jti } = claimsOf(token);
  const isIts = ({ lines }: OwnOrder | Reservation): boolean => lines.some((line) => line.token === jti);
  const reservation = reservations.find(isIts);
  return isOrder ? orders.find(isIts) : reservation && { reservation };
}

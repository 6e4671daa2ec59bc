/**
 * The Dropcast SDK: follows a session and buys in it, over the public API alone. Runs in browsers and in Node 20.3 or newer, by socket from Node 22 on.
 * @module
 * @example
 * const client = clientOf({ api: "https://live.example", session: "ses_…" });
 * const stop = client.subscribe(() => console.log(client.state.picture?.offers));
 * const order = await client.buy("ofr_…", { paymentMethod: "pm_…" });
 */
import { Client } from "./client.ts";
import type { ClientOptions, SessionClient } from "./types.ts";

export { decimalsOf } from "../domain/decimals.ts";
export { creatorCodeInAddress } from "./clicks.ts";
export { DropcastError } from "./error.ts";
export type * from "./types.ts";

const clients = new Map<string, Client>();

/** The client of a session: one for all on a page who ask for the same API and session, as viewers or as monitors. */
export function clientOf(options: ClientOptions): SessionClient {
  const api = options.api.replace(/\/+$/, "");
  const key = `${api} ${options.session} ${options.isMonitor === true}`;
  const known = clients.get(key);
  if (known) return known;
  const made = new Client({ ...options, api });
  clients.set(key, made);
  return made;
}

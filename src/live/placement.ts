/** Which relay serves a viewer: by region and a hash of the viewer, as many as the audience that is expected needs. Pure. */
import type { SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";

/** Cloudflare's continent codes and the location hint nearest to each. */
const HINTS: Readonly<Record<string, DurableObjectLocationHint>> = {
  NA: "enam",
  SA: "sam",
  EU: "weur",
  AS: "apac",
  OC: "oc",
  AF: "afr",
};

/** The relay's name starts with its session, so that it knows whom to ask. */
export function relayName(
  session: SessionId,
  audience: {
    readonly viewer: ViewerId | undefined;
    readonly region: string;
    readonly expectedViewers: number;
  },
): { name: string; locationHint: DurableObjectLocationHint | undefined } {
  const relays = Math.min(
    LIMITS.relaysPerRegion,
    Math.max(1, Math.ceil(audience.expectedViewers / LIMITS.socketsPerRelay)),
  );
  const place =
    audience.viewer === undefined ? Math.floor(Math.random() * relays) : hash(audience.viewer) % relays;
  const region = audience.region in HINTS ? audience.region : "XX";
  return { name: `${session}/${region}/${place}`, locationHint: HINTS[region] };
}

/** The session a relay serves, from the relay's name. */
export function sessionOfRelay(relay: string): SessionId {
  return relay.slice(0, relay.indexOf("/")) as SessionId;
}

/** FNV-1a, 32 bits: spreads ids evenly; nothing depends on it being hard to guess. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

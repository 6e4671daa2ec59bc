/** The key under which a viewer's units of an offer are counted. Pure. */
import type { OfferId, ViewerId } from "./ids.ts";

export function viewerUnitsKey(offer: OfferId, viewer: ViewerId): string {
  return `${offer}|${viewer}`;
}

/** Sellers and creators as parties: by what name the shop knows them. Reads the shop's tables. */
import type { CreatorId, PartyId, SellerId } from "../domain/ids.ts";
import { getCreator } from "../shop/creators.ts";
import { getSeller } from "../shop/sellers.ts";

export interface Named {
  readonly name: string;
  readonly email?: string;
}

/** Undefined for a party that does not exist. */
export function namedParty(db: D1Database, party: PartyId): Promise<Named | undefined> {
  return isSeller(party) ? getSeller(db, party) : getCreator(db, party);
}

function isSeller(party: SellerId | CreatorId): party is SellerId {
  return party.startsWith("sel_");
}

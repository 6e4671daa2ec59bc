/** Orders for those who have a part in them: platform, seller, creators. Reads settlement's tables. */
import type { OrderId, PartyId } from "../domain/ids.ts";
import { settledOrder } from "../settlement/ledger/projection.ts";
import { findOrder, type OrderRow } from "../settlement/order-readers.ts";
import type { AppContext } from "./context.ts";
import { partyOf } from "./parties.ts";

/** The order as D1 has it, some seconds behind; undefined for whoever has no part in it. */
export async function orderFor(c: AppContext, id: OrderId): Promise<OrderRow | undefined> {
  const row = await findOrder(c.env.DB, id);
  return row && isTheirs(row, partyOf(c.get("principal"))) ? row : undefined;
}

/** The same, also for a guest: whoever has a referral of it, once it is captured. */
export async function paidOrderFor(c: AppContext, id: OrderId): Promise<OrderRow | undefined> {
  const row = await findOrder(c.env.DB, id);
  const party = partyOf(c.get("principal"));
  if (!row || isTheirs(row, party)) return row;
  return (await settledOrder(c.env.DB, id))?.guest === party ? row : undefined;
}

function isTheirs({ seller, creator }: OrderRow, party: PartyId | undefined): boolean {
  return party === undefined || seller === party || creator === party;
}

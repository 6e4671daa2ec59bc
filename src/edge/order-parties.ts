/** Orders for those who have a part in them: platform, seller, creator. Reads settlement's tables. */
import type { OrderId } from "../domain/ids.ts";
import { findOrder, type OrderRow } from "../settlement/order-readers.ts";
import type { AppContext } from "./context.ts";
import { partyOf } from "./parties.ts";

/** The order as D1 has it, some seconds behind; undefined for whoever has no part in it. */
export async function orderFor(c: AppContext, id: OrderId): Promise<OrderRow | undefined> {
  const row = await findOrder(c.env.DB, id);
  const party = partyOf(c.get("principal"));
  const isTheirs = party === undefined || row?.seller === party || row?.creator === party;
  return isTheirs ? row : undefined;
}

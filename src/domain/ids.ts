/** Identifiers as they appear everywhere: a prefix that names the kind, then a sortable part. Pure types. */
export type SessionId = `ses_${string}`;
export type OfferId = `ofr_${string}`;
export type ReservationId = `rsv_${string}`;
export type OrderId = `ord_${string}`;
export type TokenId = `tok_${string}`;
export type SellerId = `sel_${string}`;
export type CreatorId = `cre_${string}`;
export type ContractId = `con_${string}`;
export type ViewerId = `vwr_${string}`;
export type RefundId = `rfd_${string}`;
export type TransferId = `trf_${string}`;
export type ReversalId = `rvl_${string}`;
export type PayoutId = `pyo_${string}`;
export type DisputeId = `dsp_${string}`;
export type KeyId = `key_${string}`;
export type SignInId = `sgn_${string}`;

/** Whom money is owed to and paid out to. */
export type PartyId = SellerId | CreatorId;

/** Made by the client: the same id always gets the same answer. Scoped to who sent it, see `commandIdOf`. */
export type CommandId = string;
/** A pool's key: the zone has no slash, so zone and SKU cannot be confused. */
export type PoolKey = `${string}/${string}`;

/** The stock pool of a SKU in a fulfilment zone. */
export function poolKey(zone: string, sku: string): PoolKey {
  return `${zone}/${sku}`;
}

/** A command id that no other principal can meet: two viewers may both send `1`. */
export function commandIdOf(principal: string, clientId: string): CommandId {
  return `${principal}:${clientId}`;
}

/** On which side of an order a party is: who sells, whose session it is, or who brought it to another's. */
export type OrderSide = "seller" | "creator" | "guest";

/** The id of the nth transfer to one side of an order, from 1: whoever makes it makes the same. */
export function transferIdOf(order: OrderId, side: OrderSide, nth: number): TransferId {
  return `trf_${suffixOf(order)}${side.charAt(0)}${nth.toString(36)}`;
}

/** The id of a transfer's nth reversal, from 1. */
export function reversalIdOf(transfer: TransferId, nth: number): ReversalId {
  return `rvl_${suffixOf(transfer)}r${nth.toString(36)}`;
}

/** What follows the prefix. */
function suffixOf(id: string): string {
  return id.slice(id.indexOf("_") + 1);
}

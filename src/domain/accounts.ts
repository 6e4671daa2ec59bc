/** The ledger's accounts: what each is called, whose it is and which way it grows. Pure. */
import type { CreatorId, PartyId, SellerId } from "./ids.ts";

/**
 * What a party's money goes through. `payable` is owed and not on its way; `transit` is on its way, there or back;
 * `balance` is in the party's own account at the provider until it is paid out; `reserve` is owed later.
 */
export type PartyAccount = "payable" | "transit" | "balance" | "reserve";

/**
 * An account by its address. `buyers:clearing` is what buyers owe for what was captured until the provider has reported
 * the charge; `provider:…:clearing` is the platform's money at the provider, `…:connected` that of all parties'
 * accounts there, `…:disputed` what it took for open disputes.
 */
export type Account =
  | "buyers:clearing"
  | "platform:bank"
  | "platform:revenue"
  | "tax:payable"
  | "loyalty:credit"
  | `provider:${string}:${"clearing" | "connected" | "disputed" | "fees"}`
  | `seller:${SellerId}:${PartyAccount}`
  | `creator:${CreatorId}:${PartyAccount}`;

/** The account of a party. */
export function accountOf(party: PartyId, which: PartyAccount): Account {
  return isSeller(party) ? `seller:${party}:${which}` : `creator:${party}:${which}`;
}

/** Whose an account is; undefined for the platform's and the provider's. */
export function ownerOf(account: Account): PartyId | undefined {
  const [side, id] = account.split(":");
  return side === "seller" || side === "creator" ? (id as PartyId) : undefined;
}

function isSeller(party: PartyId): party is SellerId {
  return party.startsWith("sel_");
}

/** Whether an account grows by debits: what is there, owed to the platform or spent. The others grow by credits. */
export function isDebitNormal(account: Account): boolean {
  return (
    account.startsWith("provider:") ||
    account === "platform:bank" ||
    account === "buyers:clearing" ||
    account === "loyalty:credit"
  );
}

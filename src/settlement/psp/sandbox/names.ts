/** The sandbox's own ids: each follows from ours, so that one thing is never made twice. Pure. */

type Prefix = "pay" | "chg" | "re" | "dp" | "tr" | "trr" | "po";

/** The sandbox's id of what we know by `id`: `tr_…` of `trf_…`. */
export function nameOf(prefix: Prefix, id: string): string {
  return `${prefix}_${id.slice(id.indexOf("_") + 1)}`;
}

/** The account of a party: `acct_sel_…`. */
export function accountNameOf(party: string): string {
  return `acct_${party}`;
}

/** Whether money can be moved at all in such an amount. */
export function isMovable(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount > 0;
}

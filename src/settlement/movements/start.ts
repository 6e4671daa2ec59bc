/**
 * Starts what is to be moved for parties: fixes the amounts and writes intents and ledger transactions in one batch,
 * before any call. Reads and writes settlement's tables; asks the provider what an account can cover.
 */
import type { PartyId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { attempt } from "../ledger/store.ts";
import { forEach, type Treasury } from "../treasury.ts";
import { sweepWaiting } from "./accrual.ts";
import { haveMoved, unchanged } from "./guard.ts";
import { intentsOf } from "./intents.ts";
import { planOf } from "./plan.ts";
import { isOwing, readStanding } from "./standing.ts";

/**
 * Parties for whom something may be done: money that came in at this provider, to go out or to be taken for a debt, or a
 * debt beside a balance that it may come back from. At random, when there are more than one run takes: some of them wait
 * long all the same.
 */
const OPEN_PARTIES = `
SELECT DISTINCT a.party AS party, p.currency AS currency FROM payment_accounts a
  CROSS JOIN ledger_positions p
    ON p.account IN ('seller:' || a.party || ':payable', 'creator:' || a.party || ':payable')
  JOIN settled_orders s ON s."order" = p."order"
WHERE a.status = 'enabled' AND a.provider = ?1 AND p.amount <> 0 AND CASE
  WHEN p.amount < 0 THEN s.charged_at_ms IS NOT NULL AND s.provider IS a.provider
  ELSE EXISTS (
    SELECT 1 FROM ledger_balances b
    WHERE b.account = replace(p.account, ':payable', ':balance') AND b.currency = p.currency AND b.amount < 0) END
ORDER BY random() LIMIT ?2`;

/** A party's money is planned by currency. */
interface OpenParty {
  readonly party: PartyId;
  readonly currency: string;
}

/** Starts transfers, reversals and nettings of parties that can be paid. Answers how many were started. */
export async function startMovements(treasury: Treasury): Promise<number> {
  const { db, port, nowMs } = treasury;
  await sweepWaiting(db, port.provider, LIMITS.movementsSwept, nowMs());
  const open = await db.prepare(OPEN_PARTIES).bind(port.provider, LIMITS.movementsPerRun).all<OpenParty>();
  let started = 0;
  await forEach(
    treasury,
    open.results,
    async (party) => {
      started += await startFor(treasury, party);
    },
    ({ party }) => ({ party }),
  );
  return started;
}

async function startFor({ db, port, nowMs }: Treasury, { party, currency }: OpenParty): Promise<number> {
  const standing = await readStanding(db, party, currency, nowMs());
  if (!standing) return 0;
  const { account, balance, payable } = standing;
  // Who has nothing at the provider gives nothing back, whatever is owed: there is nothing to ask.
  const owing = balance.amount < 0 && isOwing(standing);
  const available = owing ? await port.available(account.account, currency) : 0;
  const plan = planOf(standing.positions, Math.min(-balance.amount, available));
  const statements = intentsOf(db, standing, plan, nowMs());
  if (statements.length === 0) return 0;
  const marks = owing ? [payable, balance] : [payable];
  const guards = marks.map((mark) => unchanged(db, mark));
  const isStarted = await attempt(db, [...guards, ...statements], () => haveMoved(db, marks));
  return isStarted ? plan.transfers.length + plan.reversals.length + plan.nettings.length : 0;
}

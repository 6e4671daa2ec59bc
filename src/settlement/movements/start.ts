/**
 * Starts what is to be moved for parties: fixes the amounts and writes intents and ledger transactions in one batch,
 * before any call. Reads and writes settlement's tables; asks the provider what an account can cover.
 */
import type { PartyId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { attempt } from "../ledger/store.ts";
import { forEach, type Treasury } from "../treasury.ts";
import { haveMoved, unchanged } from "./guard.ts";
import { intentsOf } from "./intents.ts";
import { planOf } from "./plan.ts";
import { isOwing, readStanding } from "./standing.ts";

/** A waiting transfer follows what its party is owed for the order: it is payable, or there is nothing left of it. */
const SWEEP = `
UPDATE transfers SET updated_at_ms = ?1, amount = CASE WHEN w.owed > 0 THEN w.owed ELSE amount END,
  status = CASE WHEN w.owed <= 0 THEN 'returned' WHEN w.can_move THEN 'payable' ELSE status END
FROM (
  SELECT t.id, -p.amount AS owed, (s.charged_at_ms IS NOT NULL AND a.status IS 'enabled') AS can_move
  FROM transfers t
    JOIN ledger_positions p ON p."order" = t."order" AND p.currency = t.currency
      AND p.account = CASE WHEN t.party LIKE 'sel%' THEN 'seller:' ELSE 'creator:' END || t.party || ':payable'
    JOIN settled_orders s ON s."order" = t."order"
    LEFT JOIN payment_accounts a ON a.party = t.party
  WHERE t.status IN ('accrued', 'payable')
    AND (p.amount >= 0 OR -p.amount <> t.amount
      OR (t.status = 'accrued' AND s.charged_at_ms IS NOT NULL AND a.status IS 'enabled'))
  LIMIT ?2) AS w
WHERE transfers.id = w.id`;

/** At random, when there are more than one run takes: some wait long for their charge, or for something to owe from. */
const OPEN_PARTIES = `
SELECT DISTINCT a.party AS party, p.currency AS currency FROM payment_accounts a JOIN ledger_positions p
  ON p.account IN ('seller:' || a.party || ':payable', 'creator:' || a.party || ':payable')
WHERE a.status = 'enabled' AND a.provider = ?1 AND p.amount <> 0 ORDER BY random() LIMIT ?2`;

/** A party's money is planned by currency. */
interface OpenParty {
  readonly party: PartyId;
  readonly currency: string;
}

/** Starts transfers, reversals and nettings of parties that can be paid. Answers how many were started. */
export async function startMovements(treasury: Treasury): Promise<number> {
  const { db, port, nowMs } = treasury;
  await db.prepare(SWEEP).bind(nowMs(), LIMITS.movementsSwept).run();
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
  const owing = isOwing(standing);
  const available = owing ? await port.available(account.account, currency) : 0;
  const plan = planOf(standing.positions, Math.min(-balance.amount, available));
  const statements = intentsOf(db, standing, plan, nowMs());
  if (statements.length === 0) return 0;
  const marks = owing ? [payable, balance] : [payable];
  const guards = marks.map((mark) => unchanged(db, mark));
  const isStarted = await attempt(db, [...guards, ...statements], () => haveMoved(db, marks));
  return isStarted ? plan.transfers.length + plan.reversals.length + plan.nettings.length : 0;
}

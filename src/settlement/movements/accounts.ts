/** Parties' accounts at the provider. Reads the provider; writes the accounts' table. */
import { and, asc, eq, lt, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { PartyId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { Party } from "../psp/port.ts";
import { forEach, type Treasury } from "../treasury.ts";
import { nextPayoutAt } from "./schedule.ts";
import { paymentAccounts, type PaymentAccountRow, type PayoutInterval } from "./tables.ts";

/** How and when a party is paid out. `minimums` are minor units by currency. */
export interface PayoutSchedule {
  readonly interval: PayoutInterval;
  readonly minimums: Readonly<Record<string, number>>;
}

export async function readAccount(db: D1Database, party: PartyId): Promise<PaymentAccountRow | undefined> {
  return drizzle(db).select().from(paymentAccounts).where(eq(paymentAccounts.party, party)).get();
}

/** Asking again for the interval there is does not put off what is due. */
const NEXT_PAYOUT = sql`CASE WHEN payout_interval = excluded.payout_interval THEN next_payout_at_ms
  ELSE excluded.next_payout_at_ms END`;

/** Opens the party's account, or changes when it is paid out where it has one. */
export async function openAccount(
  { db, port, nowMs }: Treasury,
  party: Party,
  { interval, minimums }: PayoutSchedule,
): Promise<PaymentAccountRow> {
  const atMs = nowMs();
  const known = await readAccount(db, party.id);
  const opened =
    known?.provider === port.provider ? await port.account(known.account) : await port.openAccount(party);
  const schedule = {
    payoutInterval: interval,
    payoutMinimums: minimums,
    nextPayoutAtMs: nextPayoutAt(interval, atMs),
    updatedAtMs: atMs,
  };
  const at = { provider: port.provider, ...opened };
  const [row] = await drizzle(db)
    .insert(paymentAccounts)
    .values({ party: party.id, country: party.country, createdAtMs: atMs, ...at, ...schedule })
    .onConflictDoUpdate({
      target: paymentAccounts.party,
      set: { ...at, ...schedule, nextPayoutAtMs: NEXT_PAYOUT },
    })
    .returning();
  if (!row) throw new Error(`the account of ${party.id} was not written`);
  return row;
}

/** Asks the provider how an account stands. Accounts of nobody here are passed over. */
export async function followAccount({ db, port, nowMs }: Treasury, account: string): Promise<void> {
  const isThis = and(eq(paymentAccounts.provider, port.provider), eq(paymentAccounts.account, account));
  const known = await drizzle(db).select().from(paymentAccounts).where(isThis).get();
  if (!known) return;
  const { status } = await port.account(account);
  await drizzle(db).update(paymentAccounts).set({ status, updatedAtMs: nowMs() }).where(isThis);
}

/** Looks at accounts that are not enabled and whose news may have been lost. Answers how many. */
export async function followAccounts(treasury: Treasury): Promise<number> {
  const { db, port, nowMs } = treasury;
  const waiting = await drizzle(db)
    .select()
    .from(paymentAccounts)
    .where(
      and(
        eq(paymentAccounts.provider, port.provider),
        ne(paymentAccounts.status, "enabled"),
        lt(paymentAccounts.updatedAtMs, nowMs() - LIMITS.accountLookMs),
      ),
    )
    .orderBy(asc(paymentAccounts.updatedAtMs))
    .limit(LIMITS.movementsPerRun);
  await forEach(
    treasury,
    waiting,
    ({ account }) => followAccount(treasury, account),
    ({ party }) => ({ party }),
  );
  return waiting.length;
}

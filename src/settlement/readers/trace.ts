/**
 * What settlement knows of an order's way: from what was signed to what reached the bank. For a party its own part. Reads
 * settlement's tables; what the session's journal has of it, whoever asks adds.
 */
import { and, asc, eq, isNotNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { OrderId, PartyId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { LEGS } from "../../domain/split.ts";
import type { Code } from "../../wire/instants.ts";
import type { trace } from "../../wire/trace.ts";
import { settledOrder } from "../ledger/projection.ts";
import type { SettledOrder } from "../ledger/tables.ts";
import { refunds as refundRows } from "../returns/tables.ts";
import type { OrderRow } from "../tables.ts";
import { payoutsWith } from "./payouts.ts";
import { legsFor, listDisputes, listRefunds, ownLegs } from "./returns.ts";
import { transactionsOf } from "./transactions.ts";
import { transfersOf } from "./transfers.ts";

export type Trace = Code<z.output<typeof trace>>;

/** A trace without the journal's part, and where in the journal that is. */
export interface SettledTrace {
  readonly trace: Omit<Trace, "events">;
  /** The event by which the order was captured, or else the last one about it. */
  readonly settledSeq: number;
  readonly refundSeqs: readonly number[];
}

/** Rows of a kind that one trace has at most. */
const MOST = LIMITS.pageMax;

/** `viewer` sees its own part; the platform, which has none of its own, sees all. */
export async function readTrace(
  db: D1Database,
  row: OrderRow,
  viewer: PartyId | undefined,
): Promise<SettledTrace> {
  const { id: order, session } = row;
  const settled = await settledOrder(db, order);
  const page = { limit: MOST };
  const [transactions, transfers, refunds, disputes, refundSeqs] = await Promise.all([
    settled ? transactionsOf(db, order, viewer, MOST) : [],
    transfersOf(db, order, viewer, MOST),
    listRefunds(db, { ...page, order, session }),
    listDisputes(db, { ...page, order }, viewer),
    refundSeqsOf(db, order),
  ]);
  const payouts = await payoutsWith(
    db,
    transfers.map(({ id }) => id),
  );
  const isWhole =
    [refunds, disputes].every((list) => list?.nextCursor === null) &&
    [transactions, transfers].every((list) => list.length < MOST) &&
    refundSeqs.length <= LIMITS.refundsTraced;
  return {
    settledSeq: settled?.seq ?? row.seq,
    refundSeqs: refundSeqs.slice(0, LIMITS.refundsTraced),
    trace: {
      order: tracedOrder(row),
      tokens: row.lines.map(({ token, offer, priceVersion, quantity, price }) => ({
        token,
        offer,
        priceVersion,
        quantity,
        price: price.total,
      })),
      reservation: row.reservation,
      ...paymentOf(row, settled, viewer),
      ...(settled && viewer !== settled.guest ? contractOf(settled) : {}),
      ...(settled ? { split: splitFor(settled, viewer) } : {}),
      transactions,
      transfers,
      payouts,
      refunds: [...(refunds?.data ?? [])],
      disputes: [...(disputes?.data ?? [])],
      complete: isWhole,
    },
  };
}

/** Events that told the session of refunds, one more than are traced. */
async function refundSeqsOf(db: D1Database, order: OrderId): Promise<number[]> {
  const rows = await drizzle(db)
    .select({ seq: refundRows.eventSeq })
    .from(refundRows)
    .where(and(eq(refundRows.order, order), isNotNull(refundRows.eventSeq)))
    .orderBy(asc(refundRows.eventSeq))
    .limit(LIMITS.refundsTraced + 1);
  return rows.flatMap(({ seq }) => seq ?? []);
}

function tracedOrder(row: OrderRow): Trace["order"] {
  const { id, session, seller, creator, viewer, status, currency, placedAtMs } = row;
  return {
    id,
    session,
    seller,
    ...(creator === null ? {} : { creator }),
    viewer,
    status,
    total: money(row.total, currency),
    due: money(row.due, currency),
    refunded: money(row.refunded, currency),
    placedAtMs,
  };
}

/** The provider's fee is the platform's to bear, and to know. */
function paymentOf(
  { paymentProvider, paymentId }: OrderRow,
  settled: SettledOrder | undefined,
  viewer: PartyId | undefined,
): Pick<Trace, "payment"> {
  if (paymentProvider === null || paymentId === null) return {};
  const { charge = null, chargedAtMs = null, feeAmount = null, feeCurrency = null } = settled ?? {};
  const isKnown = viewer === undefined && feeAmount !== null && feeCurrency !== null;
  return {
    payment: {
      provider: paymentProvider,
      id: paymentId,
      ...(charge === null ? {} : { charge }),
      ...(chargedAtMs === null ? {} : { chargedAtMs }),
      ...(isKnown ? { fee: money(feeAmount, feeCurrency) } : {}),
    },
  };
}

function contractOf({ contract, contractVersion }: SettledOrder): Pick<Trace, "contract"> {
  return contract === null || contractVersion === null
    ? {}
    : { contract: { id: contract, version: contractVersion } };
}

/**
 * The seller's share is what fees and rates leave of a sale, so the seller sees them; the session's creator sees the
 * creator's, a guest their referral.
 */
function splitFor(settled: SettledOrder, viewer: PartyId | undefined): NonNullable<Trace["split"]> {
  const { captured, currency, legs, reserved, basis } = settled;
  const of = (amount: number) => money(amount, currency);
  const { asked, base, funded, platformFee, isMinimumFee, creatorEarns, tier, volume } = basis;
  const referral = referralOf(settled);
  if (viewer !== undefined && viewer === settled.guest) {
    const own = legsFor(legs, currency, ownLegs(settled, viewer));
    return { captured: of(captured), legs: own, basis: { base: of(base), ...referral } };
  }
  const isCreator = viewer?.startsWith("cre_") === true;
  const common = {
    asked: of(asked),
    base: of(base),
    creatorEarns: of(creatorEarns),
    ...(tier ? { tier } : {}),
    volume: of(volume),
  };
  if (isCreator) {
    return {
      captured: of(captured),
      legs: legsFor(legs, currency, ["creator"]),
      basis: { ...common, funded: { creator: of(funded.creator) } },
    };
  }
  const { platform, seller, creator } = funded;
  return {
    captured: of(captured),
    legs: legsFor(legs, currency, LEGS),
    reserved: of(reserved),
    basis: {
      ...common,
      funded: { platform: of(platform), seller: of(seller), creator: of(creator) },
      platformFee: of(platformFee),
      isMinimumFee,
      ...referral,
    },
  };
}

/** What is wanted by the rate and is not in the leg was not left to the seller. */
function referralOf({
  guest,
  currency,
  basis: { referral },
}: SettledOrder): Pick<NonNullable<Trace["split"]>["basis"], "referral"> {
  if (guest === null || !referral) return {};
  const { basisPoints, wanted } = referral;
  return { referral: { creator: guest, basisPoints, wanted: money(wanted, currency) } };
}

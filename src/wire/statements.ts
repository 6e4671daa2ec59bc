/** Statements on the wire: all that moved of a party's money in a period. */
import { z } from "zod";
import { balance, transactionId, transactionKind } from "./ledger.ts";
import { ofPeriod, partyId } from "./periods.ts";
import { currency, format, instant, orderId, pageQuery } from "./primitives.ts";

export const statementQuery = ofPeriod({
  ...pageQuery.shape,
  currency,
  format,
});

/** What a transaction did to each of a party's accounts; positive where there is more for the party. */
const parts = {
  payable: balance.exactOptional(),
  transit: balance.exactOptional(),
  balance: balance.exactOptional(),
  reserve: balance.exactOptional(),
};

export const statementLine = z
  .object({
    transaction: transactionId,
    kind: transactionKind,
    order: orderId.exactOptional(),
    at: instant,
    amount: balance.meta({
      description: "What the party is owed more by it; zero where money only moved on",
    }),
    parts: z.object(parts).meta({ description: "By account; they sum to `amount`" }),
    owed: balance.meta({ description: "In all after it" }),
  })
  .meta({ id: "StatementLine" });

export const statement = z
  .object({
    party: partyId,
    currency,
    from: instant.exactOptional(),
    to: instant,
    opening: balance.meta({
      description: "Owed in all at the beginning: payable, on its way, at the provider, reserved",
    }),
    closing: balance.meta({ description: "At the end: the opening and every line" }),
    totals: z
      .array(z.object({ kind: transactionKind, amount: balance, count: z.int() }))
      .meta({ description: "Of all lines, by kind; on the first page" })
      .exactOptional(),
    lines: z.array(statementLine),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Statement" });

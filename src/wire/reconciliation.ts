/** Reconciliation on the wire: provider and ledger compared, and what of it a person must see. */
import { z } from "zod";
import { currency, instant, pageQuery } from "./primitives.ts";

const count = z.int().min(0);

/** Of everything there ever was, so that no limit of one order holds for it. */
const total = z.object({ amount: z.int(), currency }).meta({
  id: "Total",
  description: "Integer minor units of an ISO 4217 currency, added up; may be negative",
});

export const reconciliation = z
  .object({
    provider: z.string(),
    until: instant
      .nullable()
      .meta({ description: "How far the provider's books were read; null before any order" }),
    ranAt: instant.nullable().meta({ description: "When both sides were last compared" }),
    currencies: z.array(
      z.object({
        currency,
        provider: total.meta({ description: "The lines of the provider's books, fees taken off" }),
        ledger: total.meta({ description: "The ledger's account of the platform's money at the provider" }),
        difference: total.meta({ description: "What the provider has more than the ledger" }),
      }),
    ),
    equal: z.boolean().meta({
      description:
        "The provider's books were read within a quarter of an hour, and nothing differs in any currency. While money " +
        "moves one side is ahead for a minute or two: watch `open`, which waits for that.",
    }),
    open: count.meta({ description: "Findings that wait for a person" }),
  })
  .meta({ id: "Reconciliation", description: "The provider's books beside the ledger" });

export const reconciliationRun = reconciliation
  .extend({
    complete: z.boolean().meta({ description: "Both sides were read to their end; if not, run again" }),
  })
  .meta({ id: "ReconciliationRun", description: "What a run found" });

export const findingKind = z
  .enum([
    "missing_in_ledger",
    "missing_at_provider",
    "amount_differs",
    "fee_differs",
    "unknown_at_provider",
    "buyers_clearing_open",
    "refund_failed",
    "payout_differs",
    "movement_failed",
  ])
  .meta({
    description:
      "`missing_…` names the side that has nothing of it; `unknown_at_provider`: a line that Dropcast did not cause; " +
      "`buyers_clearing_open`: captured and not charged, or charged and owed to the buyer; `refund_failed`: it came " +
      "back; `payout_differs`: it stands otherwise at the provider; `movement_failed`: a transfer, reversal or payout " +
      "was refused or came back",
  });

export const findingStatus = z.enum(["open", "resolved"]);

const side = {
  amount: total.meta({ description: "From the platform's side: negative where money left" }),
  fee: total,
  state: z.string().exactOptional(),
};

export const finding = z
  .object({
    id: z.string().meta({ example: "fnd_3f0c1d5e7a9b2c4d6e8f0a1b2c3d4e5f" }),
    kind: findingKind,
    status: findingStatus,
    about: z
      .object({
        kind: z.enum([
          "charge",
          "refund",
          "refund_failed",
          "transfer",
          "reversal",
          "dispute",
          "platform_payout",
          "provider_fee",
          "buyers",
          "other",
          "payout",
        ]),
        id: z.string(),
      })
      .meta({ description: "The id is an order's for `charge` and `buyers`, the provider's for `other`" }),
    provider: z.object({
      name: z.string(),
      ...side,
      lines: z
        .array(z.object({ id: z.string(), kind: z.string(), amount: total, fee: total, at: instant }))
        .meta({ description: "Of the provider's books, by the provider's ids" }),
    }),
    ledger: z.object(side),
    reason: z.string().exactOptional(),
    firstSeenAt: instant,
    lastSeenAt: instant,
    resolvedAt: instant.exactOptional(),
  })
  .meta({ id: "Finding", description: "Where provider and ledger differ, as they were last seen to" });

export const findingsPage = pageQuery.extend({
  status: findingStatus.optional(),
  kind: findingKind.optional(),
});

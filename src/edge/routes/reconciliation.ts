/** Reconciliation, for the platform: the provider's books beside the ledger, and what a person must see of it. */
import { Hono } from "hono";
import { money } from "../../domain/money.ts";
import { LIMITS } from "../../domain/limits.ts";
import { paymentPort } from "../../settlement/psp/index.ts";
import {
  listFindings,
  reconciliationOf,
  type Reconciliation,
  type ShownFinding,
} from "../../settlement/reconciliation/readers.ts";
import { reconcile } from "../../settlement/reconciliation/run.ts";
import { isoOf, toWire } from "../../wire/instants.ts";
import { page } from "../../wire/primitives.ts";
import * as wire from "../../wire/reconciliation.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { query } from "../input.ts";
import { foreignCursor } from "../lists.ts";
import type { RateLimit } from "../rate-limit.ts";
import { treasuryOf } from "../till.ts";

export const reconciliation = new Hono<AppEnv>();

reconciliation.get(
  "/v1/reconciliation",
  endpoint({
    id: "getReconciliation",
    tag: "reconciliation",
    summary: "Provider and ledger",
    description:
      "The provider's books as far as they were read, beside the ledger as it is. A cron reads on each minute.",
    who: ["platform"],
    answers: { 200: { description: "Both sides", schema: wire.reconciliation } },
  }),
  async (c) => c.json(shown(await reconciliationOf(c.env.DB, paymentPort(c.env).provider, Date.now()))),
);

/** Runs, whoever asks: each asks the provider. */
const RUNS: RateLimit = {
  name: "reconciliations",
  quota: LIMITS.reconciliationsPerWindow,
  keyOf: () => "all",
};

reconciliation.post(
  "/v1/reconciliation/runs",
  endpoint({
    id: "runReconciliation",
    tag: "reconciliation",
    summary: "Reconcile now",
    description:
      "Reads both sides on, repairs what may be repaired, and answers how they stand. The cron does the same; any " +
      "number of runs come to the same, so it needs no `Idempotency-Key`.",
    who: ["platform"],
    rate: RUNS,
    answers: { 200: { description: "What was found", schema: wire.reconciliationRun } },
  }),
  async (c) => {
    const treasury = treasuryOf(c.env);
    const complete = await reconcile(treasury);
    return c.json({
      ...shown(await reconciliationOf(c.env.DB, treasury.port.provider, Date.now())),
      complete,
    });
  },
);

function shown({ untilMs, ranAtMs, ...report }: Reconciliation): object {
  return {
    ...report,
    until: untilMs === undefined ? null : isoOf(untilMs),
    ranAt: ranAtMs === undefined ? null : isoOf(ranAtMs),
  };
}

reconciliation.get(
  "/v1/reconciliation/findings",
  endpoint({
    id: "listFindings",
    tag: "reconciliation",
    summary: "What a person must see",
    description:
      "Newest first. A finding is resolved by itself once both sides agree, and opens again should they differ again.",
    who: ["platform"],
    answers: { 200: { description: "A page of findings", schema: page(wire.finding) } },
    problems: ["bad_request"],
  }),
  query(wire.findingsPage),
  async (c) => {
    const found = await listFindings(c.env.DB, c.req.valid("query"));
    if (!found) return foreignCursor(c);
    return c.json({ ...found, data: found.data.map(shownFinding) });
  },
);

function shownFinding(finding: ShownFinding): object {
  const { id, kind, status, about, subject, currency, provider, lines, reason } = finding;
  const { firstSeenAtMs, lastSeenAtMs, resolvedAtMs, providerState, ledgerState } = finding;
  return toWire({
    id,
    kind,
    status,
    about: { kind: about, id: subject },
    provider: {
      name: provider,
      amount: money(finding.providerAmount, currency),
      fee: money(finding.providerFee, currency),
      ...(providerState === null ? {} : { state: providerState }),
      lines,
    },
    ledger: {
      amount: money(finding.ledgerAmount, currency),
      fee: money(finding.ledgerFee, currency),
      ...(ledgerState === null ? {} : { state: ledgerState }),
    },
    ...(reason === null ? {} : { reason }),
    firstSeenAtMs,
    lastSeenAtMs,
    ...(resolvedAtMs === null ? {} : { resolvedAtMs }),
  });
}

/**
 * Outside judge of the double: Stripe's own command line drives it through the sequences behind its events, and the
 * events come of it.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StripeDouble } from "../settlement/stripe/double/double.ts";
import { program } from "./outside.ts";
import { serveDouble, type ServedDouble } from "./serve.ts";

/** Those whose sequences use the adapter's routes. */
const EVENTS = [
  "account.updated",
  "balance.available",
  "charge.captured",
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.failed",
  "charge.refund.updated",
  "charge.refunded",
  "charge.succeeded",
  "payment_intent.amount_capturable_updated",
  "payment_intent.canceled",
  "payment_intent.created",
  "payment_intent.payment_failed",
  "payment_intent.requires_action",
  "payment_intent.succeeded",
  "payout.created",
  "payout.updated",
  "transfer.created",
  "transfer.reversed",
  "transfer.updated",
];

/** What the double tells of no event: it lets money become available when a test says so. */
const SILENT = new Set(["balance.available"]);

const run = promisify(execFile);
const stripe = program("stripe", "trigger");

describe.skipIf(!stripe)("stripe trigger", () => {
  const double = new StripeDouble();
  let served: ServedDouble;
  let home: string;

  beforeAll(async () => {
    // A test account has seen payments before.
    double.fund("usd", 1_000_000);
    served = await serveDouble(double);
    home = await mkdtemp(join(tmpdir(), "dropcast-stripe-"));
  });
  afterAll(async () => {
    served.close();
    await rm(home, { recursive: true, force: true });
  });

  it.concurrent.each(EVENTS)("%s succeeds, and its event comes of it", async (event) => {
    const access = ["--api-key", "sk_test_123456789012345678901234", "--api-base", served.url];
    const { stdout } = await run(stripe!, ["trigger", event, ...access], {
      env: {
        ...process.env,
        HOME: home,
        XDG_CONFIG_HOME: home,
        STRIPE_CLI_TELEMETRY_OPTOUT: "1",
        // It would ask for its newest version, elsewhere; this machine's own addresses use no proxy.
        HTTPS_PROXY: "http://127.0.0.1:9",
      },
    });
    expect(stdout).toContain("Trigger succeeded!");
    expect(SILENT.has(event) || double.events.some(({ type }) => type === event)).toBe(true);
  });
});

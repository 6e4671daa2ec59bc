/** The HTTP application: middleware in its order, then the routes. Knows nothing of any resource. */
import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { routePath } from "hono/route";
import { authenticate } from "./auth.ts";
import type { AppContext, AppEnv, Middleware } from "./context.ts";
import { common, preflights, requestIds, timings } from "./headers.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import { problem } from "./problem.ts";
import { attribution } from "./routes/attribution.ts";
import { catalog } from "./routes/catalog.ts";
import { contracts } from "./routes/contracts.ts";
import { cost } from "./routes/cost.ts";
import { deadLetters } from "./routes/dead-letters.ts";
import { documents, openApiOf } from "./routes/documents.ts";
import { givingAgain, hydrate, HYDRATE_PATH, keepingHeaders } from "./routes/hydrate.ts";
import { identities } from "./routes/identities.ts";
import { ledger } from "./routes/ledger.ts";
import { links } from "./routes/links.ts";
import { live, LIVE_PATH, upgrade } from "./routes/live.ts";
import { offers } from "./routes/offers.ts";
import { media } from "./routes/media.ts";
import { orders } from "./routes/orders.ts";
import { paymentAccounts } from "./routes/payment-accounts.ts";
import { payments } from "./routes/payments.ts";
import { payouts } from "./routes/payouts.ts";
import { reconciliation } from "./routes/reconciliation.ts";
import { purchases } from "./routes/purchases.ts";
import { record } from "./routes/record.ts";
import { refunds } from "./routes/refunds.ts";
import { reports } from "./routes/reports.ts";
import { reservations } from "./routes/reservations.ts";
import { sandbox } from "./routes/sandbox.ts";
import { returns } from "./routes/returns.ts";
import { sessions } from "./routes/sessions.ts";
import { signIns } from "./routes/sign-ins.ts";
import { staticOffer } from "./routes/static-offer.ts";
import { stats } from "./routes/stats.ts";
import { statements } from "./routes/statements.ts";
import { stock } from "./routes/stock.ts";
import { tokens } from "./routes/tokens.ts";
import { trace } from "./routes/trace.ts";
import { transfers } from "./routes/transfers.ts";
import { viewers } from "./routes/viewers.ts";
import { warmup } from "./routes/warmup.ts";

/** Everything the Worker answers over HTTP. */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get(LIVE_PATH, upgrade);
  app.get(HYDRATE_PATH, keepingHeaders);
  app.use(requestIds, common, timings, preflights);
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header("Allow", methods.join(", "));
        return problem(c, "method_not_allowed", { allow: methods });
      },
    }),
  );
  app.use("/v1/*", authenticate);
  app.use(asAnybody);
  const resources = [
    viewers,
    identities,
    signIns,
    links,
    attribution,
    contracts,
    catalog,
    sessions,
    hydrate,
    stock,
    offers,
    staticOffer,
    media,
    tokens,
    reservations,
    orders,
    purchases,
    refunds,
    record,
    warmup,
    cost,
    stats,
    live,
    ledger,
    transfers,
    paymentAccounts,
    payouts,
    statements,
    reports,
    returns,
    trace,
    payments,
    reconciliation,
    deadLetters,
    sandbox,
    documents,
    openApiOf(app),
  ];
  for (const resource of resources) app.route("/", resource);
  app.notFound((c) => problem(c, "not_found"));
  app.onError(failed);
  return givingAgain(app);
}

/** Outside /v1 nobody's credentials are looked at. */
const asAnybody: Middleware = async (c, next) => {
  if (c.get("principal") === undefined) c.set("principal", { kind: "anonymous", name: "anonymous" });
  await next();
};

/** What the platform says of an object that cannot take more just now; everything else is our own fault. */
function failed(error: Error, c: AppContext): Response {
  const isBusy =
    ("overloaded" in error && error.overloaded === true) ||
    ("retryable" in error && error.retryable === true);
  logLine({
    event: isBusy ? "object_busy" : "request_failed",
    requestId: c.get("requestId"),
    method: c.req.method,
    path: loggedPath(c),
    ...errorFacts(error),
  });
  if (!isBusy) return problem(c, "internal");
  c.header("Retry-After", "1");
  return problem(c, "overloaded");
}

/** Of the sandbox's pages the route alone: whoever has the path of one may act there. */
function loggedPath(c: AppContext): string {
  return c.req.path.startsWith("/sandbox/") ? routePath(c, -1) : c.req.path;
}

/** The Stripe adapter on workerd: the whole port, step by step, against the double. */
import { env } from "cloudflare:workers";
import { describeBooks } from "./books-contract.ts";
import { describeMovements } from "./movements-contract.ts";
import { describePayments } from "./payments-contract.ts";
import { describeRefunds } from "./refunds-contract.ts";
import { Stage } from "./stage.ts";

describePayments(() => new Stage(env.DB));
describeRefunds(() => new Stage(env.DB));
describeBooks(() => new Stage(env.DB));
describeMovements(
  () => new Stage(env.DB),
  () => env.DB.prepare("DELETE FROM stripe_requests").run(),
);

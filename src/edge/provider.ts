/** Calls at the payment provider that somebody waits for: its refusal and its silence are answers, not faults of ours. */
import { ProviderRefusal, ProviderSilence } from "../settlement/psp/errors.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { AppContext } from "./context.ts";
import { problem } from "./problem.ts";

/** What a route that calls the provider may answer beside its own. */
export const PROVIDER_PROBLEMS = ["provider_refused", "provider_unavailable"] as const;

/** Answers for work that the provider has a part in. */
export async function atProvider(c: AppContext, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderRefusal) return problem(c, "provider_refused", { reason: error.reason });
    if (!(error instanceof ProviderSilence)) throw error;
    logLine({ event: "provider_silent", requestId: c.get("requestId"), ...errorFacts(error) });
    c.header("Retry-After", "1");
    return problem(c, "provider_unavailable");
  }
}

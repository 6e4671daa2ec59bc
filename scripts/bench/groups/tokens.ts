// Offer tokens issued and verified as the edge and the relays do it, beside the bare signature over the same bytes.
import { timed, type Contender, type Timed } from "../contender.ts";
import type { Runtime } from "../runtime.ts";
import type { TokenRun } from "../token-runs.ts";

export const TOKENS = "tokens";
const TIMES = 2_000;

export function tokenContenders(runtime: Runtime): Contender[] {
  const token = (name: string, step: TokenRun["step"], beside: readonly string[]): Contender => ({
    group: TOKENS,
    name,
    operation: "token",
    beside,
    run: () => run(runtime, { step, times: TIMES }),
  });
  return [
    token("bare sign", "sign", []),
    token("issue an offer token", "issue", ["bare sign"]),
    token("bare verify", "verify_signature", []),
    token("verify an offer token", "verify", ["bare verify"]),
  ];
}

async function run(runtime: Runtime, asked: TokenRun): Promise<Timed> {
  let done = 0;
  const work = async (): Promise<void> => {
    done = (await runtime.call("/tokens", asked)).done;
  };
  const time = await timed(asked.times, work, [runtime.pid()]);
  if (done !== asked.times) throw new Error(`${done} of ${asked.times} tokens came out well`);
  return time;
}

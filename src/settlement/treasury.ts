/** What moving money needs: the books, the provider, the time. Types and small helpers; touches nothing. */
import { LIMITS } from "../domain/limits.ts";
import { errorFacts } from "../wire/log.ts";
import type { PaymentPort } from "./psp/port.ts";

export interface Treasury {
  readonly db: D1Database;
  readonly port: PaymentPort;
  readonly nowMs: () => number;
  /** Gets one structured line about what could not be done now. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** When to ask the provider again after so many times: each wait twice the one before, up to a limit. */
export function nextAttemptAfter(attempts: number, nowMs: number): number {
  return nowMs + Math.min(LIMITS.providerRetryMs * 2 ** Math.min(attempts, 30), LIMITS.providerRetryMaxMs);
}

/**
 * The provider's answer to a call: the first one is sent at once, a repeated one by the same id as long as the provider
 * knows ids that old, and then only when the provider has nothing of it.
 */
export async function ask<State extends { readonly status: string }>(
  { nowMs }: Treasury,
  { attempts, startedAtMs }: { readonly attempts: number; readonly startedAtMs: number },
  call: { readonly send: () => Promise<State>; readonly find: () => Promise<State> },
): Promise<State> {
  const mayBeForgotten = nowMs() - startedAtMs > LIMITS.providerKeyMs;
  if (attempts > 0 && mayBeForgotten) {
    const found = await call.find();
    if (found.status !== "unknown") return found;
  }
  return call.send();
}

/** Calls at the provider at a time: a Worker has six connections. */
const ABREAST = 6;

/** Does a piece of work for every row, some at a time; one that fails is logged, and left for the next run. */
export async function forEach<T>(
  { log }: Treasury,
  rows: readonly T[],
  work: (row: T) => Promise<unknown>,
  facts: (row: T) => Readonly<Record<string, unknown>>,
): Promise<void> {
  for (let at = 0; at < rows.length; at += ABREAST) {
    await Promise.all(
      rows.slice(at, at + ABREAST).map(async (row) => {
        try {
          await work(row);
        } catch (error) {
          log({ event: "money_not_moved", ...facts(row), ...errorFacts(error) });
        }
      }),
    );
  }
}

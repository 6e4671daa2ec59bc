/** Waiting for what queues, alarms and relays bring: patiently, since the machine may be busy. */
import { vi } from "vitest";

/** Looks until it no longer throws, and gives what it gives then. */
export function soon<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 15_000, interval: 20 });
}

/** Makes a test's world otherwise: another time, other limits. `asBefore` undoes it all, mocks too. */
import { vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";

/** Objects see this time from now on; timers run as ever. */
export function later(ms: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
}

/** Limits that no test could reach, lowered for one. */
const lowered: (() => void)[] = [];
export function lower(limits: Partial<Record<keyof typeof LIMITS, number>>): void {
  const before = { ...LIMITS };
  Object.assign(LIMITS, limits);
  lowered.push(() => Object.assign(LIMITS, before));
}

export function asBefore(): void {
  for (const restore of lowered.splice(0)) restore();
  vi.useRealTimers();
  vi.restoreAllMocks();
}

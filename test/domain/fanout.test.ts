/** A parent and its relays: pushes under way, slow relays, lost ones. The relays answer when the test says so. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { Fanout, type Push, type Shown } from "../../src/live/fanout.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A fan-out to relays whose answers wait. */
function stage() {
  const pushes: { push: Push; answer: (shown: Shown | undefined) => void; fail: () => void }[] = [];
  const lost: string[] = [];
  let cursor = 0;
  const fanout = new Fanout({
    changeSince: (after) => ({ after, cursor, offers: {} }),
    takeNotices: () => [],
    relay: () => ({
      push: (push) =>
        new Promise((resolve, reject) =>
          pushes.push({ push, answer: resolve, fail: () => reject(new Error("out of reach")) }),
        ),
    }),
    names: { list: () => [], add: () => undefined, remove: () => undefined },
    relayed: () => undefined,
    lost: (name) => lost.push(name),
  });
  const change = async (): Promise<void> => {
    cursor += 1;
    fanout.changed();
    await vi.advanceTimersByTimeAsync(LIMITS.frameTickMs);
  };
  return { fanout, pushes, lost, change };
}

const shownAt = (cursor: number): Shown => ({ cursor, viewers: 7 });

describe("a relay", () => {
  it("that is slow gets one push at a time, and then all it missed in one", async () => {
    const { fanout, pushes, change } = stage();
    fanout.subscribe("EU/0", 0, 7);
    await change();
    await change();
    await change();
    expect(pushes).toHaveLength(1);
    pushes[0]?.answer(shownAt(0));
    await vi.advanceTimersByTimeAsync(LIMITS.frameTickMs);
    expect(pushes.map(({ push }) => [push.change.after, push.change.cursor])).toEqual([
      [0, 0],
      [0, 3],
    ]);
  });

  it.each([
    ["viewers", { viewers: 7 }],
    ["nobody but a monitor", { viewers: 0, screens: 1 }],
  ])(
    "that does not answer is lost; should it answer after all, with %s, it is told again",
    async (_, crowd) => {
      const { fanout, pushes, lost, change } = stage();
      fanout.subscribe("EU/0", 0, 7);
      await change();
      await vi.advanceTimersByTimeAsync(LIMITS.relayLostMs);
      await change();
      expect([lost, fanout.size]).toEqual([["EU/0"], 0]);
      pushes[0]?.answer({ cursor: 0, ...crowd });
      await vi.advanceTimersByTimeAsync(LIMITS.frameTickMs);
      expect([lost, fanout.size]).toEqual([["EU/0"], 1]);
      expect(pushes.at(-1)?.push.change).toMatchObject({ after: 0, cursor: 2 });
    },
  );

  it("that is lost stays lost when its push fails in the end, or nobody watches there", async () => {
    for (const end of ["fails", "nobody"] as const) {
      const { fanout, pushes, change } = stage();
      fanout.subscribe("EU/0", 0, 7);
      await change();
      await vi.advanceTimersByTimeAsync(LIMITS.relayLostMs);
      await change();
      if (end === "fails") pushes[0]?.fail();
      else pushes[0]?.answer(undefined);
      await vi.advanceTimersByTimeAsync(LIMITS.relayLostMs);
      expect([fanout.size, pushes.length]).toEqual([0, 1]);
    }
  });
});

/** What hosts send about stock, and the warm-up's cron, mostly in an order that makes sense. */
import type { Command, WarmupCommand } from "../../../src/domain/commands.ts";
import type { SessionState } from "../../../src/domain/session.ts";
import { MINUTE } from "../shop.ts";
import type { Dice } from "./dice.ts";

const WARMUP_PLAN = {
  expectedViewers: 10,
  relays: { EU: 1 },
  tapsPerSecond: 100,
  media: [],
  cost: { pricesAsOf: "2026-06-01", byItem: {}, totalNanoUsd: 0 },
} as const;

export function warmup(
  dice: Dice,
  { warmup: record, seq, status }: SessionState,
  nowMs: number,
): WarmupCommand {
  const opensAtMs = nowMs + dice.upTo(MINUTE);
  const plan = { ...WARMUP_PLAN, opensAtMs, untilAtMs: opensAtMs + MINUTE };
  const done = { opensAtMs: record?.plan?.opensAtMs ?? opensAtMs, steps: [] };
  const isOver = status === "ended" || status === "cancelled";
  if (isOver === dice.oneIn(8)) {
    return dice.oneIn(2)
      ? { type: "warmup.plan", v: 1, plan }
      : { type: "warmup.finish", v: 1, done: dice.oneIn(8) ? { ...done, opensAtMs } : done };
  }
  const head = { number: seq + dice.upTo(3), lastSeq: seq, hash: "h" };
  const archivedBlock = record?.archive?.head.number ?? head.number;
  return dice.oneIn(2)
    ? { type: "warmup.archive", v: 1, archive: { key: "k", head, parts: 1, bytes: seq } }
    : { type: "warmup.cool", v: 1, cooled: { archivedBlock, archivedSeq: seq, steps: [] } };
}

export function allocate(dice: Dice, state: SessionState): Command {
  const zone = dice.oneIn(20) ? "moon" : dice.of(["main", "main", "popup"]);
  const sku = dice.oneIn(20) ? "not-covered" : dice.of(["tee", "tee", "mug"]);
  const now = state.pools.get(zone, sku)?.allocated ?? 0;
  const allocated = Math.max(0, now + dice.of([-3, -1, 0, 1, 2]));
  const expected = dice.oneIn(2) ? {} : { expected: dice.oneIn(4) ? now + 1 : now };
  return { type: "stock.allocate", v: 1, sku, zone, allocated, ...expected };
}

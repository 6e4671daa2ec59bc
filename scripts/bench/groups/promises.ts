// What a run must have kept, whatever it measured: looked at in the session itself, after the clock has stopped.
import { setTimeout as sleep } from "node:timers/promises";
import type { SessionId } from "../../../src/domain/ids.ts";
import type { JournalCheck } from "../../../src/live/journal-check.ts";
import type { Runtime } from "../runtime.ts";
import { skuAt } from "../traffic.ts";

/** How long queues may take to be sent what a run led to. */
const PUBLISHED_WITHIN_MS = 20_000;

/** Throws unless all stock went to who was told so, and nobody gets more. Nothing of it goes on in the next run. */
export async function soldOut(
  runtime: Runtime,
  session: SessionId,
  acknowledged: number,
  stock: number,
): Promise<void> {
  const { refused } = await runtime.call("/extra", { session });
  await runtime.call("/publish", { session });
  const { pools, replayEqual, chainWhole } = await published(runtime, session);
  await runtime.call("/rest", { session });
  const sold = pools.find(({ sku }) => sku === skuAt(0));
  keep([
    [acknowledged === stock, `every reservation is acknowledged (${acknowledged} of ${stock})`],
    [sold?.held === acknowledged && sold.allocated === stock, "what is acknowledged is held, and no more"],
    [refused, "a tap beyond the stock is refused"],
    [replayEqual, "the state rebuilt from the journal equals the state in memory"],
    [chainWhole, "the blocks' hashes chain"],
  ]);
}

/** Throws the promises that were not kept. */
export function keep(promises: readonly (readonly [boolean, string])[]): void {
  const broken = promises.filter(([kept]) => !kept).map(([, promise]) => promise);
  if (broken.length > 0) throw new Error(`broken: ${broken.join("; ")}`);
}

/** The journal's check, once the queues were sent all of it. */
async function published(runtime: Runtime, session: SessionId): Promise<JournalCheck> {
  const deadlineMs = Date.now() + PUBLISHED_WITHIN_MS;
  while (Date.now() < deadlineMs) {
    const check = await runtime.call("/check", { session });
    if (Object.values(check.published).every((seq) => seq === check.head.lastSeq)) return check;
    await sleep(50);
  }
  throw new Error(`the queues lack events after ${PUBLISHED_WITHIN_MS} ms`);
}

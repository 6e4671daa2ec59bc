/** Every step of moving money, one after the other, as the queue carries them on. */
import { FIRST_STEP, takeStep, type MoneyStep } from "../../src/settlement/run.ts";
import type { Treasury } from "../../src/settlement/treasury.ts";

/** Answers how much there was to do. */
export async function moveMoney(treasury: Treasury): Promise<number> {
  let done = 0;
  for (let step: MoneyStep | undefined = FIRST_STEP; step;) {
    const taken = await takeStep(treasury, step);
    done += taken.done;
    step = taken.next;
  }
  return done;
}

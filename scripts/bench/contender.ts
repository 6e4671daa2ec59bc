// What takes part in the benchmark, the interleaved rounds it goes through, and the figures that come of them.

/** So many operations and how long they took, together. */
export interface Timed {
  readonly operations: number;
  readonly ms: number;
}

/** Times a piece of work by this process's clock. */
export async function timed(operations: number, work: () => Promise<unknown>): Promise<Timed> {
  const startedAt = performance.now();
  await work();
  return { operations, ms: performance.now() - startedAt };
}

/** One thing to measure. */
export interface Contender {
  /** What belongs together: a part of the table, and what `--only` names. */
  readonly group: string;
  readonly name: string;
  /** What one operation is, and the names of the contenders of its group it stands beside. */
  readonly operation: string;
  readonly beside: readonly string[];
  /** Prepares, measures and checks one run; throws when the run did not do what it should. */
  run(): Promise<Timed>;
}

/** What a contender's rounds came to; microseconds for one operation. */
export interface Result {
  readonly group: string;
  readonly name: string;
  readonly operation: string;
  readonly medianUs: number;
  readonly perSecond: number;
  readonly roundsUs: readonly number[];
  /** Pace as a share of another's: the median of the rounds' own ratios. Above 1 is faster. */
  readonly beside: readonly { readonly name: string; readonly pace: number }[];
}

/**
 * Runs every contender once a round, in turn, so that what slows the machine for a while slows all of them; every
 * other round backwards, so that none always follows the same. A first round warms up and is not counted.
 */
export async function measure(
  contenders: readonly Contender[],
  rounds: number,
  onStep: (round: number, contender: Contender) => void,
): Promise<Result[]> {
  const taken = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      onStep(round, contender);
      const { operations, ms } = await contender.run().catch((error: unknown) => {
        throw new Error(`${contender.group}, ${contender.name}: ${String(error)}`);
      });
      if (round > 0) taken.get(contender)?.push((ms * 1_000) / operations);
    }
  }
  return contenders.map((contender) => resultOf(contender, taken));
}

function resultOf(contender: Contender, taken: ReadonlyMap<Contender, readonly number[]>): Result {
  const { group, name, operation } = contender;
  const roundsUs = taken.get(contender) ?? [];
  const medianUs = median(roundsUs);
  const beside = contender.beside.flatMap((other) => {
    const [, othersUs] = [...taken].find(([each]) => each.group === group && each.name === other) ?? [];
    return othersUs
      ? [{ name: other, pace: median(roundsUs.map((us, round) => othersUs[round]! / us)) }]
      : [];
  });
  return { group, name, operation, medianUs, perSecond: 1_000_000 / medianUs, roundsUs, beside };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

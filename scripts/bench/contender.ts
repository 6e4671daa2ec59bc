// What takes part in the benchmark, the interleaved rounds it goes through, and the figures that come of them.
import { cpuMsOf } from "./machine.ts";

/** So many operations, how long they took together, and what of the server's CPU where that is known. */
export interface Timed {
  readonly operations: number;
  readonly ms: number;
  readonly cpuMs?: number | undefined;
  /** Whatever else was measured, by a name that ends in its unit. */
  readonly facts?: Readonly<Record<string, number>>;
}

/** Times a piece of work by this process's clock, and takes the CPU of the processes that serve it. */
export async function timed(
  operations: number,
  work: () => Promise<unknown>,
  servers: readonly number[] = [],
): Promise<Timed> {
  const cpuBeforeMs = cpuMsOf(servers) ?? Number.NaN;
  const startedAt = performance.now();
  await work();
  const ms = performance.now() - startedAt;
  const cpuMs = (cpuMsOf(servers) ?? Number.NaN) - cpuBeforeMs;
  return { operations, ms, ...(Number.isNaN(cpuMs) ? {} : { cpuMs }) };
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

/** How two contenders of a group stand to each other: medians of the rounds' own ratios. */
export interface Ratio {
  readonly name: string;
  /** Above 1 is faster. */
  readonly pace: number;
  /** Server CPU of one operation as a share of the other's. */
  readonly cpu?: number;
}

/** What a contender's rounds came to; microseconds for one operation. */
export interface Result {
  readonly group: string;
  readonly name: string;
  readonly operation: string;
  readonly medianUs: number;
  readonly perSecond: number;
  readonly roundsUs: readonly number[];
  /** CPU of all server processes for one operation, in microseconds. */
  readonly cpuUs?: number;
  readonly facts: Readonly<Record<string, number>>;
  readonly beside: readonly Ratio[];
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
  const taken = new Map<Contender, Timed[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      onStep(round, contender);
      const time = await contender.run().catch((error: unknown) => {
        throw new Error(`${contender.group}, ${contender.name}: ${String(error)}`);
      });
      if (round > 0) taken.get(contender)?.push(time);
    }
  }
  return contenders.map((contender) => resultOf(contender, taken));
}

function resultOf(contender: Contender, taken: ReadonlyMap<Contender, readonly Timed[]>): Result {
  const { group, name, operation } = contender;
  const own = taken.get(contender) ?? [];
  const roundsUs = own.map(usOf);
  const cpuUs = own.map(cpuUsOf);
  const beside = contender.beside.flatMap((other): Ratio[] => {
    const [, others] = [...taken].find(([each]) => each.group === group && each.name === other) ?? [];
    if (!others) return [];
    const pace = median(own.map((time, round) => usOf(others[round]!) / usOf(time)));
    const cpu = median(own.map((time, round) => cpuUsOf(time) / cpuUsOf(others[round]!)));
    return [{ name: other, pace, ...(Number.isFinite(cpu) ? { cpu } : {}) }];
  });
  const medianUs = median(roundsUs);
  return {
    group,
    name,
    operation,
    medianUs,
    perSecond: 1_000_000 / medianUs,
    roundsUs,
    // None at all is less than the machine's clock for it can tell.
    ...(median(cpuUs) > 0 ? { cpuUs: median(cpuUs) } : {}),
    facts: Object.fromEntries(
      Object.keys(own[0]?.facts ?? {}).map((fact) => [
        fact,
        median(own.map(({ facts }) => facts?.[fact] ?? 0)),
      ]),
    ),
    beside,
  };
}

function usOf({ operations, ms }: Timed): number {
  return (ms * 1_000) / operations;
}

function cpuUsOf({ operations, cpuMs = Number.NaN }: Timed): number {
  return (cpuMs * 1_000) / operations;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The last samples of a number that moves, for a spark beside it. Pure. */

/** As many as a small chart has room for. */
const SAMPLES = 120;

export function sampled(before: readonly number[], value: number): readonly number[] {
  return [...before, value].slice(-SAMPLES);
}

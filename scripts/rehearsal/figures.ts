// Latencies and counts of a rehearsal. Pure.

/** Milliseconds of one kind of step, as they were measured. */
export class Latencies {
  readonly #ms: number[] = [];

  add(ms: number): void {
    this.#ms.push(ms);
  }

  get count(): number {
    return this.#ms.length;
  }

  /** The nearest-rank percentile; undefined when nothing was measured. */
  percentile(rank: number): number | undefined {
    const sorted = this.#ms.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)];
  }

  /** "p50 / p95 / p99" in milliseconds. */
  summary(): string {
    if (this.count === 0) return "none";
    return [50, 95, 99].map((rank) => (this.percentile(rank) ?? 0).toFixed(1)).join(" / ");
  }
}

/** How often each name came up. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** How often any of those that match came up. */
  sum(matches: (name: string) => boolean): number {
    return this.entries().reduce((total, [name, count]) => total + (matches(name) ? count : 0), 0);
  }

  entries(): [string, number][] {
    return [...this.#counts].toSorted((a, b) => b[1] - a[1]);
  }
}

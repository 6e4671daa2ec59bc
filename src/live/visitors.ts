/** Who has come to a relay before, so that each viewer is counted once. In memory: it begins anew when the relay does. */
import type { ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";

export class Visitors {
  readonly #known: Set<ViewerId>;

  /** With those who are there already. */
  constructor(viewers: Iterable<ViewerId>) {
    this.#known = new Set(viewers);
  }

  /** Whether it is the first time; who does not say who they are comes for the first time each time. */
  isNew(viewer: ViewerId | undefined): boolean {
    if (viewer === undefined) return true;
    if (this.#known.has(viewer)) return false;
    // With too many to remember it begins anew: better one counted twice than an object that is full.
    if (this.#known.size >= LIMITS.visitorsKept) this.#known.clear();
    this.#known.add(viewer);
    return true;
  }
}

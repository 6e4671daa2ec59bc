/** The chips that say who has just bought: a few at a time, each for a while, a rush in one sum. Touches timers alone. */
import type { RecentBuy } from "../../sdk/index.ts";
import type { Bought } from "./scene.ts";

export interface Chip {
  /** Grows with every chip. */
  readonly id: number;
  readonly units: number;
  /** A first name; none in a sum, or where none was given. */
  readonly shownAs?: string;
  /** `bought` of its buy, by which that is known again; none in a sum. */
  readonly bought?: number;
}

/** Places on screen. A chip keeps its own, so that none moves when another comes or goes. */
export const CHIP_PLACES = 3;
/** Long enough to be read on a video; `style.ts` lets it come and go within. */
const SHOWN_MS = 3_600;
/** What is bought meanwhile is told together. */
const GATHERED_MS = 1_200;

const NOTHING: Bought = { units: 0, buys: [] };

export class Chips {
  readonly #changed: () => void;
  readonly #places: (Chip | undefined)[] = Array.from({ length: CHIP_PLACES }, () => undefined);
  readonly #leaving = new Map<number, ReturnType<typeof setTimeout>>();
  #gathered = NOTHING;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #made = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** By place. */
  get places(): readonly (Chip | undefined)[] {
    return this.#places;
  }

  tell({ units, buys }: Bought): void {
    this.#gathered = { units: this.#gathered.units + units, buys: [...this.#gathered.buys, ...buys] };
    if (this.#gathering === undefined) this.#show();
  }

  /** Names stay on screen while these buys have them: a host may hide one, or all, or tell of no buys any more. */
  keepNames(buys: readonly RecentBuy[]): void {
    const named = new Set(buys.flatMap(({ bought, shownAs }) => (shownAs === undefined ? [] : [bought])));
    const kept = <T extends Pick<Chip, "shownAs" | "bought">>(told: T): T => {
      if (told.bought === undefined || named.has(told.bought)) return told;
      const { shownAs: _, ...rest } = told;
      return rest as T;
    };
    this.#gathered = { ...this.#gathered, buys: this.#gathered.buys.map(kept) };
    for (const [place, chip] of this.#places.entries()) this.#places[place] = chip && kept(chip);
  }

  clear(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#gathered = NOTHING;
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
    this.#places.fill(undefined);
  }

  #show(): void {
    this.#gathering = undefined;
    if (this.#gathered.units === 0) return;
    for (const told of chipsOf(this.#gathered)) this.#put({ id: (this.#made += 1), ...told });
    this.#gathered = NOTHING;
    this.#gathering = setTimeout(() => this.#show(), GATHERED_MS);
    this.#changed();
  }

  /** In a free place, or in that of the oldest. */
  #put(chip: Chip): void {
    const ages = this.#places.map((one) => one?.id ?? 0);
    const place = ages.indexOf(Math.min(...ages));
    clearTimeout(this.#leaving.get(place));
    this.#places[place] = chip;
    const leave = (): void => {
      this.#places[place] = undefined;
      this.#changed();
    };
    this.#leaving.set(place, setTimeout(leave, SHOWN_MS));
  }
}

/** Buys one by one while all are known and there is a place for each, else their sum: names come and go, units count. */
export function chipsOf({ units, buys }: Bought): Omit<Chip, "id">[] {
  const known = buys.reduce((sum, { quantity }) => sum + quantity, 0);
  if (buys.length > CHIP_PLACES || known !== units) return [{ units }];
  return buys.map(({ quantity, bought, shownAs }) => ({
    units: quantity,
    bought,
    ...(shownAs === undefined ? {} : { shownAs }),
  }));
}

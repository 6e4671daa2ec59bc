/** Periods of whole days in the viewer's own time zone, and the one before to compare with. Pure. */

/** As many days as the dashboard looks back: the hours of a longer period are not told. */
export const SPANS = [7, 30, 90] as const;
export type Span = (typeof SPANS)[number];

/** From a moment up to another, which is not in it. */
export interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A moment on a calendar and a clock: weekdays from Monday, 0, to Sunday, 6. */
export interface LocalHour {
  /** `2026-11-22` */
  readonly day: string;
  readonly weekday: number;
  readonly hour: number;
}

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** Reads moments on the clock of a time zone (IANA). */
export function clockIn(timeZone: string): (atMs: number) => LocalHour {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    hourCycle: "h23",
  });
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const day = `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
    return { day, weekday: weekdayOf(day), hour: Number(parts["hour"]) };
  };
}

function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
}

/** The days of a period by their names, the last one today's. */
export function daysUpTo(nowMs: number, span: number, clock: (atMs: number) => LocalHour): readonly string[] {
  const today = Date.parse(`${clock(nowMs).day}T00:00Z`);
  return Array.from({ length: span }, (_, at) =>
    new Date(today - (span - 1 - at) * DAY_MS).toISOString().slice(0, 10),
  );
}

/** The furthest any clock is before UTC. */
const FURTHEST_MS = 14 * HOUR_MS;
/** Clocks differ by quarters of hours. */
const QUARTER_MS = HOUR_MS / 4;

/** When a day begins: the first moment that the clock calls by its name, also where it is put forward at midnight. */
export function startOf(day: string, clock: (atMs: number) => LocalHour): number {
  let atMs = Date.parse(`${day}T00:00Z`) - FURTHEST_MS;
  while (clock(atMs).day < day) atMs += QUARTER_MS;
  return atMs;
}

/**
 * So many days with today, as far as it has come; and as long a time right before, up to the same time of the day, so that
 * a day that has only begun is not compared with a whole one.
 */
export function periodsOf(
  span: Span,
  nowMs: number,
  clock: (atMs: number) => LocalHour,
): { readonly now: Period; readonly before: Period } {
  const [first = ""] = daysUpTo(nowMs, span, clock);
  const fromMs = startOf(first, clock);
  const beforeMs = span * DAY_MS;
  return {
    now: { fromMs, untilMs: nowMs },
    before: { fromMs: fromMs - beforeMs, untilMs: nowMs - beforeMs },
  };
}

/** What became of a number; `new` where there was none to compare with. */
export type Change =
  { readonly kind: "none" | "new" | "same" } | { readonly kind: "up" | "down"; readonly share: number };

export function changeOf(now: number, before: number): Change {
  if (now === before) return { kind: now === 0 ? "none" : "same" };
  if (before === 0) return { kind: "new" };
  const share = (now - before) / Math.abs(before);
  return { kind: share > 0 ? "up" : "down", share: Math.abs(share) };
}

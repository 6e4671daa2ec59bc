// What a fan-out peer does with a change, whichever library sends: each at once, or the first at once and then the last
// of each tick.

/** Whether every change is sent, or what a tick comes to. */
export type Manner = "each" | "conflated";

/** A relay's own, at its shortest. */
const TICK_MS = 100;

/** Gives what takes a change: the number of units there are now. */
export function onChange(
  manner: Manner,
  text: string,
  send: (text: string) => void,
): (units: number) => void {
  const [before = "", after = ""] = text.split(/(?<="main":)\d+/);
  const show = (units: number): void => send(`${before}${units}${after}`);
  if (manner === "each") return show;
  let waiting: number | undefined;
  let isPaused = false;
  const tick = (): void => {
    isPaused = waiting !== undefined;
    if (waiting === undefined) return;
    show(waiting);
    waiting = undefined;
    setTimeout(tick, TICK_MS);
  };
  return (units) => {
    waiting = units;
    if (!isPaused) tick();
  };
}

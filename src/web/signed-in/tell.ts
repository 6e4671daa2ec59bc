/** Short news at the edge of the screen, which the shell around an element shows and reads out. */

export type Tone = "quiet" | "good" | "bad";
export const TELL = "dropcast-tell";

export interface Told {
  readonly text: string;
  readonly tone: Tone;
}

/** `from` is any element inside the shell. The text stays text, whatever is in it. */
export function tell(from: EventTarget, text: string, tone: Tone = "quiet"): void {
  const detail: Told = { text, tone };
  from.dispatchEvent(new CustomEvent(TELL, { detail, bubbles: true, composed: true }));
}

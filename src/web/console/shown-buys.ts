/** What the session's screens tell of buys, for a host to change at once. Markup for a view. */
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { ShowBuys } from "./deeds.ts";

export interface ShownBuysView {
  readonly shown: ShowBuys;
  readonly isOffline: boolean;
  readonly show: (wanted: ShowBuys) => void;
}

const CHOICES: readonly (readonly [ShowBuys, label: string])[] = [
  ["named", "With names"],
  ["unnamed", "Without"],
  ["none", "Not at all"],
];

/** Not asked twice: what is on a video is to go at once. */
export function shownBuys({ shown, isOffline, show }: ShownBuysView): TemplateResult {
  const choose = ({ currentTarget }: Event): void =>
    show((currentTarget as unknown as { value: ShowBuys }).value);
  return html`<wa-radio-group
    class="shown-buys"
    label="Buys on screen"
    hint="A name that was hidden does not come back."
    orientation="horizontal"
    size="s"
    ?disabled=${isOffline}
    .value=${live(shown)}
    @change=${choose}
  >
    ${CHOICES.map(([value, label]) => html`<wa-radio appearance="button" value=${value}>${label}</wa-radio>`)}
  </wa-radio-group>`;
}

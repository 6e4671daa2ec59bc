/** The console's numbers, charts and feed. Markup for views. */
import "../design/charts.ts";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ChartView } from "../design/charts.ts";
import type { Writing } from "../design/writing.ts";
import type { FeedLine } from "./feed.ts";
import type { NamedBuy } from "./names.ts";
import { figuresOf, latencyText, refusalsOf, UNKNOWN, type Stats } from "./numbers.ts";
import { SLOT_MS, type Sales } from "./sales.ts";

/** `viewers` is the chart beside their number. As large before there are numbers as with them, so that nothing moves. */
export function numbersOf(
  stats: Stats | undefined,
  viewers: ChartView | undefined,
  texts: Writing,
): TemplateResult {
  return html`<div class="panel" aria-busy=${stats === undefined}>
    <dl class="numbers figures">
      ${(stats ? figuresOf(stats, texts) : UNKNOWN).map(
        ({ name, value, beside = "" }) =>
          html`<div>
            <dt>${name}</dt>
            <dd class="value" data-name=${name}>${value}</dd>
            <dd class="quiet">${beside}</dd>
          </div>`,
      )}
    </dl>
    <p class="quiet figures latency">${stats ? latencyText(stats, texts) : ""}</p>
    <div class="watched">${viewers ? html`<dropcast-chart .view=${viewers}></dropcast-chart>` : nothing}</div>
  </div>`;
}

export function refusedOf(stats: Stats | undefined, { number }: Writing): TemplateResult | typeof nothing {
  const refusals = stats ? refusalsOf(stats) : [];
  if (refusals.length === 0) return nothing;
  return html`<section class="panel" aria-labelledby="refused">
    <h2 id="refused">Taps refused</h2>
    <ul class="refused figures">
      ${refusals.map(
        ({ name, count, share }) =>
          html`<li>
            <span>${name}</span><strong>${number(count)}</strong>
            <progress max="1" .value=${share} aria-hidden="true"></progress>
          </li>`,
      )}
    </ul>
  </section>`;
}

export function salesChart(
  { slots, units, total }: Sales,
  texts: Writing,
  clock: (atMs: number) => string,
): ChartView {
  const minutes = (slots.length * SLOT_MS) / 60_000;
  return {
    kind: "bar",
    label: `Units sold over the last ${minutes} minutes: ${texts.number(total)}`,
    steps: slots.map(clock),
    series: [{ name: "Units sold", values: units }],
    write: (value) => texts.number(value),
  };
}

/** The same view is not drawn again. */
export function salesPanel(total: number, view: ChartView, texts: Writing): TemplateResult {
  return html`<section class="panel sales" aria-labelledby="sales">
    <h2 id="sales">Sold in the last minutes <span class="figures">${texts.number(total)}</span></h2>
    <dropcast-chart .view=${view}></dropcast-chart>
  </section>`;
}

export function viewersChart(samples: readonly number[], texts: Writing): ChartView {
  const now = samples.at(-1) ?? 0;
  return {
    kind: "spark",
    label: `Viewers while this page was open: ${texts.number(now)} now, ${texts.number(Math.max(...samples))} at most`,
    steps: samples.map(() => ""),
    series: [{ name: "Viewers", values: samples, ink: "quiet" }],
    write: (value) => texts.number(value),
  };
}

/** On a phone nobody scrolls further; the whole journal is at `GET …/events`. */
const LINES = 60;

export interface FeedView {
  readonly lines: readonly FeedLine[];
  readonly clock: (atMs: number) => string;
  readonly isOffline: boolean;
  /** `hide order` that is under way. */
  readonly busy: ReadonlySet<string>;
  /** Undefined where there is nothing to be hidden any more. Not asked twice: what is on a video is to go at once. */
  readonly hide: ((buy: NamedBuy) => void) | undefined;
}

export function feedList({ lines, clock, ...names }: FeedView): TemplateResult {
  if (lines.length === 0) return html`<p class="quiet">Nothing has happened yet.</p>`;
  return html`<ol class="feed">
    ${repeat(
      lines.slice(0, LINES),
      ({ key }) => key,
      ({ kind, icon, text, atMs, names: named }) =>
        html`<li data-kind=${kind}>
          <wa-icon name=${icon}></wa-icon>
          <span><bdi>${text}</bdi></span>
          <time class="quiet figures" datetime=${new Date(atMs).toISOString()}>${clock(atMs)}</time>
          ${named && names.hide ? namesList(named, names.hide, names) : nothing}
        </li>`,
    )}
  </ol>`;
}

function namesList(
  named: readonly NamedBuy[],
  hide: (buy: NamedBuy) => void,
  { isOffline, busy }: Pick<FeedView, "isOffline" | "busy">,
): TemplateResult {
  return html`<ul class="names" aria-label="Shown by name">
    ${repeat(
      named,
      ({ order }) => order,
      (buy) =>
        html`<li>
          <bdi>${buy.shownAs}</bdi>
          <wa-button
            appearance="plain"
            ?disabled=${isOffline}
            ?loading=${busy.has(`hide ${buy.order}`)}
            @click=${() => hide(buy)}
            ><wa-icon slot="start" name="eye-slash"></wa-icon>Hide name<span class="heard">
              of ${buy.shownAs}</span
            ></wa-button
          >
        </li>`,
    )}
  </ul>`;
}

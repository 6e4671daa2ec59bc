/**
 * Charts by Chart.js in the design system's colours, light and dark: `<dropcast-chart .view=${view}>`. A spark is `aria-hidden`
 * but for its label; every other chart has its figures as a table below, for everybody. Touches its own tree alone.
 * @module
 */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import {
  css,
  html,
  LitElement,
  nothing,
  type CSSResultGroup,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { settingsOf, type ChartView, type Look } from "./chart-settings.ts";
import { base, tokens } from "./tokens.ts";

export type { ChartView, Ink, Series } from "./chart-settings.ts";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

const INKS = ["accent", "quiet", "good", "warn", "text", "line", "surface"] as const;

/** As high as `--chart-height` says; 15rem, and a spark 2.25rem, without it. */
const look = css`
  :host {
    display: block;
    min-inline-size: 0;
    color: var(--dc-text);
    font-family: var(--dc-font);
  }
  .stage {
    position: relative;
    block-size: var(--chart-height, 15rem);
  }
  .spark {
    block-size: var(--chart-height, 2.25rem);
  }
  .inks {
    display: none;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: var(--dc-space-1) var(--dc-space-4);
    margin: 0 0 var(--dc-space-3);
    padding: 0;
    list-style: none;
    font-size: var(--dc-text-s);
    color: var(--dc-quiet);
  }
  .key li {
    display: flex;
    align-items: center;
    gap: var(--dc-space-2);
  }
  .key li::before {
    content: "";
    inline-size: 1rem;
    border-block-start: 0.1875rem solid currentColor;
    color: var(--dc-accent);
  }
  .key .reference::before {
    border-block-start-style: dashed;
  }
  .key.blocks li::before {
    inline-size: 0.75rem;
    border-block-start: 0.75rem solid currentColor;
    border-radius: 0.1875rem;
  }
  .key.blocks .reference::before {
    opacity: 0.28;
  }
  .accent,
  .key .accent::before {
    color: var(--dc-accent);
  }
  .quiet,
  .key .quiet::before {
    color: var(--dc-quiet);
  }
  .good,
  .key .good::before {
    color: var(--dc-good);
  }
  .warn,
  .key .warn::before {
    color: var(--dc-warn);
  }
  .text {
    color: var(--dc-text);
  }
  .line {
    color: var(--dc-line);
  }
  .surface {
    color: var(--dc-surface);
  }
  .key .accent,
  .key .quiet,
  .key .good,
  .key .warn {
    color: inherit;
  }
  details {
    margin-block-start: var(--dc-space-2);
    font-size: var(--dc-text-s);
  }
  summary {
    inline-size: fit-content;
    padding-block: var(--dc-space-2);
    color: var(--dc-quiet);
    cursor: pointer;
  }
  .figures {
    max-block-size: 18rem;
    overflow: auto;
    border: 1px solid var(--dc-line);
    border-radius: var(--dc-radius-s);
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: var(--dc-space-2) var(--dc-space-3);
    border-block-end: 1px solid var(--dc-line);
    text-align: start;
    font-variant-numeric: tabular-nums;
  }
  tr:last-child > * {
    border-block-end: 0;
  }
  th {
    font-weight: 400;
  }
  thead th {
    position: sticky;
    inset-block-start: 0;
    background: var(--dc-raised);
    font-weight: 600;
  }
  :is(th, td) + :is(th, td) {
    text-align: end;
  }
`;

export class DropcastChart extends LitElement {
  static override properties: PropertyDeclarations = { view: { attribute: false } };
  static override styles: CSSResultGroup = [tokens, base, look];

  declare view: ChartView | undefined;

  #chart: Chart<"line" | "bar", (number | null)[], string> | undefined;
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");
  readonly #motion = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #redraw = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    for (const wish of [this.#scheme, this.#motion]) wish.addEventListener("change", this.#redraw);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const wish of [this.#scheme, this.#motion]) wish.removeEventListener("change", this.#redraw);
    this.#clear();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    const isSpark = view.kind === "spark";
    return html`
      ${view.series.length > 1 && !isSpark ? keyOf(view) : nothing}
      <div class=${isSpark ? "stage spark" : "stage"}>
        <canvas role="img" aria-label=${view.label}></canvas>
      </div>
      ${isSpark ? nothing : tableOf(view)}
      <div class="inks">${INKS.map((ink) => html`<i class=${ink}></i>`)}</div>
    `;
  }

  protected override updated(): void {
    const { view } = this;
    if (!view || !this.isConnected) return this.#clear();
    const { type, data, options = {} } = settingsOf(view, this.#look());
    const canvas = this.renderRoot.querySelector("canvas");
    if (!canvas) return;
    if (this.#chart && "type" in this.#chart.config && this.#chart.config.type === type) {
      this.#chart.options = options;
      // The same datasets go on, so that what was drawn moves to where it is now.
      this.#chart.data.labels = data.labels ?? [];
      this.#chart.data.datasets = data.datasets.map((dataset, at) =>
        Object.assign(this.#chart?.data.datasets[at] ?? dataset, dataset),
      );
      this.#chart.update(view.kind === "spark" ? "none" : undefined);
      return;
    }
    this.#clear();
    this.#chart = new Chart(canvas, { type, data, options });
  }

  #clear(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  /** Custom properties hold `light-dark(…)`: what they come to is seen on something that has the colour. */
  #look(): Look {
    const inkOf = (ink: string): string => {
      const bearer = this.renderRoot.querySelector(`.inks .${ink}`);
      return bearer ? getComputedStyle(bearer).color : "";
    };
    const { fontFamily, direction } = getComputedStyle(this);
    return {
      inks: Object.fromEntries(INKS.map((ink) => [ink, inkOf(ink)])) as unknown as Look["inks"],
      font: fontFamily,
      isRtl: direction === "rtl",
      isStill: this.#motion.matches,
    };
  }
}

function keyOf({ kind, series }: ChartView): TemplateResult {
  return html`<ul class=${kind === "bar" ? "key blocks" : "key"} aria-hidden="true">
    ${series.map(
      ({ name, ink = "accent", isReference }) =>
        html`<li class=${isReference === true ? `${ink} reference` : ink}>${name}</li>`,
    )}
  </ul>`;
}

function tableOf({ label, steps, series, write }: ChartView): TemplateResult {
  const figure = (value: number | null | undefined): string =>
    value === null || value === undefined ? "–" : write(value);
  return html`<details>
    <summary>As a table</summary>
    <div class="figures" tabindex="0" role="region" aria-label=${label}>
      <table>
        <thead>
          <tr>
            <th><span class="heard">When</span></th>
            ${series.map(({ name }) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${steps.map(
            (step, at) =>
              html`<tr>
                <th scope="row">${step}</th>
                ${series.map(({ values }) => html`<td>${figure(values[at])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

customElements.define("dropcast-chart", DropcastChart);

declare global {
  interface HTMLElementTagNameMap {
    "dropcast-chart": DropcastChart;
  }
}

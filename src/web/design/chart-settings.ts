/** From what a chart shows to what Chart.js is told, in the colours and the type that the page has now. Pure. */
import type { ChartConfiguration, ChartDataset } from "chart.js";

/** Colours of the design system that data is drawn in. */
export type Ink = "accent" | "quiet" | "good" | "warn";

export interface Series {
  readonly name: string;
  /** One a step; null where there is none. */
  readonly values: readonly (number | null)[];
  /** The accent without it. */
  readonly ink?: Ink;
  /** What is compared with: a dashed line without an area below, or paler bars behind. */
  readonly isReference?: boolean;
}

/** What a chart shows. */
export interface ChartView {
  /** A `spark` is a small line without axes, for a number beside it. */
  readonly kind: "line" | "bar" | "spark";
  /** What it shows, in a sentence, for who cannot see it. */
  readonly label: string;
  /** The name of each step, in whole. */
  readonly steps: readonly string[];
  /** The same names for an axis; the whole ones without them. */
  readonly ticks?: readonly string[];
  readonly series: readonly Series[];
  /** A value in words: in the tooltip and the table. */
  readonly write: (value: number) => string;
  /** A value for an axis; as in words without it. */
  readonly writeShort?: (value: number) => string;
}

/** What a page looks like now, as the browser computes it. */
export interface Look {
  readonly inks: Readonly<Record<Ink | "text" | "line" | "surface", string>>;
  readonly font: string;
  readonly isRtl: boolean;
  readonly isStill: boolean;
}

type Kind = "line" | "bar";
const CALM_MS = 320;
/** Of points and bars there is room for no more names than this. */
const MAX_TICKS = 8;

/** Everything Chart.js needs. It draws by the object model, so that a page's policy need not allow styles in markup. */
export function settingsOf(view: ChartView, look: Look): ChartConfiguration<Kind, (number | null)[], string> {
  const type = view.kind === "bar" ? "bar" : "line";
  const { text, quiet, line, surface } = look.inks;
  const isSpark = view.kind === "spark";
  const font = { family: look.font, size: 12 };
  const short = view.writeShort ?? view.write;
  const isNothing = view.series.every(({ values }) => values.every((value) => (value ?? 0) === 0));
  return {
    type,
    data: { labels: [...view.steps], datasets: view.series.map((series) => datasetOf(series, view, look)) },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: isSpark || look.isStill ? false : { duration: CALM_MS },
      events: isSpark ? [] : ["mousemove", "mouseout", "click", "touchstart", "touchmove"],
      interaction: { mode: "index", intersect: false },
      layout: { padding: isSpark ? 2 : 0 },
      scales: {
        x: {
          display: !isSpark,
          reverse: look.isRtl,
          grid: { display: false },
          border: { color: line },
          ticks: {
            color: quiet,
            font,
            maxRotation: 0,
            autoSkip: true,
            autoSkipPadding: 12,
            maxTicksLimit: MAX_TICKS,
            callback: (_, at) => (view.ticks ?? view.steps)[at] ?? "",
          },
        },
        y: {
          display: !isSpark,
          position: look.isRtl ? "right" : "left",
          beginAtZero: true,
          // Nothing sold is a line at the bottom, and not in the middle.
          suggestedMax: isNothing ? 1 : undefined,
          grid: { color: line },
          border: { display: false },
          ticks: {
            color: quiet,
            font,
            maxTicksLimit: 5,
            precision: 0,
            // There is no scale of nothing.
            callback: (value) => (isNothing && Number(value) !== 0 ? "" : short(Number(value))),
          },
        },
      },
      plugins: {
        tooltip: {
          enabled: !isSpark,
          rtl: look.isRtl,
          backgroundColor: text,
          titleColor: surface,
          bodyColor: surface,
          titleFont: { ...font, weight: 600 },
          bodyFont: font,
          padding: 10,
          cornerRadius: 8,
          boxPadding: 4,
          usePointStyle: true,
          callbacks: {
            label: ({ dataset, raw }) =>
              `${dataset.label ?? ""}: ${typeof raw === "number" ? view.write(raw) : "–"}`,
          },
        },
      },
    },
  };
}

function datasetOf(
  series: Series,
  { kind }: ChartView,
  { inks }: Look,
): ChartDataset<Kind, (number | null)[]> {
  const colour = inks[series.ink ?? "accent"];
  const data = [...series.values];
  if (kind === "bar") {
    const isReference = series.isReference === true;
    return {
      type: "bar",
      label: series.name,
      data,
      // What is compared with stands wider and paler behind.
      grouped: false,
      order: isReference ? 2 : 1,
      backgroundColor: isReference ? faded(colour, 0.28) : colour,
      barPercentage: isReference ? 1 : 0.62,
      categoryPercentage: 0.9,
      borderRadius: 3,
      maxBarThickness: isReference ? 40 : 24,
    };
  }
  const isSpark = kind === "spark";
  return {
    type: "line",
    label: series.name,
    data,
    borderColor: colour,
    backgroundColor: faded(colour, 0.12),
    borderWidth: isSpark ? 1.5 : 2,
    borderDash: series.isReference === true ? [4, 4] : [],
    fill: series.isReference === true ? false : "origin",
    tension: 0.25,
    // A rounded line would swing below zero.
    cubicInterpolationMode: "monotone",
    pointRadius: !isSpark && data.length === 1 ? 3 : 0,
    pointHoverRadius: 4,
    pointBackgroundColor: colour,
    spanGaps: true,
  };
}

/** A colour as the browser computes it, seen through: `rgb(179, 23, 63)` to `rgb(179 23 63 / 0.12)`. */
function faded(colour: string, share: number): string {
  const parts = /^rgba?\(([^)]+)\)$/
    .exec(colour)?.[1]
    ?.split(/[\s,/]+/)
    .slice(0, 3);
  return parts?.length === 3 ? `rgb(${parts.join(" ")} / ${share})` : colour;
}

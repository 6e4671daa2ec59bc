/** The overview's parts as markup: tiles, tables of the best, the week by its hours. */
import { html, nothing, type TemplateResult } from "lit";
import type { Formats } from "./formats.ts";
import type { Tile } from "./overview-view.ts";
import { bar, changed } from "./parts.ts";
import { bestHour, LEVELS, shareOf, type Heat } from "./sales.ts";
import type { SalesRow } from "./reports.ts";

export function tilesTemplate(tiles: readonly Tile[], formats: Formats, than: string): TemplateResult {
  return html`<dl class="tiles">
    ${tiles.map(
      ({ name, value, change, isGood }) =>
        html`<div class="tile">
          <dt>${name}</dt>
          <dd>${value ?? "–"}</dd>
          ${value === undefined ? nothing : changed(change, formats, than, isGood)}
        </div>`,
    )}
  </dl>`;
}

/** Rows with a bar each; `nameOf` is what somebody wrote, and stays text. */
export function bestTemplate(
  rows: readonly SalesRow[],
  { what, nameOf }: { readonly what: string; readonly nameOf: (row: SalesRow) => string },
  { money, number }: Formats,
): TemplateResult {
  return html`<table class="list">
    <thead>
      <tr>
        <th scope="col">${what}</th>
        <th scope="col" class="number">Units</th>
        <th scope="col" class="number">Captured</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <th scope="row"><bdi>${nameOf(row)}</bdi>${bar(shareOf(row.captured.amount, rows))}</th>
            <td class="number">${number(row.units)}</td>
            <td class="number">${money(row.captured)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Every so many hours one is named: there is no room for more. */
const NAMED_HOURS = 6;

export function heatTemplate(
  week: readonly (readonly Heat[])[],
  currency: string,
  formats: Formats,
): TemplateResult {
  const { hour, money, weekday, weekdayInFull } = formats;
  const hours = Array.from({ length: 24 }, (_, at) => at);
  const best = bestHour(week);
  const said = (captured: number): string => (captured === 0 ? "" : money({ amount: captured, currency }));
  return html`
    <table class="heat">
      <caption class="heard">
        Captured by weekday and hour, in your time zone
      </caption>
      <thead>
        <tr>
          <td></td>
          ${hours.map(
            (at) =>
              html`<th scope="col">
                ${at % NAMED_HOURS === 0 ? hour(at) : html`<span class="heard">${hour(at)}</span>`}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${week.map(
          (cells, day) =>
            html`<tr>
              <th scope="row"><abbr title=${weekdayInFull(day)}>${weekday(day)}</abbr></th>
              ${cells.map(
                ({ captured, level }, at) =>
                  html`<td
                    data-level=${level}
                    title=${`${weekdayInFull(day)} ${hour(at)}: ${money({ amount: captured, currency })}`}
                  >
                    <span class="heard">${said(captured)}</span>
                  </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
    <div class="legend">
      <p class="quiet">
        ${
          best === undefined
            ? "Nothing was sold in this time."
            : html`Best: <strong>${weekdayInFull(best.weekday)}, ${hour(best.hour)}</strong>`
        }
      </p>
      <p class="quiet scale" aria-hidden="true">
        Less ${Array.from({ length: LEVELS + 1 }, (_, level) => html`<i data-level=${level}></i>`)} More
      </p>
    </div>
  `;
}

/** Icons as inline SVG in the colour of the text around them; none is read out. */
import { svg, html, type TemplateResult } from "lit";

function icon(shape: TemplateResult): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${shape}
  </svg>`;
}

export const bag: TemplateResult = icon(svg`<path d="M5 8h14l1 13H4L5 8Zm4 0V6a3 3 0 0 1 6 0v2" />`);
export const check: TemplateResult = icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5" />`);
export const minus: TemplateResult = icon(svg`<path d="M6 12h12" />`);
export const plus: TemplateResult = icon(svg`<path d="M6 12h12M12 6v12" />`);
export const clock: TemplateResult = icon(svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V12l3 2" />`);
export const shield: TemplateResult = icon(
  svg`<path d="M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6l-7-3Z" /><path d="m9 12 2 2 4-4" />`,
);

/** Small pieces of markup that several sections have: badges, bars, changes, ways to a CSV, code to copy. */
import "@awesome.me/webawesome/dist/components/badge/badge.js";
import "@awesome.me/webawesome/dist/components/copy-button/copy-button.js";
import { html, nothing, type TemplateResult } from "lit";
import type { Formats } from "./formats.ts";
import type { Change } from "./periods.ts";
import type { Word } from "./words.ts";

/** A state in its word and colour. */
export function badge({ text, tone, note }: Word): TemplateResult {
  return html`<wa-badge variant=${tone} appearance="filled" title=${note ?? nothing}>${text}</wa-badge>`;
}

/** A bar beside a number that says the same. By the object model: the page's policy allows no style in markup. */
export function bar(share: number): TemplateResult {
  return html`<span class="bar" .style=${`--share: ${Math.min(1, Math.max(0, share))}`}></span>`;
}

/** How a number moved against the period before. More refunds are not good news: `isGood` says what more is. */
export function changed(change: Change, formats: Formats, than: string, isGood = true): TemplateResult {
  switch (change.kind) {
    case "none":
      return html`<dd class="change"></dd>`;
    case "same":
      return html`<dd class="change">As before<span class="heard">, in ${than}</span></dd>`;
    case "new":
      return html`<dd class="change">None before<span class="heard">, in ${than}</span></dd>`;
    case "up":
    case "down": {
      const isMore = change.kind === "up";
      return html`<dd class=${`change ${isMore === isGood ? "better" : "worse"}`}>
        <wa-icon name=${change.kind}></wa-icon>${formats.percent(change.share)}
        <span class="heard">${isMore ? "more" : "less"} than in ${than}</span>
      </dd>`;
    }
  }
}

/** Downloads what the API has as CSV. */
export function csvLink(address: string, what: string): TemplateResult {
  return html`<a class="csv" href=${address} download
    ><wa-icon name="download"></wa-icon>CSV<span class="heard"> of ${what}</span></a
  >`;
}

/** An icon in its own tinted square. */
export function emblem(name: string, tone: "accent" | "good" | "warn" = "accent"): TemplateResult {
  return html`<span class=${`emblem ${tone}`}><wa-icon name=${name}></wa-icon></span>`;
}

/** Something to copy into a terminal or a page. */
export function code(text: string): TemplateResult {
  return html`<div class="code">
    <pre tabindex="0"><code>${text}</code></pre>
    <wa-copy-button value=${text} copy-label="Copy"></wa-copy-button>
  </div>`;
}

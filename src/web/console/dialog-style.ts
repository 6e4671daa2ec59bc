/** What the console's dialogs look like inside. */
import { css, type CSSResult } from "lit";
import { base } from "../design/tokens.ts";

const inside = css`
  :host {
    display: contents;
  }
  p,
  ul,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  wa-icon {
    font-size: 1.2em;
  }
  wa-dialog::part(header) {
    align-items: start;
    padding-block-start: var(--dc-space-4);
  }
  wa-dialog::part(title) {
    padding-block: var(--dc-space-3) 0;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-4);
    overflow-wrap: anywhere;
  }
  .facts {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: var(--dc-space-1) var(--dc-space-4);
    font-variant-numeric: tabular-nums;
  }
  .facts dt {
    color: var(--dc-quiet);
  }
  .facts dd {
    text-align: end;
    font-weight: 600;
  }
  .quiet {
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
  }
  .bad {
    color: var(--dc-accent);
    font-weight: 600;
  }
  .bad:empty {
    display: none;
  }
`;

/** `static styles = dialogStyle`. Colours and type come from the page around. */
export const dialogStyle: CSSResult[] = [base, inside];

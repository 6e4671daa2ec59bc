/** How the dashboard looks beyond what signed-in pages share: panels, tiles, tables with bars, badges in lists, troubles. */
import { css, type CSSResult } from "lit";
import { signedIn } from "../signed-in/style.ts";

const parts = css`
  :host {
    min-block-size: 0;
    background: none;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-4);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--dc-space-2) var(--dc-space-4);
  }
  .head.top,
  h1:first-child {
    min-block-size: var(--dc-target);
    align-content: center;
  }
  .panel > .head {
    /* What is touched is taller than what is seen. */
    margin-block: -0.375rem var(--dc-space-2);
    min-block-size: var(--dc-target);
  }
  .unlabelled::part(form-control-label) {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--dc-space-2);
  }
  .two {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-4);
  }
  @media (width >= 60rem) {
    .two {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
  /* As wide as each other, unless an amount needs more: it is never broken. */
  .tiles {
    display: flex;
    flex-wrap: wrap;
    gap: var(--dc-space-3);
  }
  .tile {
    display: grid;
    flex: 1 1 7rem;
    align-content: start;
    gap: var(--dc-space-1);
    padding: var(--dc-space-3) var(--dc-space-4);
    border: 1px solid var(--dc-line);
    border-radius: var(--dc-radius);
    background: var(--dc-surface);
  }
  .tile:first-child {
    flex-basis: 100%;
  }
  .tile dt {
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
  }
  .tile dd {
    font-size: 1.375rem;
    font-weight: 700;
    line-height: 1.2;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .tile:first-child dd:not(.change) {
    font-size: 2rem;
  }
  @media (width >= 48rem) {
    .tile:first-child {
      flex: 1.6 1 11rem;
    }
  }
  .tile .change {
    display: flex;
    align-items: center;
    gap: var(--dc-space-1);
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
    font-weight: 400;
    letter-spacing: 0;
  }
  .change.better {
    color: var(--dc-good);
  }
  .change.worse {
    color: var(--dc-warn);
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  .list th,
  .list td {
    padding: var(--dc-space-2) 0;
    border-block-start: 1px solid var(--dc-line);
    text-align: start;
    vertical-align: baseline;
  }
  .list thead th {
    border: 0;
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
    font-weight: 400;
  }
  .list tbody th {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .list :is(th, td) + :is(th, td) {
    padding-inline-start: var(--dc-space-3);
  }
  .list .number {
    text-align: end;
    white-space: nowrap;
  }
  .list .sub {
    display: block;
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
    font-weight: 400;
  }
  @media (width < 40rem) {
    .list .wide {
      display: none;
    }
  }
  @media (width >= 40rem) {
    .list .narrow {
      display: none;
    }
  }
  .bar {
    display: block;
    overflow: hidden;
    block-size: 0.375rem;
    margin-block-start: var(--dc-space-2);
    border-radius: 99rem;
    background: var(--dc-raised);
  }
  .bar::before {
    content: "";
    display: block;
    inline-size: calc(var(--share, 0) * 100%);
    block-size: 100%;
    border-radius: inherit;
    background: var(--dc-accent);
  }
  @media (forced-colors: active) {
    .bar {
      border: 1px solid CanvasText;
    }
    .bar::before {
      background: CanvasText;
    }
  }
  .csv {
    display: inline-flex;
    align-items: center;
    gap: var(--dc-space-1);
    min-block-size: var(--dc-target);
    padding-inline: var(--dc-space-2);
    border-radius: var(--dc-radius-s);
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
    text-decoration: none;
  }
  .csv:hover {
    background: var(--dc-raised);
    color: var(--dc-text);
  }
  .trouble {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--dc-space-2) var(--dc-space-3);
    margin-block-end: var(--dc-space-3);
    padding: var(--dc-space-2) var(--dc-space-3);
    border: 1px solid var(--dc-warn);
    border-radius: var(--dc-radius-s);
    background: var(--dc-warn-tint);
    color: var(--dc-text);
  }
  .trouble p {
    flex: 1 1 12rem;
  }
  .trouble wa-icon {
    color: var(--dc-warn);
  }
  .stale {
    opacity: 0.55;
    /* What comes at once does not flicker. */
    transition: opacity 160ms 160ms;
  }
  .bones {
    display: grid;
    gap: var(--dc-space-3);
  }
  .bone {
    border-radius: var(--dc-radius);
    background: color-mix(in oklab, var(--dc-line) 55%, transparent);
  }
  .bone.s {
    block-size: 2.5rem;
  }
  .bone.m {
    block-size: 6rem;
  }
  .bone.l {
    block-size: 18rem;
  }
  .teach {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: var(--dc-space-3);
    max-inline-size: 44rem;
    margin-inline: auto;
    padding-block: clamp(1rem, 4vw, 2.5rem);
  }
  .emblem {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 3rem;
    block-size: 3rem;
    border-radius: var(--dc-radius-s);
    background: var(--dc-tint);
    color: var(--dc-accent);
    font-size: 1.5rem;
  }
  .emblem.good {
    background: var(--dc-good-tint);
    color: var(--dc-good);
  }
  .emblem.warn {
    background: var(--dc-warn-tint);
    color: var(--dc-warn);
  }
  .teach p {
    color: var(--dc-quiet);
    text-wrap: pretty;
  }
  .code {
    position: relative;
    inline-size: 100%;
  }
  pre {
    overflow-x: auto;
    margin: 0;
    padding: var(--dc-space-3) 3.5rem var(--dc-space-3) var(--dc-space-4);
    border: 1px solid var(--dc-line);
    border-radius: var(--dc-radius-s);
    background: var(--dc-raised);
    font:
      0.8125rem/1.6 ui-monospace,
      SFMono-Regular,
      Menlo,
      monospace;
  }
  .code wa-copy-button {
    position: absolute;
    inset-block-start: var(--dc-space-2);
    inset-inline-end: var(--dc-space-2);
    border-radius: var(--dc-radius-s);
    background: var(--dc-surface);
  }
  .more {
    display: flex;
    justify-content: center;
    padding-block-start: var(--dc-space-3);
  }
`;

/** `static styles` of a section, before its own. */
export const dashboardStyles: CSSResult[] = [...signedIn, parts];

/** Figures beside each other, each below its name: as wide as each other, unless an amount needs more. */
export const facts: CSSResult = css`
  dl {
    display: flex;
    flex-wrap: wrap;
    gap: var(--dc-space-3);
    font-variant-numeric: tabular-nums;
  }
  dl > div {
    flex: 1 1 0;
  }
  dt {
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
  }
  dd {
    font-weight: 700;
  }
`;

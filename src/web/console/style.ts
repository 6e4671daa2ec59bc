/** What the console looks like: one column on a phone, two on a tablet, three on a desk. */
import { css, type CSSResult } from "lit";

export const consoleStyle: CSSResult = css`
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-4);
    max-inline-size: 92rem;
    margin-inline: auto;
    padding: var(--dc-space-4) clamp(0.75rem, 3vw, 2rem) 3rem;
  }
  .head {
    display: grid;
    gap: var(--dc-space-3);
  }
  .state,
  .chips,
  .moves,
  .deeds {
    display: flex;
    flex-wrap: wrap;
    gap: var(--dc-space-2);
    align-items: center;
  }
  .deeds > wa-button::part(base) {
    padding-inline: var(--dc-space-3);
  }
  .deeds wa-icon {
    margin-inline-end: 0.4em;
  }
  .name {
    display: grid;
    gap: var(--dc-space-1);
  }
  .chip {
    display: inline-flex;
    gap: var(--dc-space-1);
    align-items: center;
    padding: 0.1rem 0.55rem;
    border: 1px solid var(--dc-line);
    border-radius: 99rem;
    background: var(--dc-raised);
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
    font-weight: 600;
    white-space: nowrap;
  }
  .chip wa-icon {
    font-size: 0.9em;
  }
  .state .live {
    border-color: transparent;
    background: var(--dc-accent);
    color: var(--dc-on-accent);
  }
  .state .live::before {
    content: "";
    inline-size: 0.45rem;
    block-size: 0.45rem;
    border-radius: 50%;
    background: currentColor;
  }
  .state .paused,
  .chip.soldOut {
    border-color: transparent;
    background: var(--dc-warn-tint);
    color: var(--dc-warn);
  }
  .chips .live {
    border-color: transparent;
    background: var(--dc-good-tint);
    color: var(--dc-good);
  }
  .chips .pinned {
    border-color: transparent;
    background: var(--dc-tint);
    color: var(--dc-accent);
  }
  .refusal {
    color: var(--dc-accent);
    font-weight: 600;
  }
  .refusal:empty {
    display: none;
  }
  .offline {
    display: flex;
    gap: var(--dc-space-3);
    align-items: center;
    padding: var(--dc-space-3) var(--dc-space-4);
    border-radius: var(--dc-radius-s);
    background: var(--dc-warn-tint);
    color: var(--dc-warn);
    font-weight: 600;
  }
  .charts-column {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-4);
    align-content: start;
  }
  section > h2 {
    display: flex;
    justify-content: space-between;
    gap: var(--dc-space-3);
    margin-block-end: var(--dc-space-3);
  }

  .numbers {
    display: grid;
    /* A column gives way to an amount that needs more: it is never broken. */
    grid-template-columns: repeat(3, 1fr);
    gap: var(--dc-space-4) var(--dc-space-3);
  }
  .numbers > div {
    display: grid;
    gap: 0.1rem;
    align-content: start;
  }
  .numbers dt {
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
  }
  .numbers .value {
    font-size: 1.25rem;
    font-weight: 700;
    letter-spacing: -0.02em;
    line-height: 1.2;
  }
  .numbers .quiet {
    min-block-size: 1lh;
    font-size: 0.75rem;
    line-height: 1.3;
  }
  .numbers > :first-child {
    grid-column: span 2;
    min-inline-size: min-content;
  }
  .numbers > :first-child .value {
    font-size: 1.625rem;
  }
  .numbers ~ * {
    margin-block-start: var(--dc-space-3);
  }
  .latency {
    min-block-size: 2lh;
  }
  .watched {
    --chart-height: 2.25rem;
    block-size: var(--chart-height);
  }
  .sales dropcast-chart {
    --chart-height: 9rem;
  }
  .refused {
    display: grid;
    gap: var(--dc-space-2);
  }
  .refused li {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0 var(--dc-space-3);
    font-size: var(--dc-text-s);
  }
  progress {
    grid-column: 1 / -1;
    appearance: none;
    inline-size: 100%;
    block-size: 0.3rem;
    border: 0;
    border-radius: 99rem;
    background: var(--dc-raised);
  }
  progress::-webkit-progress-bar {
    border-radius: inherit;
    background: var(--dc-raised);
  }
  progress::-webkit-progress-value {
    border-radius: 99rem;
    background: var(--dc-edge);
  }
  progress::-moz-progress-bar {
    border-radius: 99rem;
    background: var(--dc-edge);
  }
  @media (forced-colors: active) {
    progress::-webkit-progress-value {
      background: CanvasText;
    }
    progress::-moz-progress-bar {
      background: CanvasText;
    }
  }

  .shown-buys {
    margin-block-end: var(--dc-space-3);
  }
  .feed > li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: var(--dc-space-3);
    align-items: baseline;
    padding-block: var(--dc-space-2);
    border-block-end: 1px solid var(--dc-line);
    font-size: var(--dc-text-s);
    overflow-wrap: anywhere;
  }
  .feed > li:last-child {
    border-block-end: 0;
  }
  .feed > li > wa-icon {
    color: var(--dc-quiet);
    font-size: 1rem;
    translate: 0 0.15em;
  }
  .feed [data-kind="sale"] > wa-icon {
    color: var(--dc-good);
  }
  .feed [data-kind="session"] > wa-icon {
    color: var(--dc-accent);
  }
  .feed [data-kind="sale"] > span {
    font-weight: 600;
  }
  .names {
    grid-column: 2 / -1;
  }
  .names li {
    display: flex;
    gap: var(--dc-space-2);
    align-items: center;
    justify-content: space-between;
    min-block-size: var(--dc-target);
  }
  .names wa-button {
    flex: none;
  }
  .names wa-button::part(base) {
    gap: var(--dc-space-1);
    padding-inline: var(--dc-space-2);
    font-size: var(--dc-text-s);
  }

  .message {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-4);
    justify-items: center;
    max-inline-size: 30rem;
    margin: 12vh auto 0;
    padding-inline: var(--dc-space-4);
    text-align: center;
  }
  .message > wa-icon {
    color: var(--dc-quiet);
    font-size: 2.5rem;
  }
  .sessions {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-2);
    inline-size: 100%;
    text-align: start;
  }
  .sessions a {
    display: flex;
    justify-content: space-between;
    gap: var(--dc-space-3);
    align-items: center;
    min-block-size: var(--dc-target);
    color: inherit;
    text-decoration: none;
    overflow-wrap: anywhere;
  }
  .hint .skeleton {
    block-size: 8rem;
  }

  @media (width < 48rem) {
    .page {
      padding-block-end: 6rem;
    }
    /* Where a thumb reaches it, wherever the page is scrolled to. */
    .moves {
      position: fixed;
      inset: auto 0 0;
      z-index: 1;
      padding: var(--dc-space-2) clamp(0.75rem, 3vw, 2rem);
      padding-block-end: max(var(--dc-space-2), env(safe-area-inset-bottom));
      border-block-start: 1px solid var(--dc-line);
      background: var(--dc-surface);
      box-shadow: var(--wa-shadow-l);
    }
    .moves wa-button {
      flex: 1;
    }
    .deeds > wa-button wa-icon {
      display: none;
    }
    .numbers {
      gap: var(--dc-space-3);
    }
    .watched {
      --chart-height: 1.5rem;
    }
  }
  @media (width >= 48rem) {
    .page {
      grid-template:
        "head head" auto
        "offers numbers" auto
        "offers charts" auto
        "offers feed" 1fr / minmax(0, 3fr) minmax(0, 2fr);
    }
    .head {
      grid-area: head;
    }
    .numbers-column {
      grid-area: numbers;
    }
    .offers-column {
      grid-area: offers;
    }
    .charts-column {
      grid-area: charts;
    }
    .feed-column {
      grid-area: feed;
      align-self: start;
    }
  }
  @media (width >= 64rem) {
    .head {
      grid-template-columns: 1fr auto;
      align-items: end;
    }
    .head .refusal,
    .head .offline {
      grid-column: 1 / -1;
    }
  }
  @media (width >= 80rem) {
    .page {
      grid-template:
        "head head head" auto
        "offers numbers feed" auto
        "offers charts feed" 1fr / minmax(0, 5fr) minmax(0, 3.5fr) minmax(0, 3.5fr);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .state .live::before {
      animation: blink 1.6s ease-in-out infinite;
    }
  }
  @keyframes blink {
    50% {
      opacity: 0.35;
    }
  }
`;

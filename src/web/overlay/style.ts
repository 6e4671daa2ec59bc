/**
 * How the overlay looks: the design system's tokens, in sizes of the scene. Only transform and opacity move: a mixer draws
 * it sixty times a second beside a video.
 */
import { css } from "lit";

export const overlayStyle = css`
  /* The theme is the scene's, whatever the mixer's machine prefers. */
  :host {
    color-scheme: dark;
    --ground: color-mix(in srgb, var(--dc-surface) 88%, transparent);
    --track: color-mix(in srgb, var(--dc-text) 22%, transparent);
    position: fixed;
    inset: 0;
    display: flex;
    padding: calc(3.5vmin);
    align-items: end;
    justify-content: start;
    color: var(--dc-text);
    font: 600 calc(2.4vmin * var(--overlay-scale, 1)) / 1.25 var(--dc-font);
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="clear"]) {
    --ground: transparent;
    --dc-quiet: var(--dc-text);
    text-shadow: 0 0.08em 0.3em rgb(0 0 0 / 80%);
  }
  :host([place^="top"]) {
    align-items: start;
  }
  :host([place="center"]) {
    align-items: center;
  }
  :host([place="bottom"]),
  :host([place="top"]),
  :host([place="center"]) {
    justify-content: center;
  }
  :host([place$="-end"]) {
    justify-content: end;
  }
  .card {
    position: relative;
    display: grid;
    gap: 0.45em;
    min-width: 15em;
    max-width: min(24em, 100%);
    padding: 1em 1.2em;
    border-radius: 0.8em;
    background: var(--ground);
  }
  h1,
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  h1 {
    font-size: 1.1em;
    font-weight: 600;
  }
  .prices {
    display: flex;
    gap: 0.5em;
    align-items: baseline;
    font-variant-numeric: tabular-nums;
  }
  .price {
    display: inline-block;
    font-size: 2.1em;
    font-weight: 800;
    letter-spacing: -0.02em;
    line-height: 1.1;
  }
  .was {
    color: var(--dc-quiet);
    font-weight: 500;
  }
  .bar {
    height: 0.45em;
    overflow: hidden;
    border-radius: 1em;
    background: var(--track);
  }
  .fill {
    height: 100%;
    border-radius: inherit;
    background: var(--dc-text);
    transform-origin: left;
    transition: transform var(--dc-calm) var(--dc-ease);
    will-change: transform;
  }
  :host(:dir(rtl)) .fill {
    transform-origin: right;
  }
  .fill[data-low="yes"] {
    background: var(--dc-accent);
  }
  .cue {
    display: flex;
    justify-content: space-between;
    gap: 1em;
    color: var(--dc-quiet);
    font-size: 0.9em;
    font-variant-numeric: tabular-nums;
  }
  /* Over price and stock, which matter no more: what was sold is still to be read. */
  .stamp {
    position: absolute;
    inset-block-end: 0.9em;
    inset-inline-end: 0.6em;
    padding: 0.1em 0.45em;
    border: 0.14em solid var(--dc-accent);
    border-radius: 0.3em;
    background: var(--ground);
    color: var(--dc-accent);
    font-size: 1.25em;
    font-weight: 800;
    letter-spacing: 0.04em;
    text-transform: uppercase;
    transform: rotate(-9deg);
  }
  [data-status="sold_out"] .price,
  [data-status="over"] .price,
  [data-status="closed"] .price {
    opacity: 0.55;
  }
  .taken {
    position: absolute;
    inset-block-end: calc(100% + 0.4em);
    inset-inline-start: 0;
    padding: 0.25em 0.8em;
    border-radius: 2em;
    background: var(--dc-accent);
    color: var(--dc-on-accent);
    font-size: 0.85em;
    opacity: 0;
    text-shadow: none;
  }
  /* Beside what was taken, and away from the edge that the card stands at: a long name needs more room than a card has. */
  .buys {
    position: absolute;
    inset-block-end: calc(100% + 0.4em);
    inset-inline: 4em auto;
    display: flex;
    flex-direction: column-reverse;
    align-items: start;
    width: max-content;
    max-width: min(24em, 100vw - 7vmin - 4em);
    margin: 0;
    padding: 0;
    font-size: 0.85em;
    list-style: none;
  }
  :host([place$="-end"]) .taken {
    inset-inline: auto 0;
  }
  :host([place$="-end"]) .buys {
    inset-inline: auto 4em;
    align-items: end;
  }
  :host([place^="top"]) :is(.taken, .buys) {
    inset-block: calc(100% + 0.4em) auto;
  }
  :host([place^="top"]) .buys {
    flex-direction: column;
  }
  .buys li {
    max-width: 100%;
    height: 2em;
  }
  .buy {
    display: block;
    max-width: 100%;
    padding: 0.25em 0.8em;
    overflow: hidden;
    border-radius: 2em;
    background: var(--ground);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: no-preference) {
    .buy {
      animation: buy 3.6s ease-out both;
    }
  }
  @keyframes buy {
    from {
      opacity: 0;
      transform: translateY(40%);
    }
    8%,
    88% {
      opacity: 1;
      transform: none;
    }
    to {
      opacity: 0;
    }
  }
  .hint {
    padding: 1em 1.2em;
    border-radius: 0.8em;
    background: var(--ground);
  }
`;

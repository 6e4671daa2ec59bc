/** The card's own look. Logical properties alone, so that it turns around by itself; rows keep their height in every state. */
import { css, type CSSResult } from "lit";

export const cardStyles: CSSResult = css`
  :host {
    display: block;
    container-type: inline-size;
    inline-size: 100%;
    max-inline-size: 44rem;
    color: var(--dc-text);
    font: var(--dc-text-m) / 1.5 var(--dc-font);
    text-align: start;
  }
  :host([hidden]) {
    display: none;
  }
  .card {
    position: relative;
    display: grid;
    max-inline-size: 26rem;
    overflow: hidden;
    background: var(--dc-surface);
    border: 1px solid var(--dc-line);
    border-radius: var(--dc-radius);
    overflow-wrap: anywhere;
  }
  .media {
    position: relative;
    aspect-ratio: 4 / 3;
    background: var(--dc-raised);
    color: var(--dc-edge);
    display: grid;
    place-items: center;
  }
  .media > .icon {
    inline-size: 3rem;
    block-size: 3rem;
    stroke-width: 1.25;
  }
  img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .soldout img,
  .ended img {
    filter: saturate(0.35);
    opacity: 0.75;
  }
  .body {
    display: grid;
    gap: var(--dc-space-2);
    align-content: start;
    padding: var(--dc-space-4) var(--dc-space-5) var(--dc-space-3);
    min-inline-size: 0;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--dc-space-1) var(--dc-space-3);
    min-block-size: 1.5rem;
    font-size: var(--dc-text-s);
    color: var(--dc-quiet);
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
    font-weight: 650;
    color: var(--dc-text);
  }
  .badge::before {
    content: "";
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border-radius: 50%;
    background: var(--dc-edge);
  }
  .onair .badge::before {
    background: var(--dc-accent);
    animation: breathe 2s ease-in-out infinite;
  }
  @keyframes breathe {
    50% {
      opacity: 0.35;
    }
  }
  .clock {
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
  }
  .clock .icon {
    inline-size: 1rem;
    block-size: 1rem;
  }
  .time {
    font-variant-numeric: tabular-nums;
    font-weight: 600;
    color: var(--dc-text);
    white-space: nowrap;
  }
  h2 {
    margin: 0;
    font-size: var(--dc-text-l);
    font-weight: 600;
    line-height: 1.35;
    min-block-size: 1.35em;
  }
  p {
    margin: 0;
  }
  .price {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 var(--dc-space-3);
    min-block-size: 2.1rem;
  }
  .now {
    font-size: var(--dc-text-xl);
    font-weight: 680;
    line-height: 1.2;
    letter-spacing: -0.01em;
    font-variant-numeric: tabular-nums;
  }
  .price .skeleton {
    inline-size: 6rem;
    block-size: 2rem;
  }
  .was {
    line-height: 1.2;
    color: var(--dc-quiet);
    white-space: nowrap;
  }
  .layers {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: var(--dc-space-1);
    min-block-size: 1.625rem;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: var(--dc-text-s);
  }
  .layers li {
    padding: 0.0625rem var(--dc-space-2);
    border-radius: var(--dc-radius-s);
    background: var(--dc-tint);
    color: var(--dc-accent);
  }
  .stock {
    display: grid;
    gap: var(--dc-space-1);
    min-block-size: 1.875rem;
    font-size: var(--dc-text-s);
    color: var(--dc-quiet);
    font-variant-numeric: tabular-nums;
  }
  .scarce .left {
    color: var(--dc-warn);
    font-weight: 650;
  }
  progress {
    --units: var(--dc-text);
    appearance: none;
    display: block;
    inline-size: 100%;
    block-size: 0.25rem;
    border: 0;
    border-radius: 1rem;
    overflow: hidden;
    background: var(--dc-line);
  }
  progress::-webkit-progress-bar {
    background: var(--dc-line);
  }
  progress::-webkit-progress-value {
    background: var(--units);
    border-radius: 1rem;
    transition: inline-size var(--dc-calm) var(--dc-ease);
  }
  progress::-moz-progress-bar {
    background: var(--units);
    border-radius: 1rem;
  }
  .scarce progress {
    --units: var(--dc-warn);
  }
  @container (min-inline-size: 34rem) {
    .card {
      grid-template-columns: 5fr 6fr;
      max-inline-size: none;
    }
    .media {
      aspect-ratio: auto;
      min-block-size: 100%;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .card,
    .layers li {
      border: 1px solid CanvasText;
    }
    .badge::before,
    .skeleton {
      forced-color-adjust: none;
      background: CanvasText;
    }
    .card progress {
      --units: CanvasText;
      forced-color-adjust: none;
    }
    progress,
    progress::-webkit-progress-bar {
      background: GrayText;
    }
  }
`;

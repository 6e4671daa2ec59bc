/** How the week by its hours looks: the deeper the accent, the more was sold. */
import { css, type CSSResult } from "lit";

export const heatStyles: CSSResult = css`
  .heat {
    table-layout: fixed;
    border-collapse: separate;
    border-spacing: clamp(1px, 0.3vw, 3px);
  }
  .heat th {
    padding: 0;
    color: var(--dc-quiet);
    font-size: 0.6875rem;
    font-weight: 400;
    text-align: start;
    white-space: nowrap;
  }
  .heat thead td,
  .heat tbody th {
    inline-size: 2.25rem;
  }
  .heat thead th {
    overflow: visible;
    padding-block-end: 0.125rem;
    max-inline-size: 0;
  }
  .heat abbr {
    text-decoration: none;
  }
  .heat tbody td {
    position: relative;
    block-size: 1.5rem;
    padding: 0;
  }
  @media (width >= 60rem) {
    .heat tbody td {
      block-size: 1.75rem;
    }
  }
  [data-level] {
    border-radius: 0.1875rem;
    background: var(--dc-raised);
    forced-color-adjust: none;
  }
  [data-level="1"] {
    background: color-mix(in oklab, var(--dc-accent) 28%, var(--dc-surface));
  }
  [data-level="2"] {
    background: color-mix(in oklab, var(--dc-accent) 50%, var(--dc-surface));
  }
  [data-level="3"] {
    background: color-mix(in oklab, var(--dc-accent) 74%, var(--dc-surface));
  }
  [data-level="4"] {
    background: var(--dc-accent);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: var(--dc-space-2) var(--dc-space-4);
    margin-block-start: var(--dc-space-3);
  }
  .legend strong {
    color: var(--dc-text);
  }
  .scale {
    display: flex;
    align-items: center;
    gap: 0.1875rem;
  }
  .scale i {
    inline-size: 0.875rem;
    block-size: 0.875rem;
  }
`;

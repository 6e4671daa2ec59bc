/**
 * The design system's tokens for all that Dropcast puts on a screen: colour in light and dark, type, space, radius,
 * motion. Pairs of text and ground keep 4.5:1, borders of controls 3:1 (a test computes them). A page themes by
 * setting `--dropcast-*`; components use `--dc-*` alone.
 */
import { css, type CSSResult } from "lit";

export const tokens: CSSResult = css`
  :host {
    color-scheme: light dark;
    --dc-surface: var(--dropcast-surface, light-dark(#ffffff, #16181d));
    --dc-raised: var(--dropcast-raised, light-dark(#f6f5f3, #21242b));
    --dc-line: var(--dropcast-line, light-dark(#dcdce2, #343843));
    --dc-edge: var(--dropcast-edge, light-dark(#7d7f8a, #7f8593));
    --dc-text: var(--dropcast-text, light-dark(#1c1d22, #e6e7eb));
    --dc-quiet: var(--dropcast-quiet, light-dark(#5c5f6b, #a3a7b3));
    --dc-accent: var(--dropcast-accent, light-dark(#b3173f, #ff8ba3));
    --dc-accent-strong: var(--dropcast-accent-strong, light-dark(#8f1232, #ffb0c0));
    --dc-on-accent: var(--dropcast-on-accent, light-dark(#ffffff, #2b0610));
    --dc-tint: var(--dropcast-tint, light-dark(#fdf0f3, #33181f));
    --dc-good: var(--dropcast-good, light-dark(#17663c, #7fd6a2));
    --dc-warn: var(--dropcast-warn, light-dark(#94470a, #ffb86b));
    --dc-focus: var(--dropcast-focus, light-dark(#1f4fd8, #9db7ff));

    --dc-font: var(--dropcast-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
    --dc-text-s: 0.8125rem;
    --dc-text-m: 0.9375rem;
    --dc-text-l: 1.125rem;
    --dc-text-xl: 1.75rem;

    --dc-space-1: 0.25rem;
    --dc-space-2: 0.5rem;
    --dc-space-3: 0.75rem;
    --dc-space-4: 1rem;
    --dc-space-5: 1.25rem;

    --dc-radius: var(--dropcast-radius, 1rem);
    --dc-radius-s: calc(var(--dc-radius) * 0.625);
    --dc-target: 2.75rem;

    --dc-quick: 120ms;
    --dc-calm: 320ms;
    --dc-ease: cubic-bezier(0.2, 0.7, 0.2, 1);
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --dc-quick: 0s;
      --dc-calm: 0s;
    }
  }
`;

/** What every component starts from: box model, focus ring, text for screen readers alone. */
export const base: CSSResult = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 0.1875rem solid var(--dc-focus);
    outline-offset: 0.125rem;
  }
  [hidden] {
    display: none !important;
  }
  .heard {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** What the signed-in pages look like beside the components: bar, panels, figures, lists, skeletons. For their shadow trees. */
import { css, type CSSResult } from "lit";
import { theme } from "../design/theme.ts";
import { base, tokens } from "../design/tokens.ts";

const parts = css`
  :host {
    display: block;
    min-block-size: 100dvb;
    background: var(--dc-page);
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  h1,
  h2,
  h3 {
    line-height: 1.25;
    letter-spacing: -0.01em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  h1 {
    font-size: 1.375rem;
  }
  h2 {
    font-size: 1rem;
  }
  h3 {
    font-size: var(--dc-text-m);
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: var(--dc-accent);
    text-underline-offset: 0.15em;
  }
  wa-icon {
    font-size: 1.2em;
  }
  .panel {
    padding: var(--dc-space-4);
    border: 1px solid var(--dc-line);
    border-radius: var(--dc-radius);
    background: var(--dc-surface);
  }
  .quiet {
    color: var(--dc-quiet);
    font-size: var(--dc-text-s);
  }
  .figures {
    font-variant-numeric: tabular-nums;
  }
  .empty {
    display: grid;
    gap: var(--dc-space-3);
    justify-items: center;
    padding: var(--dc-space-5) var(--dc-space-4);
    color: var(--dc-quiet);
    text-align: center;
    overflow-wrap: anywhere;
  }
  .empty > wa-icon {
    font-size: 2rem;
  }
  .skeleton {
    display: block;
    border-radius: var(--dc-radius-s);
    background: var(--dc-raised);
    color: transparent;
    user-select: none;
  }
  @media (prefers-reduced-motion: no-preference) {
    .skeleton {
      animation: breathe 1.6s ease-in-out infinite;
    }
  }
  @keyframes breathe {
    50% {
      opacity: 0.55;
    }
  }
`;

/** `static styles = signedIn` of a page, before its own. */
export const signedIn: CSSResult[] = [tokens, base, theme, parts];

/** What the sign-in page adds to the signed-in pages' look: one panel in the middle. */
import { css, type CSSResult } from "lit";

export const style: CSSResult = css`
  .panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-4);
    inline-size: min(27rem, 100% - 2rem);
    margin: clamp(1rem, 10vb, 6rem) auto;
    padding: clamp(1.25rem, 5vw, 2rem);
  }
  .panel > .quiet {
    margin-block-start: calc(var(--dc-space-3) * -1);
    font-size: inherit;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-4);
  }
  form > div:empty {
    display: none;
  }
  wa-input::part(input) {
    font-family: ui-monospace, monospace;
    letter-spacing: 0.04em;
  }
  .fault,
  .already {
    padding: var(--dc-space-3) var(--dc-space-4);
    border-inline-start: 0.3rem solid var(--dc-accent);
    border-radius: var(--dc-radius-s);
    background: var(--dc-tint);
  }
  .already {
    border-inline-start-color: var(--dc-good);
    background: var(--dc-good-tint);
    overflow-wrap: anywhere;
  }
  .arriving {
    display: flex;
    gap: var(--dc-space-3);
    align-items: center;
  }
  details {
    border-block-start: 1px solid var(--dc-line);
    font-size: var(--dc-text-s);
  }
  summary {
    min-block-size: var(--dc-target);
    align-content: center;
    color: var(--dc-quiet);
    font-weight: 600;
    cursor: pointer;
  }
  details p,
  pre {
    margin-block-start: var(--dc-space-2);
  }
  pre {
    overflow-x: auto;
    margin-block-end: 0;
    padding: var(--dc-space-3);
    border-radius: var(--dc-radius-s);
    background: var(--dc-raised);
    font:
      var(--dc-text-s) / 1.5 ui-monospace,
      monospace;
    white-space: pre;
  }
`;

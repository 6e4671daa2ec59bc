/** Buttons, steppers, choices, notes and skeletons in the design system's look, for any component's shadow tree. */
import { css, type CSSResult } from "lit";

export const controls: CSSResult = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--dc-space-2);
    min-block-size: var(--dc-target);
    min-inline-size: var(--dc-target);
    padding: var(--dc-space-2) var(--dc-space-4);
    border: 1px solid var(--dc-edge);
    border-radius: var(--dc-radius-s);
    background: transparent;
    color: var(--dc-text);
    font: inherit;
    font-weight: 600;
    line-height: 1.25;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
    touch-action: manipulation;
    transition:
      background-color var(--dc-quick) var(--dc-ease),
      transform var(--dc-quick) var(--dc-ease);
  }
  button:hover,
  .button:hover {
    background: var(--dc-raised);
  }
  .primary {
    inline-size: 100%;
    min-block-size: 3rem;
    border-color: transparent;
    background: var(--dc-accent);
    color: var(--dc-on-accent);
    font-size: 1rem;
    font-variant-numeric: tabular-nums;
  }
  .primary:hover {
    background: var(--dc-accent-strong);
  }
  .primary:active {
    transform: scale(0.985);
  }
  [aria-disabled="true"],
  [aria-disabled="true"]:hover,
  [aria-disabled="true"]:active {
    cursor: default;
    transform: none;
    background: var(--dc-raised);
    color: var(--dc-quiet);
    border-color: var(--dc-line);
  }
  .primary.busy {
    color: var(--dc-text);
  }
  .primary.done {
    color: var(--dc-good);
  }
  .spinner {
    inline-size: 1rem;
    block-size: 1rem;
    border: 2px solid currentColor;
    border-inline-end-color: transparent;
    border-radius: 50%;
    animation: turn 0.8s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  .side {
    padding-block-end: var(--dc-space-2);
    display: flex;
    flex-wrap: wrap;
    gap: var(--dc-space-2);
  }
  .side button {
    flex: 1 1 auto;
    font-size: var(--dc-text-s);
  }
  .stepper {
    display: flex;
    flex-wrap: wrap;
    min-block-size: var(--dc-target);
    align-items: center;
    justify-content: space-between;
    gap: var(--dc-space-2);
    font-size: var(--dc-text-s);
    color: var(--dc-quiet);
  }
  .stepper div {
    display: flex;
    align-items: center;
  }
  .stepper button {
    padding: 0;
    border-radius: 50%;
  }
  .stepper output {
    min-inline-size: 2.5rem;
    text-align: center;
    font-size: 1rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    color: var(--dc-text);
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: var(--dc-space-2);
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  legend {
    padding: 0;
    margin-block-end: var(--dc-space-1);
    font-size: var(--dc-text-s);
    color: var(--dc-quiet);
  }
  .choice,
  .agree {
    display: flex;
    align-items: center;
    gap: var(--dc-space-2);
    min-block-size: var(--dc-target);
    cursor: pointer;
  }
  .choice {
    padding-inline: var(--dc-space-3);
    border: 1px solid var(--dc-edge);
    border-radius: var(--dc-radius-s);
    font-size: var(--dc-text-s);
  }
  .choice:has(:checked) {
    border-color: var(--dc-accent);
    background: var(--dc-tint);
  }
  .choice.gone {
    color: var(--dc-quiet);
    text-decoration: line-through;
  }
  input {
    flex: none;
    inline-size: 1.5rem;
    block-size: 1.5rem;
    margin: 0;
    accent-color: var(--dc-accent);
  }
  .note {
    /* Two lines, so that most of what is said moves nothing. */
    min-block-size: 2.9em;
    font-size: var(--dc-text-s);
    line-height: 1.45;
    color: var(--dc-quiet);
  }
  .note:has(+ .side) {
    min-block-size: 0;
  }
  .note.good {
    color: var(--dc-good);
    font-weight: 600;
  }
  .note.bad {
    color: var(--dc-accent);
  }
  .skeleton {
    display: block;
    border-radius: var(--dc-radius-s);
    background: var(--dc-raised);
    color: transparent;
    user-select: none;
  }
  .skeleton.button {
    min-block-size: 3rem;
  }
  @media (forced-colors: active) {
    [aria-disabled="true"] {
      color: GrayText;
      border-color: GrayText;
    }
    .primary:not([aria-disabled="true"]) {
      border-color: ButtonText;
    }
    .spinner {
      border-color: CanvasText;
      border-inline-end-color: Canvas;
    }
  }
`;

/**
 * The component library (Web Awesome) in the design system's look: its properties, set from our tokens, for the shadow tree
 * of a page. Pairs of text and ground keep 4.5:1 (a test computes those that are written here).
 */
import { css, type CSSResult } from "lit";

export const theme: CSSResult = css`
  :host {
    --dc-page: var(--dropcast-page, light-dark(#f6f4f1, #101216));
    --dc-good-tint: var(--dropcast-good-tint, light-dark(#e7f4ec, #16291f));
    --dc-warn-tint: var(--dropcast-warn-tint, light-dark(#fdf1e3, #30220f));
    --dc-on-good: var(--dropcast-on-good, light-dark(#ffffff, #06230f));
    --dc-on-warn: var(--dropcast-on-warn, light-dark(#ffffff, #2a1500));
    --dc-ink: var(--dropcast-ink, light-dark(#26272d, #e6e7eb));
    --dc-on-ink: var(--dropcast-on-ink, light-dark(#ffffff, #16181d));

    color: var(--dc-text);
    font-family: var(--dc-font);
    font-size: var(--dc-text-m);
    line-height: 1.45;

    --wa-font-family-body: var(--dc-font);
    --wa-font-family-heading: var(--dc-font);
    --wa-font-size-3xs: 0.625rem;
    --wa-font-size-2xs: 0.6875rem;
    --wa-font-size-xs: 0.75rem;
    --wa-font-size-s: var(--dc-text-s);
    --wa-font-size-m: var(--dc-text-m);
    --wa-font-size-l: var(--dc-text-l);
    --wa-font-size-xl: 1.375rem;
    --wa-font-size-2xl: var(--dc-text-xl);
    --wa-font-size-smaller: 0.875em;
    --wa-font-size-larger: 1.2em;
    --wa-font-weight-normal: 400;
    --wa-font-weight-semibold: 600;
    --wa-font-weight-bold: 700;
    --wa-font-weight-body: 400;
    --wa-font-weight-heading: 700;
    --wa-font-weight-action: 600;
    --wa-line-height-condensed: 1.25;
    --wa-line-height-normal: 1.45;

    --wa-space-3xs: 0.125rem;
    --wa-space-2xs: var(--dc-space-1);
    --wa-space-xs: var(--dc-space-2);
    --wa-space-s: var(--dc-space-3);
    --wa-space-m: var(--dc-space-4);
    --wa-space-l: var(--dc-space-5);
    --wa-space-xl: 1.75rem;
    --wa-space-2xl: 2.25rem;

    --wa-border-style: solid;
    --wa-border-width-s: 1px;
    --wa-border-width-m: 2px;
    --wa-border-width-l: 3px;
    --wa-border-radius-s: 0.375rem;
    --wa-border-radius-m: var(--dc-radius-s);
    --wa-border-radius-l: var(--dc-radius);
    --wa-border-radius-pill: 99rem;
    --wa-border-radius-circle: 50%;

    --wa-focus-ring-style: solid;
    --wa-focus-ring-width: 0.1875rem;
    --wa-focus-ring: solid 0.1875rem var(--dc-focus);
    --wa-focus-ring-offset: 0.125rem;
    --wa-color-focus: var(--dc-focus);

    --wa-transition-easing: var(--dc-ease);
    --wa-transition-fast: var(--dc-quick);
    --wa-transition-normal: var(--dc-quick);
    --wa-transition-slow: var(--dc-calm);

    --wa-color-shadow: light-dark(rgb(28 29 34 / 16%), rgb(0 0 0 / 60%));
    --wa-shadow-s: 0 1px 2px var(--wa-color-shadow);
    --wa-shadow-m: 0 0.25rem 0.75rem var(--wa-color-shadow);
    --wa-shadow-l: 0 0.75rem 2.5rem var(--wa-color-shadow);
  }
  :host {
    --wa-color-surface-default: var(--dc-surface);
    --wa-color-surface-raised: var(--dc-surface);
    --wa-color-surface-lowered: var(--dc-raised);
    --wa-color-surface-border: var(--dc-line);
    --wa-color-text-normal: var(--dc-text);
    --wa-color-text-quiet: var(--dc-quiet);
    --wa-color-text-link: var(--dc-accent);
    --wa-color-overlay-modal: light-dark(rgb(28 29 34 / 45%), rgb(0 0 0 / 65%));
    --wa-color-overlay-inline: light-dark(rgb(28 29 34 / 6%), rgb(255 255 255 / 8%));
    --wa-color-mix-hover: var(--dc-text) 8%;
    --wa-color-mix-active: var(--dc-text) 14%;

    --wa-color-brand-fill-loud: var(--dc-accent);
    --wa-color-brand-on-loud: var(--dc-on-accent);
    --wa-color-brand-border-loud: var(--dc-accent);
    --wa-color-brand-fill-normal: var(--dc-tint);
    --wa-color-brand-on-normal: var(--dc-accent);
    --wa-color-brand-border-normal: var(--dc-accent);
    --wa-color-brand-fill-quiet: var(--dc-tint);
    --wa-color-brand-on-quiet: var(--dc-accent);
    --wa-color-brand-border-quiet: var(--dc-line);

    --wa-color-danger-fill-loud: var(--dc-accent);
    --wa-color-danger-on-loud: var(--dc-on-accent);
    --wa-color-danger-border-loud: var(--dc-accent);
    --wa-color-danger-fill-normal: var(--dc-tint);
    --wa-color-danger-on-normal: var(--dc-accent);
    --wa-color-danger-border-normal: var(--dc-accent);
    --wa-color-danger-fill-quiet: var(--dc-tint);
    --wa-color-danger-on-quiet: var(--dc-accent);
    --wa-color-danger-border-quiet: var(--dc-line);

    --wa-color-success-fill-loud: var(--dc-good);
    --wa-color-success-on-loud: var(--dc-on-good);
    --wa-color-success-border-loud: var(--dc-good);
    --wa-color-success-fill-normal: var(--dc-good-tint);
    --wa-color-success-on-normal: var(--dc-good);
    --wa-color-success-border-normal: var(--dc-good);
    --wa-color-success-fill-quiet: var(--dc-good-tint);
    --wa-color-success-on-quiet: var(--dc-good);
    --wa-color-success-border-quiet: var(--dc-line);

    --wa-color-warning-fill-loud: var(--dc-warn);
    --wa-color-warning-on-loud: var(--dc-on-warn);
    --wa-color-warning-border-loud: var(--dc-warn);
    --wa-color-warning-fill-normal: var(--dc-warn-tint);
    --wa-color-warning-on-normal: var(--dc-warn);
    --wa-color-warning-border-normal: var(--dc-warn);
    --wa-color-warning-fill-quiet: var(--dc-warn-tint);
    --wa-color-warning-on-quiet: var(--dc-warn);
    --wa-color-warning-border-quiet: var(--dc-line);

    --wa-color-neutral-fill-loud: var(--dc-ink);
    --wa-color-neutral-on-loud: var(--dc-on-ink);
    --wa-color-neutral-border-loud: var(--dc-edge);
    --wa-color-neutral-fill-normal: var(--dc-raised);
    --wa-color-neutral-on-normal: var(--dc-text);
    --wa-color-neutral-border-normal: var(--dc-line);
    --wa-color-neutral-fill-quiet: var(--dc-raised);
    --wa-color-neutral-on-quiet: var(--dc-text);
    --wa-color-neutral-border-quiet: var(--dc-line);
  }
  :host {
    --wa-form-control-background-color: var(--dc-surface);
    --wa-form-control-border-color: var(--dc-edge);
    --wa-form-control-border-style: solid;
    --wa-form-control-border-width: 1px;
    --wa-form-control-border-radius: var(--dc-radius-s);
    --wa-form-control-activated-color: var(--dc-accent);
    --wa-form-control-label-color: var(--dc-text);
    --wa-form-control-label-font-weight: 600;
    --wa-form-control-label-line-height: 1.25;
    --wa-form-control-value-color: var(--dc-text);
    --wa-form-control-value-font-weight: 400;
    --wa-form-control-value-line-height: 1.25;
    --wa-form-control-hint-color: var(--dc-quiet);
    --wa-form-control-hint-font-weight: 400;
    --wa-form-control-hint-line-height: 1.45;
    --wa-form-control-placeholder-color: var(--dc-quiet);
    --wa-form-control-required-content: "";
    --wa-form-control-required-content-color: inherit;
    --wa-form-control-required-content-offset: 0;
    --wa-form-control-padding-block: 0.75em;
    --wa-form-control-padding-inline: 1em;
    /* What is touched is as tall as a finger wants it. */
    --wa-form-control-height: var(--dc-target);
    --wa-form-control-toggle-size: 1.5em;
    --wa-button-transform-hover: none;
    --wa-button-transform-active: scale(0.985);
    --wa-panel-border-style: solid;
    --wa-panel-border-width: 1px;
    --wa-panel-border-radius: var(--dc-radius);
    --wa-tooltip-arrow-size: 0.375rem;
    --wa-tooltip-background-color: var(--dc-ink);
    --wa-tooltip-border-color: var(--dc-ink);
    --wa-tooltip-border-style: solid;
    --wa-tooltip-border-width: 1px;
    --wa-tooltip-border-radius: 0.375rem;
    --wa-tooltip-content-color: var(--dc-on-ink);
    --wa-tooltip-font-size: var(--dc-text-s);
    --wa-tooltip-line-height: 1.45;
  }
`;

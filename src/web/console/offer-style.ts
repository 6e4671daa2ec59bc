/** What an offer of the console looks like: picture, price and units, and a bar of tools below. */
import { css, type CSSResult } from "lit";

export const offerStyle: CSSResult = css`
  .offers {
    display: grid;
    gap: var(--dc-space-3);
  }
  .offer {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--dc-space-3);
    overflow: clip;
  }
  .offer:has(.tools) {
    padding-block-end: 0;
  }
  .top {
    display: flex;
    gap: var(--dc-space-3);
    align-items: start;
  }
  .offer.withdrawn .picture,
  .offer.closed .picture {
    filter: grayscale(1);
    opacity: 0.6;
  }
  .picture {
    position: relative;
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 5rem;
    block-size: 5rem;
    overflow: hidden;
    border-radius: var(--dc-radius-s);
    background: var(--dc-raised);
    color: var(--dc-edge);
  }
  .picture wa-icon {
    font-size: 1.75rem;
  }
  .picture img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .what {
    display: grid;
    flex: 1;
    min-inline-size: 0;
    gap: var(--dc-space-1);
  }
  .cost {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--dc-space-2);
    align-items: baseline;
  }
  .cost strong {
    font-size: 1.25rem;
    letter-spacing: -0.02em;
  }
  .cost s {
    color: var(--dc-quiet);
  }
  .units {
    display: grid;
    gap: var(--dc-space-1);
    font-size: var(--dc-text-s);
  }
  .units p {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 var(--dc-space-3);
  }
  .taken {
    font-weight: 600;
  }
  .bar {
    display: block;
    inline-size: 100%;
    block-size: 0.5rem;
    border-radius: 99rem;
  }
  .bar:dir(rtl) {
    transform: scaleX(-1);
  }
  .bar .left {
    fill: var(--dc-line);
  }
  .bar .held {
    fill: var(--dc-warn);
  }
  .bar .sold {
    fill: var(--dc-good);
  }
  .bar rect {
    transition: width var(--dc-calm) var(--dc-ease);
  }
  /* As on a phone's bar of tabs: each as wide as the others if there is room, its name below its icon. */
  .tools {
    display: grid;
    grid-auto-columns: 1fr;
    grid-auto-flow: column;
    margin-inline: calc(-1 * var(--dc-space-4));
    border-block-start: 1px solid var(--dc-line);
  }
  .tools wa-button::part(base) {
    flex-direction: column;
    gap: 0.15rem;
    block-size: auto;
    min-block-size: 3.5rem;
    padding: var(--dc-space-2) 0;
    border-radius: 0;
    font-size: 0.6875rem;
    line-height: 1.2;
  }
  .tools wa-icon {
    margin: 0;
    font-size: 1rem;
  }
  .offer .refusal {
    padding-block-end: var(--dc-space-3);
  }
`;

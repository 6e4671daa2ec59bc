/**
 * `<dropcast-card>`: a live offer on any page, from one script. Follows the session while it is on the page.
 *
 *     <script type="module" src="https://live.example/card.js"></script>
 *     <dropcast-card session="ses_…"><a href="https://live.example/v1/sessions/ses_…/offers/ofr_…">See the offer</a></dropcast-card>
 *
 * What is inside shows until the script is here, and where the offer cannot be found.
 *
 * Attributes: `session`; `offer`, an id or `pinned` (which it is by default); `offers`, ids of variants to choose from,
 * instead; `api`, the API's origin where it is not the script's; `payment-method`, with which one tap pays (without it a
 * tap reserves for the page's own checkout); `code`, a creator's code, else the one in the page's address
 * (`dropcast_code`, from a creator's link); `shown-as`, the first name under which the viewer has agreed to be shown on the
 * stream when they buy, which the page has asked them; `lang`, else the language around it: English, German, Arabic.
 *
 * Properties: `viewerToken: () => Promise<string>`, of a viewer whose loyalty credit, if the token grants any, is taken off;
 * `onCart: (reserved) => void`.
 *
 * Events, which bubble and leave shadow trees: see `events.ts`.
 *
 * Parts: `card`, `media`, `image`, `badge`, `clock`, `title`, `price`, `was`, `layers`, `choices`, `stock`, `stepper`,
 * `consent`, `button`, `note`, `side`.
 *
 * Custom properties: `--dropcast-accent`, `-accent-strong` (hover), `-on-accent`, `-surface`, `-raised`, `-line`, `-edge`
 * (borders of controls), `-text`, `-quiet`, `-tint`, `-good`, `-warn`, `-focus`, `-font`, `-radius`. Light or dark is the
 * system's wish; `color-scheme: light` on the element keeps it light.
 *
 * So that nothing moves when the script arrives, a page may reserve the place, where that is narrower than 34rem:
 * `dropcast-card:not(:defined) { display: block; box-sizing: content-box; min-block-size: 22rem; padding-block-end: min(75%,
 * 19.5rem) }`; else `min-block-size: 22rem` alone.
 * @module
 */
import { DropcastCard } from "./card.ts";

// Two scripts of two hosts may both be on a page: the first one stays.
if (!customElements.get("dropcast-card")) customElements.define("dropcast-card", DropcastCard);

declare global {
  interface HTMLElementTagNameMap {
    "dropcast-card": DropcastCard;
  }
}

export { DropcastCard };
export type * from "./events.ts";

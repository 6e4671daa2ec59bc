/**
 * An offer as a page, for those who have neither socket nor script: whole in itself, for a frame of any site, any width,
 * light and dark. It shows and does nothing: no script, no form, and links to itself alone. Pure.
 */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { decimalsOf } from "../domain/decimals.ts";
import type { Money } from "../domain/money.ts";
import type { OfferPicture, Picture, SessionFace } from "../domain/picture.ts";
import { headlineOf } from "../domain/pricing.ts";

const STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #16181d);
  --line: light-dark(#dcdce2, #343843);
  --text: light-dark(#1c1d22, #e6e7eb);
  --quiet: light-dark(#5c5f6b, #a3a7b3);
  --accent: light-dark(#b3173f, #ff8ba3);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: 1rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
}
main {
  display: flex;
  flex-wrap: wrap;
  gap: 1rem;
  max-width: 40rem;
  margin: 0 auto;
  overflow-wrap: anywhere;
}
img {
  flex: 1 1 12rem;
  min-width: 0;
  max-width: 100%;
  aspect-ratio: 1;
  object-fit: cover;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
}
.offer { flex: 2 1 14rem; min-width: 0; }
h1 { margin: 0 0 0.5rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: 0 0 0.5rem; }
.price { font-size: 1.5rem; font-weight: 600; line-height: 1.2; }
.was { font-size: 1rem; font-weight: 400; color: var(--quiet); white-space: nowrap; }
.state { font-weight: 600; color: var(--accent); }
small { color: var(--quiet); }
a { color: var(--accent); display: inline-block; min-height: 1.5rem; }
`;

/**
 * Whoever wants to may frame it: there is nothing on it to be clicked on in error. `X-Frame-Options` has no word for that,
 * and browsers leave it aside where there is `frame-ancestors` (CSP 3, §6.4.2.2).
 */
export const OFFER_PAGE_POLICY = [
  "default-src 'none'",
  "img-src 'self'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors *",
].join("; ");

/** Query of the page that loads itself again: whoever reads must have asked for that (WCAG 2.2, 2.2.2 and 3.2.5). */
export const RENEWING = "renew=auto";

interface Renewal {
  /** After how many seconds it may have changed; undefined for never. */
  readonly againS: number | undefined;
  /** It loads itself again then. */
  readonly isByItself: boolean;
}

export async function offerPage(
  { id, session }: Picture,
  offer: OfferPicture,
  { againS, isByItself }: Renewal,
): Promise<string> {
  const { title, image, price } = offer;
  const was = headlineOf(price);
  const src = `/v1/sessions/${id}/offers/${offer.id}/image`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${againS === undefined || !isByItself ? "" : html`<meta http-equiv="refresh" content="${againS}" />`}
        <title>${title} · ${session.title}</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          ${image === undefined ? "" : html`<img src="${src}" alt="" />`}
          <div class="offer">
            <h1>${title}</h1>
            <p class="price">
              ${priceText(price.total)}
              ${
                was > price.total.amount
                  ? html`<span class="was">was <s>${priceText({ ...price.total, amount: was })}</s></span>`
                  : ""
              }
            </p>
            <p class="state">${stateOf(session, offer)}</p>
            <p><small>${session.title}</small></p>
            ${againS === undefined ? "" : html`<p><small>${renewal(againS, isByItself)}</small></p>`}
          </div>
        </main>
      </body>
    </html>`;
  return (await page).toString();
}

function renewal(everyS: number, isByItself: boolean): ReturnType<typeof html> {
  return isByItself
    ? html`Renewed every ${everyS} s. <a href="?">Stop</a>`
    : html`<a href="?">Show how it is now</a> · <a href="?${RENEWING}">Renew it every ${everyS} s</a>`;
}

/** What a viewer needs to know first. */
function stateOf(session: SessionFace, offer: OfferPicture): string {
  if (session.status === "cancelled") return "Cancelled";
  if (session.status === "ended") return "This drop is over";
  if (offer.status === "withdrawn") return "Withdrawn";
  if (offer.status === "closed") return "Closed";
  const opensAtMs = offer.status === "scheduled" ? offer.opensAtMs : undefined;
  if (opensAtMs !== undefined) return `Opens on ${timeText(opensAtMs)}`;
  if (session.status === "draft" || session.status === "scheduled") {
    return session.scheduledAtMs === undefined
      ? "Not open yet"
      : `Starts on ${timeText(session.scheduledAtMs)}`;
  }
  if (offer.status === "scheduled") return "Not open yet";
  return session.status === "paused" ? "Paused for a moment" : stockText(offer);
}

function stockText({ available, soldOut, waitlist }: OfferPicture): string {
  if (soldOut) return waitlist ? "Sold out; there is a waitlist" : "Sold out";
  const units = Object.values(available).reduce((sum, of) => sum + of, 0);
  return `${units.toLocaleString("en")} left`;
}

function priceText({ amount, currency }: Money): string {
  const decimals = decimalsOf(currency);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat("en", { style: "currency", currency, ...digits }).format(
    amount / 10 ** decimals,
  );
}

function timeText(atMs: number): string {
  const text = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return `${text.format(atMs)} UTC`;
}

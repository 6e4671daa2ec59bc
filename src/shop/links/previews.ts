/** Requests that are no click: machines that look at a link, browsers that load it ahead or within a page. Pure. */

/** RFC 9110 has none of these; `Sec-Purpose` is Fetch's, the others are older browsers'. */
const PURPOSES = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];
const AHEAD = /prefetch|prerender|preview/i;

/** Makers of previews and search engines, as they call themselves; a phone of Cubot's is none. */
const MACHINES = /(?<!cu)bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|skypeuri|embedly|vkshare/i;

/**
 * Whether to redirect without counting. Where a browser says what it loads the link for, only a page of its own is a
 * click: as the image or hidden frame of some page it would count every visitor of that page.
 */
export function isPreview(headers: Headers): boolean {
  const destination = headers.get("Sec-Fetch-Dest");
  if (destination !== null && destination !== "document") return true;
  if (PURPOSES.some((name) => AHEAD.test(headers.get(name) ?? ""))) return true;
  return MACHINES.test(headers.get("User-Agent") ?? "");
}

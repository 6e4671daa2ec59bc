/** Requests that are not somebody's click: machines that look at a link, browsers that load it ahead. Pure. */

/** RFC 9110 has none of these; `Sec-Purpose` is Fetch's, the others are older browsers'. */
const PURPOSES = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];
const AHEAD = /prefetch|prerender|preview/i;

/** Makers of previews and search engines, as they call themselves; a phone of Cubot's is none. */
const MACHINES = /(?<!cu)bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|skypeuri|embedly|vkshare/i;

/** Whether to redirect without counting. */
export function isPreview(headers: Headers): boolean {
  if (PURPOSES.some((name) => AHEAD.test(headers.get(name) ?? ""))) return true;
  return MACHINES.test(headers.get("User-Agent") ?? "");
}

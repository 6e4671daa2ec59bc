/** Where a link leads, in whole: target, UTM fields, coupon, click token. Pure. */
import type { Link } from "./store.ts";

/** Parameters that a target is handed besides its own. */
const COUPON = "dropcast_code";
/** The click token, as a parameter and as a cookie. */
export const CLICK_NAME = "dropcast_click";

/** A link's address but for the click; `origin` is this deployment's, whose page shows a session. */
export function addressOf(
  { target, utm, coupon }: Pick<Link, "target" | "utm" | "coupon">,
  origin: string,
): string {
  const own = Object.entries(utm).map(([field, value]): Parameter => [`utm_${field}`, value]);
  if ("url" in target) {
    return withParameters(target.url, [...own, ...(coupon === undefined ? [] : [[COUPON, coupon] as const])]);
  }
  const page: Parameter[] = [
    ["session", target.session],
    ...(coupon === undefined ? [] : [["code", coupon] as const]),
  ];
  return withParameters(`${origin}/demo`, [...page, ...own]);
}

/** An address with the token of the click that leads there. */
export function withClick(address: string, token: string): string {
  return withParameters(address, [[CLICK_NAME, token]]);
}

type Parameter = readonly [name: string, value: string];

/**
 * Adds to the query, before the fragment. What is there stays byte for byte, since an address may be signed; only a
 * parameter of the same name is replaced.
 */
function withParameters(address: string, parameters: readonly Parameter[]): string {
  const url = new URL(address);
  const isNew = ([name]: Parameter): boolean => !url.searchParams.has(name);
  const added = parameters.filter(isNew);
  for (const [name, value] of parameters) if (!isNew([name, value])) url.searchParams.set(name, value);
  const query = added.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  url.search = [url.search.slice(1), ...query].filter(Boolean).join("&");
  return url.href;
}

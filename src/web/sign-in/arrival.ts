/** What the address of the sign-in page asks for, where to go on to, and what was typed. Pure. */

export interface Arrival {
  readonly code?: string;
  /** A path of this origin's. */
  readonly to?: string;
}

/** `#code=…&to=…`, each of which may be missing. */
export function arrivalOf(hash: string, origin: string): Arrival {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const code = said.get("code")?.trim();
  const to = ownPath(said.get("to") ?? "", origin);
  return { ...(code ? { code } : {}), ...(to === undefined ? {} : { to }) };
}

/**
 * The path as the browser will understand it, or undefined where it would lead to another origin: browsers take a
 * backslash for a slash, and leave out what cannot be seen.
 */
export function ownPath(to: string, origin: string): string | undefined {
  if (!/^\/(?![/\\])/.test(to)) return undefined;
  const url = URL.parse(to, origin);
  if (url?.origin !== origin || url.pathname.startsWith("//")) return undefined;
  return url.pathname + url.search + url.hash;
}

/** Where somebody goes who is signed in: a moderator has one page only. */
export function wayOn({ session }: { readonly session?: string }, to = "/dashboard"): string {
  if (session === undefined) return to;
  const console = `/console/${session}`;
  return to.startsWith(console) ? to : console;
}

/** Keys of sellers, creators and the platform, who is told that it cannot sign in; a code cannot begin like that. */
export function isKey(typed: string): boolean {
  return /^[scp]k_/.test(typed.trim());
}

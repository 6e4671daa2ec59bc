/**
 * What everybody may see of a session: made once a picture, tagged by its content, with word of how long it is good for
 * and when to ask again. Touches answers' headers.
 */
import { createHash } from "node:crypto";
import { LIMITS } from "../domain/limits.ts";
import type { Hydrated } from "../live/session.ts";
import type { AppContext } from "./context.ts";
import { isOver } from "./picture-cache.ts";
import { pollAgainS } from "./polling.ts";

/** A body with its tag. */
export interface Shown {
  readonly text: string;
  readonly type: string;
  /** Weak: of what is meant, not of the bytes that a proxy may have packed. */
  readonly tag: string;
}

const TAG_CHARS = 12;

/** The tag follows the content, not the cursor alone: another version of this code may write the same picture otherwise. */
export function shownAs(text: string, type = "application/json"): Shown {
  const hash = createHash("sha256").update(text).digest("base64url");
  return { text, type, tag: `W/"${hash.slice(0, TAG_CHARS)}"` };
}

/**
 * Nobody downstream shows what is kept without asking: a picture from memory is almost a second old as it is. An answer
 * that is still the same costs a 304. A session that is over may be kept.
 */
const CACHE_LIVE = "public, no-cache";
const CACHE_OVER = `public, max-age=${LIMITS.pictureOverMs / 1000}`;

/** The answer, or 304 for whoever has it already. */
export function show(c: AppContext, hydrated: Hydrated, { text, type, tag }: Shown): Response {
  const againS = againSOf(hydrated);
  c.header("ETag", tag);
  c.header("Cache-Control", isOver(hydrated) ? CACHE_OVER : CACHE_LIVE);
  if (againS !== undefined) c.header("Retry-After", String(againS));
  if (matches(c.req.header("If-None-Match"), tag)) return c.body(null, 304);
  return c.body(text, 200, { "Content-Type": type });
}

/** Who is expected counts until they are there: a crowd that comes at once polls before any relay has counted it. */
export function againSOf({ picture, pricing, viewers }: Hydrated): number | undefined {
  return pollAgainS(picture.session, Math.max(viewers, pricing.expectedViewers), Date.now());
}

/** RFC 9110 §13.1.2: weak comparison with each of a list, or `*`. */
export function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" || header.split(",").some((one) => opaqueOf(one) === opaqueOf(tag));
}

function opaqueOf(tag: string): string {
  return tag.trim().replace(/^W\//, "");
}

/**
 * What a redirect goes by: links in KV under their codes, so that it asks no database, and for some seconds in the
 * isolate's memory. Reads and writes KV. KV's own caches are up to a minute behind.
 */
import { z } from "zod";
import { LIMITS } from "../../domain/limits.ts";
import { linkId } from "../../wire/links.ts";
import { errorFacts, logLine } from "../../wire/log.ts";
import { creatorId } from "../../wire/primitives.ts";
import { addressOf } from "./address.ts";
import type { Link } from "./store.ts";

const published = z.object({ link: linkId, creator: creatorId, address: z.string() });

/** `address` is in whole but for the click. */
export type Published = z.output<typeof published>;

/** A link leads somewhere from now on. `origin` is this deployment's. */
export async function publish(kv: KVNamespace, link: Link, origin: string): Promise<void> {
  const { id, creator, code } = link;
  const value: Published = { link: id, creator, address: addressOf(link, origin) };
  await kv.put(code, JSON.stringify(value));
  // Somebody may have tried the code out before.
  remembered.delete(code);
}

/** Isolates and data centres that have seen it lately go on for as long as they remember. */
export async function withdraw(kv: KVNamespace, code: string): Promise<void> {
  await kv.delete(code);
  remembered.delete(code);
}

interface Remembered {
  readonly found: Published | undefined;
  readonly untilMs: number;
}

/** Codes of nobody too, since bots try them out. Holds values, never promises: those belong to one request. */
const remembered = new Map<string, Remembered>();

/**
 * The link of a code; undefined when it is nobody's, or archived. While KV does not answer, what is remembered leads on,
 * however old: a link in print is worth more than the minute in which it may have been archived.
 */
export async function findPublished(
  kv: KVNamespace,
  code: string,
  nowMs: number,
): Promise<Published | undefined> {
  const known = remembered.get(code);
  if (known && nowMs < known.untilMs) return known.found;
  const value = await kv.get(code, "json").catch((error: unknown) => {
    if (!known?.found) throw error;
    logLine({ event: "link_not_read", ...errorFacts(error) });
    return known.found;
  });
  const found = value === null ? undefined : published.parse(value);
  remembered.delete(code);
  if (remembered.size >= LIMITS.linksRemembered) forgetOldest();
  remembered.set(code, { found, untilMs: nowMs + LIMITS.linkRememberedMs });
  return found;
}

function forgetOldest(): void {
  const [oldest] = remembered.keys();
  if (oldest !== undefined) remembered.delete(oldest);
}

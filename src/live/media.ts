/**
 * Offers' images, from the data centre's cache or from the address that the seller gave: https on its own port, a public
 * name, pictures only, so big at most. May fetch from the network and use the cache; keeps nothing itself.
 */
import { createHash } from "node:crypto";
import { LIMITS } from "../domain/limits.ts";

/** Pictures that are nothing but pictures: SVG is a document that can have scripts in it. */
const TYPES: ReadonlySet<string> = new Set([
  "image/avif",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/webp",
]);

/** Who asks; and by what we know ourselves when a seller names an address of ours. */
export const MEDIA_AGENT = "Dropcast-Media/1";

/** What the cache has for an image that was not to be had. */
const FAULT = "dropcast-fault";

/** Why there is no image. */
export type ImageFault = "address_refused" | "not_found" | "not_an_image" | "too_large" | "no_answer";

export type Image =
  /** From the cache it is passed on as it is read: a crowd of slow readers must not fill an isolate's memory. */
  | { readonly ok: true; readonly type: string; readonly body: ArrayBuffer | ReadableStream<Uint8Array> }
  | { readonly ok: false; readonly fault: ImageFault };

/** `keep` gets what may be done after the answer. */
export async function imageAt(address: string, keep: (work: Promise<unknown>) => void): Promise<Image> {
  const cached = await caches.default.match(keyOf(address));
  if (cached) {
    const fault = cached.headers.get(FAULT);
    const { body } = cached;
    if (fault === null && body) return { ok: true, type: cached.headers.get("Content-Type") ?? "", body };
    await body?.cancel();
    return { ok: false, fault: (fault as ImageFault | null) ?? "not_an_image" };
  }
  const image = await fetched(address);
  keep(caches.default.put(keyOf(address), cacheable(image)));
  return image;
}

/** Fetches images into the cache of the data centre where this runs; answers how many are there. */
export async function prefetch(
  addresses: readonly string[],
  keep: (work: Promise<unknown>) => void,
): Promise<number> {
  let there = 0;
  for (const address of addresses) {
    const image = await imageAt(address, keep);
    if (!image.ok) continue;
    there += 1;
    if (image.body instanceof ReadableStream) await image.body.cancel();
  }
  return there;
}

/** Names an image by its address: whoever has it need not get it again until the offer has another. */
export function tagOf(address: string): string {
  return createHash("sha256").update(address).digest("base64url").slice(0, 22);
}

/**
 * Whether we may fetch from there: a seller could name what only our side of the network reaches. Names that resolve to
 * private addresses are left to the platform, which has no private network to reach.
 */
export function isPublicAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url?.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "")
    return false;
  // Without the root's dot; with a second one it would pass for a name that it is not.
  const name = url.hostname.replace(/\.$/, "");
  const isAddress = name.startsWith("[") || /^[\d.]+$/.test(name);
  return !isAddress && name.split(".").every(Boolean) && name.includes(".") && !PRIVATE.test(name);
}

/** Names that lead nowhere in public: RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`, and what routers make up. */
const PRIVATE = /\.(?:localhost|local|internal|intranet|private|corp|home|lan|test|invalid|onion|arpa)$/i;

async function fetched(address: string): Promise<Image> {
  const signal = AbortSignal.timeout(LIMITS.imageFetchMs);
  let url = address;
  try {
    for (let redirects = 0; redirects <= LIMITS.imageRedirects; redirects++) {
      if (!isPublicAddress(url)) return none("address_refused");
      const headers = { Accept: [...TYPES].join(), "User-Agent": MEDIA_AGENT };
      const response = await fetch(url, { redirect: "manual", headers, signal });
      const location = response.headers.get("Location");
      if (response.status < 300 || response.status >= 400 || location === null) return await read(response);
      await response.body?.cancel();
      url = URL.parse(location, url)?.href ?? "";
    }
    return none("not_found");
  } catch {
    return none("no_answer");
  }
}

async function read(response: Response): Promise<Image> {
  const type = (response.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const fault: ImageFault | undefined = !response.ok
    ? "not_found"
    : !TYPES.has(type)
      ? "not_an_image"
      : Number(response.headers.get("Content-Length") ?? 0) > LIMITS.imageBytes
        ? "too_large"
        : undefined;
  if (fault || !response.body) {
    await response.body?.cancel();
    return none(fault ?? "not_an_image");
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > LIMITS.imageBytes) return none("too_large");
    chunks.push(chunk);
  }
  return { ok: true, type, body: await new Blob(chunks).arrayBuffer() };
}

function none(fault: ImageFault): Image {
  return { ok: false, fault };
}

function cacheable(image: Image): Response {
  const keptS = (image.ok ? LIMITS.imageKeptMs : LIMITS.imageRetryMs) / 1_000;
  const headers = new Headers({ "Cache-Control": `public, max-age=${keptS}, immutable` });
  if (!image.ok) {
    headers.set(FAULT, image.fault);
    return new Response("", { headers });
  }
  headers.set("Content-Type", image.type);
  return new Response(image.body, { headers });
}

/** A name of our own: nobody can ask for this one from outside. */
function keyOf(address: string): string {
  return `https://media.dropcast.invalid/${tagOf(address)}`;
}

/** Offers' images: from the seller's address once, then from the cache; nothing but pictures, from nowhere but public names. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { imageAt, isPublicAddress, MEDIA_AGENT } from "../../src/live/media.ts";
import { get, newOffer, newSession, newShop, refused, type Stage } from "../edge/client.ts";

/** What is at an address; the seller's server as the tests need it. */
const server = new Map<string, () => Response>();
let asked: string[] = [];

beforeEach(() => {
  asked = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const address = input instanceof Request ? input.url : String(input);
    asked.push(address);
    const answer = server.get(address);
    if (!answer) throw new Error("no such host");
    return answer();
  });
});
afterEach(() => vi.restoreAllMocks());

let images = 0;

/** An address that nobody has asked for yet, and what is there. */
function served(answer: () => Response): string {
  images += 1;
  const address = `https://cdn.shop.example/${images}/${crypto.randomUUID()}`;
  server.set(address, answer);
  return address;
}

function png(body: BodyInit = "a picture"): Response {
  return new Response(body, { headers: { "Content-Type": "image/png; charset=binary" } });
}

function redirect(to: string): () => Response {
  return () => new Response(null, { status: 302, headers: { Location: to } });
}

let stage: Stage;

async function imageOf(address: string | undefined, headers: Record<string, string> = {}) {
  stage ??= await newSession(await newShop());
  const drop = await newOffer(stage, 1, address === undefined ? {} : { image: address });
  const path = `${drop.at}/offers/${drop.offer}/image`;
  return { path, answer: await get(path, { headers }) };
}

describe("an offer's image", () => {
  it("is fetched once, then comes from the cache, with a tag that saves the next fetch", async () => {
    const address = served(png);
    const { path, answer } = await imageOf(address);
    expect([answer.status, answer.text]).toEqual([200, "a picture"]);
    expect(answer.headers.get("Content-Type")).toBe("image/png");
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(answer.headers.get("Cache-Control")).toBe(`public, max-age=${LIMITS.imageShownMs / 1_000}`);
    expect((await get(path)).text).toBe("a picture");
    expect(asked).toEqual([address]);
    const tag = answer.headers.get("ETag")!;
    expect(await get(path, { headers: { "If-None-Match": tag } })).toMatchObject({ status: 304, text: "" });
    const { answer: other } = await imageOf(served(png));
    expect(other.headers.get("ETag")).not.toBe(tag);
  });

  it("may be some redirects away, as long as each leads to a public name", async () => {
    const there = redirect(served(png));
    expect((await imageOf(served(there))).answer.status).toBe(200);
    let far = served(png);
    for (let n = 0; n <= LIMITS.imageRedirects; n++) far = served(redirect(far));
    expect(refused((await imageOf(far)).answer)).toBe("404 image_unavailable");
    asked = [];
    const inside = served(redirect("https://127.0.0.1/secret"));
    expect(refused((await imageOf(inside)).answer)).toBe("404 image_unavailable");
    expect(asked).toEqual([inside]);
  });

  it.each<[string, () => string | undefined]>([
    ["there is none", () => undefined],
    ["its server does not answer", () => "https://gone.shop.example/a.png"],
    ["its server has nothing there", () => served(() => new Response("no", { status: 500 }))],
    [
      "it is not a picture",
      () => served(() => new Response("<script>", { headers: { "Content-Type": "text/html" } })),
    ],
    [
      "it is a document that can have scripts in it",
      () => served(() => new Response("<svg/>", { headers: { "Content-Type": "image/svg+xml" } })),
    ],
    ["it is larger than it says", () => served(() => png(new Uint8Array(LIMITS.imageBytes + 1)))],
    ["it is not https", () => "http://shop.example/a.png"],
    ["it is at a private name", () => "https://metadata.google.internal/a.png"],
  ])("is a 404 when %s, and is not asked for again at once", async (_, addressOf) => {
    const { path, answer } = await imageOf(addressOf());
    expect(refused(answer)).toBe("404 image_unavailable");
    const before = asked.length;
    expect(refused(await get(path))).toBe("404 image_unavailable");
    expect(asked).toHaveLength(before);
  });

  it("is not fetched from itself without end", async () => {
    const { answer } = await imageOf(served(png), { "User-Agent": MEDIA_AGENT });
    expect(refused(answer)).toBe("404 image_unavailable");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(asked).toEqual([]);
  });

  it("is passed on from the cache as it is read, not held in memory", async () => {
    const address = served(png);
    await imageOf(address);
    const image = await imageAt(address, () => undefined);
    expect(image.ok && image.body).toBeInstanceOf(ReadableStream);
    expect(await new Response((image as { body: ReadableStream }).body).text()).toBe("a picture");
  });

  it("is of an offer that there is", async () => {
    const { path } = await imageOf(served(png));
    expect(refused(await get(path.replace(/ofr_[^/]+/, `ofr_${"0".repeat(26)}`)))).toBe(
      "404 offer_not_found",
    );
    expect(refused(await get(path.replace(/ses_[^/]+/, `ses_${"0".repeat(26)}`)))).toBe(
      "404 session_not_found",
    );
  });
});

describe("an address", () => {
  it.each([
    "https://shop.example/a.png",
    "https://cdn.shop.example./a.png",
    "https://shop.example:443/a.png",
    "https://1.2.3.4.shop.example/a",
  ])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    "http://shop.example/a.png",
    "https://shop.example:8443/a.png",
    "https://user:secret@shop.example/a.png",
    "https://127.0.0.1/a",
    "https://0x7f.1/a",
    "https://2130706433/a",
    "https://[::1]/a",
    "https://[::ffff:10.0.0.1]/a",
    "https://10.0.0.1./a",
    "https://localhost/a",
    "https://router/a",
    "https://printer.local/a",
    "https://db.internal/a",
    "https://DB.INTERNAL./a",
    "https://x.home.arpa/a",
    "https://x.localhost../a",
    "https://shop..example/a",
    "ftp://shop.example/a",
    "data:image/png;base64,AA",
    "nonsense",
  ])("%s is not", (address) => expect(isPublicAddress(address)).toBe(false));
});

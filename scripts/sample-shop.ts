// Fills a fresh local server with a shop to look at: a seller, a creator, a contract, a catalogue, and a live session
// with several open offers. Over the public API only.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./quietly.ts";
import { Api } from "./rehearsal/api.ts";
import { createSession, openShop, type Shop } from "./rehearsal/shop.ts";

/** The catalogue of the sample shop, in Shopify's product CSV format. */
export const SAMPLE_CATALOG = join(root, "scripts", "sample", "catalog.csv");

const CURRENCY = "USD";
const HOUR_MS = 3_600_000;

/** Called once for a new state folder; gives the lines to show at this start and at later ones. */
export async function loadSampleShop(
  baseUrl: string,
  platformKey: string,
  log: (line: string) => void,
): Promise<string[]> {
  const api = new Api(baseUrl);
  log("Loading the sample shop ...");
  const shop = await openShop(api, platformKey, readFileSync(SAMPLE_CATALOG, "utf8"), CURRENCY);
  const session = await createSession(api, shop, CURRENCY, {
    title: "Friday kiln opening with Maya",
    creatorCodes: [{ code: "MAYA10", off: { basisPoints: 1_000 }, funder: "creator" }],
  });
  const offers = await openOffers(api, shop, session);
  await api.post(`/v1/sessions/${session}/start`, shop.creatorKey);
  // The first is pinned, and shown anyway; beside it the throw.
  const [pinned, , , beside = pinned] = offers;
  return [
    `Session    ${baseUrl}/v1/sessions/${session}   (live, ${offers.length} offers, code MAYA10)`,
    `Offer      ${pinned}   (of the session above)`,
    `Demo       ${baseUrl}/demo?session=${session}&offer=${beside}   (a page with two product cards)`,
    `Overlay    ${baseUrl}/overlay/${session}   (a browser source for OBS)`,
    `Seller     ${shop.seller}   key ${shop.sellerKey}`,
    `Creator    ${shop.creator}   key ${shop.creatorKey}`,
  ];
}

/**
 * The lines with the host's console and the dashboard among them, by links that sign in as the seller. Made at every start:
 * each works once, for ten minutes. Where somebody has revoked the key there are none.
 */
export async function withSignIns(baseUrl: string, lines: readonly string[]): Promise<readonly string[]> {
  const session = /\/(ses_\w+)/.exec(lineOf("Session", lines))?.[1];
  const key = / key (\S+)/.exec(lineOf("Seller", lines))?.[1];
  if (session === undefined || key === undefined) return lines;
  const api = new Api(baseUrl);
  const link = async (to: string): Promise<string> => {
    const { code } = await api.post<{ code: string }>("/v1/sign-ins", key);
    return `${baseUrl}/sign-in#code=${code}&to=${to}`;
  };
  try {
    const made = [
      `Console    ${await link(`/console/${session}`)}   (the seller's; the link works once, for 10 minutes)`,
      `Dashboard  ${await link("/dashboard")}   (the seller's; others sign in there with their key)`,
    ];
    return lines.toSpliced(lines.indexOf(lineOf("Seller", lines)), 0, ...made);
  } catch {
    return lines;
  }
}

function lineOf(name: string, lines: readonly string[]): string {
  return lines.find((line) => line.startsWith(`${name} `)) ?? "";
}

/** A variant for sale. */
interface Piece {
  sku: string;
  price: { amount: number; currency: string };
  /** The product's, and what tells this variant from the product's others, if there are any. */
  product: string;
  variant: string;
  /** The variant's own, or the product's first. */
  image: string | undefined;
  /** Of the product as a whole. */
  productImage: string | undefined;
}

function piecesOf(products: Shop["products"]): Piece[] {
  return products.flatMap(({ title, images: [productImage], variants }) =>
    variants.flatMap(({ sku, price, options, image = productImage }) => {
      const variant = options.join(", ").toLowerCase();
      return price ? [{ sku, price, product: title, variant, image, productImage }] : [];
    }),
  );
}

function nameOf({ product, variant }: Piece): string {
  return [product, variant].filter(Boolean).join(", ");
}

/** "Ash Glaze Mug, small + large": a product of both is named once, and shown by the picture with both. */
function bundleOf(first: Piece, second: Piece): object {
  const isOne = first.product === second.product;
  const amount = first.price.amount + second.price.amount;
  return {
    title: `${nameOf(first)} + ${isOne ? second.variant : nameOf(second)}`,
    image: isOne ? first.productImage : first.image,
    lines: [first, second].map(({ sku }) => ({ sku, quantity: 1 })),
    price: {
      headline: { ...first.price, amount },
      drop: { price: { ...first.price, amount: Math.round(amount * 0.7) }, funder: "seller" },
    },
    limits: { perViewer: 1 },
    closesAt: new Date(Date.now() + 24 * HOUR_MS).toISOString(),
  };
}

/** Single pieces with a drop price, and a bundle that draws on the same stock as two of them. */
async function openOffers(api: Api, shop: Shop, session: string): Promise<string[]> {
  const pieces = piecesOf(shop.products).slice(0, 4);
  for (const { sku } of pieces) {
    await api.post(`/v1/sessions/${session}/stock`, shop.sellerKey, { sku, allocated: 40 });
  }
  const single = (piece: Piece, index: number): object => ({
    title: nameOf(piece),
    image: piece.image,
    lines: [{ sku: piece.sku, quantity: 1 }],
    price: {
      headline: piece.price,
      drop: { price: { ...piece.price, amount: Math.round(piece.price.amount * 0.8) }, funder: "seller" },
      floor: { ...piece.price, amount: Math.round(piece.price.amount * 0.6) },
    },
    limits: { perViewer: 2, perOrder: 2 },
    backorder: index === 0,
  });
  const [first, second] = pieces;
  const bodies = pieces.map(single);
  if (first && second) bodies.push(bundleOf(first, second));
  const offers: string[] = [];
  for (const body of bodies) {
    const { id } = await api.post<{ id: string }>(`/v1/sessions/${session}/offers`, shop.sellerKey, body);
    await api.post(`/v1/sessions/${session}/offers/${id}/open`, shop.creatorKey);
    offers.push(id);
  }
  if (offers[0]) await api.post(`/v1/sessions/${session}/offers/${offers[0]}/pin`, shop.creatorKey);
  return offers;
}

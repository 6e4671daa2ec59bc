// Sets a shop up over the public API: a seller, a creator, their keys and contract, a catalogue.
import { randomBytes } from "node:crypto";
import type { Api } from "./api.ts";

export interface Variant {
  sku: string;
  /** Of the product's options, e.g. ["Small"]. */
  options: string[];
  image?: string;
  price?: { amount: number; currency: string };
}

export interface Product {
  title: string;
  images: string[];
  variants: Variant[];
}

export interface ImportReport {
  rows: number;
  products: { created: number; updated: number; unchanged: number };
  variants: number;
  faults: { line: number; handle?: string; column?: string; reason: string }[];
  faultsNotListed: number;
}

export interface Shop {
  seller: string;
  sellerKey: string;
  creator: string;
  creatorKey: string;
  contract: string;
  report: ImportReport;
  products: Product[];
}

interface Identified {
  id: string;
}

/** A twentieth for the platform, three for the creator, who pays for the creator's codes. */
function simpleTerms(currency: string): object {
  return {
    platformFee: { basisPoints: 500 },
    // A cut of the creator's rate takes effect after two weeks' notice.
    cutNoticeMs: 14 * 86_400_000,
    creatorRate: [{ from: { amount: 0, currency }, basisPoints: 1_500 }],
    funders: { creatorCode: ["creator"] },
  };
}

export async function openShop(
  api: Api,
  platformKey: string,
  csv: string,
  currency: string,
  terms: object = simpleTerms(currency),
): Promise<Shop> {
  const post = <T>(path: string, body: unknown): Promise<T> => api.post<T>(path, platformKey, body);
  const handle = `maya-${randomBytes(3).toString("hex")}`;
  const seller = await post<Identified>("/v1/sellers", { name: "Kiln & Loom" });
  const creator = await post<Identified>("/v1/creators", { name: "Maya Okafor", handle });
  const [sellerKey, creatorKey] = await Promise.all([
    post<{ secret: string }>("/v1/keys", { label: "sample shop", for: { seller: seller.id } }),
    post<{ secret: string }>("/v1/keys", { label: "sample host", for: { creator: creator.id } }),
  ]);
  const contract = await post<Identified>("/v1/contracts", {
    seller: seller.id,
    creator: creator.id,
    currency,
    ...terms,
  });
  const report = await api.must<ImportReport>(`/v1/sellers/${seller.id}/catalog?currency=${currency}`, {
    method: "POST",
    bearer: sellerKey.secret,
    text: { type: "text/csv", content: csv },
  });
  const products = await api.all<Product>(`/v1/sellers/${seller.id}/products`, sellerKey.secret);
  return {
    seller: seller.id,
    sellerKey: sellerKey.secret,
    creator: creator.id,
    creatorKey: creatorKey.secret,
    contract: contract.id,
    report,
    products,
  };
}

/** Variants that can be sold: those with a price. */
export function priced(
  products: readonly Product[],
): (Required<Pick<Variant, "sku" | "price">> & { title: string })[] {
  return products.flatMap(({ title, variants }) =>
    variants.flatMap(({ sku, price }) => (price && price.amount > 0 ? [{ sku, price, title }] : [])),
  );
}

/** A session of the shop's, draft, with the creator as host. */
export async function createSession(
  api: Api,
  shop: Shop,
  currency: string,
  over: object = {},
): Promise<string> {
  const session = await api.post<Identified>("/v1/sessions", shop.sellerKey, {
    seller: shop.seller,
    creator: shop.creator,
    contract: shop.contract,
    currency,
    ...over,
  });
  return session.id;
}

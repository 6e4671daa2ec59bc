/** A seller's products and their import. Reads and writes D1 through the shop. */
import { createHash } from "node:crypto";
import { Hono } from "hono";
import { importCsv, importJson } from "../../shop/catalog/import.ts";
import { listProducts } from "../../shop/products.ts";
import { LIMITS } from "../../domain/limits.ts";
import { z } from "zod";
import { importCatalog, importQuery, importReport, product } from "../../wire/catalog.ts";
import { page, pageQuery, sellerId } from "../../wire/primitives.ts";
import { readBytes, readJson, upTo } from "../body.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { params, query } from "../input.ts";
import { once } from "../once.ts";
import { shown } from "../outcomes.ts";
import { invalid, problem } from "../problem.ts";

export const catalog = new Hono<AppEnv>();

const ofSeller = params({ seller: sellerId });
const CSV_TYPE = /^text\/csv\s*(?:;|$)/i;

catalog.post(
  "/v1/sellers/:seller/catalog",
  endpoint({
    id: "importCatalog",
    tag: "catalogue",
    summary: "Import products",
    description:
      "`text/csv` in Shopify's product format, or JSON. Rows with faults are reported and the others imported. " +
      "Importing the same again changes nothing, so no `Idempotency-Key` is needed.",
    who: ["platform", "seller"],
    key: "optional",
    takes: "body",
    accepts: { "application/json": importCatalog, "text/csv": z.string() },
    answers: { 200: { description: "What was imported, and what was not", schema: importReport } },
    problems: ["not_found", "idempotency_in_flight"],
  }),
  ofSeller,
  query(importQuery),
  upTo(LIMITS.catalogBytes),
  async (c) => {
    const { seller } = c.req.valid("param");
    const principal = c.get("principal");
    if (principal.kind === "seller" && principal.name !== seller) return problem(c, "not_found");
    const { currency } = c.req.valid("query");
    const type = c.req.header("Content-Type") ?? "";
    return CSV_TYPE.test(type) ? fromCsv(c, seller, currency) : fromJson(c, seller);
  },
);

type Seller = z.output<typeof sellerId>;

async function fromCsv(c: AppContext, seller: Seller, currency: string): Promise<Response> {
  const bytes = await readBytes(c);
  if (!("byteLength" in bytes)) return problem(c, bytes.code, { detail: bytes.detail });
  const file = new Uint8Array(bytes);
  const digest = createHash("sha256").update(file).digest("base64url");
  return once(c, { body: { currency, digest }, subject: "" }, async () =>
    shown(c, await importCsv(c.env.DB, seller, file, currency, Date.now())),
  );
}

async function fromJson(c: AppContext, seller: Seller): Promise<Response> {
  const read = await readJson(c);
  if (!read.ok) return problem(c, read.code, { detail: read.detail });
  const parsed = importCatalog.safeParse(read.value);
  if (!parsed.success) return invalid(c, parsed.error.issues);
  // By its bytes: products are checked later, one by one, and until then may nest as deep as anybody likes.
  const digest = createHash("sha256")
    .update(new Uint8Array(await c.req.arrayBuffer()))
    .digest("base64url");
  return once(c, { body: { digest }, subject: "" }, async () =>
    shown(c, await importJson(c.env.DB, seller, parsed.data, Date.now())),
  );
}

catalog.get(
  "/v1/sellers/:seller/products",
  endpoint({
    id: "listProducts",
    tag: "catalogue",
    summary: "Products of a seller",
    who: ["platform", "seller"],
    answers: { 200: { description: "A page of products", schema: page(product) } },
    problems: ["not_found", "bad_request"],
  }),
  ofSeller,
  query(pageQuery),
  async (c) => {
    const { seller } = c.req.valid("param");
    const principal = c.get("principal");
    if (principal.kind === "seller" && principal.name !== seller) return problem(c, "not_found");
    return shown(c, await listProducts(c.env.DB, seller, c.req.valid("query")));
  },
);

/** A product CSV in Shopify's format, read: what its rows mean. */
import { describe, expect, it } from "vitest";
import { csvOf, MUG, OLD_HEADERS, oldCsv, SHIRT, type OldRow } from "./files.ts";
import { contents, read, refusalOf, skus } from "./parsing.ts";

function priceIn(currency: string, price: string): number | undefined {
  return contents(read(oldCsv({ ...MUG, "Variant Price": price }), currency))[0]?.variants[0]?.price?.amount;
}

function withoutSkus(rows: readonly OldRow[]): OldRow[] {
  return rows.map((row) => ({ ...row, "Variant SKU": "" }));
}

describe("rows of one handle", () => {
  it("are one product, each row a variant and an image", () => {
    const catalog = read(oldCsv(...SHIRT));
    expect(catalog.faults).toEqual([]);
    expect(catalog.rows).toBe(2);
    expect(contents(catalog)).toEqual([
      {
        handle: "shirt",
        title: "Ocean Shirt",
        description: "Blue & soft",
        vendor: "Acme",
        tags: ["summer", "men"],
        images: ["https://cdn.example/shirt.jpg", "https://cdn.example/back.jpg"],
        optionNames: ["Size"],
        variants: [
          {
            sku: "SH-S",
            options: ["S"],
            price: { amount: 1_999, currency: "USD" },
            compareAtPrice: { amount: 2_500, currency: "USD" },
            image: "https://cdn.example/s.jpg",
            barcode: "4006381333931",
            grams: 200,
            stock: 5,
          },
          { sku: "SH-M", options: ["M"], price: { amount: 2_100, currency: "USD" }, stock: -2 },
        ],
        status: "active",
      },
    ]);
  });

  it("belong together wherever they are, whichever of them has the title", () => {
    const [first, second] = SHIRT;
    const inOrder = contents(read(oldCsv(first!, second!, MUG)));
    const apart = contents(read(oldCsv(first!, MUG, second!)));
    expect(apart).toEqual(inOrder);
    const titleLast = read(oldCsv({ ...second!, "Option1 Value": "M" }, first!));
    expect(titleLast.faults).toEqual([]);
    expect(contents(titleLast)[0]).toMatchObject({ title: "Ocean Shirt", optionNames: ["Size"] });
    expect(skus(titleLast)).toEqual(["SH-M", "SH-S"]);
  });

  it("with an image and nothing of a variant add the image only", () => {
    const image = { Handle: "mug", "Image Src": "https://cdn.example/mug.jpg", "Image Position": "1" };
    const [mug] = contents(read(oldCsv(MUG, image)));
    expect(mug).toMatchObject({ images: ["https://cdn.example/mug.jpg"], variants: [{ sku: "MUG" }] });
  });

  it("show their images by position, each once", () => {
    const images = ["3", "1", "", "2"].map((position, at) => ({
      Handle: "mug",
      "Image Src": `https://cdn.example/${at % 3}.jpg`,
      "Image Position": position,
    }));
    const [mug] = contents(read(oldCsv(MUG, ...images)));
    expect(mug?.images).toEqual([
      "https://cdn.example/1.jpg",
      "https://cdn.example/0.jpg",
      "https://cdn.example/2.jpg",
    ]);
  });

  it("that are blank, as spreadsheets leave them, are passed over", () => {
    const catalog = read(oldCsv(MUG, {}, { Handle: " " }) + ",,,\n\n   \n");
    expect(catalog).toMatchObject({ rows: 1, faults: [] });
  });
});

describe("a product", () => {
  it("without options has none, though Shopify writes Title and Default Title", () => {
    expect(contents(read(oldCsv(MUG)))[0]).toMatchObject({ optionNames: [], variants: [{ options: [] }] });
  });

  it("with a blank price has no price", () => {
    const { "Variant Price": _, ...free } = MUG;
    expect(contents(read(oldCsv(free)))[0]?.variants).toEqual([{ sku: "MUG", options: [] }]);
  });

  it("that says nothing of variants has one", () => {
    const file = csvOf(["Handle", "Title"], [{ Handle: "mug", Title: "Mug" }]);
    expect(contents(read(file))[0]?.variants).toEqual([{ sku: "mug", options: [] }]);
  });

  it.each([
    [{ Status: "Draft" }, "draft"],
    [{ Status: "ARCHIVED" }, "archived"],
    [{ Status: "unlisted" }, "active"],
    [{ Status: "active", Published: "false" }, "active"],
    [{ Published: "FALSE" }, "draft"],
    [{ Published: "" }, "active"],
  ])("with %o is %s", (cells, status) => {
    expect(contents(read(oldCsv({ ...MUG, ...cells })))[0]?.status).toBe(status);
  });

  it("has its prices in the currency's minor unit", () => {
    expect([priceIn("USD", "19.9"), priceIn("JPY", "1900.00"), priceIn("KWD", "1.5")]).toEqual([
      1_990, 1_900, 1_500,
    ]);
  });

  it("keeps cells that a spreadsheet would take for formulas as they are", () => {
    const [product] = contents(read(oldCsv({ ...MUG, Title: "=HYPERLINK(1)", "Variant SKU": "+1-@2" })));
    expect(product).toMatchObject({ title: "=HYPERLINK(1)", variants: [{ sku: "+1-@2" }] });
  });
});

describe("a variant without a SKU", () => {
  it("gets one of handle and options, the same in whatever order the rows are", () => {
    expect(skus(read(oldCsv(...withoutSkus(SHIRT))))).toEqual(["shirt:S", "shirt:M"]);
    expect(skus(read(oldCsv(...withoutSkus(SHIRT.toReversed()))))).toEqual(["shirt:M", "shirt:S"]);
    expect(skus(read(oldCsv(...withoutSkus([MUG]))))).toEqual(["mug"]);
  });

  it("is refused when that would be too long", () => {
    const { faults } = read(oldCsv(...withoutSkus([{ ...MUG, Handle: "m".repeat(200) }])));
    expect(faults).toMatchObject([{ line: 2, column: "Variant SKU", reason: /would be too long/ }]);
  });
});

describe("columns", () => {
  const NEW_HEADERS: Record<(typeof OLD_HEADERS)[number], string> = {
    Handle: "URL handle",
    Title: "Title",
    "Body (HTML)": "Description",
    Vendor: "Vendor",
    Tags: "Tags",
    Published: "Published on online store",
    "Option1 Name": "Option1 name",
    "Option1 Value": "Option1 value",
    "Option2 Name": "Option2 name",
    "Option2 Value": "Option2 value",
    "Variant SKU": "SKU",
    "Variant Grams": "Weight value (grams)",
    "Variant Inventory Qty": "Inventory quantity",
    "Variant Price": "Price",
    "Variant Compare At Price": "Compare-at price",
    "Variant Barcode": "Barcode",
    "Image Src": "Product image URL",
    "Image Position": "Image position",
    "Variant Image": "Variant image URL",
    Status: "Status",
  };

  it("are known by the headers of both of Shopify's generations", () => {
    const renamed = oldCsv(...SHIRT, MUG).replace(
      OLD_HEADERS.join(","),
      Object.values(NEW_HEADERS).join(","),
    );
    expect(contents(read(renamed))).toEqual(contents(read(oldCsv(...SHIRT, MUG))));
  });

  it("may be in any order and case, with others between them", () => {
    const rows = [...SHIRT, MUG].map((row) => ({ ...row, "Price / International": "1", Extra: "x,y" }));
    const headers = [...OLD_HEADERS.toReversed(), "Extra", "Price / International"];
    const file = csvOf(headers, rows).replace("Variant SKU", " variant sku ");
    expect(contents(read(file))).toEqual(contents(read(oldCsv(...SHIRT, MUG))));
  });

  it("that come twice are reported, and the first counts", () => {
    const { faults, products } = read("Handle,Title,SKU,Price,SKU\nmug,Mug,A,1,B\n");
    expect(faults).toEqual([{ line: 1, column: "SKU", reason: "is there twice; the first column counts" }]);
    expect(products[0]?.content.variants[0]?.sku).toBe("A");
  });
});

describe("what is no product CSV at all", () => {
  it.each([
    ["an empty file", "", /empty/],
    ["another table", "Name,Amount\nx,1\n", /no Handle and no Title column/],
    ["a table without titles", "Handle,Price\nx,1\n", /no Title column/],
    ["columns separated by semicolons", "Handle;Title;Price\nx;X;1\n", /separated by commas/],
    ["a header with a broken quote", '"Handle,Title\nx,X\n', /header/],
    ["a workbook", new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0]), /not text/],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x48, 0, 0x61, 0]), /not text/],
  ])("is refused: %s", (_what, file, detail) => {
    expect(refusalOf(file)).toMatchObject({ code: "bad_request", detail: expect.stringMatching(detail) });
  });

  it("is refused as too large past the most rows we take", () => {
    expect(refusalOf(`Handle,Title\n${"a,b\n".repeat(50_001)}`).code).toBe("payload_too_large");
    expect(refusalOf(`Handle,Title\n${",\n".repeat(50_001)}`).code).toBe("payload_too_large");
  });
});

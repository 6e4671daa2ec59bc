/** Faults in a product CSV: each is reported at its line, and costs no more than itself. */
import { describe, expect, it } from "vitest";
import { csvOf, MUG, oldCsv, SHIRT, type OldRow } from "./files.ts";
import { contents, read, skus } from "./parsing.ts";

const HEADER = "Handle,Title,Price\n";

describe("a bad cell of a variant", () => {
  it.each<[OldRow, RegExp]>([
    [{ "Variant Price": "$5" }, /not a price/],
    [{ "Variant Price": "1,299.00" }, /not a price/],
    [{ "Variant Price": "-5" }, /not a price/],
    [{ "Variant Price": "1e3" }, /not a price/],
    [{ "Variant Price": "19.999" }, /more decimals than USD/],
    [{ "Variant Price": "99999999999999999999" }, /larger/],
    [{ "Variant Compare At Price": "free" }, /not a price/],
    [{ "Variant Inventory Qty": "1.5" }, /whole number/],
    [{ "Variant Inventory Qty": "many" }, /whole number/],
    [{ "Variant Grams": "-1" }, /weight/],
    [{ "Variant Image": "s.jpg" }, /web address/],
    [{ "Variant SKU": "x".repeat(129) }, /more than 128 characters/],
    [{ "Variant SKU": "a\u0007b" }, /control/],
    [{ "Option1 Value": "" }, /blank, but this product has Size/],
    [{ "Option2 Value": "Red" }, /no Option2 Name/],
    [{ "Option1 Value": "S" }, /same variant as on line 2/],
    [{ "Variant SKU": "SH-S" }, /repeats SH-S, which is on line 2 already/],
  ])("%o refuses that variant only", (cells, reason) => {
    const [first, second] = SHIRT;
    const catalog = read(oldCsv(first!, { ...second!, ...cells }, MUG));
    expect(catalog.faults).toMatchObject([
      { line: 3, handle: "shirt", column: Object.keys(cells)[0], reason: expect.stringMatching(reason) },
    ]);
    expect(skus(catalog)).toEqual(["SH-S", "MUG"]);
  });

  it("leaves what its row says of the product", () => {
    const [first, second] = SHIRT;
    const catalog = read(oldCsv({ ...first!, "Variant Price": "?" }, second!));
    expect(catalog.faults).toHaveLength(1);
    expect(contents(catalog)[0]).toMatchObject({ title: "Ocean Shirt", variants: [{ sku: "SH-M" }] });
  });
});

describe("more than a product may have", () => {
  it("of variants refuses those beyond", () => {
    const rows = Array.from({ length: 2_049 }, (_, at) => ({
      Handle: "shirt",
      Title: at === 0 ? "Shirt" : "",
      "Option1 Name": at === 0 ? "Number" : "",
      "Option1 Value": String(at),
    }));
    const catalog = read(oldCsv(...rows));
    expect(catalog.faults).toMatchObject([{ line: 2_050, reason: /more than 2048 variants/ }]);
    expect(skus(catalog)).toHaveLength(2_048);
  });

  it("of images leaves out those beyond", () => {
    const images = Array.from({ length: 251 }, (_, at) => ({
      Handle: "mug",
      "Image Src": `https://cdn.example/${at}.jpg`,
    }));
    const catalog = read(oldCsv(MUG, ...images));
    expect(catalog.faults).toMatchObject([
      { line: 253, column: "Image Src", reason: /more than 250 images/ },
    ]);
    expect(contents(catalog)[0]?.images).toHaveLength(250);
  });
});

describe("a fault of the product itself", () => {
  it.each<[OldRow, RegExp]>([
    [{ Title: "" }, /blank in every row/],
    [{ Title: "x".repeat(301) }, /more than 300 characters/],
    [{ Status: "sold" }, /not active/],
    [{ "Option1 Name": "x".repeat(301) }, /more than 300 characters/],
    [{ Tags: "x".repeat(256) }, /more than 255 characters/],
    [{ "Body (HTML)": `<p>${"x".repeat(65_537)}` }, /65536 characters/],
  ])("%o refuses the product, at the line of the cell", (cells, reason) => {
    const [first, second] = SHIRT;
    const catalog = read(oldCsv(MUG, { ...first!, ...cells }, second!));
    expect(catalog.faults).toMatchObject([
      { line: 3, handle: "shirt", column: Object.keys(cells)[0], reason: expect.stringMatching(reason) },
    ]);
    expect(skus(catalog)).toEqual(["MUG"]);
  });

  it("does not come from what a later row repeats: the first row that says a thing counts", () => {
    const [first, second] = SHIRT;
    const catalog = read(oldCsv(first!, { ...second!, Vendor: "x".repeat(301) }, MUG));
    expect(catalog.faults).toEqual([]);
    expect(contents(catalog)[0]?.vendor).toBe("Acme");
  });
});

describe("a bad row", () => {
  it.each([
    ["without a handle", ",Mug,1", "Handle", /blank/],
    ["with spaces in its handle", "a mug,Mug,1", "Handle", /spaces/],
    ["with too few cells", "mug,Mug", undefined, /2 cells, but the header has 3/],
    ["with too many cells", "mug,Mug,1,2", undefined, /4 cells, but the header has 3/],
    ["with a quote in an unquoted cell", 'mug,5" Mug,1', undefined, /quote but is not quoted/],
    ["that goes on after a quoted cell", 'mug,"Mug"s,1', undefined, /not closed/],
    ["with a quote that is never closed", 'mug,"Mug,1', undefined, /not closed/],
  ])("%s is refused, and the rows around it are read", (_what, row, column, reason) => {
    const catalog = read(`${HEADER}hat,Hat,1\n${row}\ncap,"Cap",2\n`);
    expect(catalog.faults).toMatchObject([
      { line: 3, ...(column ? { column } : {}), reason: expect.stringMatching(reason) },
    ]);
    expect(catalog.rows).toBe(3);
    expect(skus(catalog)).toEqual(["hat", "cap"]);
  });

  it("may have more cells when they are blank", () => {
    expect(read(`${HEADER}mug,Mug,1,, \n`)).toMatchObject({ faults: [], rows: 1 });
  });

  it("need not fill columns that have no header", () => {
    expect(read("Handle,Title,,\nmug,Mug\nhat,Hat,,\n")).toMatchObject({ faults: [], rows: 2 });
  });

  it("with a bad image loses the image", () => {
    const catalog = read(oldCsv({ ...MUG, "Image Src": "javascript:alert(1)" }));
    expect(catalog.faults).toMatchObject([{ line: 2, column: "Image Src" }]);
    expect(contents(catalog)[0]).toMatchObject({ images: [], variants: [{ sku: "MUG" }] });
  });
});

describe("a file that is not all UTF-8", () => {
  it("has the faults of its damaged cells reported, and no others", () => {
    const text = csvOf(
      ["Handle", "Title"],
      [
        { Handle: "caf", Title: "Caf\u0001" },
        { Handle: "tea", Title: "Tea \ufffd" },
      ],
    );
    const bytes = new TextEncoder().encode(text).map((byte) => (byte === 1 ? 0xe9 : byte));
    const { faults } = read(bytes);
    expect(faults.map(({ line, column, reason }) => [line, column, reason.slice(0, 36)])).toEqual([
      [2, "Title", "has characters that are not UTF-8; s"],
      [3, "Title", "has characters that are not UTF-8; s"],
    ]);
    expect(read(text.replace("\u0001", "é")).faults).toEqual([]);
  });
});

describe("a SKU that another product has", () => {
  it("is refused where it comes second", () => {
    const catalog = read(oldCsv(MUG, { ...MUG, Handle: "mug-copy" }, ...SHIRT));
    expect(catalog.faults).toMatchObject([{ line: 3, handle: "mug-copy", column: "Variant SKU" }]);
    expect(contents(catalog).map(({ handle }) => handle)).toEqual(["mug", "shirt"]);
  });
});

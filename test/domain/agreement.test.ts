/** What a session's contract keeps it from: SKUs, zones and other people's money. */
import { describe, expect, it } from "vitest";
import type { Agreement } from "../../src/domain/contract.ts";
import type { Command } from "../../src/domain/commands.ts";
import { pictureOf } from "../../src/domain/picture.ts";
import type { Funder } from "../../src/domain/pricing.ts";
import type { Refusal } from "../../src/domain/refusal.ts";
import { MUG, offerTerms, priced, refusalOf, SET_TERMS, Shop, T0, TEE, usd } from "./shop.ts";

const AGREEMENT: Agreement = {
  funders: { dropPrice: ["seller"], creatorCode: ["seller", "creator"] },
  zones: ["main"],
  skus: ["tee"],
  creatorMay: ["run"],
};

const agreed = (over: Partial<Agreement> = {}): Shop =>
  Shop.created({ agreement: { ...AGREEMENT, ...over } });
const refusal = (shop: Shop, command: Command): Refusal | undefined => refusalOf(shop.send(command));
const code = (funder: Funder) => ({ code: "MAYA10", off: { basisPoints: 1_000 }, funder });
const drop = (funder: Funder) => priced(2_000, { drop: { price: usd(1_500), funder } });

describe("a session whose contract names SKUs and zones", () => {
  it("has offers of what is covered, bundles included", () => {
    const shop = agreed();
    expect(shop.send({ type: "offer.create", v: 1, terms: offerTerms(TEE) }).ok).toBe(true);
    for (const terms of [offerTerms(MUG), SET_TERMS]) {
      expect(refusal(shop, { type: "offer.create", v: 1, terms })).toEqual({
        code: "not_covered",
        sku: "mug",
      });
    }
  });

  it("has stock of what is covered, where it is covered", () => {
    const shop = agreed();
    const allocate = (sku: string, zone: string) =>
      ({ type: "stock.allocate", v: 1, sku, zone, allocated: 5 }) as const;
    expect(shop.send(allocate("tee", "main")).ok).toBe(true);
    expect(refusal(shop, allocate("mug", "main"))).toEqual({ code: "not_covered", sku: "mug" });
    expect(refusal(shop, allocate("tee", "moon"))).toEqual({ code: "not_covered", zone: "moon" });
  });
});

describe("who pays for a layer", () => {
  it("of a new offer, of its steps and of a new price, is whom the contract names", () => {
    const shop = agreed();
    const unagreed = {
      code: "funder_not_agreed",
      funder: "platform",
      layer: "drop_price",
      agreed: ["seller"],
    };
    const create = (over: Parameters<typeof offerTerms>[1]) =>
      ({ type: "offer.create", v: 1, terms: offerTerms(TEE, over) }) as const;
    expect(refusal(shop, create({ price: drop("platform") }))).toEqual(unagreed);
    const priceSteps = [{ atMs: T0 + 60_000, price: drop("platform") }];
    expect(refusal(shop, create({ priceSteps }))).toEqual(unagreed);
    expect(shop.send(create({ price: drop("seller") })).ok).toBe(true);
    const reprice = { type: "offer.update", v: 1, offer: TEE, changes: {}, olderTokens: "honour" } as const;
    expect(refusal(shop, { ...reprice, price: drop("platform") })).toEqual(unagreed);
    expect(shop.send({ ...reprice, price: drop("seller") }).ok).toBe(true);
  });

  it("of a creator's code likewise, from the start and later", () => {
    const shop = agreed();
    const update = (funder: Funder) =>
      ({ type: "session.update", v: 1, changes: { creatorCodes: [code(funder)] } }) as const;
    expect(refusal(shop, update("platform"))).toMatchObject({
      code: "funder_not_agreed",
      layer: "creator_code",
    });
    expect(shop.send(update("creator")).ok).toBe(true);
    const foreign = { ...code("creator"), creator: "cre_2" } as const;
    const unpaid = { type: "session.update", v: 1, changes: { creatorCodes: [foreign] } } as const;
    expect(refusal(shop, unpaid)).toMatchObject({ code: "funder_not_agreed", agreed: ["seller"] });
    const other = new Shop();
    const terms = { ...shop.state.terms!, creatorCodes: [code("platform")] };
    expect(refusal(other, { type: "session.create", v: 1, terms })).toMatchObject({ funder: "platform" });
  });
});

describe("the picture", () => {
  it("says what a creator may do, where there is one", () => {
    expect(
      pictureOf(Shop.created({ creator: "cre_1", agreement: AGREEMENT }).state)?.session.creatorMay,
    ).toEqual(["run"]);
    expect(pictureOf(agreed().state)?.session).not.toHaveProperty("creatorMay");
  });
});

/** The words for why a split is as it is. */
import { describe, expect, it } from "vitest";
import type { ContractTerms, ReferralRate } from "../../src/domain/contract.ts";
import { decimalsOf, moneyText, percentText } from "../../src/domain/decimals.ts";
import { money } from "../../src/domain/money.ts";
import { splitOf, type Sale } from "../../src/domain/split.ts";
import { stepsOf } from "../../src/domain/split-steps.ts";
import { contractTerms, sale, sellerTerms, tier } from "./contracts.ts";
import { usd } from "./shop.ts";

function wordsOf(sold: Sale, terms: ContractTerms, volume = 0, referral?: ReferralRate): string[] {
  const quantity = sold.lines.reduce((sum, line) => sum + line.quantity, 0);
  return stepsOf(splitOf(sold, terms, volume, referral), terms, quantity).map(({ text }) => text);
}

describe("the steps of a split", () => {
  it("are fee, rate and rest", () => {
    expect(wordsOf(sale(8_000), contractTerms())).toEqual([
      "sold for 80.00 USD",
      "platform fee 5 % of 80.00 USD = 4.00 USD",
      "creator's rate 15 % of 80.00 USD = 12.00 USD",
      "seller has the rest: 64.00 USD",
    ]);
  });

  it("say what another creator has who brought the order, and when that is all there is", () => {
    expect(wordsOf(sale(8_000), contractTerms(), 0, { basisPoints: 1_000 }).slice(-2)).toEqual([
      "brought by another creator: 10 % of 80.00 USD = 8.00 USD",
      "seller has the rest: 56.00 USD",
    ]);
    expect(wordsOf(sale(8_000), contractTerms(), 0, { basisPoints: 9_000 }).slice(-3)).toEqual([
      "brought by another creator: 90 % of 80.00 USD = 72.00 USD",
      "no more than is left to the seller: 64.00 USD",
      "seller has the rest: 0.00 USD",
    ]);
  });

  it("say which tier, what is for each unit, and what fixed fees add", () => {
    const terms = contractTerms({
      platformFee: { basisPoints: 500, perOrder: usd(30) },
      creatorRate: [tier(0, 1_000), tier(50_000, 1_250, 25)],
    });
    expect(wordsOf(sale(4_000, 2), terms, 60_000)).toEqual([
      "sold for 80.00 USD",
      "platform fee 5 % of 80.00 USD = 4.00 USD",
      "and 0.30 USD an order = 4.30 USD",
      "creator's rate 12.5 % (after 600.00 USD, from 500.00 USD on) of 80.00 USD = 10.00 USD",
      "and 0.25 USD for each of 2 = 10.50 USD",
      "seller has the rest: 65.20 USD",
    ]);
  });

  it("say when a minimum applies, and when there is no more", () => {
    const terms = contractTerms({
      platformFee: { basisPoints: 500, minimum: usd(1_200) },
      creatorRate: [tier(0, 1_500, 100)],
    });
    expect(wordsOf(sale(1_000), terms)).toEqual([
      "sold for 10.00 USD",
      "platform fee 5 % of 10.00 USD = 0.50 USD",
      "minimum fee applies: 12.00 USD",
      "no more than there is: 10.00 USD",
      "creator's rate 15 % of 10.00 USD = 1.50 USD",
      "and 1.00 USD for each of 1 = 2.50 USD",
      "no more than is left after the platform's fee: 0.00 USD",
      "seller has the rest: 0.00 USD",
    ]);
  });

  it("say who pays for discounts, what tax is in it, what credit pays and what is kept back", () => {
    const terms = sellerTerms({
      tax: { basisPoints: 2_000 },
      reserve: { basisPoints: 1_000, heldMs: 7 * 86_400_000 },
    });
    expect(wordsOf(sale(6_000, 1, { funded: { platform: 1_000 }, credit: 500 }), terms)).toEqual([
      "sold for 60.00 USD",
      "platform pays 10.00 USD of the discount: the seller asked for 70.00 USD",
      "tax of 20 % included in 60.00 USD = 10.00 USD",
      "platform fee 5 % of 60.00 USD = 3.00 USD",
      "seller has the rest: 57.00 USD",
      "10 % of it kept back for 7 days: 5.70 USD",
      "loyalty credit pays 5.00 USD: captured 55.00 USD",
    ]);
  });
});

describe("an amount in words", () => {
  it("has the decimals of its currency", () => {
    expect(
      [money(1_999, "USD"), money(5, "USD"), money(1_999, "JPY"), money(-1_234, "KWD")].map(moneyText),
    ).toEqual(["19.99 USD", "0.05 USD", "1999 JPY", "-1.234 KWD"]);
    expect(["HUF", "CLF"].map(decimalsOf)).toEqual([2, 4]);
  });

  it("is a percentage without needless zeros", () => {
    expect([0, 1, 250, 500, 1_000, 10_000].map(percentText)).toEqual([
      "0 %",
      "0.01 %",
      "2.5 %",
      "5 %",
      "10 %",
      "100 %",
    ]);
  });
});

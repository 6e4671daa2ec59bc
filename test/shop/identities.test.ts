/** Who takes part: sellers, creators and their contracts. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createContract, getContract, listContracts } from "../../src/shop/contracts.ts";
import { createCreator, getCreator } from "../../src/shop/creators.ts";
import { createSeller, getSeller } from "../../src/shop/sellers.ts";
import { createContract as contractSchema } from "../../src/wire/identities.ts";
import { aCreator, aSeller, NOW_MS } from "./people.ts";

const db = env.DB;
const NO_SELLER = "sel_01jd3m5n8yfx0t2qv4w6z9r1ab";
const NO_CREATOR = "cre_01jd3m5n8yfx0t2qv4w6z9r1ab";

describe("a seller", () => {
  it("is found by the id it is given", async () => {
    const seller = await createSeller(db, { name: "Acme", email: "shop@acme.example" }, NOW_MS);
    expect(seller).toEqual({
      id: expect.stringMatching(/^sel_[0-9a-z]{26}$/),
      name: "Acme",
      email: "shop@acme.example",
      createdAtMs: NOW_MS,
    });
    expect(await getSeller(db, seller.id)).toEqual(seller);
  });

  it("without an email has none", async () => {
    const { id } = await createSeller(db, { name: "Acme" }, NOW_MS);
    expect(await getSeller(db, id)).toEqual({ id, name: "Acme", createdAtMs: NOW_MS });
  });

  it("that does not exist is not found", async () => {
    expect(await getSeller(db, NO_SELLER)).toBeUndefined();
  });
});

describe("a creator", () => {
  it("has a handle that nobody else has", async () => {
    const first = await createCreator(db, { name: "Ana", handle: "ana" }, NOW_MS);
    expect(first).toMatchObject({ ok: true, value: { handle: "ana" } });
    expect(await createCreator(db, { name: "Anna", handle: "ana" }, NOW_MS)).toMatchObject({
      ok: false,
      code: "conflict",
    });
  });

  it("is one, when several ask for a handle at once", async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => createCreator(db, { name: "Bo", handle: "bo" }, NOW_MS)),
    );
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("is found by the id", async () => {
    const creator = await aCreator();
    expect(await getCreator(db, creator.id)).toEqual(creator);
    expect(await getCreator(db, NO_CREATOR)).toBeUndefined();
  });
});

describe("a contract", () => {
  const shares = { currency: "USD", platformBasisPoints: 500, creatorBasisPoints: 1_500 };

  it("has the terms it was made with", async () => {
    const [seller, creator] = await Promise.all([aSeller(), aCreator()]);
    const terms = { seller: seller.id, creator: creator.id, ...shares, endsAtMs: NOW_MS + 1, note: "spring" };
    const made = await createContract(db, terms, NOW_MS);
    if (!made.ok) throw new Error(made.detail);
    expect(made.value).toEqual({
      id: expect.stringMatching(/^con_[0-9a-z]{26}$/),
      ...terms,
      createdAtMs: NOW_MS,
    });
    expect(await getContract(db, made.value.id)).toEqual(made.value);
  });

  it("needs a seller and a creator that exist", async () => {
    const [seller, creator] = await Promise.all([aSeller(), aCreator()]);
    const withoutSeller = { seller: NO_SELLER, creator: creator.id, ...shares } as const;
    const withoutCreator = { seller: seller.id, creator: NO_CREATOR, ...shares } as const;
    expect(await createContract(db, withoutSeller, NOW_MS)).toMatchObject({ ok: false, code: "not_found" });
    expect(await createContract(db, withoutCreator, NOW_MS)).toMatchObject({ ok: false, code: "not_found" });
  });

  it("cannot end before it starts, nor share out more than there is", () => {
    const terms = { seller: NO_SELLER, creator: NO_CREATOR, ...shares };
    const dates = { startsAt: "2026-11-21T18:00:00Z", endsAt: "2026-11-21T18:00:00+01:00" };
    expect(contractSchema.safeParse({ ...terms, ...dates }).error?.issues[0]?.path).toEqual(["endsAt"]);
    expect(contractSchema.safeParse({ ...terms, platformBasisPoints: 8_501 }).success).toBe(false);
    expect(contractSchema.safeParse(terms).success).toBe(true);
  });

  it("is listed for its seller, for its creator, and for the two, page by page", async () => {
    const [seller, other, creator] = await Promise.all([aSeller(), aSeller(), aCreator()]);
    const ids: string[] = [];
    for (const one of [seller, seller, other, seller]) {
      const made = await createContract(db, { seller: one.id, creator: creator.id, ...shares }, NOW_MS);
      if (made.ok) ids.push(made.value.id);
    }
    const ofSeller = await listContracts(db, { seller: seller.id }, { limit: 2 });
    if (!ofSeller.ok) throw new Error(ofSeller.detail);
    expect(ofSeller.value.data.map(({ id }) => id)).toEqual([ids[0], ids[1]]);
    const cursor = ofSeller.value.nextCursor ?? undefined;
    expect(await listContracts(db, { seller: seller.id }, { limit: 2, cursor })).toMatchObject({
      value: { data: [{ id: ids[3] }], nextCursor: null },
    });
    expect(await listContracts(db, { creator: creator.id }, { limit: 4 })).toMatchObject({
      value: { data: ids.map((id) => ({ id })), nextCursor: null },
    });
    expect(await listContracts(db, { seller: other.id, creator: creator.id }, { limit: 4 })).toMatchObject({
      value: { data: [{ id: ids[2] }] },
    });
  });

  it.each(["", "x", "c2VsX3g", "///"])("list refuses the cursor %o", async (cursor) => {
    expect(await listContracts(db, {}, { limit: 1, cursor })).toMatchObject({
      ok: false,
      code: "bad_request",
    });
  });
});

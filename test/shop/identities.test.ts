/** Who takes part: sellers and creators. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createCreator, getCreator } from "../../src/shop/creators.ts";
import { createSeller, getSeller } from "../../src/shop/sellers.ts";
import { aCreator, NOW_MS } from "./people.ts";

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

/** Sessions under contracts: which one holds, and what it lets a session do. */
import { describe, expect, it } from "vitest";
import {
  get,
  must,
  newContract,
  newOffer,
  newSession,
  newShop,
  patch,
  PLATFORM,
  post,
  refused,
  usd,
  type Shop,
} from "./client.ts";

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe("a session", () => {
  const create = (shop: Shop, over: object): ReturnType<typeof post> =>
    post("/v1/sessions", {
      as: shop.seller.key,
      body: { seller: shop.seller.id, title: "Drop", currency: "USD", ...over },
    });

  it("begins under a contract that is in force", async () => {
    const shop = await newShop();
    for (const over of [{ startsAt: inDays(1) }, { endsAt: new Date(Date.now() - 1_000).toISOString() }]) {
      const answer = await create(shop, { contract: await newContract(shop, over) });
      expect(refused(answer)).toBe("409 contract_not_in_force");
      expect(answer.json).toMatchObject(over);
    }
    const contract = await newContract(shop, { startsAt: inDays(-1), endsAt: inDays(1) });
    expect((await create(shop, { contract })).status).toBe(201);
  });

  it("keeps a copy of what its contract lets it do", async () => {
    const shop = await newShop();
    const over = { skus: ["A"], zones: ["main"], creatorMay: ["run"] };
    const made = await must(create(shop, { contract: await newContract(shop, over) }));
    expect(made).toMatchObject({ creator: shop.creator.id, agreement: over });
    expect((await get(`/v1/sessions/${made.id}`)).json.session.creatorMay).toEqual(["run"]);
  });

  it("that names none is under the one that there is between its two, the newest in its currency", async () => {
    const shop = await newShop();
    const { creator } = shop;
    const rated = (from: object) => ({ creatorRate: [{ from, basisPoints: 1_500 }] });
    const contractFor = async (over: object): Promise<string | undefined> =>
      (await must(create(shop, over))).contract;
    expect(await contractFor({ creator: creator.id })).toBeUndefined();
    const over = { funders: { dropPrice: ["platform"], creatorCode: ["seller"] }, creatorMay: ["run"] };
    const first = await newContract(shop);
    const second = await newContract(shop, over);
    await newContract(shop, { startsAt: inDays(1) });
    await newContract(shop, { endsAt: new Date(Date.now() - 1_000).toISOString() });
    await newContract({ ...shop, creator: (await newShop()).creator });
    const euros = await newContract(shop, {
      currency: "EUR",
      ...rated({ amount: 0, currency: "EUR" }),
    });
    const made = await must(create(shop, { creator: creator.id }));
    expect(made).toMatchObject({ creator: creator.id, contract: second, agreement: over });
    expect(await contractFor({ creator: creator.id, currency: "EUR" })).toBe(euros);
    expect(await contractFor({ creator: creator.id, contract: first })).toBe(first);
    expect(await contractFor({ creator: creator.id, currency: "JPY" })).toBeUndefined();
    // A creator's contract is not the seller's own.
    expect(await contractFor({})).toBeUndefined();
    const body = { seller: shop.seller.id, currency: "USD", platformFee: { basisPoints: 500 } };
    const { id: own } = await must(post("/v1/contracts", { as: PLATFORM, body }));
    expect(await contractFor({})).toBe(own);
    expect(await contractFor({ creator: creator.id })).toBe(second);
  });

  it("of a contract without a creator has none", async () => {
    const shop = await newShop();
    const body = { seller: shop.seller.id, currency: "USD", platformFee: { basisPoints: 500 } };
    const { id: contract } = await must(post("/v1/contracts", { as: PLATFORM, body }));
    expect((await create(shop, { contract })).json).not.toHaveProperty("creator");
    expect(refused(await create(shop, { contract, creator: shop.creator.id }))).toBe("400 bad_request");
  });

  it("sells what is covered, where it is covered", async () => {
    const shop = await newShop();
    const contract = await newContract(shop, { skus: ["A"], zones: ["main"] });
    const stage = await newSession(shop, { contract });
    const as = shop.seller.key;
    const stock = (body: object): ReturnType<typeof post> => post(`${stage.at}/stock`, { as, body });
    expect((await stock({ sku: "A", allocated: 1 })).status).toBe(200);
    const elsewhere = await stock({ sku: "A", zone: "moon", allocated: 1 });
    expect([refused(elsewhere), elsewhere.json.zone]).toEqual(["409 not_covered", "moon"]);
    const other = await stock({ sku: "B", allocated: 1 });
    expect([refused(other), other.json.sku]).toEqual(["409 not_covered", "B"]);
    const body = { title: "Tee", lines: [{ sku: "B", quantity: 1 }], price: { headline: usd(2_000) } };
    expect(refused(await post(`${stage.at}/offers`, { as, body }))).toBe("409 not_covered");
  });

  it("takes off prices at the cost of those who agreed to it", async () => {
    const shop = await newShop();
    const bare = await newSession(shop);
    const agreed = await newSession(shop, {
      contract: await newContract(shop, { funders: { dropPrice: ["platform"], creatorCode: ["creator"] } }),
    });
    const offer = (at: string, funder: string): ReturnType<typeof post> => {
      const price = { headline: usd(2_000), drop: { price: usd(1_500), funder } };
      const body = { title: "Tee", lines: [{ sku: "A", quantity: 1 }], price };
      return post(`${at}/offers`, { as: shop.seller.key, body });
    };
    const code = (at: string, funder: string): ReturnType<typeof post> => {
      const creatorCodes = [{ code: "M10", off: { basisPoints: 1_000 }, funder }];
      return patch(at, { as: shop.seller.key, body: { creatorCodes } });
    };
    const unasked = await offer(bare.at, "platform");
    expect([refused(unasked), unasked.json.agreed]).toEqual(["409 funder_not_agreed", ["seller"]]);
    expect((await offer(bare.at, "seller")).status).toBe(201);
    expect(refused(await code(bare.at, "creator"))).toBe("409 funder_not_agreed");
    expect((await offer(agreed.at, "platform")).status).toBe(201);
    expect(refused(await offer(agreed.at, "seller"))).toBe("409 funder_not_agreed");
    expect((await code(agreed.at, "creator")).status).toBe(200);
    expect(refused(await code(agreed.at, "platform"))).toBe("409 funder_not_agreed");
  });

  it("is hosted by its creator as far as the contract lets", async () => {
    const shop = await newShop();
    const as = shop.creator.key;
    const acts = async (creatorMay: string[]): Promise<string[]> => {
      const contract = await newContract(shop, { creatorMay });
      const { id } = await must(create(shop, { contract }));
      const at = `/v1/sessions/${id}`;
      await must(post(`${at}/start`, { as: shop.seller.key }));
      const stage = { ...shop, session: id, at };
      const drop = await newOffer({ ...stage, creator: { ...shop.creator, key: shop.seller.key } }, 1);
      const price = { headline: usd(2_000), drop: { price: usd(1_500), funder: "creator" } };
      const answers = {
        run: await post(`${at}/pause`, { as }),
        show: await post(`${at}/offers/${drop.offer}/pin`, { as }),
        reprice: await patch(`${at}/offers/${drop.offer}`, { as, body: { price } }),
      };
      for (const { status, json } of Object.values(answers)) {
        if (status !== 200) expect([status, json.code]).toEqual([403, "forbidden"]);
      }
      return Object.entries(answers).flatMap(([right, { status }]) => (status === 200 ? [right] : []));
    };
    for (const rights of [["run"], ["show"], ["reprice"], []]) expect(await acts(rights)).toEqual(rights);
  });
});

/** Contracts over HTTP: who makes and sees them, how they change, and what they come to. */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { dryRunResult } from "../../src/wire/contracts.ts";
import {
  contractOf,
  get,
  must,
  newContract,
  newKey,
  newShop,
  newViewer,
  PLATFORM,
  post,
  refused,
  usd,
  type Json,
  type Shop,
} from "./client.ts";

const DAY_MS = 86_400_000;
const NOWHERE = "/v1/contracts/con_01jd3m5n8yfx0t2qv4w6z9r1ab";
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

/** Terms of a version: those of a contract without whom it is between. */
function termsOf(shop: Shop, over: object = {}): object {
  const {
    seller: _,
    creator: __,
    currency: ___,
    ...terms
  } = contractOf(shop, over) as Record<string, unknown>;
  return terms;
}

const rate = (basisPoints: number) => ({ creatorRate: [{ from: usd(0), basisPoints }] });

describe("a contract", () => {
  it("is made by the platform, in force at once, with what follows from its terms", async () => {
    const shop = await newShop();
    const body = {
      seller: shop.seller.id,
      creator: shop.creator.id,
      currency: "USD",
      platformFee: { basisPoints: 500, minimum: usd(50) },
      creatorRate: [
        { from: usd(0), basisPoints: 1_000 },
        { from: usd(100_000), basisPoints: 1_500, perUnit: usd(25) },
      ],
      rateLockedUntilAt: inDays(30),
      tax: { basisPoints: 1_900 },
      reserve: { basisPoints: 1_000, heldMs: 7 * DAY_MS },
      zones: ["main"],
      endsAt: inDays(90),
    };
    const made = await post("/v1/contracts", { as: PLATFORM, body });
    expect([made.status, made.json]).toEqual([
      201,
      {
        id: expect.stringMatching(/^con_/),
        version: 1,
        createdAt: made.json.effectiveAt,
        effectiveAt: expect.stringMatching(/Z$/),
        ...body,
        cutNoticeMs: 0,
        // A creator pays where the contract says so.
        funders: { dropPrice: ["seller"], creatorCode: ["seller"] },
        creatorMay: ["run", "show", "reprice"],
      },
    ]);
    expect(await must(get(made.headers.get("Location") ?? "", { as: PLATFORM }))).toEqual(made.json);
  });

  it("may be a seller's alone", async () => {
    const { seller } = await newShop();
    const body = { seller: seller.id, currency: "USD", platformFee: { basisPoints: 500 } };
    const made = await must(post("/v1/contracts", { as: PLATFORM, body }));
    expect(made).toMatchObject({ creatorRate: [], creatorMay: [], funders: { creatorCode: ["seller"] } });
    expect(made).not.toHaveProperty("creator");
  });

  it("is between people who exist, on terms that can be kept", async () => {
    const shop = await newShop();
    const ask = async (over: object): Promise<string> =>
      refused(await post("/v1/contracts", { as: PLATFORM, body: contractOf(shop, over) }));
    expect(await ask({ seller: "sel_01jd3m5n8yfx0t2qv4w6z9r1ab" })).toBe("404 not_found");
    expect(await ask({ creator: "cre_01jd3m5n8yfx0t2qv4w6z9r1ab" })).toBe("404 not_found");
    for (const over of [
      { platformFee: { basisPoints: 8_501 } },
      { platformFee: { basisPoints: 0, perOrder: { amount: 1, currency: "EUR" } } },
      { referral: { basisPoints: 8_001 } },
      { creatorRate: [] },
      { creatorRate: [{ from: usd(5), basisPoints: 1 }] },
      { creatorRate: Array.from({ length: 21 }, (_, at) => ({ from: usd(at), basisPoints: 1 })) },
      { creatorMay: ["run", "run"] },
      { zones: [] },
      { funders: { dropPrice: ["nobody"] } },
      { startsAt: inDays(2), endsAt: inDays(1) },
      { platformBasisPoints: 500 },
      { creatorRate: [{ from: usd(0), basisPoints: 1, perUnit: usd(LIMITS.perUnitAmount + 1) }] },
    ]) {
      expect(await ask(over), JSON.stringify(over)).toBe("400 bad_request");
    }
    const alone = contractOf(shop, { creator: undefined, referral: { basisPoints: 1 } });
    const wrong = await post("/v1/contracts", { as: PLATFORM, body: alone });
    expect(wrong.json.errors.map(({ path }: Json) => path)).toEqual(["creatorRate", "referral", "funders"]);
  });

  it("is seen by its two sides and the platform; to others it does not exist", async () => {
    const [one, other] = await Promise.all([newShop(), newShop()]);
    const id = await newContract(one);
    const made = await must(get(`/v1/contracts/${id}`, { as: PLATFORM }));
    for (const as of [PLATFORM, one.seller.key, one.creator.key]) {
      expect(await must(get(`/v1/contracts/${id}`, { as }))).toEqual(made);
      expect((await must(get(`/v1/contracts/${id}/versions`, { as }))).data).toEqual([made]);
      expect((await get(`/v1/contracts/${id}/document`, { as })).status).toBe(200);
    }
    for (const as of [other.seller.key, other.creator.key]) {
      for (const path of ["", "/versions", "/document"]) {
        expect(refused(await get(`/v1/contracts/${id}${path}`, { as })), path).toBe("404 not_found");
      }
      const tried = await post(`/v1/contracts/${id}/dry-run`, { as, body: { total: usd(1) } });
      expect(refused(tried)).toBe("404 not_found");
    }
    const { seller, creator } = other;
    for (const [as, query] of [
      [seller.key, `seller=${one.seller.id}`],
      [seller.key, `seller=${one.seller.id}&creator=${one.creator.id}`],
      [creator.key, `creator=${one.creator.id}`],
      [creator.key, `seller=${one.seller.id}&creator=${one.creator.id}`],
    ] as const) {
      expect(refused(await get(`/v1/contracts?${query}`, { as })), query).toBe("404 not_found");
    }
    // With whom one has none is no secret.
    for (const [as, query] of [
      [seller.key, `creator=${one.creator.id}`],
      [creator.key, `seller=${one.seller.id}`],
    ] as const) {
      expect((await must(get(`/v1/contracts?${query}`, { as }))).data, query).toEqual([]);
    }
    for (const [as, query] of [
      [one.seller.key, `seller=${one.seller.id}&creator=${one.creator.id}`],
      [one.creator.key, `seller=${one.seller.id}`],
    ] as const) {
      expect((await must(get(`/v1/contracts?${query}`, { as }))).data, query).toEqual([made]);
    }
    const { token } = await newViewer();
    expect(refused(await get(`/v1/contracts/${id}`, { as: token }))).toBe("403 forbidden");
    expect((await must(get("/v1/contracts", { as: one.seller.key }))).data).toEqual([made]);
    expect((await must(get(`/v1/contracts?creator=${one.creator.id}`, { as: PLATFORM }))).data).toEqual([
      made,
    ]);
  });

  it("is listed page by page", async () => {
    const shop = await newShop();
    const ids = [await newContract(shop), await newContract(shop)];
    const as = shop.seller.key;
    const first = await must(get("/v1/contracts?limit=1", { as }));
    const second = await must(get(`/v1/contracts?limit=1&cursor=${first.nextCursor}`, { as }));
    expect([first.data[0].id, second.data[0].id, second.nextCursor]).toEqual([...ids, null]);
    for (const query of ["limit=101", "limit=0", "cursor=x"]) {
      expect(refused(await get(`/v1/contracts?${query}`, { as })), query).toBe("400 bad_request");
    }
  });
});

describe("a new version", () => {
  it("is the platform's to make, and one by its key", async () => {
    const shop = await newShop();
    const path = `/v1/contracts/${await newContract(shop)}/versions`;
    const body = termsOf(shop, rate(2_000));
    for (const as of [shop.seller.key, shop.creator.key]) {
      expect(refused(await post(path, { as, body }))).toBe("403 forbidden");
    }
    expect(refused(await post(path, { as: PLATFORM, key: null, body }))).toBe("400 idempotency_key_missing");
    const sent = { as: PLATFORM, key: newKey(), body };
    const first = await must(post(path, sent));
    const again = await post(path, sent);
    expect([again.json, again.headers.get("Idempotency-Replayed")]).toEqual([first, "true"]);
    expect((await must(get(path, { as: PLATFORM }))).data).toHaveLength(2);
    expect(refused(await post(`${NOWHERE}/versions`, { as: PLATFORM, body }))).toBe("404 not_found");
    expect(refused(await post(path, { as: PLATFORM, body: { ...body, seller: shop.seller.id } }))).toBe(
      "400 bad_request",
    );
  });

  it("raises at once, and leaves the version before as it was", async () => {
    const shop = await newShop();
    const at = `/v1/contracts/${await newContract(shop, { rateLockedUntilAt: inDays(30) })}`;
    const first = await must(get(at, { as: PLATFORM }));
    const body = termsOf(shop, { ...rate(2_000), rateLockedUntilAt: first.rateLockedUntilAt });
    const raised = await must(post(`${at}/versions`, { as: PLATFORM, body }));
    expect(raised).toMatchObject({ id: first.id, version: 2, creatorRate: [{ basisPoints: 2_000 }] });
    expect(await must(get(at, { as: shop.creator.key }))).toEqual(raised);
    expect(await must(get(`${at}?version=1`, { as: shop.creator.key }))).toEqual(first);
    expect(refused(await get(`${at}?version=3`, { as: PLATFORM }))).toBe("404 not_found");
    expect(refused(await get(`${at}?version=x`, { as: PLATFORM }))).toBe("400 bad_request");
  });

  it("cuts after the lock and with notice; asked for earlier it names the time", async () => {
    const shop = await newShop();
    const rateLockedUntilAt = inDays(30);
    const at = `/v1/contracts/${await newContract(shop, { rateLockedUntilAt })}`;
    const cut = termsOf(shop, rate(1_000));
    const early = await post(`${at}/versions`, { as: PLATFORM, body: { ...cut, effectiveAt: inDays(1) } });
    expect([refused(early), early.json.earliestAt]).toEqual(["409 rate_locked", rateLockedUntilAt]);
    const made = await must(post(`${at}/versions`, { as: PLATFORM, body: cut }));
    expect(made).toMatchObject({ version: 2, effectiveAt: rateLockedUntilAt });
    expect((await must(get(at, { as: PLATFORM }))).version).toBe(1);
    const page = await must(get(`${at}/versions?limit=1`, { as: shop.creator.key }));
    expect([page.data.length, page.nextCursor]).toEqual([1, "1"]);
    const next = await must(get(`${at}/versions?limit=1&cursor=1`, { as: shop.creator.key }));
    expect([next.data, next.nextCursor]).toEqual([[made], null]);
  });
});

describe("a signed document", () => {
  it("proves a version by the published keys alone", async () => {
    const shop = await newShop();
    const at = `/v1/contracts/${await newContract(shop)}`;
    const { id, version, effectiveAt, createdAt, ...terms } = await must(get(at, { as: PLATFORM }));
    const answer = await get(`${at}/document`, { as: shop.creator.key });
    expect(answer.headers.get("Content-Type")).toBe("application/jose");
    const keys = createLocalJWKSet(await must(get("/.well-known/jwks.json")));
    const { payload } = await jwtVerify(answer.text, keys, { typ: "contract+jws", issuer: "dropcast" });
    expect(payload).toEqual({
      iss: "dropcast",
      iat: expect.any(Number),
      contract: id,
      version,
      effectiveAt,
      createdAt,
      terms,
    });
    expect(decodeProtectedHeader(answer.text)).toMatchObject({ alg: "Ed25519" });
    const [head, , signature] = answer.text.split(".");
    const other = btoa(JSON.stringify({ ...payload, version: 2 })).replaceAll("=", "");
    await expect(jwtVerify(`${head}.${other}.${signature}`, keys)).rejects.toThrow("signature");
    expect(refused(await get(`${at}/document?version=2`, { as: PLATFORM }))).toBe("404 not_found");
  });
});

describe("a dry run", () => {
  const dryRun = async (shop: Shop, over: object, body: object): Promise<Json> =>
    must(
      post(`/v1/contracts/${await newContract(shop, over)}/dry-run`, {
        as: shop.creator.key,
        body,
        key: null,
      }),
    );

  it("says what an order would pay to whom, and why", async () => {
    const shop = await newShop();
    const body = { total: usd(8_000), quantity: 2, due: usd(7_500) };
    expect(await dryRun(shop, {}, body)).toEqual({
      contract: expect.stringMatching(/^con_/),
      version: 1,
      total: usd(8_000),
      captured: usd(7_500),
      legs: {
        platform: usd(400),
        creator: usd(1_200),
        referral: usd(0),
        seller: usd(6_400),
        tax: usd(0),
        loyalty: usd(-500),
      },
      reserved: usd(0),
      steps: [
        { code: "sold", amount: 8_000, text: "sold for 80.00 USD" },
        { code: "platform_fee", amount: 400, text: "platform fee 5 % of 80.00 USD = 4.00 USD" },
        { code: "creator_rate", amount: 1_200, text: "creator's rate 15 % of 80.00 USD = 12.00 USD" },
        { code: "seller_rest", amount: 6_400, text: "seller has the rest: 64.00 USD" },
        { code: "loyalty_credit", amount: -500, text: "loyalty credit pays 5.00 USD: captured 75.00 USD" },
      ],
    });
  });

  it("says what another creator would have who brought it", async () => {
    const body = { total: usd(8_000), referral: { basisPoints: 9_000 } };
    const { legs, steps } = await dryRun(await newShop(), { referral: { basisPoints: 8_000 } }, body);
    expect(legs).toMatchObject({ creator: usd(1_200), referral: usd(6_400), seller: usd(0) });
    expect(steps.map(({ code, amount }: Json) => [code, amount])).toContainEqual(["referral_limited", 6_400]);
  });

  it("takes volume, units and funded discounts into account", async () => {
    const shop = await newShop();
    const over = {
      creatorRate: [
        { from: usd(0), basisPoints: 1_000 },
        { from: usd(100_000), basisPoints: 2_000, perUnit: usd(25) },
      ],
    };
    const body = { total: usd(9_000), quantity: 4, volume: usd(100_000), funded: { creator: 1_000 } };
    expect((await dryRun(shop, over, body)).legs).toMatchObject({
      platform: usd(500),
      creator: usd(2_000 + 100 - 1_000),
      seller: usd(7_400),
    });
  });

  it("is in exact integers, however much there is of everything", async () => {
    const shop = await newShop();
    const over = {
      creatorRate: [{ from: usd(0), basisPoints: 9_500, perUnit: usd(LIMITS.perUnitAmount) }],
      funders: { dropPrice: ["platform"], creatorCode: ["creator"] },
    };
    const most = LIMITS.moneyAmount;
    const whole = { total: usd(most), quantity: LIMITS.dryRunUnits };
    const funded = { total: usd(2), funded: { platform: most - 3, creator: 1 } };
    for (const body of [whole, { ...funded, quantity: LIMITS.dryRunUnits }]) {
      const result = await dryRun(shop, over, body);
      expect(dryRunResult.safeParse(result).error).toBeUndefined();
    }
    const at = `/v1/contracts/${await newContract(shop, over)}/dry-run`;
    const body = { ...funded, total: usd(3) };
    const tooMuch = await post(at, { as: shop.creator.key, body, key: null });
    expect([refused(tooMuch), tooMuch.json.errors[0].path]).toEqual(["400 bad_request", "funded"]);
  });

  it("is by the version it names, or the one in force at a time", async () => {
    const shop = await newShop();
    const at = `/v1/contracts/${await newContract(shop)}`;
    const effectiveAt = inDays(3);
    const raise = { ...termsOf(shop, rate(2_000)), effectiveAt };
    await must(post(`${at}/versions`, { as: PLATFORM, body: raise }));
    const creator = async (over: object): Promise<number> => {
      const body = { total: usd(1_000), ...over };
      return (await must(post(`${at}/dry-run`, { as: shop.seller.key, body }))).legs.creator.amount;
    };
    expect(await creator({})).toBe(150);
    expect(await creator({ version: 2 })).toBe(200);
    expect(await creator({ at: effectiveAt })).toBe(200);
  });

  it("is of what could be an order under the contract", async () => {
    const shop = await newShop();
    const at = `/v1/contracts/${await newContract(shop)}/dry-run`;
    for (const body of [
      {},
      { total: { amount: 1, currency: "EUR" } },
      { total: usd(1), due: usd(2) },
      { total: usd(1), funded: { platform: 1 } },
      { total: usd(1), quantity: 0 },
      { total: usd(1), version: 1, at: inDays(1) },
    ]) {
      expect(refused(await post(at, { as: PLATFORM, body })), JSON.stringify(body)).toBe("400 bad_request");
    }
    expect(refused(await post(at, { as: PLATFORM, body: { total: usd(1), version: 2 } }))).toBe(
      "404 not_found",
    );
  });
});

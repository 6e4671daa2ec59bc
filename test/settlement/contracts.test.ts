/** Contracts in D1: versions that are added and never change, also when several come at once. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ContractId, CreatorId, SellerId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import {
  addContractVersion,
  contractAt,
  contractBetween,
  createContract,
  listContracts,
  readContractVersions,
  type Made,
  type NewContract,
  type NewVersion,
} from "../../src/settlement/contracts.ts";

const db = env.DB;
const NOW_MS = Date.UTC(2026, 10, 21, 18);
const DAY = 86_400_000;

let made = 0;
function newId<P extends string>(prefix: P): `${P}_${string}` {
  made += 1;
  return `${prefix}_${String(made).padStart(26, "0")}`;
}

const usd = (amount: number) => ({ amount, currency: "USD" });
const rate = (basisPoints: number, over: Partial<NewVersion> = {}): NewVersion => ({
  platformFee: { basisPoints: 500 },
  creatorRate: [{ from: usd(0), basisPoints }],
  cutNoticeMs: 0,
  funders: {},
  ...over,
});

interface Between {
  readonly seller?: SellerId;
  readonly creator?: CreatorId;
}

function terms(
  { seller = newId("sel"), creator = newId("cre") }: Between = {},
  over: Partial<NewVersion> = {},
): NewContract {
  return { seller, creator, currency: "USD", ...rate(1_500), ...over };
}

async function aContract(over: Partial<NewVersion> = {}): Promise<ContractId> {
  const id = newId("con");
  await createContract(db, terms({}, over), NOW_MS, id);
  return id;
}

const add = (id: ContractId, asked: NewVersion, nowMs = NOW_MS + 1, request = newId("req")): Promise<Made> =>
  addContractVersion(db, id, asked, request, nowMs);

const refusal = (result: Made): unknown => (result.ok ? undefined : result.refusal);

describe("a contract", () => {
  it("is kept by the database as it was made", async () => {
    const id = await aContract();
    const changed = db.prepare("UPDATE contract_versions SET version = 9 WHERE contract = ?1").bind(id);
    await expect(changed.run()).rejects.toThrow("contract versions are immutable");
  });

  it("has the terms it was made with, and what follows from them, as its first version", async () => {
    const id = newId("con");
    const asked = terms({}, { note: "spring", endsAtMs: NOW_MS + DAY });
    const version = {
      contract: id,
      version: 1,
      terms: {
        ...asked,
        funders: { dropPrice: ["seller"], creatorCode: ["seller"] },
        creatorMay: ["run", "show", "reprice"],
      },
      effectiveAtMs: NOW_MS,
      createdAtMs: NOW_MS,
    };
    expect(await createContract(db, asked, NOW_MS, id)).toEqual({ ok: true, version });
    expect(await readContractVersions(db, id)).toEqual([version]);
  });

  it("may be a seller's alone: nobody else hosts or pays", async () => {
    const id = newId("con");
    const { creator: _, ...asked } = terms({}, { creatorRate: [] });
    await createContract(db, asked, NOW_MS, id);
    const [first] = await readContractVersions(db, id);
    expect(first?.terms).toMatchObject({ creatorMay: [], funders: { creatorCode: ["seller"] } });
    expect(first?.terms).not.toHaveProperty("creator");
  });

  it("is made once by its id", async () => {
    const id = newId("con");
    const asked = terms();
    const first = await createContract(db, asked, NOW_MS, id);
    expect(await createContract(db, asked, NOW_MS + 5, id)).toEqual(first);
    expect(await readContractVersions(db, id)).toHaveLength(1);
  });

  it.each<readonly [string, Partial<NewContract>]>([
    ["creatorRate.0.from.amount", { creatorRate: [{ from: usd(1), basisPoints: 1 }] }],
    [
      "creatorRate.1.from.amount",
      {
        creatorRate: [
          { from: usd(0), basisPoints: 1 },
          { from: usd(0), basisPoints: 2 },
        ],
      },
    ],
    ["creatorRate.0.basisPoints", { platformFee: { basisPoints: 8_501 } }],
    ["creatorRate.0.from.currency", { currency: "EUR" }],
    [
      "platformFee.minimum.currency",
      { platformFee: { basisPoints: 0, minimum: { amount: 1, currency: "EUR" } } },
    ],
    ["creatorRate", { creatorRate: [] }],
    ["endsAt", { startsAtMs: NOW_MS, endsAtMs: NOW_MS }],
  ])("does not contradict itself in %s", async (path, over) => {
    const id = newId("con");
    const result = await createContract(db, { ...terms(), ...over }, NOW_MS, id);
    expect(refusal(result)).toMatchObject({ code: "bad_request", errors: [{ path }] });
    expect(await readContractVersions(db, id)).toEqual([]);
  });

  it("without a creator has nothing for one", async () => {
    const { creator: _, ...alone } = terms();
    const over: Partial<NewContract> = { creatorMay: ["run"], funders: { dropPrice: ["creator"] } };
    const result = await createContract(db, { ...alone, ...over }, NOW_MS, newId("con"));
    expect(refusal(result)).toMatchObject({
      errors: [{ path: "creatorRate" }, { path: "creatorMay" }, { path: "funders" }],
    });
  });
});

describe("a version", () => {
  it("that raises the rate is in force at once, or when it says", async () => {
    const id = await aContract({ rateLockedUntilAtMs: NOW_MS + 30 * DAY });
    const lock = { rateLockedUntilAtMs: NOW_MS + 30 * DAY };
    expect(await add(id, rate(2_000, lock))).toMatchObject({
      version: { version: 2, effectiveAtMs: NOW_MS + 1 },
    });
    const later = await add(id, rate(2_500, { ...lock, effectiveAtMs: NOW_MS + DAY }));
    expect(later).toMatchObject({ version: { version: 3, effectiveAtMs: NOW_MS + DAY } });
    expect((await contractAt(db, id, NOW_MS + DAY - 1))?.version).toBe(2);
    expect((await contractAt(db, id, NOW_MS + DAY))?.version).toBe(3);
    expect((await contractAt(db, id, NOW_MS - 1))?.version).toBe(1);
  });

  it("that cuts it waits for lock and notice, and is refused before", async () => {
    const lockedUntilAtMs = NOW_MS + 30 * DAY;
    const id = await aContract({ rateLockedUntilAtMs: lockedUntilAtMs, cutNoticeMs: DAY });
    const early = await add(id, rate(1_000, { effectiveAtMs: lockedUntilAtMs - 1 }));
    expect(refusal(early)).toEqual({ code: "rate_locked", earliestAtMs: lockedUntilAtMs });
    expect(await add(id, rate(1_000))).toMatchObject({ version: { effectiveAtMs: lockedUntilAtMs } });
    const short = await add(id, rate(900), lockedUntilAtMs - 1);
    expect(short).toMatchObject({ version: { effectiveAtMs: lockedUntilAtMs - 1 + DAY } });
  });

  it("is between the same, in the same currency, and never past", async () => {
    const id = await aContract();
    const euros = rate(1_500, { platformFee: { basisPoints: 1, perOrder: { amount: 1, currency: "EUR" } } });
    expect(refusal(await add(id, euros))).toMatchObject({
      errors: [{ path: "platformFee.perOrder.currency" }],
    });
    expect(refusal(await add(id, rate(1_500, { effectiveAtMs: NOW_MS - 1 })))).toMatchObject({
      errors: [{ path: "effectiveAt" }],
    });
    expect(refusal(await add(newId("con"), rate(1_500)))).toEqual({ code: "not_found" });
  });

  it("does not change the ones before", async () => {
    const id = await aContract();
    const [first] = await readContractVersions(db, id);
    await add(id, rate(2_000, { note: "raise" }));
    expect((await readContractVersions(db, id))[0]).toEqual(first);
  });

  it("has a number of its own, when several come at once", async () => {
    const id = await aContract();
    const all = await Promise.all([1_600, 1_600, 1_600].map((basisPoints) => add(id, rate(basisPoints))));
    expect(all.map((one) => one.ok && one.version.version).toSorted((a, b) => Number(a) - Number(b))).toEqual(
      [2, 3, 4],
    );
    expect((await readContractVersions(db, id)).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  it("is compared with what came in between: a cut is no raise because it was asked for first", async () => {
    const id = await aContract({ cutNoticeMs: DAY });
    const notice = { cutNoticeMs: DAY };
    const both = await Promise.all([add(id, rate(2_500, notice)), add(id, rate(2_000, notice))]);
    const versions = both.map((one) => (one.ok ? one.version : undefined));
    const cut = versions.find((one) => one?.terms.creatorRate[0]?.basisPoints === 2_000);
    const isCut = cut?.version === 3;
    expect(cut?.effectiveAtMs).toBe(isCut ? NOW_MS + 1 + DAY : NOW_MS + 1);
  });

  it("is made once by its request", async () => {
    const id = await aContract();
    const request = newId("req");
    const first = await add(id, rate(2_000), NOW_MS + 1, request);
    await add(id, rate(2_100), NOW_MS + 2);
    expect(await add(id, rate(2_000), NOW_MS + 3, request)).toEqual(first);
    expect(await readContractVersions(db, id)).toHaveLength(3);
  });

  it("is never older than the one before, whatever the clock says", async () => {
    const id = await aContract();
    expect(await add(id, rate(2_000), NOW_MS - DAY)).toMatchObject({
      version: { createdAtMs: NOW_MS, effectiveAtMs: NOW_MS },
    });
  });

  it("is one of so many", async () => {
    const id = await aContract();
    await db
      .prepare(
        "INSERT INTO contract_versions SELECT contract, version + value, 'r' || value, terms, effective_at_ms, " +
          "created_at_ms FROM contract_versions, json_each(?2) WHERE contract = ?1",
      )
      .bind(id, JSON.stringify(Array.from({ length: LIMITS.versionsPerContract - 1 }, (_, at) => at + 1)))
      .run();
    expect(refusal(await add(id, rate(2_000)))).toEqual({
      code: "limit_reached",
      limit: "versionsPerContract",
      max: LIMITS.versionsPerContract,
    });
  });
});

describe("the contract of a session that names none", () => {
  it("is the newest between the two whose version in force holds at the time", async () => {
    const [seller, creator] = [newId("sel"), newId("cre")];
    const at = (nowMs: number, over: Partial<NewContract> = {}) =>
      contractBetween(db, { seller, creator, currency: "USD", ...over }, nowMs);
    expect(await at(NOW_MS)).toBeUndefined();
    const [first, second] = [newId("con"), newId("con")];
    // The clock decides which is newer, not the id.
    await createContract(db, terms({ seller, creator }), NOW_MS + 1, first);
    await createContract(db, terms({ seller, creator }, { endsAtMs: NOW_MS + DAY }), NOW_MS, second);
    expect((await at(NOW_MS + 1))?.contract).toBe(first);
    await add(first, rate(2_000, { endsAtMs: NOW_MS + 3, cutNoticeMs: 0 }), NOW_MS + 2);
    expect(await at(NOW_MS + 2)).toMatchObject({ contract: first, version: 2 });
    expect((await at(NOW_MS + 3))?.contract).toBe(second);
    await add(second, rate(1_500, { startsAtMs: NOW_MS + DAY, effectiveAtMs: NOW_MS + 5 }), NOW_MS + 4);
    expect((await at(NOW_MS + 4))?.contract).toBe(second);
    expect(await at(NOW_MS + 5)).toBeUndefined();
    expect(await at(NOW_MS + DAY)).toMatchObject({ contract: second, version: 2 });
    expect(await at(NOW_MS + DAY, { currency: "EUR" })).toBeUndefined();
    expect(await at(NOW_MS + DAY, { seller: newId("sel") })).toBeUndefined();
    expect(await at(NOW_MS + DAY, { creator: newId("cre") })).toBeUndefined();
  });
});

describe("the list", () => {
  it("is of a seller's, of a creator's or of both, each as in force, page by page", async () => {
    const [seller, other, creator] = [newId("sel"), newId("sel"), newId("cre")];
    const ids: ContractId[] = [];
    for (const one of [seller, seller, other, seller]) {
      const id = newId("con");
      await createContract(db, terms({ seller: one, creator }), NOW_MS, id);
      ids.push(id);
    }
    await add(ids[1]!, rate(2_000));
    await add(ids[1]!, rate(3_000, { effectiveAtMs: NOW_MS + DAY }));
    const list = (of: Between, query: { limit: number; cursor?: string }) =>
      listContracts(db, of, query, NOW_MS + 1);
    const first = await list({ seller }, { limit: 2 });
    expect(first?.data.map(({ contract, version }) => [contract, version])).toEqual([
      [ids[0], 1],
      [ids[1], 2],
    ]);
    expect(await list({ seller }, { limit: 2, cursor: first!.nextCursor! })).toMatchObject({
      data: [{ contract: ids[3] }],
      nextCursor: null,
    });
    expect((await list({ creator }, { limit: 9 }))?.data.map(({ contract }) => contract)).toEqual(ids);
    expect((await list({ seller: other, creator }, { limit: 9 }))?.data).toHaveLength(1);
  });

  it.each(["", "x", "con_", "sel_1"])("has no cursor %o", async (cursor) => {
    expect(await listContracts(db, {}, { limit: 1, cursor }, NOW_MS)).toBeUndefined();
  });
});

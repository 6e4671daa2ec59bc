/** API keys: shown once, found by their secret, useless once expired or revoked. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  createKey,
  findKey,
  getKey,
  listKeys,
  revokeKey,
  type CreatedKey,
  type NewKey,
} from "../../src/shop/keys.ts";
import { aCreator, aSeller, NOW_MS } from "./people.ts";

const db = env.DB;

async function aKey(owner: NewKey["for"], expiresAtMs?: number): Promise<CreatedKey> {
  const expiry = expiresAtMs === undefined ? {} : { expiresAtMs };
  const made = await createKey(db, { label: "server", for: owner, ...expiry }, NOW_MS);
  if (!made.ok) throw new Error(made.detail);
  return made.value;
}

describe("a new key", () => {
  it("shows its secret once: 256 random bits behind sk_ for a seller, ck_ for a creator", async () => {
    const [seller, creator] = await Promise.all([aSeller(), aCreator()]);
    const key = await aKey({ seller: seller.id });
    expect(key).toEqual({
      id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
      label: "server",
      for: { seller: seller.id },
      createdAtMs: NOW_MS,
      secret: expect.stringMatching(/^sk_[A-Za-z0-9_-]{43}$/),
    });
    expect((await aKey({ creator: creator.id })).secret).toMatch(/^ck_[A-Za-z0-9_-]{43}$/);
    const { secret: _, ...shown } = key;
    expect(await getKey(db, key.id)).toEqual(shown);
  });

  it("leaves nothing in the database that would open anything", async () => {
    const seller = await aSeller();
    const { id, secret } = await aKey({ seller: seller.id });
    const row = await db.prepare("SELECT * FROM api_keys WHERE id = ?").bind(id).first();
    expect(JSON.stringify(row)).not.toContain(secret.slice(3));
    expect(await findKey(db, String(row?.secret_hash), NOW_MS)).toBeUndefined();
    expect(await findKey(db, `sk_${String(row?.secret_hash)}`, NOW_MS)).toBeUndefined();
  });

  it("made again by its id has a new secret, and whoever was slower changes nothing", async () => {
    const body = { label: "server", for: { seller: (await aSeller()).id } };
    const id = "key_01jd3m5n8yfx0t2qv4w6z9r1cd";
    const made = (atMs: number): ReturnType<typeof createKey> => createKey(db, body, atMs, id);
    await made(NOW_MS);
    const last = await made(NOW_MS + 1_000);
    if (!last.ok) throw new Error(last.detail);
    expect(await made(NOW_MS)).toMatchObject({ ok: false, code: "idempotency_in_flight" });
    expect(await findKey(db, last.value.secret, NOW_MS)).toMatchObject({ keyId: id });
  });

  it("needs an owner that exists, and a future", async () => {
    const nobody = { seller: "sel_01jd3m5n8yfx0t2qv4w6z9r1ab" } as const;
    expect(await createKey(db, { label: "x", for: nobody }, NOW_MS)).toMatchObject({ code: "not_found" });
    const seller = await aSeller();
    const late = { label: "x", for: { seller: seller.id }, expiresAtMs: NOW_MS };
    expect(await createKey(db, late, NOW_MS)).toMatchObject({ code: "bad_request" });
  });
});

describe("a secret", () => {
  it("says whose it is", async () => {
    const [seller, creator] = await Promise.all([aSeller(), aCreator()]);
    const [sellers, creators] = [await aKey({ seller: seller.id }), await aKey({ creator: creator.id })];
    expect(await findKey(db, sellers.secret, NOW_MS)).toEqual({ kind: "seller", seller, keyId: sellers.id });
    expect(await findKey(db, creators.secret, NOW_MS)).toEqual({
      kind: "creator",
      creator,
      keyId: creators.id,
    });
  });

  it("is nobody's when one character differs, or there are more", async () => {
    const { secret } = await aKey({ seller: (await aSeller()).id });
    const last = secret.endsWith("A") ? "B" : "A";
    for (const wrong of [
      secret.slice(0, -1) + last,
      `${secret} `,
      `${secret}=`,
      secret.toUpperCase(),
      "",
      "sk_",
    ]) {
      expect(await findKey(db, wrong, NOW_MS)).toBeUndefined();
    }
  });

  it("opens nothing from the moment its key expires", async () => {
    const { secret } = await aKey({ seller: (await aSeller()).id }, NOW_MS + 1_000);
    expect(await findKey(db, secret, NOW_MS + 999)).toBeDefined();
    expect(await findKey(db, secret, NOW_MS + 1_000)).toBeUndefined();
  });

  it("opens nothing once its key is revoked; revoking again keeps the first time", async () => {
    const { id, secret } = await aKey({ seller: (await aSeller()).id });
    expect(await revokeKey(db, id, NOW_MS + 1)).toMatchObject({
      ok: true,
      value: { revokedAtMs: NOW_MS + 1 },
    });
    expect(await findKey(db, secret, NOW_MS + 1)).toBeUndefined();
    expect(await revokeKey(db, id, NOW_MS + 2)).toMatchObject({
      ok: true,
      value: { revokedAtMs: NOW_MS + 1 },
    });
  });

  it("of a key that does not exist cannot be revoked", async () => {
    const revoked = await revokeKey(db, "key_01jd3m5n8yfx0t2qv4w6z9r1ab", NOW_MS);
    expect(revoked).toMatchObject({ ok: false, code: "not_found" });
  });
});

describe("the list of keys", () => {
  it("has the owner's, in the order they were made, without secrets, page by page", async () => {
    const [seller, other] = await Promise.all([aSeller(), aSeller()]);
    const keys = [await aKey({ seller: seller.id }), await aKey({ seller: seller.id })];
    await aKey({ seller: other.id });
    const first = await listKeys(db, { seller: seller.id }, { limit: 1 });
    if (!first.ok) throw new Error(first.detail);
    const cursor = first.value.nextCursor ?? undefined;
    const second = await listKeys(db, { seller: seller.id }, { limit: 1, cursor });
    if (!second.ok) throw new Error(second.detail);
    expect([...first.value.data, ...second.value.data].map(({ id }) => id)).toEqual(keys.map(({ id }) => id));
    expect(second.value.nextCursor).toBeNull();
    expect(JSON.stringify([first, second])).not.toMatch(/secret/);
  });

  it("refuses another list's cursor", async () => {
    const cursor = btoa("prd_01jd3m5n8yfx0t2qv4w6z9r1ab");
    const { id } = await aSeller();
    expect(await listKeys(db, { seller: id }, { limit: 1, cursor })).toMatchObject({ code: "bad_request" });
  });
});

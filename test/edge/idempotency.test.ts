/** The same request twice: by its key, at the same time, after a crash. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { createApp } from "../../src/edge/app.ts";
import { sweepIdempotencyKeys } from "../../src/edge/once.ts";
import { readIdempotencyKey } from "../../src/edge/idempotency-key.ts";
import { failing } from "../settlement/deliver.ts";
import {
  contractOf,
  get,
  must,
  newCreator,
  newDrop,
  newKey,
  newSeller,
  newShop,
  newToken,
  newViewer,
  patch,
  PLATFORM,
  post,
  refused,
  usd,
} from "./client.ts";

const sellers = "/v1/sellers";
const kiln = { name: "Kiln" };

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** As if the Worker had died between making a thing and writing the answer down, a while ago. */
async function crashBeforeTheAnswerOf(subject: string): Promise<void> {
  const claimedAtMs = Date.now() - LIMITS.idempotencyInFlightMs - 1_000;
  const { meta } = await env.DB.prepare(
    "UPDATE idempotency_keys SET answer = NULL, claimed_at_ms = ? WHERE subject = ?",
  )
    .bind(claimedAtMs, subject)
    .run();
  expect(meta.changes).toBe(1);
}

describe("the header", () => {
  it("is read as a structured string or as it is", () => {
    expect(readIdempotencyKey('"8e03978e-40d5-43e8-bc93-6894a57f9324"')).toBe(
      "8e03978e-40d5-43e8-bc93-6894a57f9324",
    );
    expect(readIdempotencyKey("8e03978e-40d5-43e8-bc93-6894a57f9324")).toBe(
      "8e03978e-40d5-43e8-bc93-6894a57f9324",
    );
    expect(readIdempotencyKey('"foo \\"bar\\" \\\\ baz"')).toBe('foo "bar" \\ baz');
    expect(readIdempotencyKey('"key";v=1')).toBe("key");
    expect(readIdempotencyKey("order/17:a")).toBe("order/17:a");
  });

  it("is not read from anything else", () => {
    const odd = [
      "",
      '""',
      '"open',
      'open"',
      "'key'",
      '"a" "b"',
      '"a", "b"',
      "a, b",
      "a b",
      '"\\n"',
      '"f\u00fc"',
      "\u00fc",
    ];
    for (const header of [...odd, "(a b)", "a;b", "x".repeat(256), `"${"x".repeat(256)}"`]) {
      expect(readIdempotencyKey(header), header).toBeUndefined();
    }
  });

  it("is needed where something is made, and must be one", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const made = [
      [sellers, PLATFORM],
      ["/v1/creators", PLATFORM],
      ["/v1/keys", PLATFORM],
      ["/v1/contracts", PLATFORM],
      ["/v1/sessions", drop.seller.key],
      [`${drop.at}/offers`, drop.seller.key],
      [`${drop.at}/reservations`, token],
      [`${drop.at}/orders`, token],
      ["/v1/orders/ord_01jd3m5n8yfx0t2qv4w6z9r1ab/refunds", PLATFORM],
    ] as const;
    for (const [path, as] of made) {
      expect(refused(await post(path, { as, key: null, body: kiln })), path).toBe(
        "400 idempotency_key_missing",
      );
      expect(refused(await post(path, { as, key: '"open', body: kiln })), path).toBe(
        "400 idempotency_key_invalid",
      );
    }
  });
});

describe("a repeated request", () => {
  it("gets the same answer, marked, whichever way the key is written", async () => {
    const key = newKey();
    const first = await post(sellers, { as: PLATFORM, key, body: kiln });
    const again = await post(sellers, { as: PLATFORM, key: `"${key}"`, body: kiln });
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(first.headers.get("Idempotency-Replayed")).toBeNull();
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.headers.get("Content-Type")).toBe(first.headers.get("Content-Type"));
  });

  it("shows a new key's secret again, which lies in the database for nobody to read", async () => {
    const { id } = await newSeller();
    const key = newKey();
    const body = { label: "erp", for: { seller: id } };
    const first = await must(post("/v1/keys", { as: PLATFORM, key, body }));
    expect(await must(post("/v1/keys", { as: PLATFORM, key, body }))).toEqual(first);
    const { results } = await env.DB.prepare("SELECT * FROM idempotency_keys").all();
    expect(JSON.stringify(results)).not.toContain(key);
    expect(JSON.stringify(results)).not.toContain(first.secret);
  });

  it("that was refused is refused again", async () => {
    const key = newKey();
    const body = { name: "Maya", handle: `taken-${crypto.randomUUID().slice(0, 8)}` };
    await must(post("/v1/creators", { as: PLATFORM, body }));
    const first = await post("/v1/creators", { as: PLATFORM, key, body });
    const again = await post("/v1/creators", { as: PLATFORM, key, body });
    expect([again.status, again.text]).toEqual([409, first.text]);
  });

  it("with another body, or to another route, is refused", async () => {
    const key = newKey();
    await must(post(sellers, { as: PLATFORM, key, body: kiln }));
    expect(refused(await post(sellers, { as: PLATFORM, key, body: { name: "Loom" } }))).toBe(
      "422 idempotency_key_reused",
    );
    const creator = { name: "Kiln", handle: "kiln" };
    expect(refused(await post("/v1/creators", { as: PLATFORM, key, body: creator }))).toBe(
      "422 idempotency_key_reused",
    );
  });

  it("written otherwise in its JSON is the same request", async () => {
    const key = newKey();
    const one = await post(sellers, {
      as: PLATFORM,
      key,
      raw: '{"name":"Kiln","email":"a@b.co"}',
      type: "application/json",
    });
    const two = await post(sellers, {
      as: PLATFORM,
      key,
      raw: ' {"email":"a@b.co", "name":"\\u004biln"}',
      type: "application/json",
    });
    expect(two.text).toBe(one.text);
  });

  it("of somebody else is another request", async () => {
    const [one, two] = await Promise.all([newShop(), newShop()]);
    const key = newKey();
    const session = (seller: string): object => ({ seller, title: "Drop", currency: "USD" });
    const first = await must(post("/v1/sessions", { as: one.seller.key, key, body: session(one.seller.id) }));
    const second = await must(
      post("/v1/sessions", { as: two.seller.key, key, body: session(two.seller.id) }),
    );
    expect(second.id).not.toBe(first.id);
  });

  it("at the same time is done once, and told to wait or given the answer", async () => {
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => post(sellers, { as: PLATFORM, key, body: { name: "Once" } })),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ json }) => json.id)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(refused(answer)).toBe("409 idempotency_in_flight");
      expect(answer.headers.get("Retry-After")).toBe("1");
    }
    const { results } = await env.DB.prepare("SELECT * FROM sellers WHERE name = 'Once'").all();
    expect(results).toHaveLength(1);
  });

  it("is carried on by whoever comes after a crash, with the same subject", async () => {
    const { seller } = await newShop();
    const key = newKey();
    const body = { seller: seller.id, title: "Drop", currency: "USD" };
    const first = await must(post("/v1/sessions", { as: seller.key, key, body }));
    await crashBeforeTheAnswerOf(first.id);
    expect((await must(post("/v1/sessions", { as: seller.key, key, body }))).id).toBe(first.id);
  });

  it.each(["sellers", "creators", "contracts"])("makes one thing of %s, whatever crashed", async (kind) => {
    const shop = await newShop();
    const bodies: Readonly<Record<string, object>> = {
      sellers: { name: "Kiln" },
      creators: { name: "Maya", handle: `crashed-${crypto.randomUUID().slice(0, 8)}` },
      contracts: contractOf(shop),
    };
    const send = { as: PLATFORM, key: newKey(), body: bodies[kind] };
    const first = await must(post(`/v1/${kind}`, send));
    const count = (): Promise<number | null> =>
      env.DB.prepare(`SELECT count(*) AS n FROM ${kind}`).first<number>("n");
    const before = await count();
    await crashBeforeTheAnswerOf(first.id);
    expect(await must(post(`/v1/${kind}`, send))).toEqual(first);
    expect(await count()).toBe(before);
  });

  it("makes one API key, whatever crashed, and only the secret that was shown last opens it", async () => {
    const { id } = await newSeller();
    const send = { as: PLATFORM, key: newKey(), body: { label: "erp", for: { seller: id } } };
    const first = await must(post("/v1/keys", send));
    await crashBeforeTheAnswerOf(first.id);
    const again = await must(post("/v1/keys", send));
    expect([again.id, again.secret === first.secret]).toEqual([first.id, false]);
    expect(refused(await get(`/v1/sellers/${id}`, { as: first.secret }))).toBe("401 unauthenticated");
    expect((await get(`/v1/sellers/${id}`, { as: again.secret })).status).toBe(200);
    expect((await must(get(`/v1/keys?seller=${id}`, { as: PLATFORM }))).data).toHaveLength(2);
    expect(await must(post("/v1/keys", send))).toEqual(again);
  });

  it.each(["after", "before"] as const)(
    "leaves the claim to whoever took it over, when its own work ends late or fails (%s)",
    async (failure) => {
      vi.spyOn(console, "error").mockImplementation(() => undefined);
      const takenAtMs = Date.now() + 120_000;
      const name = `Slow ${failure}`;
      let call = 0;
      const db = failing(env.DB, async () => {
        call += 1;
        // The first call claims, the second is the work.
        if (call !== 2) return undefined;
        await env.DB.prepare("UPDATE idempotency_keys SET claimed_at_ms = ? WHERE answer IS NULL")
          .bind(takenAtMs)
          .run();
        return failure === "before" ? failure : undefined;
      });
      const headers = {
        Authorization: `Bearer ${PLATFORM}`,
        "Idempotency-Key": newKey(),
        "Content-Type": "application/json",
      };
      const init = { method: "POST", headers, body: JSON.stringify({ name }) };
      const context = createExecutionContext();
      const { status } = await createApp().request(sellers, init, { ...env, DB: db }, context);
      expect(status).toBe(failure === "before" ? 500 : 201);
      const { results } = await env.DB.prepare("SELECT answer FROM idempotency_keys WHERE claimed_at_ms = ?")
        .bind(takenAtMs)
        .all();
      expect(results).toEqual([{ answer: null }]);
      await env.DB.prepare("DELETE FROM idempotency_keys WHERE claimed_at_ms = ?").bind(takenAtMs).run();
    },
  );

  it("that is younger is left to whoever has it", async () => {
    const { seller } = await newShop();
    const key = newKey();
    const body = { seller: seller.id, title: "Drop", currency: "USD" };
    const { id } = await must(post("/v1/sessions", { as: seller.key, key, body }));
    await env.DB.prepare("UPDATE idempotency_keys SET answer = NULL WHERE subject = ?").bind(id).run();
    expect(refused(await post("/v1/sessions", { as: seller.key, key, body }))).toBe(
      "409 idempotency_in_flight",
    );
  });
});

describe("what a session decides", () => {
  it("is answered alike for one key, whatever came between", async () => {
    const drop = await newDrop(5);
    const key = newKey();
    const at = `${drop.at}/offers/${drop.offer}/close`;
    const first = await post(at, { as: drop.seller.key, key });
    await must(post(`${drop.at}/offers/${drop.offer}/open`, { as: drop.seller.key }));
    const again = await post(at, { as: drop.seller.key, key });
    expect([again.status, again.text, again.headers.get("Idempotency-Replayed")]).toEqual([
      200,
      first.text,
      "true",
    ]);
    expect(refused(await post(`${drop.at}/pause`, { as: drop.seller.key, key }))).toBe(
      "422 idempotency_key_reused",
    );
  });

  it("makes one offer for one key", async () => {
    const drop = await newDrop(5);
    const key = newKey();
    const body = { title: "Set", lines: [{ sku: drop.sku, quantity: 2 }], price: { headline: usd(3_000) } };
    const send = (): ReturnType<typeof post> => post(`${drop.at}/offers`, { as: drop.seller.key, key, body });
    const answers = await Promise.all([send(), send(), send()]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const other = { ...body, title: "Other" };
    expect(refused(await post(`${drop.at}/offers`, { as: drop.seller.key, key, body: other }))).toBe(
      "422 idempotency_key_reused",
    );
  });

  it("makes one offer for one key also after its session has forgotten the answer", async () => {
    const drop = await newDrop(5);
    const body = { title: "Set", lines: [{ sku: drop.sku, quantity: 2 }], price: { headline: usd(3_000) } };
    const send = { as: drop.seller.key, key: newKey(), body };
    const first = await must(post(`${drop.at}/offers`, send));
    vi.useFakeTimers({ now: Date.now() + LIMITS.answerKeptMs + 60_000, toFake: ["Date"] });
    const path = `${drop.at}/offers/${first.id}`;
    await must(patch(path, { as: drop.seller.key, body: { title: "Pair" } }));
    const again = await post(`${drop.at}/offers`, send);
    expect([again.status, again.json, again.headers.get("Idempotency-Replayed")]).toEqual([
      201,
      { ...first, title: "Pair" },
      "true",
    ]);
    await must(post(`${path}/withdraw`, { as: drop.seller.key }));
    expect(refused(await post(`${drop.at}/offers`, send))).toBe("409 offer_exists");
  });

  it("is a viewer's own affair: two may use one key", async () => {
    const drop = await newDrop(5);
    const key = newKey();
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const reserve = async (viewer: string): Promise<string> => {
      const body = { items: [{ token: await newToken(drop, viewer) }] };
      const { reservation } = await must(post(`${drop.at}/reservations`, { as: viewer, key, body }));
      return reservation.id;
    };
    expect(await reserve(ana.token)).not.toBe(await reserve(ben.token));
  });
});

it("forgets keys after their time, and not before", async () => {
  // Other files' keys are in the same table, some of them from other times.
  const claimed = async (): Promise<string[]> => {
    const { results } = await env.DB.prepare("SELECT key_hash FROM idempotency_keys").all<{
      key_hash: string;
    }>();
    return results.map(({ key_hash }) => key_hash);
  };
  const before = new Set(await claimed());
  await newCreator();
  const ours = (await claimed()).filter((hash) => !before.has(hash));
  expect(ours).not.toEqual([]);
  await sweepIdempotencyKeys(env.DB, Date.now() + LIMITS.idempotencyKeptMs - 60_000);
  expect(await claimed()).toEqual(expect.arrayContaining(ours));
  const swept = await sweepIdempotencyKeys(env.DB, Date.now() + LIMITS.idempotencyKeptMs + 1_000);
  expect(swept).toBeGreaterThanOrEqual(ours.length);
  const left = new Set(await claimed());
  expect(ours.filter((hash) => left.has(hash))).toEqual([]);
});

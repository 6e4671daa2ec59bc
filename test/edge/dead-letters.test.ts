/** Dead letters over the API: from the queue that gave them up, to it again. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import worker from "../../src/worker.ts";
import {
  buy,
  get,
  must,
  newDrop,
  newKey,
  newSeller,
  newViewer,
  PLATFORM,
  post,
  refused,
  until,
  type Json,
} from "./client.ts";

const path = "/v1/dead-letters";

/** What a queue has given up on, as the platform hands it over. */
async function giveUp(queue: string, bodies: readonly unknown[]): Promise<void> {
  const sent = bodies.map((body) => ({ id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(`dropcast-${queue}-dead`, sent);
  await worker.queue(batch, env);
  expect((await getQueueResult(batch, createExecutionContext())).retryMessages).toEqual([]);
}

async function newest(queue: string): Promise<Json> {
  const { data } = await must(get(`${path}?queue=${queue}&limit=1`, { as: PLATFORM }));
  return data[0];
}

it("a queue that nobody reads is no queue of ours", async () => {
  const batch = createMessageBatch("dropcast-webhooks-dead", []);
  await expect(worker.queue(batch, env)).rejects.toThrow("nobody reads");
});

it("are the platform's alone, and found by their id", async () => {
  await giveUp("reporting", [{ note: "odd" }]);
  const { id } = await newest("reporting");
  const { key } = await newSeller();
  for (const at of [path, `${path}/${id}`]) expect(refused(await get(at, { as: key }))).toBe("403 forbidden");
  expect(refused(await post(`${path}/${id}/replays`, { as: key }))).toBe("403 forbidden");
  expect(await must(get(`${path}/${id}`, { as: PLATFORM }))).toEqual({
    id,
    queue: "reporting",
    message: expect.any(String),
    about: "note odd",
    status: "waiting",
    replayable: true,
    replays: 0,
    receivedAt: expect.stringMatching(/Z$/),
    body: { note: "odd" },
  });
  for (const none of [`dlt_${"0".repeat(26)}`, "dlt_x", "x"]) {
    expect(refused(await get(`${path}/${none}`, { as: PLATFORM }))).toBe("404 not_found");
    expect(refused(await post(`${path}/${none}/replays`, { as: PLATFORM }))).toBe("404 not_found");
  }
  expect(refused(await get(`${path}?cursor=x`, { as: PLATFORM }))).toBe("400 bad_request");
  expect(refused(await get(`${path}?queue=x`, { as: PLATFORM }))).toBe("400 bad_request");
});

it("that could not be kept are shown, and not sent again", async () => {
  await giveUp("reporting", [10n, undefined]);
  const letter = await newest("reporting");
  expect(letter).toMatchObject({ about: "not JSON", replayable: false });
  expect(await must(get(`${path}/${letter.id}`, { as: PLATFORM }))).toMatchObject({ body: null });
  const again = await post(`${path}/${letter.id}/replays`, { as: PLATFORM });
  expect(refused(again)).toBe("409 dead_letter_incomplete");
});

it("are applied when they are sent again, once for each key", async () => {
  const drop = await newDrop(1);
  const { token } = await newViewer();
  const { id: order } = (await buy(drop, token)).json;
  const rowOf = () =>
    env.DB.prepare("SELECT status FROM orders WHERE id = ? AND status = 'captured'").bind(order).first();
  await until(async () => (await rowOf()) ?? undefined);
  const cursor = await env.DB.prepare(
    "SELECT seq FROM settlement_cursors WHERE session = ? AND projection = 'orders'",
  )
    .bind(drop.session)
    .first<number>("seq");
  // As if the queue had given up before anything was applied.
  await env.DB.batch([
    env.DB.prepare("DELETE FROM orders WHERE session = ?").bind(drop.session),
    env.DB.prepare("DELETE FROM settlement_cursors WHERE session = ? AND projection = 'orders'").bind(
      drop.session,
    ),
  ]);
  await giveUp("settlement", [{ session: drop.session, firstSeq: 1, lastSeq: cursor, events: [] }]);
  const { id, about } = await newest("settlement");
  expect(about).toBe(`${drop.session}, events 1 to ${cursor}`);
  const key = newKey();
  const replayed = await post(`${path}/${id}/replays`, { as: PLATFORM, key });
  expect(replayed.status).toBe(201);
  expect(replayed.json).toMatchObject({ id, status: "replayed", replays: 1, replayedAt: expect.any(String) });
  await until(async () => (await rowOf()) ?? undefined);
  const repeated = await post(`${path}/${id}/replays`, { as: PLATFORM, key });
  expect(repeated.headers.get("Idempotency-Replayed")).toBe("true");
  expect(repeated.json).toEqual(replayed.json);
  expect(await must(get(`${path}/${id}`, { as: PLATFORM }))).toMatchObject({ replays: 1 });
  expect(refused(await post(`${path}/${id}/replays`, { as: PLATFORM, key: null }))).toBe(
    "400 idempotency_key_missing",
  );
  const { data } = await must(get(`${path}?status=replayed`, { as: PLATFORM }));
  expect(data.map((letter: Json) => letter.id)).toEqual([id]);
});

it("that are clicks are counted when they are sent again, each once", async () => {
  const suffix = crypto.randomUUID().replaceAll("-", "").slice(0, 26);
  const [click, link] = [`clk_${suffix}`, `lnk_${suffix}`];
  const counted = () =>
    env.DB.prepare("SELECT sum(clicks) AS n FROM click_hours WHERE link = ?").bind(link).first<number>("n");
  const body = { click, link, atMs: Date.now() };
  await giveUp("clicks", [body]);
  const letter = await newest("clicks");
  expect(letter).toMatchObject({ about: `click ${click}, link ${link}`, status: "waiting" });
  expect(await counted()).toBeNull();
  await must(post(`${path}/${letter.id}/replays`, { as: PLATFORM }));
  await until(async () => (await counted()) ?? undefined);
  // As when it was sent again while it was still on its way.
  const again = { id: "again", timestamp: new Date(), attempts: 1, body };
  await worker.queue(createMessageBatch("dropcast-clicks", [again]), env);
  expect(await counted()).toBe(1);
});

/** A session's record as its host reads it: events, blocks, a signed head, the check. */
import { createHash } from "node:crypto";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { EVENT_SCHEMAS, cloudEvent } from "../../src/wire/events.ts";
import { buy, get, must, newDrop, newViewer, PLATFORM, refused, type Drop, type Json } from "./client.ts";

async function soldDrop(): Promise<Drop> {
  const drop = await newDrop(3);
  const { token } = await newViewer();
  await buy(drop, token);
  await buy(drop, token, { method: "sandbox_decline" });
  return drop;
}

describe("events", () => {
  it("are the journal as CloudEvents, each as its schema says, in pages", async () => {
    const drop = await soldDrop();
    const events: Json[] = [];
    let cursor: string | null = "0";
    while (cursor !== null) {
      const page: Json = await must(
        get(`${drop.at}/events?limit=3&cursor=${cursor}`, { as: drop.seller.key }),
      );
      expect(page.data.length).toBeLessThanOrEqual(3);
      events.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, index) => index + 1));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const event of events) {
      const [, type] = /^dropcast\.(.+)\.v1$/.exec(cloudEvent.parse(event).type) ?? [];
      const schema = [...EVENT_SCHEMAS].find(([name]) => name === type)?.[1];
      expect(schema?.safeParse(event).error).toBeUndefined();
      expect((await get(event.dataschema)).status).toBe(200);
    }
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        "dropcast.session.created.v1",
        "dropcast.order.captured.v1",
        "dropcast.order.failed.v1",
      ]),
    );
    const after = await must(get(`${drop.at}/events?after=${events.length - 1}`, { as: drop.creator.key }));
    expect(after).toEqual({ data: [events.at(-1)], nextCursor: null });
  });

  it("come a line each to whoever accepts that, all of them", async () => {
    const drop = await soldDrop();
    const as = drop.seller.key;
    const lines = await get(`${drop.at}/events?after=2`, { as, headers: { Accept: "application/x-ndjson" } });
    expect(lines.headers.get("Content-Type")).toBe("application/x-ndjson");
    const { data } = await must(get(`${drop.at}/events?after=2&limit=500`, { as }));
    expect(
      lines.text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(data);
    const end = await get(`${drop.at}/events?after=9999`, {
      as,
      headers: { Accept: "application/x-ndjson" },
    });
    expect([end.status, end.text]).toEqual([200, ""]);
    for (const accept of ["*/*", "application/json", "application/*", "text/html, */*;q=0.1"]) {
      expect(
        (await get(`${drop.at}/events`, { as, headers: { Accept: accept } })).json.data.length,
      ).toBeGreaterThan(0);
    }
    const odd = await get(`${drop.at}/events`, { as, headers: { Accept: "image/png" } });
    expect(refused(odd)).toBe("406 not_acceptable");
  });

  it("are asked for from a place that can be", async () => {
    const drop = await newDrop(1);
    for (const query of ["after=-1", "after=x", "limit=0", "limit=501", "limit=1&limit=2", "after=1e99"]) {
      expect(refused(await get(`${drop.at}/events?${query}`, { as: PLATFORM }))).toBe("400 bad_request");
    }
  });
});

describe("the audit", () => {
  it("gives blocks that chain, and a head signed with a published key", async () => {
    const drop = await soldDrop();
    const keys = createLocalJWKSet(await must(get("/.well-known/jwks.json")));
    const arrivals: Json[] = [];
    let previous = "";
    let page: Json;
    let after = 0;
    do {
      page = await must(get(`${drop.at}/audit?payload=true&limit=4&after=${after}`, { as: drop.seller.key }));
      for (const { number, prevHash, hash, payload } of page.data) {
        expect([number, prevHash]).toEqual([after + 1, previous]);
        previous = createHash("sha256").update(`${previous}\n${payload}`).digest("base64url");
        expect(hash).toBe(previous);
        after = number;
        arrivals.push(...JSON.parse(payload).answers.flatMap(({ arrival }: Json) => arrival ?? []));
      }
      const { payload, protectedHeader } = await jwtVerify(page.signedHead, keys, { subject: drop.session });
      expect(protectedHeader.typ).toBe("head+jwt");
      expect(payload).toMatchObject(page.head);
    } while (page.nextCursor !== null);
    expect(page.head).toMatchObject({ number: after, hash: previous });
    // Of every tap, when it came in at its relay: who was first can be seen.
    expect(arrivals.map(({ relay, number }) => `${relay} ${number}`)).toEqual(["XX/0 1", "XX/0 2"]);
    const end = await must(get(`${drop.at}/audit?after=${after}`, { as: drop.seller.key }));
    expect([end.data, end.head, end.nextCursor]).toEqual([[], page.head, null]);
    const past = await must(get(`${drop.at}/audit?after=9999`, { as: PLATFORM }));
    expect([past.data, past.head, past.nextCursor]).toEqual([[], page.head, null]);
  });

  it("leaves payloads out, and replays the journal, when asked", async () => {
    const drop = await soldDrop();
    const { data, check } = await must(get(`${drop.at}/audit?check=true`, { as: drop.seller.key }));
    expect(data[0]).not.toHaveProperty("payload");
    expect(check).toMatchObject({ chainWhole: true, replayEqual: true, blocks: data.length });
    expect(check.pools).toMatchObject([{ sku: drop.sku, allocated: 3, held: 0, committed: 1, available: 2 }]);
  });
});

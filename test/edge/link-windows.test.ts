/** Links that count for a time of their own, as clients make them, and see what it does to an order. */
import { env } from "cloudflare:workers";
import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { MINUTE_MS } from "../../src/domain/attribution.ts";
import { newId } from "../../src/edge/ids.ts";
import { signClickToken } from "../../src/token/click-token.ts";
import { loadKeys } from "../../src/token/keys.ts";
import {
  get,
  must,
  newCreator,
  newDrop,
  newToken,
  newViewer,
  PLATFORM,
  post,
  refused,
  until,
  type Json,
} from "./client.ts";

const TARGET = { url: "https://shop.example/" };

it("a link counts for a time from a minute to 30 days, and says so", async () => {
  const { key: as } = await newCreator();
  for (const windowMinutes of [1, 43_200]) {
    const link = await must(post("/v1/links", { as, body: { target: TARGET, windowMinutes } }));
    expect(link).toMatchObject({ windowMinutes });
    expect((await must(get("/v1/links?limit=1", { as }))).data).toEqual([link]);
  }
  const csv = await get("/v1/links?format=csv", { as });
  expect(parse(csv.text, { columns: true })).toMatchObject([
    { window_minutes: "43200" },
    { window_minutes: "1" },
  ]);
  for (const windowMinutes of [0, -1, 1.5, 43_201, "60", null]) {
    const answer = await post("/v1/links", { as, body: { target: TARGET, windowMinutes } });
    expect(refused(answer), String(windowMinutes)).toBe("400 bad_request");
  }
});

it("a click counts for as long as its link says, and then an older one of a link that counts longer", async () => {
  const [drop, { key }, ring] = await Promise.all([newDrop(5), newCreator(), loadKeys(env.TOKEN_KEYS)]);
  const newLink = (over: object): Promise<Json> =>
    must(post("/v1/links", { as: key, body: { target: { session: drop.session }, ...over } }));
  const [hour, month] = await Promise.all([newLink({ windowMinutes: 60 }), newLink({})]);
  const clicked = ({ id: link, creator }: Json, minutesAgo: number): Promise<string> =>
    signClickToken(ring, { click: newId("clk"), link, creator, atMs: Date.now() - minutesAgo * MINUTE_MS });
  const recordOf = async (minutesAgo: number): Promise<Json> => {
    const { token: as } = await newViewer();
    const clicks = await Promise.all([clicked(hour, minutesAgo), clicked(month, 120)]);
    const items = [{ token: await newToken(drop, as) }];
    const asked = { as, body: { items, paymentMethod: "sandbox_success", clicks } };
    const { id } = await must(post(`${drop.at}/orders`, asked));
    return until(async () => {
      const { status, json } = await get(`/v1/orders/${id}/attribution`, { as: PLATFORM });
      return status === 200 ? json : undefined;
    });
  };
  const [ofHour, ofMonth] = [60 * MINUTE_MS, 43_200 * MINUTE_MS];
  expect(await recordOf(59)).toMatchObject({
    winner: { link: hour.id, windowMs: ofHour },
    candidates: [
      { link: hour.id, windowMs: ofHour, verdict: "won" },
      { link: month.id, windowMs: ofMonth, verdict: "older_touch" },
    ],
  });
  expect(await recordOf(61)).toMatchObject({
    winner: { link: month.id, windowMs: ofMonth },
    candidates: [
      { link: month.id, windowMs: ofMonth, verdict: "won" },
      { link: hour.id, windowMs: ofHour, verdict: "outside_window" },
    ],
  });
});

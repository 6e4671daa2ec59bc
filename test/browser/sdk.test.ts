// The SDK on Node against the real server, with a network between them that fails.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { Api } from "../../scripts/rehearsal/api.ts";
import { clientOf, type ClientState, type SessionClient } from "../../src/sdk/index.ts";
import { start } from "../flows/server.ts";
import { between } from "./between.ts";

interface Identified {
  readonly id: string;
}

const usd = (amount: number): object => ({ amount, currency: "USD" });

it("follows and buys through cuts, without sockets, and when answers are lost", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dropcast-sdk-"));
  const { url, key } = await start(join(folder, "state"));
  const api = new Api(url);
  const host = <T>(path: string, body: unknown = {}): Promise<T> => api.post<T>(path, key, body);
  const seller = await host<Identified>("/v1/sellers", { name: "Kiln & Loom" });
  const { id: session } = await host<Identified>("/v1/sessions", {
    seller: seller.id,
    title: "Kiln opening",
    currency: "USD",
  });
  await host(`/v1/sessions/${session}/stock`, { sku: "MUG", allocated: 20 });
  await host(`/v1/sessions/${session}/start`);
  const offerOf = async (more: object): Promise<string> => {
    const price = { headline: usd(3_800) };
    const body = { title: "Ash mug", lines: [{ sku: "MUG", quantity: 1 }], price, ...more };
    const { id } = await host<Identified>(`/v1/sessions/${session}/offers`, body);
    await host(`/v1/sessions/${session}/offers/${id}/open`);
    return id;
  };
  const mug = await offerOf({});
  const pair = await offerOf({
    title: "A pair",
    lines: [{ sku: "MUG", quantity: 2 }],
    limits: { perOrder: 2 },
  });

  const network = await between(url);
  const client = clientOf({ api: network.url, session });
  expect(clientOf({ api: `${network.url}/`, session })).toBe(client);
  const seen: ClientState[] = [];
  const leave = client.subscribe(() => seen.push(client.state));
  const until = (what: (state: ClientState) => boolean): Promise<void> => reached(client, what);
  const picture = (): Promise<unknown> => api.must(`/v1/sessions/${session}`);

  // The picture comes first, then the socket; a tap on it is shown before it is answered.
  await until(({ connection }) => connection === "socket");
  expect(client.state.picture?.offers[mug]?.available).toEqual({ main: 20 });
  expect(Math.abs(client.nowMs() - Date.now())).toBeLessThan(1_000);
  const price = (await client.quote(mug, {})).price;
  expect(price.due).toEqual(usd(3_800));
  const bought = await client.buy(mug, { paymentMethod: "sandbox_success" });
  expect(bought.total).toEqual(usd(3_800));
  const tapped = seen.find(({ purchases }) => purchases[mug]?.step === "pending");
  expect(tapped?.picture?.offers[mug]?.available).toEqual({ main: 19 });
  expect(tapped?.picture?.offers[pair]?.available).toEqual({ main: 9 });
  await until(({ purchases }) => purchases[mug]?.step === "bought");
  await until((state) => unitsOf(state, mug) === 19);

  // A refusal by its code; what was shown is as it was.
  await expect(client.buy(pair, { quantity: 3, paymentMethod: "sandbox_success" })).rejects.toMatchObject({
    code: "quantity_exceeded",
    status: 409,
  });
  expect(client.state.purchases[pair]).toMatchObject({
    step: "refused",
    refusal: { code: "quantity_exceeded" },
  });
  expect(client.state.picture?.offers[pair]?.available).toEqual({ main: 9 });

  // 3-D Secure: what the viewer must do is found out, though no notice says it.
  await client.buy(mug, { paymentMethod: "sandbox_3ds" });
  await until(({ purchases }) => purchases[mug]?.step === "action");
  expect(client.state.purchases[mug]?.order?.paymentAction?.url).toContain("http");

  // A hold: longer, then given back.
  const held = await client.reserve(pair);
  const longer = await client.extend(held.id);
  expect(longer.extensions).toBe(1);
  await client.release(held.id);
  expect(client.state.purchases[pair]?.step).toBe("released");

  // Cut in the middle of a tap, which then goes another way under its id: bought once.
  await client.quote(mug);
  const inTheAir = client.buy(mug, { paymentMethod: "sandbox_success" });
  await setImmediate();
  network.cut();
  expect((await inTheAir).lines).toMatchObject([{ offer: mug, quantity: 1 }]);
  await until((state) => state.connection === "socket" && unitsOf(state, mug) === 17);

  // Cut; what happened meanwhile is there afterwards, and nothing else.
  network.blocked.add("all");
  network.cut();
  await until(({ connection }) => connection !== "socket");
  await host(`/v1/sessions/${session}/offers/${mug}/pin`);
  network.blocked.clear();
  await until((state) => state.connection === "socket" && state.picture?.session.pinned === mug);
  await expect.poll(async () => client.state.picture).toEqual(await picture());

  // No sockets: the event stream brings the same, notices as well.
  network.blocked.add("sockets");
  network.cut();
  await until(({ connection }) => connection === "stream");
  await client.buy(pair, { paymentMethod: "sandbox_later_success" });
  await until(({ purchases }) => purchases[pair]?.step === "bought");

  // No streams either. The answer to a tap is lost, and it is sent again: bought once.
  network.blocked.add("streams");
  network.cut();
  await until(({ connection }) => connection === "polling");
  network.loses = "/orders";
  const again = await client.buy(pair, { paymentMethod: "sandbox_success" });
  expect(network.loses).toBeUndefined();
  expect(again.lines).toMatchObject([{ offer: pair, quantity: 1 }]);
  await until((state) => unitsOf(state, mug) === 17 - 2 - 2);
  const listed = (): Promise<Identified[]> => api.all(`/v1/orders?session=${session}`, key);
  await expect.poll(listed).toHaveLength(5);

  // Who leaves is let go: without the server's answer a client waits for ten seconds.
  const visit = new WebSocket(`${url.replace("http", "ws")}/v1/sessions/${session}/live`, ["dropcast.v1"]);
  await once(visit, "message");
  const leavesAtMs = performance.now();
  visit.close();
  await once(visit, "close");
  expect(performance.now() - leavesAtMs).toBeLessThan(5_000);

  // The session ends, and with it the following.
  network.blocked.clear();
  await host(`/v1/sessions/${session}/end`);
  await until(({ connection }) => connection === "over");
  expect(client.state).toMatchObject({ missing: false, picture: { session: { status: "ended" } } });

  // There is no such session.
  const other = clientOf({ api: network.url, session: "ses_01jd3m5n8yfx0t2qv4w6z9r1ab" });
  const leaveOther = other.subscribe(() => undefined);
  await reached(other, ({ missing, connection }) => missing && connection === "over");
  leaveOther();
  leave();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

function unitsOf(state: ClientState, offer: string): number | undefined {
  return state.picture?.offers[offer]?.available["main"];
}

async function reached(client: SessionClient, what: (state: ClientState) => boolean): Promise<void> {
  if (what(client.state)) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not reached: ${JSON.stringify(client.state)}`)), 10_000);
    const stop = client.subscribe(() => {
      if (!what(client.state)) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}

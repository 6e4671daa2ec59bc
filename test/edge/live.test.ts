/** The socket as the edge lets it through, and orders that come over it. */
import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/edge/app.ts";
import { VIEWER_HEADER } from "../../src/live/client.ts";
import {
  get,
  must,
  newDrop,
  newToken,
  newViewer,
  PLATFORM,
  post,
  refused,
  send,
  until,
  type Drop,
  type Json,
} from "./client.ts";

interface Socket {
  readonly messages: Json[];
  readonly protocol: string | null;
  send(message: object): void;
  /** The first message that matches. */
  next(matches: (message: Json) => boolean): Promise<Json>;
  close(): void;
}

async function upgrade(path: string, headers: Record<string, string>): Promise<Response> {
  return exports.default.fetch(`https://dropcast.test${path}`, {
    headers: { Upgrade: "websocket", ...headers },
  });
}

async function connect(
  drop: Drop,
  protocols: string,
  headers: Record<string, string> = {},
  query = "",
): Promise<Socket> {
  const response = await upgrade(`${drop.at}/live${query}`, {
    "Sec-WebSocket-Protocol": protocols,
    ...headers,
  });
  const socket = response.webSocket;
  if (!socket) throw new Error(`no socket: ${response.status} ${await response.text()}`);
  const messages: Json[] = [];
  socket.addEventListener("message", ({ data }) => void messages.push(JSON.parse(String(data))));
  socket.accept();
  return {
    messages,
    protocol: response.headers.get("Sec-WebSocket-Protocol"),
    send: (message) => socket.send(JSON.stringify(message)),
    next: (matches) => until(async () => messages.find(matches)),
    close: () => socket.close(),
  };
}

interface Stream {
  readonly response: Response;
  readonly messages: Json[];
  /** Of the events so far, as a browser would keep the last of them. */
  readonly ids: string[];
  next(matches: (message: Json) => boolean): Promise<Json>;
  close(): Promise<void>;
}

async function listen(path: string, headers: Record<string, string> = {}): Promise<Stream> {
  const response = await exports.default.fetch(`https://dropcast.test${path}`, {
    headers: { Accept: "text/event-stream", ...headers },
  });
  const messages: Json[] = [];
  const ids: string[] = [];
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = async (): Promise<void> => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (text + part.value).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        const id = /^id: (.*)$/m.exec(event)?.[1];
        if (id !== undefined) ids.push(id);
        if (data !== undefined) messages.push(JSON.parse(data));
      }
    }
  };
  const reading = read().catch(() => undefined);
  return {
    response,
    messages,
    ids,
    next: (matches) => until(async () => messages.find(matches)),
    close: async () => {
      await reader.cancel();
      await reading;
    },
  };
}

const ofType = (type: string) => (message: Json) => message.type === type;

describe("the socket", () => {
  it("is for everybody to watch", async () => {
    const drop = await newDrop(3);
    const socket = await connect(drop, "dropcast.v1");
    expect(socket.protocol).toBe("dropcast.v1");
    expect(await socket.next(ofType("welcome"))).toMatchObject({ session: drop.session, viewer: null });
    const { picture } = await socket.next(ofType("snapshot"));
    expect(picture).toEqual((await get(drop.at)).json);
    socket.send({ type: "reserve", id: "1", items: [{ token: "x" }] });
    expect((await socket.next(ofType("error"))).problem.code).toBe("unauthenticated");
    socket.close();
  });

  it("knows a viewer by a token among the subprotocols, which it does not say back", async () => {
    const drop = await newDrop(3);
    const viewer = await newViewer();
    const socket = await connect(drop, `dropcast.v1, dropcast.bearer.${viewer.token}`);
    expect(socket.protocol).toBe("dropcast.v1");
    expect((await socket.next(ofType("welcome"))).viewer).toBe(viewer.id);
    socket.close();
  });

  it("knows a viewer by the header, and a host as one who watches and is not counted, nor is a monitor", async () => {
    const drop = await newDrop(3);
    const viewer = await newViewer();
    for (const [as, known] of [
      [viewer.token, viewer.id],
      [drop.seller.key, null],
      [PLATFORM, null],
    ] as const) {
      const socket = await connect(drop, "dropcast.v1", { Authorization: `Bearer ${as}` });
      expect((await socket.next(ofType("welcome"))).viewer).toBe(known);
      socket.close();
    }
    const monitor = await connect(drop, "dropcast.v1", {}, "?as=monitor");
    await monitor.next(ofType("snapshot"));
    monitor.close();
    const stats = () => must(get(`${drop.at}/stats`, { as: drop.seller.key }));
    await until(async () => ((await stats()).views > 0 ? true : undefined));
    expect((await stats()).views).toBe(1);
  });

  it("and HTTP are one crowd: of a hundred taps for one unit, half by each, exactly one wins", async () => {
    const drop = await newDrop(1);
    const crowd = await Promise.all(Array.from({ length: 100 }, () => newViewer()));
    const taps = await Promise.all(
      crowd.map(async ({ token: as }, index) => {
        const items = [{ token: await newToken(drop, as) }];
        if (index % 2 === 0) {
          const byHttp = () => post(`${drop.at}/reservations`, { as, body: { items } });
          return async () => (await byHttp()).json.code ?? "won";
        }
        const socket = await connect(drop, `dropcast.v1, dropcast.bearer.${as}`);
        return async () => {
          socket.send({ type: "reserve", id: "tap", items });
          const { problem } = await socket.next(({ id }) => id === "tap");
          socket.close();
          return problem?.code ?? "won";
        };
      }),
    );
    const outcomes = await Promise.all(taps.map((tap) => tap()));
    expect(outcomes.filter((outcome) => outcome === "won")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "out_of_stock")).toHaveLength(99);
  });

  it("cannot be told who somebody is", async () => {
    const drop = await newDrop(3);
    const viewer = await newViewer();
    const socket = await connect(drop, "dropcast.v1", { "dropcast-viewer": viewer.id });
    expect((await socket.next(ofType("welcome"))).viewer).toBeNull();
    socket.close();
  });

  it("is refused with a problem, and with all that other answers have", async () => {
    const drop = await newDrop(1);
    const viewer = await newViewer();
    const asks = [
      [
        `${drop.at}/live`,
        { "Sec-WebSocket-Protocol": `dropcast.v1, dropcast.bearer.${viewer.token}x` },
        "401 unauthenticated",
      ],
      [`${drop.at}/live`, { Authorization: "Bearer nonsense" }, "401 unauthenticated"],
      ["/v1/sessions/ses_01jd3m5n8yfx0t2qv4w6z9r1v0/live", {}, "404 session_not_found"],
      ["/v1/sessions/nope/live", {}, "404 session_not_found"],
    ] as const;
    for (const [path, headers, code] of asks) {
      const response = await upgrade(path, headers);
      const json = await response.json();
      expect(refused({ status: response.status, headers: response.headers, json, text: "" })).toBe(code);
      expect(response.headers.get("Server-Timing")).not.toBeNull();
      expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    }
    const plain = await get(`${drop.at}/live`);
    expect([refused(plain), plain.headers.get("Upgrade")]).toEqual(["426 upgrade_required", "websocket"]);
  });

  it("sells: an order over it is paid for like any other", async () => {
    const drop = await newDrop(3);
    const { token } = await newViewer();
    const socket = await connect(drop, `dropcast.v1, dropcast.bearer.${token}`);
    const items = [{ token: await newToken(drop, token) }];
    socket.send({ type: "order", id: "tap-1", items, paymentMethod: "sandbox_success", shownAs: "Ana" });
    const { result } = await socket.next(ofType("ack"));
    expect(result.status).toBe("placed");
    const { change } = await socket.next(({ change: news }) => news?.recentBuys);
    expect(change.recentBuys).toMatchObject([{ offer: drop.offer, quantity: 1, bought: 1, shownAs: "Ana" }]);
    const { order } = await socket.next(
      ({ type, order: told }) => type === "notice" && told?.status === "captured",
    );
    expect(order.id).toBe(result.id);
    expect((await must(get(`/v1/orders/${order.id}`, { as: token }))).status).toBe("captured");
    socket.close();
  });
});

it("refuses a payment method that the provider does not know before anything is held, as HTTP does", async () => {
  const drop = await newDrop(1);
  const { token } = await newViewer();
  const socket = await connect(drop, `dropcast.v1, dropcast.bearer.${token}`);
  const items = [{ token: await newToken(drop, token) }];
  const refusedWith = async (id: string): Promise<string> => {
    socket.send({ type: "order", id, items, paymentMethod: "pm_unheard_of" });
    return (await socket.next((message) => message.id === id)).problem.code;
  };
  expect([await refusedWith("a"), await refusedWith("b")]).toEqual(Array(2).fill("payment_method_unknown"));
  socket.send({ type: "order", id: "c", items, paymentMethod: "sandbox_success" });
  expect((await socket.next(({ id }) => id === "c")).type).toBe("ack");
  socket.close();
});

describe("the event stream", () => {
  it("shows what the socket shows, to pages of any origin, and passes nothing on late", async () => {
    const drop = await newDrop(3);
    const stream = await listen(`${drop.at}/live`, { Origin: "https://shop.example" });
    expect(stream.response.status).toBe(200);
    expect(Object.fromEntries(stream.response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
      "x-accel-buffering": "no",
    });
    expect((await stream.next(ofType("welcome"))).viewer).toBeNull();
    const { picture } = await stream.next(ofType("snapshot"));
    expect(picture).toEqual((await get(drop.at)).json);
    await must(post(`${drop.at}/offers/${drop.offer}/close`, { as: drop.creator.key }));
    const { change } = await stream.next(({ change: of }) => of?.offers[drop.offer]?.status === "closed");
    expect(change.after).toBe(picture.cursor);
    expect(stream.ids.at(-1)).toBe(String(change.cursor));
    await stream.close();
  });

  it("knows a viewer by the header, and is refused like the socket", async () => {
    const drop = await newDrop(1);
    const viewer = await newViewer();
    const known = await listen(`${drop.at}/live`, { Authorization: `Bearer ${viewer.token}` });
    expect((await known.next(ofType("welcome"))).viewer).toBe(viewer.id);
    await known.close();
    const headers = { Accept: "text/event-stream" };
    const none = await get("/v1/sessions/ses_01jd3m5n8yfx0t2qv4w6z9r1v0/live", { headers });
    expect(refused(none)).toBe("404 session_not_found");
    expect(refused(await get(`${drop.at}/live`, { headers, as: "nonsense" }))).toBe("401 unauthenticated");
    expect((await send("HEAD", `${drop.at}/live`, { headers })).status).toBe(426);
    await must(post(`${drop.at}/end`, { as: drop.creator.key }));
    expect((await get(`${drop.at}/live`, { headers })).status).toBe(204);
  });
});

it("is joined without a gap from a picture that was asked for: by socket, by stream, and again after a cut", async () => {
  const drop = await newDrop(50);
  const { token } = await newViewer();
  const tap = async (): Promise<void> => {
    const items = [{ token: await newToken(drop, token) }];
    await must(post(`${drop.at}/reservations`, { as: token, body: { items } }));
  };
  const first = (await get(`${drop.at}/offers/${drop.offer}`)).json;
  await tap();
  const after = `${drop.at}/live?after=${first.cursor}`;
  const stream = await listen(after);
  const socket = await connect(drop, "dropcast.v1", {}, `?after=${first.cursor}`);
  await tap();
  const left = (units: number) => (message: Json) =>
    message.change?.offers[drop.offer]?.available.main === units;
  await Promise.all([socket.next(left(48)), stream.next(left(48))]);
  for (const { messages } of [socket, stream]) expect(joined(messages, first.cursor)).toBe(true);
  await stream.close();
  socket.close();
  await tap();
  const again = await listen(after, { "Last-Event-ID": stream.ids.at(-1)! });
  await again.next(left(47));
  expect(joined(again.messages, Number(stream.ids.at(-1)))).toBe(true);
  expect((await get(drop.at)).json.offers[drop.offer].available.main).toBe(47);
  await again.close();
});

/** Whether each change builds on the one before, from a cursor on: nothing is missing, nothing comes twice. */
function joined(messages: readonly Json[], from: number): boolean {
  const changes = messages.filter(ofType("frame")).map(({ change }) => change);
  const starts = [from, ...changes.map(({ cursor }) => cursor)];
  return (
    changes.length > 0 &&
    changes.every(({ after }, at) => after === starts[at]) &&
    !messages.some(ofType("snapshot"))
  );
}

it("hands a relay the viewer's id, and nothing that proves it", async () => {
  const drop = await newDrop(1);
  const viewer = await newViewer();
  const seen: Request[] = [];
  const fetch = (request: Request): Response => {
    seen.push(request);
    return new Response("no");
  };
  const RELAY = { getByName: () => ({ fetch }) };
  const offered = [
    { "Sec-WebSocket-Protocol": `dropcast.bearer.${viewer.token}, dropcast.v1` },
    { Authorization: `Bearer ${viewer.token}` },
  ];
  for (const headers of offered) {
    const request = new Request(`https://dropcast.test${drop.at}/live?after=7`, {
      headers: { Upgrade: "websocket", ...headers },
    });
    await createApp().fetch(request, { ...env, RELAY }, createExecutionContext());
  }
  expect(seen.map(({ headers }) => headers.get(VIEWER_HEADER))).toEqual([viewer.id, viewer.id]);
  expect(seen.map(({ headers }) => headers.get("Sec-WebSocket-Protocol"))).toEqual(["dropcast.v1", null]);
  for (const { url, headers } of seen) {
    expect(url).toMatch(/\?after=7$/);
    expect(JSON.stringify([...headers])).not.toContain(viewer.token);
  }
});

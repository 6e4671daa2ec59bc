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

async function connect(drop: Drop, protocols: string, headers: Record<string, string> = {}): Promise<Socket> {
  const response = await upgrade(`${drop.at}/live`, { "Sec-WebSocket-Protocol": protocols, ...headers });
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

  it("knows a viewer by the header, and a host as one who watches", async () => {
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
      ["/v1/sessions/ses_01jd3m5n8yfx0t2qv4w6z9r1ab/live", {}, "404 session_not_found"],
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
    socket.send({ type: "order", id: "tap-1", items, paymentMethod: "sandbox_success" });
    const { result } = await socket.next(ofType("ack"));
    expect(result.order.status).toBe("placed");
    const { order } = await socket.next(
      ({ type, order: told }) => type === "notice" && told?.status === "captured",
    );
    expect(order.id).toBe(result.order.id);
    expect((await must(get(`/v1/orders/${order.id}`, { as: token }))).status).toBe("captured");
    socket.close();
  });
});

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

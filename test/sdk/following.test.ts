// How a client follows a session: which way, and what it does when a way ends. Only the network is made up.
import { beforeEach, expect, it } from "vitest";
import { json, jwt, problem, SESSION, welcome, type Request } from "./network.ts";
import {
  answers,
  at,
  client,
  connected,
  connections,
  FIRST,
  follow,
  frame,
  network,
  PATH,
  soon,
  units,
  use,
  open,
} from "./stage.ts";

beforeEach(open);

/** Follows where no socket opens: both that are tried end, and another way is next. */
async function withoutSockets(): Promise<void> {
  follow();
  await soon();
  network.socket.ends();
  await soon(1_000);
  network.socket.ends();
}

it("shows a picture before there is a socket, then follows by socket", async () => {
  follow();
  await soon();
  expect(client.state).toMatchObject({ connection: "connecting", picture: FIRST });
  expect(network.socket.protocols).toEqual(["dropcast.v1", `dropcast.bearer.${jwt({ sub: "vwr_1" })}`]);
  network.socket.says(welcome());
  network.socket.says(frame(3, 4, 4));
  expect(client.state).toMatchObject({ connection: "socket", viewers: 8 });
  expect(units()).toBe(4);
});

it("gives a new state at every change, and leaves the old as it was", async () => {
  await connected();
  const before = client.state;
  const copy = structuredClone(before);
  network.socket.says(frame(3, 4, 4));
  expect(client.state).not.toBe(before);
  expect(before).toEqual(copy);
});

it("comes again from its cursor after a cut, and not at once", async () => {
  await connected();
  network.socket.ends(4503);
  await soon(499);
  expect(network.sockets).toHaveLength(1);
  await soon(1);
  expect(network.socket.url).toBe(`wss://live.test${PATH}/live?after=3`);
  expect(connections).toEqual(["connecting", "socket", "connecting"]);
});

it("asks for what is missing before a frame, at once, once", async () => {
  await connected();
  network.socket.says(frame(5, 6, 1));
  await soon();
  expect(network.sockets).toHaveLength(2);
  expect(units()).toBe(5);
  network.socket.says(frame(5, 6, 1));
  await soon();
  expect(network.sockets).toHaveLength(2);
});

it("pings a quiet socket, and leaves one that does not answer", async () => {
  await connected();
  await soon(20_000);
  expect(network.socket.sent).toEqual(['{"type":"ping"}']);
  network.socket.says({ type: "pong" });
  await soon(20_000);
  expect(network.socket.sent).toHaveLength(2);
  const [silent] = network.sockets;
  await soon(10_000);
  expect(silent?.isClosed).toBe(true);
  expect(client.state.connection).toBe("connecting");
});

it("follows by stream where no socket opens, and tries for a socket again later", async () => {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  const bytes = new TextEncoder();
  answers["/live"] = ({ signal }) =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          stream = controller;
          signal?.addEventListener("abort", () => controller.error(signal.reason));
        },
      }),
    );
  await withoutSockets();
  await soon();
  const [asked] = network.requests.filter(({ path }) => path.includes("/live"));
  expect(asked?.path).toBe(`${PATH}/live?after=3`);
  expect(asked?.headers.get("Authorization")).toContain("Bearer ");
  stream?.enqueue(bytes.encode(`event: frame\nid: 4\ndata: ${JSON.stringify(frame(3, 4, 2))}\n\n`));
  await soon();
  expect(client.state.connection).toBe("stream");
  expect(units()).toBe(2);
  const attempts = network.sockets.length;
  // Heartbeats keep it.
  for (let nth = 0; nth < 5; nth += 1) {
    await soon(15_000);
    stream?.enqueue(bytes.encode(":\n\n"));
  }
  await soon(15_000);
  expect(network.sockets.length).toBe(attempts + 1);
  expect(client.state.connection).toBe("stream");
  network.socket.says(welcome());
  expect(client.state.connection).toBe("socket");
});

it("says of a monitor that it is one, by socket and by stream", async () => {
  use(undefined, true);
  await withoutSockets();
  await soon();
  expect(network.socket.url).toBe(`wss://live.test${PATH}/live?as=monitor&after=3`);
  const [asked] = network.requests.filter(({ path }) => path.includes("/live"));
  expect(asked?.path).toBe(`${PATH}/live?as=monitor&after=3`);
});

it("asks again and again where nothing else goes through, as often as it is told to", async () => {
  await withoutSockets();
  await soon();
  expect(client.state.connection).toBe("polling");
  const asked = (): Request[] => network.asked(SESSION).slice(1);
  expect(asked()).toHaveLength(1);
  await soon(2_099);
  expect(asked()).toHaveLength(1);
  answers[SESSION] = () => new Response(null, { status: 304, headers: { "Retry-After": "60" } });
  await soon(1);
  expect(asked()[1]?.headers.get("If-None-Match")).toBe('"3"');
  await soon(59_000);
  expect(asked()).toHaveLength(2);
});

it("says that nothing answers, and goes on trying less and less often", async () => {
  network.answer = () => undefined;
  follow();
  await soon(10_000);
  expect(client.state.connection).toBe("offline");
  await soon(600_000);
  const before = network.requests.length;
  await soon(60_000);
  // By now half of half a minute each: a viewer's token for each way, and the ways.
  expect(network.requests.length - before).toBeLessThanOrEqual(4 * 5);
  expect(network.requests.length - before).toBeGreaterThan(0);
});

it("is not confused by what it asked for before it was stopped and started again", async () => {
  const late: ((token: string) => void)[] = [];
  answers["/viewers"] = () =>
    new Promise((resolve) => late.push((token) => resolve(json({ token: jwt({ sub: token }) }, 201))));
  const leave = follow();
  await soon();
  leave();
  await soon();
  follow();
  await soon();
  late.forEach((answer, nth) => answer(`vwr_${nth}`));
  await soon();
  expect(network.sockets).toHaveLength(1);
  network.socket.says(welcome());
  expect(client.state.connection).toBe("socket");
  network.socket.ends(4503);
  await soon(500);
  expect(network.sockets).toHaveLength(2);
});

it("gets another token when the server does not know the kept one", async () => {
  let nth = 0;
  answers["/viewers"] = () => json({ token: jwt({ sub: `vwr_${(nth += 1)}` }) }, 201);
  answers["/live"] = () => problem("unauthenticated", 401);
  await withoutSockets();
  await soon(2_000);
  expect(network.socket.protocols).toContain(`dropcast.bearer.${jwt({ sub: "vwr_2" })}`);
  network.socket.says(welcome());
  expect(client.state.connection).toBe("socket");
});

it("watches without a token where the page gives none that the server knows", async () => {
  use(() => Promise.reject(new Error("signed out")));
  answers["/live"] = ({ headers }) => {
    expect(headers.has("Authorization")).toBe(false);
    return new Response(`data: ${JSON.stringify(frame(3, 4, 1))}\n\n`);
  };
  follow();
  await soon(3_000);
  expect(units()).toBe(1);
  expect(connections).toContain("stream");
  expect(network.sockets).toEqual([]);
});

it("ends where there is no such session", async () => {
  answers[SESSION] = () => problem("session_not_found", 404);
  follow();
  await soon();
  expect(client.state).toMatchObject({ connection: "over", missing: true });
  const { length } = network.requests;
  await soon(600_000);
  expect(network.requests).toHaveLength(length);
});

it("ends with the session, by its picture or by the socket's word", async () => {
  await connected();
  const ended = { ...FIRST.session, status: "ended" };
  const change = { after: 3, cursor: 4, session: ended, offers: {} };
  network.socket.says({ type: "frame", viewers: 0, serverAt: at(), change });
  expect(client.state.connection).toBe("over");
  expect(network.socket.isClosed).toBe(true);
  use();
  await connected();
  network.socket.ends(4410);
  await soon();
  expect(client.state).toMatchObject({ connection: "over", missing: false });
});

it("stops when the last one leaves, and starts again from where it was", async () => {
  const [one, other] = [follow(), follow()];
  await soon();
  expect(network.sockets).toHaveLength(1);
  network.socket.says(welcome());
  one();
  one();
  await soon();
  expect(network.socket.isClosed).toBe(false);
  other();
  const stays = follow();
  await soon();
  expect(network.socket.isClosed).toBe(false);
  stays();
  await soon();
  expect(network.socket.isClosed).toBe(true);
  await soon(100_000);
  expect(network.sockets).toHaveLength(1);
  follow();
  await soon();
  expect(network.socket.url).toContain("?after=3");
});

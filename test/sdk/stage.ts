// The client on a made-up network, as the tests of following and buying both begin. What it exports changes with each `open`.
import { onTestFinished, vi } from "vitest";
import { Client } from "../../src/sdk/client.ts";
import type { Connection } from "../../src/sdk/types.ts";
import { API, fakeNetwork, json, jwt, SESSION, welcome, type Network, type Request } from "./network.ts";
import { offer, picture, PRICE } from "./things.ts";

export const PATH = `/v1/sessions/${SESSION}`;
export const FIRST = picture(3, [offer("ofr_a", 5)]);
export let network: Network;
export let client: Client;
/** What the connection has been since somebody follows. */
export let connections: Connection[];
/** What is answered to paths that end so, before all else. */
export let answers: Record<string, (request: Request) => ReturnType<Network["answer"]>>;

export function open(): void {
  network = fakeNetwork();
  answers = {};
  network.answer = (request) => {
    const special = Object.entries(answers).find(([end]) => request.path.split("?")[0]!.endsWith(end));
    if (special) return special[1](request);
    if (request.path === "/v1/viewers") return json({ token: jwt({ sub: "vwr_1" }) }, 201);
    if (request.path.endsWith("/tokens")) return quoted();
    if (request.path === PATH) return json(FIRST, 200, { ETag: '"3"', "Retry-After": "2" });
    return undefined;
  };
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  onTestFinished(() => void vi.restoreAllMocks());
  use();
}

/** A client that nobody has used yet. */
export function use(viewerToken?: () => Promise<string>, isMonitor = false): void {
  client = new Client({ api: API, session: SESSION, isMonitor, ...(viewerToken ? { viewerToken } : {}) });
  connections = [];
}

export function quoted(): Response {
  const expiresAt = new Date(Date.now() + 120_000).toISOString();
  return json({ token: "tok", expiresAt, price: PRICE }, 201);
}

export const at = (): string => new Date().toISOString();
export const soon = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

export function follow(): () => void {
  const leave = client.subscribe(() => {
    if (connections.at(-1) !== client.state.connection) connections.push(client.state.connection);
  });
  onTestFinished(leave);
  return leave;
}

/** On a socket, with the first picture. */
export async function connected(): Promise<void> {
  follow();
  await soon();
  network.socket.says(welcome());
  network.socket.says({ type: "snapshot", viewers: 7, serverAt: at(), picture: FIRST });
}

export function frame(after: number, cursor: number, units: number): object {
  const change = { after, cursor, offers: { ofr_a: offer("ofr_a", units) } };
  return { type: "frame", viewers: 8, serverAt: at(), change };
}

/** What is shown to be left. */
export const units = (): number | undefined => client.state.picture?.offers["ofr_a"]?.available["main"];

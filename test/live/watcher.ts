/** A viewer's screen on real workerd: a socket to a relay, the picture as a card keeps it, and what was said on it. */
import { env } from "cloudflare:workers";
import type { SessionId, ViewerId } from "../../src/domain/ids.ts";
import { priceOf } from "../../src/domain/pricing.ts";
import { LiveClient, type Audience } from "../../src/live/client.ts";
import { loadKeys } from "../../src/token/keys.ts";
import { issueOfferToken } from "../../src/token/offer-token.ts";
import { serverMessage, type ServerMessage } from "../../src/wire/live.ts";
import { offerTerms } from "../domain/shop.ts";
import { soon } from "../soon.ts";
import { TEE } from "./stage.ts";

export const live = new LiveClient(env);

export function audience(viewer: ViewerId | undefined): Audience {
  return { viewer, region: "EU", expectedViewers: 10 };
}

/** A client that keeps the picture as a card would, and fails on a gap. */
export class Watcher {
  readonly messages: ServerMessage[] = [];
  readonly socket: WebSocket;
  cursor: number | undefined;
  viewers = 0;
  offers: Record<string, unknown> = {};
  session: unknown;
  closed: number | undefined;

  static async connect(
    session: SessionId,
    viewer?: ViewerId,
    from?: Watcher,
    beside: Partial<Audience> = {},
  ): Promise<Watcher> {
    const after = from?.cursor === undefined ? "" : `?after=${from.cursor}`;
    const request = new Request(`https://dropcast.test/live${after}`, { headers: { Upgrade: "websocket" } });
    const { webSocket } = await live.connect(session, { ...audience(viewer), ...beside }, request);
    return new Watcher(webSocket!, from);
  }

  constructor(socket: WebSocket, from?: Watcher) {
    this.socket = socket;
    this.cursor = from?.cursor;
    this.offers = from?.offers ?? {};
    this.session = from?.session;
    socket.addEventListener("message", ({ data }) =>
      this.#read(serverMessage.parse(JSON.parse(data as string))),
    );
    socket.addEventListener("close", ({ code }) => {
      this.closed = code;
    });
    socket.accept();
  }

  #read(message: ServerMessage): void {
    this.messages.push(message);
    if (message.type === "snapshot") {
      this.cursor = message.picture.cursor;
      this.offers = message.picture.offers;
      this.session = message.picture.session;
      this.viewers = message.viewers;
    } else if (message.type === "frame") {
      const { after, cursor, offers, session } = message.change;
      if (after !== this.cursor) throw new Error(`gap or repeat: at ${this.cursor}, frame after ${after}`);
      this.cursor = cursor;
      this.offers = { ...this.offers, ...offers };
      if (session) this.session = session;
      this.viewers = message.viewers;
    }
  }

  tap(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Waits for a message of this type, for this id if given. */
  async got<T extends ServerMessage["type"]>(
    type: T,
    id?: string,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    return soon(() => {
      const found = this.messages.find(
        (m) => m.type === type && (id === undefined || ("id" in m && m.id === id)),
      );
      if (!found)
        throw new Error(`no ${type} ${id ?? ""} among ${JSON.stringify(this.messages.map((m) => m.type))}`);
      return found as Extract<ServerMessage, { type: T }>;
    });
  }

  /** The answer to a tap: `ack`, or the code it was refused with. */
  async answer(id: string): Promise<string> {
    return soon(() => {
      const found = this.messages.find((message) => "id" in message && message.id === id);
      if (!found) throw new Error(`no answer to ${id}`);
      return found.type === "error" ? found.problem.code : found.type;
    });
  }
}

export async function tokenFor(session: SessionId, viewer: ViewerId): Promise<string> {
  const promise = {
    token: `tok_${crypto.randomUUID().replaceAll("-", "").slice(0, 26)}`,
    session,
    offer: TEE,
    viewer,
    priceVersion: 1,
    price: priceOf(offerTerms(TEE).price),
    quantity: 5,
    creditLimit: 0,
    priority: 0,
  } as const;
  return (await issueOfferToken(await loadKeys(env.TOKEN_KEYS), promise, Date.now())).token;
}

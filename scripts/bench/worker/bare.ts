// The bare things that Dropcast's own stand beside: the least an object and a Worker can do for a tap whose token they
// verify with the same function, and the least a Worker can answer.
import { DurableObject } from "cloudflare:workers";
import type { SessionId, ViewerId } from "../../../src/domain/ids.ts";
import { loadKeys, type KeyRing } from "../../../src/token/keys.ts";
import { verifyOfferToken } from "../../../src/token/offer-token.ts";
import { VIEWER_HEADER } from "../../../src/live/client.ts";
import { SUBPROTOCOL } from "../../../src/wire/live.ts";

/** What the bare things need. */
export interface BareEnv {
  readonly BARE: DurableObjectNamespace<Bare>;
  readonly TOKEN_KEYS: string;
}

interface Attachment {
  readonly session: SessionId;
  readonly viewer: ViewerId;
}

export class Bare extends DurableObject<BareEnv> {
  answer(): boolean {
    return true;
  }

  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    const { pathname } = new URL(request.url);
    const attachment = {
      session: pathname.slice(1) as SessionId,
      viewer: (request.headers.get(VIEWER_HEADER) ?? "") as ViewerId,
    } satisfies Attachment;
    server.serializeAttachment(attachment);
    const headers = { "Sec-WebSocket-Protocol": SUBPROTOCOL };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  /** Verifies and echoes; a token that does not hold ends the socket. */
  override async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
    const by = socket.deserializeAttachment() as Attachment;
    if (await holds(await loadKeys(this.env.TOKEN_KEYS), message, by)) socket.send(message);
    else socket.close(4400, "the token does not hold");
  }
}

/** By path the session, by header the viewer: a socket that echoes, or a tap that is answered by an object. */
export const bare: ExportedHandler<BareEnv> = {
  async fetch(request, env) {
    const object = env.BARE.getByName("bare");
    if (request.headers.get("Upgrade") === "websocket") return object.fetch(request);
    const session = new URL(request.url).pathname.slice(1) as SessionId;
    const viewer = (request.headers.get(VIEWER_HEADER) ?? "") as ViewerId;
    const ok = await holds(await loadKeys(env.TOKEN_KEYS), await request.text(), { session, viewer });
    return Response.json({ ok: ok && (await object.answer()) }, { status: ok ? 201 : 400 });
  },
};

/** Says hello. */
export const hello: ExportedHandler = {
  fetch: () => new Response("hello", { headers: { "Content-Type": "text/plain" } }),
};

async function holds(ring: KeyRing, text: string, by: Attachment): Promise<boolean> {
  const { items } = JSON.parse(text) as { items: [{ token: string }] };
  return (await verifyOfferToken(ring, items[0].token, by, Date.now())).ok;
}

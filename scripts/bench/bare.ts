// The bare things that Dropcast's objects stand beside: the least an object can do for a call, the least that leaves
// something behind, the least that shows a text to sockets.
import { DurableObject } from "cloudflare:workers";

export class Bare extends DurableObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS taps (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",
    );
  }

  answer(): boolean {
    return true;
  }

  /** The row is durable before the answer leaves. */
  write(text: string): boolean {
    this.ctx.storage.sql.exec("INSERT INTO taps (text) VALUES (?)", text);
    return true;
  }

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Gives the number of sockets the text went to. */
  broadcast(text: string): number {
    const sockets = this.ctx.getWebSockets();
    for (const socket of sockets) socket.send(text);
    return sockets.length;
  }
}

// The benchmark's Worker: Dropcast's own objects, the bare things they stand beside, and one route for each step of a
// run. A run does nothing but what is measured; its clock is the caller's, since time stands still in here.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Envelope } from "../../src/domain/commands.ts";
import type { SessionId } from "../../src/domain/ids.ts";
import type { Relay } from "../../src/live/relay.ts";
import type { JournalCheck, LiveSession } from "../../src/live/session.ts";
import type { Bare } from "./bare.ts";
import { runTokens, type TokenRun } from "./token-runs.ts";
import { newSession, openingOf, reservationOf, restocking } from "./traffic.ts";

export { LiveSession } from "../../src/live/session.ts";
export { Relay } from "../../src/live/relay.ts";
export { Bare } from "./bare.ts";

/** What the runtime gives the Worker. */
export interface BenchEnv {
  readonly LIVE_SESSION: DurableObjectNamespace<LiveSession>;
  readonly RELAY: DurableObjectNamespace<Relay>;
  readonly BARE: DurableObjectNamespace<Bare>;
  readonly TOKEN_KEYS: string;
}

/** In place of the queues: takes every message, so that publishing costs a session what it costs elsewhere. */
export class Sink extends WorkerEntrypoint {
  sendBatch(messages: readonly unknown[]): number {
    return messages.length;
  }
}

/** How reservations reach the session: in batches one after another, or singly by so many callers at once. */
export type Way =
  | { readonly by: "batch"; readonly size: number }
  | { readonly by: "call" | "relay"; readonly atOnce: number };

/** Calls to the bare object, by so many callers at once. */
export interface BareRun {
  readonly calls: number;
  readonly atOnce: number;
  readonly write: boolean;
}

/** Everything the Worker can be asked for, by path. */
export interface Routes {
  "/prepare": { asked: { offers: number; reservations: number }; answer: { session: SessionId } };
  "/reserve": { asked: { session: SessionId; way: Way }; answer: { held: number } };
  "/extra": { asked: { session: SessionId }; answer: { refused: boolean } };
  "/check": { asked: { session: SessionId }; answer: JournalCheck };
  "/bare": { asked: BareRun; answer: { answered: number } };
  "/tokens": { asked: TokenRun; answer: { done: number } };
  "/restock": { asked: { session: SessionId; allocated: number }; answer: { changed: boolean } };
  "/broadcast": { asked: { text: string }; answer: { sockets: number } };
}

type Handlers = {
  readonly [Path in keyof Routes]: (
    asked: Routes[Path]["asked"],
    env: BenchEnv,
  ) => Promise<Routes[Path]["answer"]>;
};

/** Reservations that were made ready and not sent yet. */
const ready = new Map<SessionId, Envelope[]>();

const handlers: Handlers = {
  /** A live session with stock for just as many reservations as are made ready for it. */
  async "/prepare"({ offers, reservations }, env) {
    const session = newSession();
    await env.LIVE_SESSION.getByName(session).execute(openingOf(session, offers, reservations));
    const nowMs = Date.now();
    ready.set(
      session,
      Array.from({ length: reservations }, () => reservationOf(session, nowMs)),
    );
    return { session };
  },

  async "/reserve"({ session, way }, env) {
    const envelopes = ready.get(session) ?? [];
    ready.delete(session);
    const object = env.LIVE_SESSION.getByName(session);
    let held = 0;
    if (way.by === "batch") {
      for (let at = 0; at < envelopes.length; at += way.size) {
        const executed = await object.execute(envelopes.slice(at, at + way.size));
        held += executed.filter(({ reply }) => reply.ok).length;
      }
    } else if (way.by === "call") {
      await byCallers(envelopes, way.atOnce, async (envelope) => {
        const [executed] = await object.execute([envelope]);
        if (executed?.reply.ok === true) held += 1;
      });
    } else {
      const relay = env.RELAY.getByName(`${session}/XX/0`);
      await byCallers(envelopes, way.atOnce, async (envelope) => {
        const outcome = await relay.tap(envelope);
        if (!("overloaded" in outcome) && outcome.reply.ok) held += 1;
      });
    }
    return { held };
  },

  /** One tap more than there is stock for. */
  async "/extra"({ session }, env) {
    const extra = reservationOf(session, Date.now());
    const [executed] = await env.LIVE_SESSION.getByName(session).execute([extra]);
    return { refused: executed?.reply.ok === false && executed.reply.refusal.code === "out_of_stock" };
  },

  async "/check"({ session }, env) {
    return env.LIVE_SESSION.getByName(session).check();
  },

  async "/bare"({ calls, atOnce, write }, env) {
    const object = env.BARE.getByName("bare");
    const text = JSON.stringify(reservationOf(newSession(), Date.now()));
    let answered = 0;
    await byCallers(Array.from({ length: calls }), atOnce, async () => {
      if (await (write ? object.write(text) : object.answer())) answered += 1;
    });
    return { answered };
  },

  async "/tokens"(asked, env) {
    return { done: await runTokens(asked, env.TOKEN_KEYS) };
  },

  async "/restock"({ session, allocated }, env) {
    const [executed] = await env.LIVE_SESSION.getByName(session).execute([restocking(allocated)]);
    return { changed: executed?.reply.ok === true };
  },

  async "/broadcast"({ text }, env) {
    return { sockets: await env.BARE.getByName("sockets").broadcast(text) };
  },
};

/** So many callers, each sending its next only when it has its answer. */
async function byCallers<T>(
  items: readonly T[],
  atOnce: number,
  send: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < items.length) await send(items[next++]!);
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}

function isRoute(path: string): path is keyof Routes {
  return path in handlers;
}

/** Each path's own handler gets what its own caller asked. */
async function answer(path: keyof Routes, request: Request, env: BenchEnv): Promise<Response> {
  const handle: (asked: never, env: BenchEnv) => Promise<unknown> = handlers[path];
  return Response.json(await handle(await request.json<never>(), env));
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (request.headers.get("Upgrade") === "websocket") {
      const session = pathname.slice("/live/".length);
      return session === "bare"
        ? env.BARE.getByName("sockets").fetch(request)
        : env.RELAY.getByName(`${session}/XX/0`).fetch(request);
    }
    return isRoute(pathname) ? answer(pathname, request, env) : new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<BenchEnv>;

// The benchmark's Worker: Dropcast as it is deployed, the bare things it stands beside, and one route for each step of
// a run. The clock is the caller's, since time stands still in here.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { SessionId } from "../../../src/domain/ids.ts";
import type { Head } from "../../../src/live/journal.ts";
import type { JournalCheck } from "../../../src/live/journal-check.ts";
import dropcast from "../../../src/worker.ts";
import { runTokens, type TokenRun } from "../token-runs.ts";
import type { OutletName } from "../../../src/live/publisher.ts";
import { readPublished } from "../../../src/wire/publishing.ts";
import { newSession, openingOf, reservationOf, restocking, type Opening } from "../traffic.ts";
import type { BareEnv } from "./bare.ts";
import { hydratedSoFar, type BenchSession, type InsideResult, type InsideRun } from "./bench-session.ts";
import type { SqlSession } from "./sql-session.ts";

export * from "../../../src/worker.ts";
export { BenchSession as LiveSession } from "./bench-session.ts";
export { SqlSession } from "./sql-session.ts";
export { Bare, bare, hello } from "./bare.ts";

/** What the runtime gives the Worker, beside what wrangler.toml does. */
export interface BenchEnv extends BareEnv {
  readonly LIVE_SESSION: DurableObjectNamespace<BenchSession>;
  readonly SQL_SESSION: DurableObjectNamespace<SqlSession>;
}

/**
 * In place of the queues and their readers: takes every message and confirms it, as a reader does that has applied it. A
 * session that nobody answers would send everything again, and that would be measured with what comes after.
 */
export class Sink extends WorkerEntrypoint<BenchEnv, { outlet?: OutletName }> {
  async sendBatch(messages: readonly { readonly body: unknown }[]): Promise<number> {
    const { outlet } = this.ctx.props;
    const last = readPublished(messages.at(-1)?.body);
    if (outlet && last) await this.env.LIVE_SESSION.getByName(last.session).confirm(outlet, last.lastSeq);
    return messages.length;
  }

  send(): number {
    return 1;
  }
}

/** Dropcast's own HTTP, reached without anything between. */
export const shop: ExportedHandler<Env> = { fetch: dropcast.fetch };

/** Which object runs batches inside. */
export type Inside = "session" | "sql";

/** Everything the Worker can be asked for, by path. */
export interface Routes {
  "/open": { asked: Opening; answer: { session: SessionId } };
  "/ready": { asked: { inside: Inside; opening: Opening }; answer: { session: SessionId } };
  "/run": { asked: { inside: Inside; session: SessionId; run: InsideRun }; answer: InsideResult };
  "/look": { asked: { session: SessionId }; answer: { refused: boolean; held: number } };
  "/extra": { asked: { session: SessionId }; answer: { refused: boolean } };
  "/check": { asked: { session: SessionId }; answer: JournalCheck };
  "/publish": { asked: { session: SessionId }; answer: { done: true } };
  "/rest": { asked: { session: SessionId }; answer: { done: true } };
  "/fill": { asked: { session: SessionId; events: number }; answer: { filled: true } };
  "/lie-down": { asked: { session: SessionId }; answer: { done: true } };
  "/head": { asked: { session: SessionId }; answer: Head };
  "/missing": { asked: { session: SessionId; reservations: readonly string[] }; answer: { missing: number } };
  "/hydrated": { asked: object; answer: { hydrated: number } };
  "/tokens": { asked: TokenRun; answer: { done: number } };
  "/restock": { asked: { session: SessionId; allocated: number }; answer: { changed: boolean } };
}

type Handlers = {
  readonly [Path in keyof Routes]: (
    asked: Routes[Path]["asked"],
    env: BenchEnv,
  ) => Promise<Routes[Path]["answer"]>;
};

const handlers: Handlers = {
  async "/open"(opening, env) {
    const session = newSession();
    await env.LIVE_SESSION.getByName(session).execute(openingOf(session, opening));
    return { session };
  },

  async "/ready"({ inside, opening }, env) {
    const session = newSession();
    if (inside === "session") await env.LIVE_SESSION.getByName(session).makeReady(opening);
    else await env.SQL_SESSION.getByName(session).makeReady(opening);
    return { session };
  },

  async "/run"({ inside, session, run }, env) {
    return inside === "session"
      ? env.LIVE_SESSION.getByName(session).runInside(run)
      : env.SQL_SESSION.getByName(session).runInside(run);
  },

  async "/look"({ session }, env) {
    return env.SQL_SESSION.getByName(session).look();
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

  async "/publish"({ session }, env) {
    await env.LIVE_SESSION.getByName(session).publish();
    return { done: true };
  },

  async "/rest"({ session }, env) {
    await env.LIVE_SESSION.getByName(session).rest();
    return { done: true };
  },

  async "/fill"({ session, events }, env) {
    await env.LIVE_SESSION.getByName(session).fill(events);
    return { filled: true };
  },

  async "/lie-down"({ session }, env) {
    await env.LIVE_SESSION.getByName(session).lieDown();
    return { done: true };
  },

  async "/head"({ session }, env) {
    return env.LIVE_SESSION.getByName(session).head();
  },

  async "/missing"({ session, reservations }, env) {
    return { missing: await env.LIVE_SESSION.getByName(session).missing(reservations) };
  },

  async "/hydrated"() {
    return { hydrated: hydratedSoFar() };
  },

  async "/tokens"(asked, env) {
    return { done: await runTokens(asked, env.TOKEN_KEYS) };
  },

  async "/restock"({ session, allocated }, env) {
    const [executed] = await env.LIVE_SESSION.getByName(session).execute([restocking(allocated)]);
    return { changed: executed?.reply.ok === true };
  },
};

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
    return isRoute(pathname) ? answer(pathname, request, env) : new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<BenchEnv>;

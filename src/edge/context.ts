/** What the parts of the edge share about one request. Makes clients of the bindings; touches nothing itself. */
import type { Context, MiddlewareHandler } from "hono";
import type { TimingVariables } from "hono/timing";
import { LiveClient } from "../live/client.ts";
import type { Hydrated } from "../live/session.ts";
import { loadKeys, type KeyRing } from "../token/keys.ts";
import type { Principal } from "./principal.ts";
import type { Counted } from "./rate-limit.ts";

/** Why there is no socket. */
export type UpgradeRefused =
  | { readonly code: "session_not_found" }
  | { readonly code: "unauthenticated"; readonly reason: string }
  | { readonly code: "rate_limited"; readonly count: Counted };

export interface AppEnv {
  Bindings: Env;
  Variables: TimingVariables & {
    requestId: string;
    /** Who sent the request; set on every route under /v1. */
    principal: Principal;
    /** The session of the path, set where `host` has let somebody in. */
    hydrated: Hydrated;
    /** The `Idempotency-Key`, unquoted; absent where none was sent and none is needed. */
    idempotencyKey: string | undefined;
    /** Why a WebSocket upgrade was not made. */
    upgradeRefused: UpgradeRefused | undefined;
  };
}

export type AppContext = Context<AppEnv>;
export type Middleware = MiddlewareHandler<AppEnv>;

/** What whoever asks a session needs of a request. */
export type Asker = Pick<AppContext, "env" | "executionCtx">;

export function liveOf(c: Pick<Asker, "env">): LiveClient {
  return new LiveClient(c.env);
}

/** Throws when the secret is not a set of keys: nothing can be signed or verified then. */
export function keysOf(c: AppContext): Promise<KeyRing> {
  return loadKeys(c.env.TOKEN_KEYS);
}

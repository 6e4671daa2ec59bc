/** Asking for the session's picture again and again, where nothing else goes through. Touches the network. */
import { sleep } from "./backoff.ts";
import { bodyOf, failureOf, patient, retryAfterMsOf, send } from "./http.ts";
import type { End, Following } from "./following.ts";
import type { Picture } from "./types.ts";

/** Picture and name of what was got last, which a page keeps between two rounds of polling. */
export interface Polled {
  readonly etag: string | undefined;
  readonly picture: Picture | undefined;
  /** When to ask again; never when the session is over. */
  readonly againMs: number | undefined;
}

/** One look; only what changed since `etag` is sent. Rejects with what was refused, or `offline`. */
export async function look(url: string, etag: string | undefined, signal: AbortSignal): Promise<Polled> {
  const headers = etag === undefined ? {} : { "If-None-Match": etag };
  const response = await send("GET", url, { headers, signal: patient(signal) });
  const againMs = retryAfterMsOf(response);
  if (response.status === 304) return { etag, picture: undefined, againMs };
  if (!response.ok) throw await failureOf(response);
  const picture = await bodyOf<Picture>(response);
  return { etag: response.headers.get("ETag") ?? undefined, picture, againMs };
}

export interface Polling extends Pick<Following, "url" | "opened" | "signal"> {
  readonly picture: (picture: Picture) => void;
  /** Resolves when somebody looks at the page: nobody is asked for a hidden one. */
  readonly isSeen: () => Promise<void>;
  readonly random: () => number;
}

/** Asks until the signal says stop, the session is over or nobody answers. Rejects with why. */
export async function poll(polling: Polling): Promise<End> {
  let etag: string | undefined;
  for (;;) {
    const polled = await look(polling.url, etag, polling.signal);
    etag = polled.etag;
    polling.opened();
    if (polled.picture) polling.picture(polled.picture);
    if (polled.againMs === undefined) return { why: "over" };
    // A tenth more or less, so that who came together does not stay together.
    await sleep(polled.againMs * (1 + polling.random() / 10), polling.signal);
    await polling.isSeen();
  }
}

/**
 * The session's event stream, where no socket can be had: the socket's messages, one way. By `fetch` and not `EventSource`,
 * which cannot say who the viewer is and which Node lacks; so notices come here too. Touches the network.
 */
import { failureOf, retryAfterMsOf, send } from "./http.ts";
import type { End, Following } from "./following.ts";
import { messageOf } from "./protocol.ts";

/** Three of the server's heartbeats; a stream that is silent for longer is dead. */
const SILENCE_MS = 45_000;

/** Follows, and resolves when it is over. Never rejects. */
export async function followStream(token: string | undefined, following: Following): Promise<End> {
  const { url, query, opened, take, signal } = following;
  const silence = new AbortController();
  const cut = (): void => silence.abort();
  let check = setTimeout(cut, SILENCE_MS);
  try {
    const response = await send("GET", `${url}/live?${query()}`, {
      ...(token === undefined ? {} : { bearer: token }),
      headers: { Accept: "text/event-stream" },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status !== 200 || !response.body) return await refusalOf(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const events = new EventLines();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { why: "lost" };
      clearTimeout(check);
      check = setTimeout(cut, SILENCE_MS);
      for (const data of events.feed(value)) {
        const message = messageOf(data);
        if (!message) return { why: "lost" };
        opened();
        if (!take(message)) return { why: "gap" };
      }
    }
  } catch {
    // Cut, or never there.
    return { why: "lost" };
  } finally {
    clearTimeout(check);
    // Leaves the stream, whatever it was that ended the following.
    silence.abort();
  }
}

async function refusalOf(response: Response): Promise<End> {
  if (response.status === 204) return { why: "over" };
  const { code } = await failureOf(response);
  if (code === "session_not_found") return { why: "missing" };
  return {
    why: "lost",
    isUnknownViewer: code === "unauthenticated",
    waitMs: retryAfterMsOf(response),
  };
}

/** Puts chunks of text together to the `data` of events (HTML, server-sent events); the API's are one line each. */
export class EventLines {
  #rest = "";

  feed(chunk: string): string[] {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
  }
}

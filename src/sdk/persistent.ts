/** Sends a request again where that can do no harm. Touches the network and timers. */
import { backoffMs, sleep } from "./backoff.ts";
import { ANSWER_MS, retryAfterMsOf } from "./http.ts";

const TRIES = 3;
/** Who is told to come back later than this is told so. */
const MOST_MS = 5_000;

/**
 * As `fetch`, for requests that only read or carry an `Idempotency-Key`: up to three times while nobody answers, or the
 * server says that it has too much to do or is still working on the first. Who asks too often hears it at once.
 */
export async function persistent(request: Request): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === TRIES;
    try {
      // Its body can be read once.
      const response = await answerTo(isLast ? request : request.clone());
      const waitMs = Math.max(retryAfterMsOf(response) ?? 0, backoffMs(attempt));
      if (isLast || !mayComeBack(response) || waitMs > MOST_MS) return response;
      void response.body?.cancel();
      await sleep(waitMs, request.signal);
    } catch (error) {
      if (isLast || request.signal.aborted) throw error;
      await sleep(backoffMs(attempt), request.signal);
    }
  }
}

/** JSON is there in whole, or nobody has answered; what else comes may take its time once it has begun. */
async function answerTo(request: Request): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error("no answer in time")), ANSWER_MS);
  try {
    const signal = AbortSignal.any([request.signal, late.signal]);
    const response = await fetch(request, { signal });
    if (response.headers.get("Content-Type")?.startsWith("application/json") !== true) return response;
    return new Response(await response.arrayBuffer(), response);
  } finally {
    clearTimeout(timer);
  }
}

/** `overloaded` and whatever stands before the server; `idempotency_in_flight`, the one conflict that says when. */
function mayComeBack({ status, headers }: Response): boolean {
  return status === 503 || (status === 409 && headers.has("Retry-After"));
}

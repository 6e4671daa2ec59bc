/** Requests to the API: JSON both ways, problems as errors. Touches the network. */
import type { Problem } from "./problem.ts";
import { DropcastError, errorOf } from "./error.ts";

export interface Asked {
  readonly body?: unknown;
  /** The viewer's token. */
  readonly bearer?: string;
  /** `Idempotency-Key`. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Longer than a tap waits for the payment provider. */
export const ANSWER_MS = 15_000;

/** The answer's body. Rejects with what was refused, or `offline`. */
export async function ask<T>(method: string, url: string, asked: Asked = {}): Promise<T> {
  const response = await send(method, url, { ...asked, signal: patient(asked.signal) });
  if (!response.ok) throw await failureOf(response);
  return await bodyOf<T>(response);
}

/** Gives up when `signal` does, or no answer has come in time. */
export function patient(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(ANSWER_MS);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** The bare answer, whatever it says. Rejects with `offline` when there is none. */
export function send(
  method: string,
  url: string,
  { body, bearer, key, headers, signal }: Asked,
): Promise<Response> {
  const init: RequestInit = {
    method,
    headers: {
      ...headers,
      ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
      ...(key !== undefined && { "Idempotency-Key": key }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    // Of nothing there is none.
    body: JSON.stringify(body),
    signal: signal ?? null,
    credentials: "omit",
  };
  return fetch(url, init).catch(unanswered);
}

export function bodyOf<T>(response: Response): Promise<T> {
  return response.json().catch(unanswered) as Promise<T>;
}

/** What an answer that is not a success says; one that is no problem document was made by something on the way. */
export async function failureOf(response: Response): Promise<DropcastError> {
  const { status } = response;
  const type = response.headers.get("Content-Type") ?? "";
  const retryAfterMs = retryAfterMsOf(response);
  const problem = type.startsWith("application/problem+json")
    ? await response.json().catch(() => undefined)
    : undefined;
  if (!isProblem(problem)) return new DropcastError("offline", `HTTP ${status}`, { status, retryAfterMs });
  return errorOf(problem, retryAfterMs);
}

/** `Retry-After` in milliseconds; the API says it in seconds. */
export function retryAfterMsOf(response: Response): number | undefined {
  const seconds = response.headers.get("Retry-After");
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}

function unanswered(cause: unknown): never {
  throw new DropcastError("offline", cause instanceof Error ? cause.message : "no answer");
}

// A plain client of the public API for the scripts here: JSON in and out, problems as values. Needs only a base URL.
import { randomUUID } from "node:crypto";

export interface Problem {
  status: number;
  code: string;
  detail?: string;
  [member: string]: unknown;
}

export type Answer<T> =
  | { ok: true; status: number; body: T; replayed: boolean; ms: number }
  | { ok: false; status: number; problem: Problem; ms: number };

export interface Call {
  method?: string;
  body?: unknown;
  /** Sent as it is, with this content type, instead of JSON. */
  text?: { type: string; content: string };
  bearer?: string | undefined;
  /** `Idempotency-Key`; made up for every POST without one. */
  key?: string;
}

export class Api {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** One request. Throws only when there was no answer at all. */
  async call<T>(path: string, { method = "GET", body, text, bearer, key }: Call = {}): Promise<Answer<T>> {
    const headers: Record<string, string> = {};
    if (bearer !== undefined) headers["Authorization"] = `Bearer ${bearer}`;
    if (method === "POST") headers["Idempotency-Key"] = key ?? randomUUID();
    if (text) headers["Content-Type"] = text.type;
    else if (body !== undefined) headers["Content-Type"] = "application/json";
    const startedAt = performance.now();
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      body: text?.content ?? (body === undefined ? null : JSON.stringify(body)),
    });
    const received = await response.text();
    const ms = performance.now() - startedAt;
    const parsed: unknown = received === "" ? undefined : JSON.parse(received);
    const { status } = response;
    if (!response.ok) return { ok: false, status, problem: parsed as Problem, ms };
    const replayed = response.headers.get("Idempotency-Replayed") === "true";
    return { ok: true, status, body: parsed as T, replayed, ms };
  }

  /** One request that must succeed. */
  async must<T>(path: string, call: Call = {}): Promise<T> {
    const answer = await this.call<T>(path, call);
    if (answer.ok) return answer.body;
    throw new Error(`${call.method ?? "GET"} ${path}: ${answer.status} ${JSON.stringify(answer.problem)}`);
  }

  post<T>(path: string, bearer: string | undefined, body: unknown = {}): Promise<T> {
    return this.must<T>(path, { method: "POST", bearer, body });
  }

  /** Every item of a paged list. */
  async all<T>(path: string, bearer: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const separator = path.includes("?") ? "&" : "?";
      const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { data: T[]; nextCursor: string | null } = await this.must(
        `${path}${separator}limit=500${next}`,
        { bearer },
      );
      items.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }
}

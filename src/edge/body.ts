/**
 * Request bodies: read up to a limit, decoded, parsed, validated; anything wrong with them is the client's problem and
 * answered as one. Touches the request's body alone.
 */
import { resolver, uniqueSymbol } from "hono-openapi";
import { bodyLimit } from "hono/body-limit";
import type { MiddlewareHandler } from "hono";
import type { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import type { ProblemCode } from "../wire/problem.ts";
import type { AppContext, AppEnv, Middleware } from "./context.ts";
import { invalid, problem } from "./problem.ts";

interface BodyFault {
  readonly code: ProblemCode;
  readonly detail: string;
}

type Read = { readonly ok: true; readonly value: unknown } | ({ readonly ok: false } & BodyFault);

/** The client's loss: the platform has the same error for it as for an object that does not answer. */
const ENDED_EARLY: BodyFault = { code: "bad_request", detail: "The body ended early." };

/** Refuses larger bodies, chunked ones too, before they are in memory. */
export function upTo(maxBytes: number): Middleware {
  const limit = bodyLimit({
    maxSize: maxBytes,
    onError: (c) => problem(c as AppContext, "payload_too_large", { maxBytes }),
  });
  return async (c, next) => {
    if (saysItsSize(c, maxBytes)) return next();
    let isRead = false;
    try {
      return await limit(c, () => {
        isRead = true;
        return next();
      });
    } catch (error) {
      // What is thrown from here on is not about the body.
      if (isRead) throw error;
      return problem(c, ENDED_EARLY.code, { detail: ENDED_EARLY.detail });
    }
  };
}

/**
 * The body has as many bytes as its length says, and that is few enough (RFC 9110 §8.6); the library would open it as a
 * stream before it looked at that.
 */
function saysItsSize(c: AppContext, maxBytes: number): boolean {
  const length = c.req.header("Content-Length");
  const isChunked = c.req.header("Transfer-Encoding") !== undefined;
  return length !== undefined && !isChunked && Number(length) <= maxBytes;
}

const jsonLimit = upTo(LIMITS.bodyBytes);

/** A JSON body of this shape, for `c.req.valid("json")`. No body at all counts as `{}`, so that all-optional ones may be left out. */
export function body<S extends z.ZodType>(
  schema: S,
): MiddlewareHandler<AppEnv, string, { in: { json: z.input<S> }; out: { json: z.output<S> } }> {
  const middleware: MiddlewareHandler<
    AppEnv,
    string,
    { in: { json: z.input<S> }; out: { json: z.output<S> } }
  > = async (c, next) => {
    let answer: Response | undefined;
    const tooLarge = await jsonLimit(c, async () => {
      answer = await validated(c, schema);
    });
    if (tooLarge instanceof Response) return tooLarge;
    if (answer) return answer;
    await next();
    return undefined;
  };
  return Object.assign(middleware, { [uniqueSymbol]: { target: "json", ...resolver(schema) } });
}

async function validated(c: AppContext, schema: z.ZodType): Promise<Response | undefined> {
  const read = await readJson(c);
  if (!read.ok) return problem(c, read.code, { detail: read.detail });
  const result = schema.safeParse(read.value);
  if (!result.success) return invalid(c, result.error.issues);
  // Every body's schema is of an object; hence so is what it gives.
  c.req.addValidatedData("json", Object(result.data));
  return undefined;
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** RFC 8259 JSON in UTF-8. The size is for `upTo` to limit. */
export async function readJson(c: AppContext): Promise<Read> {
  const type = c.req.header("Content-Type");
  const bytes = await readBytes(c);
  if (!("byteLength" in bytes)) return { ok: false, ...bytes };
  if (bytes.byteLength === 0) return { ok: true, value: {} };
  if (type === undefined || !JSON_TYPE.test(type)) {
    return { ok: false, code: "unsupported_media_type", detail: "The body must be application/json." };
  }
  const text = decoded(bytes);
  if (text === undefined) return { ok: false, code: "invalid_json", detail: "The body is not UTF-8." };
  return parsed(text);
}

/** All of the body, or what is wrong with it before it is looked into. */
export async function readBytes(c: AppContext): Promise<ArrayBuffer | BodyFault> {
  const encoding = c.req.header("Content-Encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity") {
    return { code: "unsupported_media_type", detail: `Content-Encoding ${encoding} is not supported.` };
  }
  try {
    return await c.req.arrayBuffer();
  } catch {
    return ENDED_EARLY;
  }
}

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** The fields of a form as browsers send them, in UTF-8; of a name that comes twice, the last. The size is for `upTo` to limit. */
export async function readForm(c: AppContext): Promise<Read> {
  if (!FORM_TYPE.test(c.req.header("Content-Type") ?? "")) {
    const detail = "The body must be application/x-www-form-urlencoded.";
    return { ok: false, code: "unsupported_media_type", detail };
  }
  const bytes = await readBytes(c);
  if (!("byteLength" in bytes)) return { ok: false, ...bytes };
  const text = decoded(bytes);
  if (text === undefined) return { ok: false, code: "bad_request", detail: "The body is not UTF-8." };
  return { ok: true, value: Object.fromEntries(new URLSearchParams(text)) };
}

/** UTF-8 with or without a byte order mark; undefined for anything else. */
function decoded(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Half a surrogate pair: JSON can escape it, but it is no text that hashes, databases or screens agree on. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

function parsed(text: string): Read {
  try {
    const value: unknown = JSON.parse(text);
    if (!SURROGATE_ESCAPE.test(text) || isWellFormed(value)) return { ok: true, value };
    return { ok: false, code: "invalid_json", detail: "The body has half of a surrogate pair in a text." };
  } catch (error) {
    return { ok: false, code: "invalid_json", detail: error instanceof Error ? error.message : "Not JSON." };
  }
}

/** By a list instead of recursion: how deep a body nests is up to the client. */
function isWellFormed(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "string") {
      if (!next.isWellFormed()) return false;
    } else if (Array.isArray(next)) {
      for (const item of next) left.push(item);
    } else if (typeof next === "object" && next !== null) {
      for (const [key, inner] of Object.entries(next)) left.push(key, inner);
    }
  }
  return true;
}

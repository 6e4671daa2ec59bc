/** Reads the `Idempotency-Key` header. Pure. */
import { parseItem } from "structured-headers";
import { LIMITS } from "../domain/limits.ts";

/** What clients send that do not quote: a token, a UUID, anything printable that no structured field could be meant by. */
const BARE = /^[\x21\x23-\x26\x28-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

/**
 * The key of a quoted string, as the draft has it, or of a bare value; undefined when it is neither, empty or too long.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @example readIdempotencyKey('"8e03978e"') === readIdempotencyKey("8e03978e")
 */
export function readIdempotencyKey(header: string): string | undefined {
  const key = BARE.test(header) ? header : quoted(header);
  return key !== undefined && key.length > 0 && key.length <= LIMITS.commandIdChars ? key : undefined;
}

function quoted(header: string): string | undefined {
  try {
    const [value] = parseItem(header);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

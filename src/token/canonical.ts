/**
 * The one spelling of a compact JWS that we accept. JOSE libraries take spaces, padding and stray bits in the last
 * character, so that one signature has many spellings; replay checks want one. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-2 base64url without padding
 */
import { LIMITS } from "../domain/limits.ts";

const PART = "[A-Za-z0-9_-]+";
const COMPACT = new RegExp(`^(${PART})\\.(${PART})\\.(${PART})$`);

/** Whether three parts of canonical base64url, and nothing else, make up the token. */
export function isCanonicalToken(token: string): boolean {
  if (token.length > LIMITS.tokenBytes) return false;
  const match = COMPACT.exec(token);
  return match !== null && match.slice(1).every(isCanonicalPart);
}

/** No length that bytes cannot have, and no bits in the last character that no byte uses. */
function isCanonicalPart(part: string): boolean {
  switch (part.length % 4) {
    case 0:
      return true;
    case 2:
      return /[AQgw]$/.test(part);
    case 3:
      return /[AEIMQUYcgkosw048]$/.test(part);
    default:
      return false;
  }
}

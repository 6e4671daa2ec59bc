/** Codes of sign-ins: made, shown to people, and read as people type them. Pure but for randomness. */
import { LIMITS } from "../../domain/limits.ts";

/** Crockford's base32: no letter that is taken for a digit, and no U. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE = new RegExp(`^[${LETTERS}]{${LIMITS.signInCodeChars}}$`);

/** Without dashes: as it is hashed. */
export function newCode(): string {
  const random = crypto.getRandomValues(new Uint8Array(LIMITS.signInCodeChars));
  return Array.from(random, (byte) => LETTERS.charAt(byte % LETTERS.length)).join("");
}

/** In groups of four, to be read out. */
export function shownCode(code: string): string {
  return code.replace(/.{4}(?=.)/g, "$&-");
}

/** What was typed as it is hashed; undefined for what can be no code. Letters that look like digits are those digits. */
export function readCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return CODE.test(code) ? code : undefined;
}

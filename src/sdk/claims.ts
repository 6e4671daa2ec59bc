/** A token's claims, read and not verified: that is the server's. Pure. */

/** Those that the SDK reads. */
export interface Claims {
  /** Its id. */
  readonly jti?: string;
  /** When it was made and until when it holds, in epoch seconds. */
  readonly iat?: number;
  readonly exp?: number;
  readonly credit?: {
    readonly session: string;
    readonly amount: { readonly amount: number; readonly currency: string };
  };
}

/** A JWT's claims; none of what is not one, which then is as good as the server says. */
export function claimsOf(token: string): Claims {
  try {
    const [, payload = ""] = token.split(".");
    const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    return (JSON.parse(bytes) ?? {}) as Claims;
  } catch {
    return {};
  }
}

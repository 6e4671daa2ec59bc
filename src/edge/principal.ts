/** Who a request is from, and as what they stand to a session. Pure. */
import type { CreatorId, KeyId, SellerId, SessionId, SignInId } from "../domain/ids.ts";
import type { Picture } from "../domain/picture.ts";
import type { VerifiedViewer } from "../token/viewer-token.ts";

/** `name` is the principal in command ids, idempotency keys and consents: no two principals share one. */
export type Principal =
  | { readonly kind: "platform"; readonly name: "platform" }
  | ({ readonly kind: "seller"; readonly name: SellerId } & ByKey)
  | ({ readonly kind: "creator"; readonly name: CreatorId } & ByKey)
  | { readonly kind: "viewer"; readonly name: VerifiedViewer["viewer"]; readonly claims: VerifiedViewer }
  | { readonly kind: "anonymous"; readonly name: "anonymous" };

/** How a seller or a creator is known: by an API key, or by a sign-in that was made from it. */
interface ByKey {
  readonly keyId: KeyId;
  readonly signIn?: {
    readonly id: SignInId;
    /** All that it may act on, where it is limited. */
    readonly session?: SessionId;
    readonly expiresAtMs: number;
  };
}

export type PrincipalKind = Principal["kind"];
export type PrincipalOf<K extends PrincipalKind> = Extract<Principal, { kind: K }>;

/** As what somebody hosts a session. */
export type Role = "platform" | "seller" | "creator";

/** The only session that a principal may act on; undefined where nothing limits it to one. */
export function limitOf(principal: Principal): SessionId | undefined {
  return "signIn" in principal ? principal.signIn?.session : undefined;
}

/** Undefined for whoever has no part in the session: to them it does not exist. */
export function roleIn(principal: Principal, { id, session }: Picture): Role | undefined {
  if ((limitOf(principal) ?? id) !== id) return undefined;
  switch (principal.kind) {
    case "platform":
      return "platform";
    case "seller":
      return session.seller === principal.name ? "seller" : undefined;
    case "creator":
      return session.creator === principal.name ? "creator" : undefined;
    case "viewer":
    case "anonymous":
      break;
  }
  return undefined;
}

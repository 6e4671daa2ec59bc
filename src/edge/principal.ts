/** Who a request is from, and as what they stand to a session. Pure. */
import type { CreatorId, SellerId } from "../domain/ids.ts";
import type { Picture } from "../domain/picture.ts";
import type { VerifiedViewer } from "../token/viewer-token.ts";

/** `name` is the principal in command ids, idempotency keys and consents: no two principals share one. */
export type Principal =
  | { readonly kind: "platform"; readonly name: "platform" }
  | { readonly kind: "seller"; readonly name: SellerId }
  | { readonly kind: "creator"; readonly name: CreatorId }
  | { readonly kind: "viewer"; readonly name: VerifiedViewer["viewer"]; readonly claims: VerifiedViewer }
  | { readonly kind: "anonymous"; readonly name: "anonymous" };

export type PrincipalKind = Principal["kind"];
export type PrincipalOf<K extends PrincipalKind> = Extract<Principal, { kind: K }>;

/** As what somebody hosts a session. */
export type Role = "platform" | "seller" | "creator";

/** Undefined for whoever has no part in the session: to them it does not exist. */
export function roleIn(principal: Principal, { session }: Picture): Role | undefined {
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

/** Sign-ins on the wire: a code from an API key, exchanged once for a cookie in a browser. */
import { z } from "zod";
import type { SignInId } from "../domain/ids.ts";
import { creatorId, instant, pageQuery, sellerId, sessionId } from "./primitives.ts";

export const signInId = z
  .string()
  .regex(/^sgn_[0-9a-z]{26}$/, "must be the id of a sign-in, sgn_…")
  .transform((id) => id as SignInId)
  .meta({ description: "Id of a sign-in", example: "sgn_01jd3m5n8yfx0t2qv4w6z9r1ab" });

/**
 * The cookie's name. Over https the browser itself sees to it that it comes from this host and goes nowhere else (RFC 6265bis, `__Host-`).
 */
export const SIGN_IN_COOKIE = { https: "__Host-dropcast", http: "dropcast" } as const;

const limitedTo = sessionId
  .exactOptional()
  .meta({ description: "The session it is limited to: for a moderator, who may do there what the host may" });

export const createSignIn = z.object({ session: limitedTo }).strict().meta({ id: "CreateSignIn" });

export const createdSignIn = z
  .object({
    id: signInId,
    code: z.string().meta({ description: "Shown this once", example: "7K3M-PX2V-9QDT" }),
    url: z.string().meta({ description: "The page that takes the code from its address and goes on" }),
    expiresAt: instant.meta({ description: "Until when the code must be used" }),
    session: limitedTo,
  })
  .meta({ id: "CreatedSignIn" });

export const redeemSignIn = z
  .object({
    code: z.string().min(1).max(64).meta({
      description: "As it is shown; in lower case, with spaces or without dashes it is the same",
      example: "7K3M-PX2V-9QDT",
    }),
  })
  .strict()
  .meta({ id: "RedeemSignIn" });

/** Who is signed in: of `seller` and `creator` exactly one is there. */
export const signIn = z
  .object({
    id: signInId,
    seller: sellerId.exactOptional(),
    creator: creatorId.exactOptional(),
    name: z.string().meta({ description: "The seller's or the creator's" }),
    session: limitedTo,
    expiresAt: instant,
  })
  .meta({ id: "SignIn", description: "Who is signed in, and until when" });

export const signInsPage = pageQuery;

export const openSignIn = z
  .object({
    id: signInId,
    session: limitedTo,
    createdAt: instant,
    redeemedAt: instant.exactOptional().meta({ description: "Since when somebody is signed in by it" }),
    expiresAt: instant.meta({ description: "Of its code, as long as nobody has used that" }),
  })
  .meta({ id: "OpenSignIn", description: "A sign-in that holds, or whose code can still be used" });

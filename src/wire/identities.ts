/** Who takes part: sellers, creators, viewers, API keys. */
import { z } from "zod";
import {
  creatorId,
  instant,
  keyId,
  money,
  sellerId,
  sessionId,
  text,
  title,
  viewerId,
} from "./primitives.ts";

const email = z.email().max(254);
const reference = text(200).min(1);

export const createSeller = z
  .object({ name: title, email: email.exactOptional() })
  .strict()
  .meta({ id: "CreateSeller" });
export const seller = z
  .object({ id: sellerId, name: z.string(), email: z.string().exactOptional(), createdAt: instant })
  .meta({ id: "Seller" });

export const createCreator = z
  .object({
    name: title,
    handle: z.string().regex(/^[a-z0-9][a-z0-9_.-]{1,31}$/, "must be 2 to 32 of a-z, 0-9, _ . and -"),
    email: email.exactOptional(),
    reference: reference
      .meta({
        description:
          "The platform's own id of the creator as a viewer, as `POST /v1/viewers` takes it: nothing that this viewer " +
          "buys is attributed to the creator",
      })
      .exactOptional(),
  })
  .strict()
  .meta({ id: "CreateCreator" });
export const creator = z
  .object({
    id: creatorId,
    name: z.string(),
    handle: z.string(),
    email: z.string().exactOptional(),
    viewer: viewerId.meta({ description: "Who the creator is when buying" }).exactOptional(),
    createdAt: instant,
  })
  .meta({ id: "Creator" });

/** Whose key it is decides what it may do: a seller's acts for the seller, a creator's hosts the creator's sessions. */
export const createKey = z
  .object({
    label: text(100).trim().min(1),
    for: z.union([z.object({ seller: sellerId }).strict(), z.object({ creator: creatorId }).strict()]),
    expiresAt: instant.exactOptional(),
  })
  .strict()
  .meta({ id: "CreateKey" });

/** A key as it is listed: without its secret, of which only a hash is kept. */
export const key = z
  .object({
    id: keyId,
    label: z.string(),
    for: z.union([z.object({ seller: sellerId }), z.object({ creator: creatorId })]),
    createdAt: instant,
    expiresAt: instant.exactOptional(),
    revokedAt: instant.exactOptional(),
  })
  .meta({ id: "Key" });

/** The answer to a new key: the only time its secret is shown. */
export const createdKey = key.extend({ secret: z.string() }).meta({ id: "CreatedKey" });

/**
 * A viewer token. Anyone may have an anonymous one; naming the viewer, priority and credit takes the platform's key.
 * Credit is for one session, where it is counted, so that it cannot be spent in two.
 */
export const createViewer = z
  .object({
    /** The platform's own id of the viewer; the same one always gets the same viewer. */
    reference: reference.exactOptional(),
    priority: z.int().min(0).max(9).exactOptional(),
    credit: z.object({ session: sessionId, amount: money }).strict().exactOptional(),
  })
  .strict()
  .meta({ id: "CreateViewer" });
export const viewer = z
  .object({ viewer: viewerId, token: z.string(), expiresAt: instant })
  .meta({ id: "Viewer", description: "A viewer and the token that proves it" });

/** What a host does, each as one request. Touches the network; rejects with a `DropcastError` when it is refused. */
import type { Schemas } from "../../sdk/api.ts";
import { each } from "../../sdk/api.ts";
import { api } from "../signed-in/api.ts";
import type { PriceTerms } from "./journal.ts";
import type { OfferMove, SessionMove } from "./rights.ts";

export type Pool = Schemas["Pool"];
export type ShowBuys = NonNullable<Schemas["SessionFace"]["showBuys"]>;

const MOVES = {
  start: "/v1/sessions/{session}/start",
  pause: "/v1/sessions/{session}/pause",
  resume: "/v1/sessions/{session}/resume",
  end: "/v1/sessions/{session}/end",
  cancel: "/v1/sessions/{session}/cancel",
} as const satisfies Record<SessionMove, string>;

const OFFER_MOVES = {
  open: "/v1/sessions/{session}/offers/{offer}/open",
  close: "/v1/sessions/{session}/offers/{offer}/close",
  pin: "/v1/sessions/{session}/offers/{offer}/pin",
  unpin: "/v1/sessions/{session}/offers/{offer}/unpin",
  withdraw: "/v1/sessions/{session}/offers/{offer}/withdraw",
} as const satisfies Record<OfferMove, string>;

export async function moveSession(session: string, move: SessionMove): Promise<void> {
  await api.POST(MOVES[move], { params: { path: { session } } });
}

export async function moveOffer(session: string, offer: string, move: OfferMove): Promise<void> {
  await api.POST(OFFER_MOVES[move], { params: { path: { session, offer } } });
}

export async function reprice(
  session: string,
  offer: string,
  price: PriceTerms,
  olderTokens: "honour" | "void",
): Promise<void> {
  const body = { price: price as Schemas["PriceTerms"], olderTokens };
  await api.PATCH("/v1/sessions/{session}/offers/{offer}", { params: { path: { session, offer } }, body });
}

/** Screens name whoever placed the order no more. */
export async function hideName(session: string, order: string): Promise<void> {
  await api.POST("/v1/sessions/{session}/orders/{order}/hide-name", { params: { path: { session, order } } });
}

/** What screens may say of buys. */
export async function showBuys(session: string, shown: ShowBuys): Promise<void> {
  await api.PATCH("/v1/sessions/{session}", { params: { path: { session } }, body: { showBuys: shown } });
}

/** The pools that an offer draws on. */
export async function poolsOf(session: string, skus: readonly string[]): Promise<Pool[]> {
  const found: Pool[] = [];
  const all = each((at) =>
    api.GET("/v1/sessions/{session}/stock", { params: { path: { session }, query: at } }),
  );
  for await (const pool of all) if (skus.includes(pool.sku)) found.push(pool);
  return found;
}

/** Only while `expected` is what is allocated: what somebody else did meanwhile is not undone unseen. */
export async function allocate(
  session: string,
  { sku, zone, allocated: expected }: Pick<Pool, "sku" | "zone" | "allocated">,
  allocated: number,
): Promise<void> {
  const body = { sku, zone, allocated, expected };
  await api.POST("/v1/sessions/{session}/stock", { params: { path: { session } }, body });
}

/** A sign-in for one session alone: whoever has the link may do there what the host may. */
export async function invite(session: string): Promise<Schemas["CreatedSignIn"]> {
  const { data } = await api.POST("/v1/sign-ins", { body: { session } });
  return data;
}

export type Guest = Schemas["OpenSignIn"];

/** Who was let in, and links that nobody has used yet. */
export async function guestsOf(session: string): Promise<Guest[]> {
  const found: Guest[] = [];
  const all = each((at) => api.GET("/v1/sign-ins", { params: { query: at } }));
  for await (const guest of all) if (guest.session === session) found.push(guest);
  return found;
}

export async function showOut({ id }: Pick<Guest, "id">): Promise<void> {
  await api.DELETE("/v1/sign-ins/{signIn}", { params: { path: { signIn: id } } });
}

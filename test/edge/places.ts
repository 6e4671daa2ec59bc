/**
 * Isolates of one data centre, each with its own memory, all with one cache, before a session that the test plays by the
 * domain's rules.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { OfferId, SessionId } from "../../src/domain/ids.ts";
import type { OfferTerms } from "../../src/domain/offer.ts";
import { pictureOf, pricingTermsOf } from "../../src/domain/picture.ts";
import { createApp } from "../../src/edge/app.ts";
import { newId } from "../../src/edge/ids.ts";
import * as cache from "../../src/edge/picture-cache.ts";
import { offerTerms, Shop } from "../domain/shop.ts";
import type { Json } from "./client.ts";

/** The offer of every such session. */
export const OFFER: OfferId = "ofr_01jd3m5n8yfx0t2qv4w6z9r1ab";

/** A session as the edge calls it, with one open offer. */
export class PlayedSession {
  readonly id: SessionId = newId("ses");
  readonly shop = Shop.created({ id: this.id });
  calls = 0;
  /** What happens on the way to the session, and on the way back. */
  there: () => Promise<void> = async () => undefined;
  back: () => Promise<void> = async () => undefined;

  constructor(terms: Partial<OfferTerms> = {}) {
    this.shop.move("start");
    this.shop.allocate("tee", 3);
    this.shop.create(offerTerms(OFFER, { title: "Tee", lines: [{ sku: "tee", quantity: 1 }], ...terms }));
    if (terms.opensAtMs === undefined) this.shop.open(OFFER);
  }

  async hydrate() {
    this.calls += 1;
    await this.there();
    const picture = pictureOf(this.shop.state);
    const seen = { picture, pricing: pricingTermsOf(this.shop.state), viewers: 0, atMs: Date.now() };
    await this.back();
    return seen;
  }
}

/** `path` goes on after the session. */
export interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
  /** When the answer was there; what is done after it may take longer. */
  readonly atMs: number;
  /** Of the offer. */
  readonly offer: string | undefined;
}

type Pictures = Pick<typeof cache, "dropPicture">;

export class Isolate {
  readonly app: ReturnType<typeof createApp>;
  readonly #cache: Pictures;

  constructor(app = createApp(), pictures: Pictures = cache) {
    this.app = app;
    this.#cache = pictures;
  }

  /** One with a memory of its own: every module is loaded anew. */
  static async another(): Promise<Isolate> {
    vi.resetModules();
    const edge = await import("../../src/edge/app.ts");
    return new Isolate(edge.createApp(), await import("../../src/edge/picture-cache.ts"));
  }

  /** A request, with all that is done after its answer. */
  async ask(session: PlayedSession, { path = "", method = "GET", headers = {} }: Asked = {}): Promise<Seen> {
    const ctx = createExecutionContext();
    const request = new Request(`https://dropcast.test/v1/sessions/${session.id}${path}`, {
      method,
      headers,
    });
    const response = await this.app.fetch(
      request,
      { ...env, LIVE_SESSION: { getByName: () => session } },
      ctx,
    );
    const text = await response.text();
    const atMs = Date.now();
    const isJson = response.headers.get("Content-Type")?.endsWith("json") && text !== "";
    const json = isJson ? JSON.parse(text) : undefined;
    await waitOnExecutionContext(ctx);
    const { status, headers: said } = response;
    return { status, headers: said, text, json, atMs, offer: json?.offers?.[OFFER]?.status };
  }

  /** What a host's command through this isolate does when it was carried out. */
  dropPicture(session: PlayedSession): Promise<void> {
    return this.#cache.dropPicture(session.id);
  }
}

/**
 * What a relay has shown its sockets, and what it has not shown yet. Gives the text of each message, made once for all
 * sockets. Pure but for the clock it is given.
 */
import type { OfferId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { OfferPicture, PictureChange, SessionFace } from "../domain/picture.ts";
import { isoOf, toWire } from "../wire/instants.ts";
import type { ServerMessage } from "../wire/live.ts";
import type { Subscription } from "./fanout.ts";

interface Dated<T> {
  readonly value: T;
  /** Cursor at which it last changed, or one after: what changed later than a client's cursor is never left out. */
  readonly changedSeq: number;
}

export class RelayPicture {
  readonly #id: Subscription["picture"]["id"];
  #session: Dated<SessionFace>;
  readonly #offers = new Map<OfferId, Dated<OfferPicture>>();
  #cursor: number;
  #viewers: number;
  /** What has come in since the last frame; conflated, so that a hundred changes of an offer are one. */
  #pending: PictureChange | undefined;
  #viewersShown: number;
  readonly #texts = new Map<number | "snapshot", string>();

  constructor({ picture, sessionChangedSeq, offerChangedSeq, viewers }: Subscription) {
    this.#id = picture.id;
    this.#session = { value: picture.session, changedSeq: sessionChangedSeq };
    for (const offer of Object.values(picture.offers)) {
      this.#offers.set(offer.id, { value: offer, changedSeq: offerChangedSeq[offer.id] ?? picture.cursor });
    }
    this.#cursor = picture.cursor;
    this.#viewers = viewers;
    this.#viewersShown = viewers;
  }

  /** What the relay knows: shown or about to be. */
  get knownCursor(): number {
    return this.#pending?.cursor ?? this.#cursor;
  }

  /** Takes a push in. False when events are missing between what is known and what came. */
  take(change: PictureChange, viewers: number): boolean {
    if (change.after > this.knownCursor) return false;
    this.#viewers = viewers;
    if (change.cursor > this.knownCursor) {
      const session = change.session ?? this.#pending?.session;
      this.#pending = {
        after: this.#cursor,
        cursor: change.cursor,
        ...(session ? { session } : {}),
        offers: { ...this.#pending?.offers, ...change.offers },
      };
    }
    return true;
  }

  /** The next frame for every socket, now shown; undefined when nothing changed. */
  nextFrame(nowMs: number): string | undefined {
    const change = this.#pending ?? { after: this.#cursor, cursor: this.#cursor, offers: {} };
    if (!this.#pending && this.#viewers === this.#viewersShown) return undefined;
    this.#pending = undefined;
    this.#texts.clear();
    this.#viewersShown = this.#viewers;
    this.#cursor = change.cursor;
    if (change.session) this.#session = { value: change.session, changedSeq: change.cursor };
    for (const offer of Object.values(change.offers))
      this.#offers.set(offer.id, { value: offer, changedSeq: change.cursor });
    return this.#frameText(change, nowMs);
  }

  /** What a client with this cursor lacks of what is shown: a change, or the whole when it has none or too old a one. */
  catchUp(cursor: number | undefined, nowMs: number): string {
    const fits =
      cursor !== undefined && cursor <= this.#cursor && this.#cursor - cursor <= LIMITS.frameTailEvents;
    const key = fits ? cursor : "snapshot";
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const made = fits ? this.#frameText(this.#changeSince(cursor), nowMs) : this.snapshot(nowMs);
    this.#texts.set(key, made);
    return made;
  }

  snapshot(nowMs: number): string {
    const offers = Object.fromEntries([...this.#offers].map(([id, { value }]) => [id, value]));
    const picture = { id: this.#id, cursor: this.#cursor, session: this.#session.value, offers };
    return text({
      type: "snapshot",
      viewers: this.#viewersShown,
      serverAt: isoOf(nowMs),
      picture: toWire(picture),
    });
  }

  #changeSince(cursor: number): PictureChange {
    const offers: Record<OfferId, OfferPicture> = {};
    for (const [id, { value, changedSeq }] of this.#offers) if (changedSeq > cursor) offers[id] = value;
    const session = this.#session.changedSeq > cursor ? { session: this.#session.value } : {};
    return { after: cursor, cursor: this.#cursor, ...session, offers };
  }

  #frameText(change: PictureChange, nowMs: number): string {
    return text({
      type: "frame",
      viewers: this.#viewersShown,
      serverAt: isoOf(nowMs),
      change: toWire(change),
    });
  }
}

/** Made from our own typed values: checked by the compiler, not again by the schema. */
function text(message: { type: ServerMessage["type"] } & Record<string, unknown>): string {
  return JSON.stringify(message);
}

/**
 * What a relay has shown its sockets, and what it has not shown yet. Gives the text of each message, made once for all
 * sockets. Pure but for the clock it is given.
 */
import type { OfferId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { OfferPicture, PictureChange, SessionFace } from "../domain/picture.ts";
import { isoOf, toWire } from "../wire/instants.ts";
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
  /** Pictures and changes as text, by the cursor they start from, until the next frame. */
  readonly #bodies = new Map<number | "snapshot", string>();

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
    this.#bodies.clear();
    this.#viewersShown = this.#viewers;
    this.#cursor = change.cursor;
    if (change.session) this.#session = { value: change.session, changedSeq: change.cursor };
    for (const offer of Object.values(change.offers))
      this.#offers.set(offer.id, { value: offer, changedSeq: change.cursor });
    return this.#frameText(JSON.stringify(toWire(change)), nowMs);
  }

  /** What a client with this cursor lacks of what is shown: a change, or the whole when it has none or too old a one. */
  catchUp(cursor: number | undefined, nowMs: number): string {
    const fits =
      cursor !== undefined && cursor <= this.#cursor && this.#cursor - cursor <= LIMITS.frameTailEvents;
    if (!fits) return this.snapshot(nowMs);
    return this.#frameText(
      this.#body(cursor, () => toWire(this.#changeSince(cursor))),
      nowMs,
    );
  }

  snapshot(nowMs: number): string {
    const body = this.#body("snapshot", () => {
      const offers = Object.fromEntries([...this.#offers].map(([id, { value }]) => [id, value]));
      return toWire({ id: this.#id, cursor: this.#cursor, session: this.#session.value, offers });
    });
    return `{"type":"snapshot","viewers":${this.#viewersShown},"serverAt":"${isoOf(nowMs)}","picture":${body}}`;
  }

  /** Made once for all who ask for the same; a few only, since a cursor can be made up. */
  #body(from: number | "snapshot", make: () => unknown): string {
    const known = this.#bodies.get(from);
    if (known !== undefined) return known;
    const made = JSON.stringify(make());
    if (this.#bodies.size < LIMITS.catchUpsKept) this.#bodies.set(from, made);
    return made;
  }

  #changeSince(cursor: number): PictureChange {
    const offers: Record<OfferId, OfferPicture> = {};
    for (const [id, { value, changedSeq }] of this.#offers) if (changedSeq > cursor) offers[id] = value;
    const session = this.#session.changedSeq > cursor ? { session: this.#session.value } : {};
    return { after: cursor, cursor: this.#cursor, ...session, offers };
  }

  #frameText(body: string, nowMs: number): string {
    return `{"type":"frame","viewers":${this.#viewersShown},"serverAt":"${isoOf(nowMs)}","change":${body}}`;
  }
}

/**
 * What a relay has shown those below it, and what it has not shown yet. Gives the text of each message, made once for
 * all. Pure but for the clock it is given.
 */
import type { OfferId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { OfferPicture, Picture, PictureChange, SessionFace } from "../domain/picture.ts";
import type { RecentBuy } from "../domain/recent-buys.ts";
import { isoOf, toWire } from "../wire/instants.ts";
import type { Push } from "./fanout.ts";
import type { Known } from "./sold-out.ts";

/** A full picture with the sequence of the last change to each part: from it, any cursor's change can be worked out. */
export interface Subscription {
  readonly picture: Picture;
  readonly sessionChangedSeq: number;
  /** Of the recent buys; 0 where there were none. */
  readonly buysChangedSeq: number;
  readonly offerChangedSeq: Readonly<Record<string, number>>;
  readonly viewers: number;
}

interface Dated<T> {
  readonly value: T;
  /** Cursor at which it last changed, or one after: what changed later than a client's cursor is never left out. */
  readonly changedSeq: number;
}

export class RelayPicture implements Known {
  readonly #id: Picture["id"];
  #session: Dated<SessionFace>;
  readonly #offers = new Map<OfferId, Dated<OfferPicture>>();
  #buys: Dated<readonly RecentBuy[]>;
  #cursor: number;
  #viewers: number;
  /** What has come in since the last frame; conflated, so that a hundred changes of an offer are one. */
  #pending: PictureChange | undefined;
  #viewersShown: number;
  /** Pictures and changes as text, by the cursor they start from, until the next frame. */
  readonly #bodies = new Map<number | "snapshot", string>();

  constructor({ picture, sessionChangedSeq, buysChangedSeq, offerChangedSeq, viewers }: Subscription) {
    this.#id = picture.id;
    this.#session = { value: picture.session, changedSeq: sessionChangedSeq };
    this.#buys = { value: picture.recentBuys ?? [], changedSeq: buysChangedSeq };
    for (const offer of Object.values(picture.offers)) {
      this.#offers.set(offer.id, { value: offer, changedSeq: offerChangedSeq[offer.id] ?? picture.cursor });
    }
    this.#cursor = picture.cursor;
    this.#viewers = viewers;
    this.#viewersShown = viewers;
  }

  /** What is shown: the cursor that clients have. */
  get cursor(): number {
    return this.#cursor;
  }

  /** What the relay knows: shown or about to be. */
  get knownCursor(): number {
    return this.#pending?.cursor ?? this.#cursor;
  }

  /** Whether what is not shown yet is worth a frame now; a count of viewers, a buy or a bare cursor can wait. */
  get isNews(): boolean {
    const { session, offers } = this.#pending ?? { offers: {} };
    return session !== undefined || Object.keys(offers).length > 0;
  }

  /** Whether the session is over: nothing will change any more but orders. */
  get isOver(): boolean {
    const { status } = this.face;
    return status === "ended" || status === "cancelled";
  }

  /** The session as it is known. */
  get face(): SessionFace {
    return this.#pending?.session ?? this.#session.value;
  }

  /** An offer as it is known, and the cursor by which it was so. */
  offer(id: OfferId): { readonly offer: OfferPicture; readonly cursor: number } | undefined {
    const news = this.#pending?.offers[id];
    if (this.#pending && news) return { offer: news, cursor: this.#pending.cursor };
    const shown = this.#offers.get(id);
    return shown && { offer: shown.value, cursor: shown.changedSeq };
  }

  /** Viewers of the whole session, as of the last push. */
  get viewers(): number {
    return this.#viewers;
  }

  /** Takes a push in. False when events are missing between what is known and what came. */
  take({ change, viewers }: Omit<Push, "notices">): boolean {
    if (change.after > this.knownCursor) return false;
    this.#viewers = viewers ?? this.#viewers;
    if (change.cursor > this.knownCursor) {
      const session = change.session ?? this.#pending?.session;
      const recentBuys = change.recentBuys ?? this.#pending?.recentBuys;
      this.#pending = {
        after: this.#cursor,
        cursor: change.cursor,
        ...(session ? { session } : {}),
        offers: { ...this.#pending?.offers, ...change.offers },
        ...(recentBuys ? { recentBuys } : {}),
      };
    }
    return true;
  }

  /** What came in counts as shown. Gives it, or undefined when nothing changed. */
  absorb(): PictureChange | undefined {
    const change = this.#pending ?? { after: this.#cursor, cursor: this.#cursor, offers: {} };
    if (!this.#pending && this.#viewers === this.#viewersShown) return undefined;
    this.#pending = undefined;
    this.#bodies.clear();
    this.#viewersShown = this.#viewers;
    this.#cursor = change.cursor;
    if (change.session) this.#session = { value: change.session, changedSeq: change.cursor };
    for (const offer of Object.values(change.offers))
      this.#offers.set(offer.id, { value: offer, changedSeq: change.cursor });
    if (change.recentBuys) this.#buys = { value: change.recentBuys, changedSeq: change.cursor };
    return change;
  }

  /** The next frame for everybody, now shown; undefined when nothing changed. */
  nextFrame(nowMs: number): string | undefined {
    const change = this.absorb();
    return change && this.#frameText(JSON.stringify(toWire(change)), nowMs);
  }

  /** What a client with this cursor lacks of what is shown: a change, or the whole when it has none or too old a one. */
  catchUp(cursor: number | undefined, nowMs: number): string {
    const fits =
      cursor !== undefined && cursor <= this.#cursor && this.#cursor - cursor <= LIMITS.frameTailEvents;
    if (!fits) return this.snapshot(nowMs);
    return this.#frameText(
      this.#body(cursor, () => toWire(this.changeSince(cursor))),
      nowMs,
    );
  }

  snapshot(nowMs: number): string {
    const body = this.#body("snapshot", () => toWire(this.#whole()));
    return `{"type":"snapshot","viewers":${this.#viewersShown},"serverAt":"${isoOf(nowMs)}","picture":${body}}`;
  }

  /** What changed after a cursor, of what is shown. */
  changeSince(cursor: number): PictureChange {
    const offers: Record<OfferId, OfferPicture> = {};
    for (const [id, { value, changedSeq }] of this.#offers) if (changedSeq > cursor) offers[id] = value;
    const session = this.#session.changedSeq > cursor ? { session: this.#session.value } : {};
    return { after: cursor, cursor: this.#cursor, ...session, offers, ...this.#buysSince(cursor) };
  }

  /** What is shown, for a relay below. */
  subscription(): Subscription {
    return {
      picture: this.#whole(),
      sessionChangedSeq: this.#session.changedSeq,
      buysChangedSeq: this.#buys.changedSeq,
      offerChangedSeq: Object.fromEntries([...this.#offers].map(([id, { changedSeq }]) => [id, changedSeq])),
      viewers: this.#viewers,
    };
  }

  #whole(): Picture {
    const offers = Object.fromEntries([...this.#offers].map(([id, { value }]) => [id, value]));
    const session = this.#session.value;
    return { id: this.#id, cursor: this.#cursor, session, offers, ...this.#buysSince(0) };
  }

  #buysSince(cursor: number): Pick<Picture, "recentBuys"> {
    return this.#buys.changedSeq > cursor ? { recentBuys: this.#buys.value } : {};
  }

  /** Made once for all who ask for the same; a few only, since a cursor can be made up. */
  #body(from: number | "snapshot", make: () => unknown): string {
    const known = this.#bodies.get(from);
    if (known !== undefined) return known;
    const made = JSON.stringify(make());
    if (this.#bodies.size < LIMITS.catchUpsKept) this.#bodies.set(from, made);
    return made;
  }

  #frameText(body: string, nowMs: number): string {
    return `{"type":"frame","viewers":${this.#viewersShown},"serverAt":"${isoOf(nowMs)}","change":${body}}`;
  }
}

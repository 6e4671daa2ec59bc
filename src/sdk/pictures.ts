/** The picture of a session from snapshots and changes, whichever way and however often they come. Pure. */
import type { Picture, PictureChange } from "./types.ts";

/** `gap`: what came builds on something that is not known; who is at `cursor` must ask for the rest. */
export type Taken = "news" | "known" | "gap";

export class Pictures {
  #picture: Picture | undefined;

  get picture(): Picture | undefined {
    return this.#picture;
  }

  /** The last event that is known, to resume after. */
  get cursor(): number | undefined {
    return this.#picture?.cursor;
  }

  /** A whole picture. One that is older than what is known comes from a relay or cache that is behind. */
  snapshot(picture: Picture): Taken {
    if (this.#picture && picture.cursor <= this.#picture.cursor) return "known";
    this.#picture = picture;
    return "news";
  }

  /** It has all that changed after `after`, in whole: it fits on anything from there on, not only on `after` itself. */
  change({ after, cursor, session, offers, recentBuys }: PictureChange): Taken {
    const known = this.#picture;
    if (!known || after > known.cursor) return "gap";
    if (cursor <= known.cursor) return "known";
    this.#picture = {
      ...known,
      cursor,
      session: session ?? known.session,
      offers: { ...known.offers, ...offers },
      ...(recentBuys && { recentBuys }),
    };
    return "news";
  }
}

/**
 * Pictures of sessions, younger than a second when they are shown: in this isolate's memory, then in the data centre's
 * cache, then from the session itself. Holds values only: a promise of one request must not be awaited by another, so
 * whoever finds somebody else fetching looks again after a moment instead.
 *
 * What was closed through another isolate is not known here; what bounds the wait is each entry's age, wherever it was
 * kept, counted from a moment at which the session was known to be so.
 */
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Hydrated } from "../live/session.ts";
import { liveOf, type Asker } from "./context.ts";

/** `hydrated` is undefined for a session that does not exist. */
interface Entry {
  /** When it was asked for, by a clock of this data centre: what came before is in it. */
  readonly atMs: number;
  /** When it was so: later than that where the answer took long to come, by the session's own clock. */
  readonly soAtMs: number;
  readonly hydrated: Hydrated | undefined;
}

/** What is known of a session. */
interface Slot {
  /** Moves with each drop, so that a slow answer from before it is not kept. */
  version: number;
  /** When it was last dropped: what was asked for before is old, wherever it is kept. */
  droppedAtMs: number;
  /** When a tap through here was last carried out. */
  tappedAtMs: number;
  /** When somebody last asked for the sake of such a tap. */
  lookedAtMs: number;
  entry: Entry | undefined;
  /** Somebody is fetching; past this time others go as well. */
  fetchingUntilMs: number;
  /** Why the last fetch came to nothing: for those who waited for it, and for a moment for those who come. */
  failure: { readonly atMs: number; readonly error: unknown } | undefined;
}

/** Between looks at what another request fetches: from about the time a near session takes to answer. */
const LOOK_MS = 5;
const LOOK_MOST_MS = 40;

const slots = new Map<string, Slot>();

/** The session as it was less than a second ago; undefined when there is none. */
export async function pictureOf(c: Asker, session: SessionId): Promise<Hydrated | undefined> {
  const slot = slotOf(session);
  const nowMs = Date.now();
  const { entry } = slot;
  if (!entry || !isGood(entry, nowMs)) return fetched(c, session, 0, cachedOrAsked);
  refreshEarly(c, session, slot, nowMs);
  return entry.hydrated;
}

/**
 * For whoever is about to refuse: the session as it is now, asked at most every so often. So a host's action is seen
 * at once, however many ask in vain.
 */
export function pictureNow(c: Asker, session: SessionId): Promise<Hydrated | undefined> {
  return fetched(c, session, Date.now() - LIMITS.pictureRecheckMs, asked);
}

/**
 * For whoever looks at what they have just bought: a picture from before the last tap through here is not good enough.
 * Under a storm of taps this too asks at most every so often.
 */
export function pictureAfterTaps(c: Asker, session: SessionId): Promise<Hydrated | undefined> {
  const slot = slotOf(session);
  const nowMs = Date.now();
  if (!isBehindTaps(slot, nowMs)) return pictureOf(c, session);
  slot.lookedAtMs = nowMs;
  return fetched(c, session, slot.tappedAtMs + 1, asked);
}

/**
 * What `pictureAfterTaps` would give, where it need not wait for it. `session` may be any text: it is looked up, and
 * nothing else.
 */
export function pictureAtHand(c: Asker, session: string): Hydrated | undefined {
  const slot = slots.get(session);
  const hydrated = slot?.entry?.hydrated;
  if (!slot?.entry || !hydrated) return undefined;
  const nowMs = Date.now();
  if (!isGood(slot.entry, nowMs) || isBehindTaps(slot, nowMs)) return undefined;
  refreshEarly(c, hydrated.picture.id, slot, nowMs);
  return hydrated;
}

/** A tap was carried out through here. Tokens are still made from the picture there is. */
export function noteTap(session: SessionId): void {
  slotOf(session).tappedAtMs = Date.now();
}

/** Whether a tap was carried out through here since the picture that there is was made: it may not know of it. */
export function isBeforeTaps(session: SessionId): boolean {
  const { entry, tappedAtMs } = slotOf(session);
  return entry !== undefined && entry.atMs <= tappedAtMs;
}

/** Something in the session was changed through here: nobody in this data centre need see the old picture. */
export async function dropPicture(session: SessionId): Promise<void> {
  const slot = slots.get(session);
  if (slot) {
    slot.version += 1;
    slot.droppedAtMs = Date.now();
    slot.entry = undefined;
    slot.failure = undefined;
    slot.fetchingUntilMs = 0;
  }
  await caches.default.delete(keyOf(session));
}

/** Nothing that matters to a viewer changes in it any more: it was ended or cancelled. */
export function isOver({ picture }: Hydrated): boolean {
  const { status } = picture.session;
  return status === "ended" || status === "cancelled";
}

function isGood({ soAtMs, hydrated }: Entry, nowMs: number): boolean {
  return nowMs - soAtMs < goodForMs(hydrated);
}

function goodForMs(hydrated: Hydrated | undefined): number {
  if (!hydrated) return LIMITS.pictureRecheckMs;
  return isOver(hydrated) ? LIMITS.pictureOverMs : LIMITS.pictureStaleMs;
}

function isBehindTaps({ entry, tappedAtMs, lookedAtMs }: Slot, nowMs: number): boolean {
  return entry !== undefined && entry.atMs <= tappedAtMs && nowMs - lookedAtMs >= LIMITS.pictureRecheckMs;
}

/** From the cache where another isolate has put a younger one: a data centre asks once, however many isolates it has. */
function refreshEarly(c: Asker, session: SessionId, slot: Slot, nowMs: number): void {
  const { entry, fetchingUntilMs } = slot;
  if (!entry?.hydrated || fetchingUntilMs > nowMs) return;
  const earlyMs = goodForMs(entry.hydrated) * LIMITS.pictureEarly;
  if (nowMs - entry.soAtMs < earlyMs) return;
  c.executionCtx.waitUntil(fetched(c, session, nowMs - earlyMs + 1, cachedOrAsked).catch(() => undefined));
}

type Fetch = (c: Asker, session: SessionId, notBeforeMs: number) => Promise<Entry>;

/** A good entry of `notBeforeMs` or later: another request's, if one is under way, or one's own. */
async function fetched(
  c: Asker,
  session: SessionId,
  notBeforeMs: number,
  fetch: Fetch,
): Promise<Hydrated | undefined> {
  const slot = slotOf(session);
  const cameAtMs = Date.now();
  for (let lookMs = LOOK_MS; ; lookMs = Math.min(lookMs * 2, LOOK_MOST_MS)) {
    const nowMs = Date.now();
    const { entry, failure } = slot;
    if (entry && entry.atMs >= notBeforeMs && isGood(entry, nowMs)) return entry.hydrated;
    if (failure && failure.atMs >= cameAtMs - LIMITS.pictureRecheckMs) throw failure.error;
    if (slot.fetchingUntilMs <= nowMs) break;
    if (nowMs - cameAtMs >= LIMITS.picturePatienceMs) throw tooLate();
    await scheduler.wait(lookMs);
  }
  slot.fetchingUntilMs = Date.now() + LIMITS.pictureFetchMs;
  const { version, droppedAtMs } = slot;
  try {
    const entry = await fetch(c, session, Math.max(notBeforeMs, droppedAtMs + 1));
    const isNewest = slot.version === version && (!slot.entry || slot.entry.atMs <= entry.atMs);
    if (isNewest) slot.entry = entry;
    slot.failure = undefined;
    if (entry.hydrated && !isGood(entry, Date.now())) throw tooLate();
    return entry.hydrated;
  } catch (error) {
    if (slot.version === version) slot.failure = { atMs: Date.now(), error };
    throw error;
  } finally {
    if (slot.version === version) slot.fetchingUntilMs = 0;
  }
}

async function cachedOrAsked(c: Asker, session: SessionId, notBeforeMs: number): Promise<Entry> {
  const found = await caches.default.match(keyOf(session));
  const entry = await found?.json<Entry>();
  const nowMs = Date.now();
  // One of a machine whose clock is ahead would be good for too long.
  const isUsable = entry && entry.atMs >= notBeforeMs && entry.soAtMs <= nowMs && isGood(entry, nowMs);
  return isUsable ? entry : asked(c, session);
}

/** The session says when it looked, so that an answer that took long to come is known to be old, or not to be. */
async function asked(c: Asker, session: SessionId): Promise<Entry> {
  const atMs = Date.now();
  const hydrated = await liveOf(c).hydrate(session);
  const nowMs = Date.now();
  const soAtMs = hydrated ? Math.max(atMs, Math.min(hydrated.atMs ?? atMs, nowMs)) : nowMs;
  const entry: Entry = { atMs, soAtMs, hydrated };
  if (hydrated) c.executionCtx.waitUntil(caches.default.put(keyOf(session), cacheable(entry, hydrated)));
  return entry;
}

function cacheable(entry: Entry, hydrated: Hydrated): Response {
  const maxAgeS = Math.ceil(goodForMs(hydrated) / 1000);
  return Response.json(entry, { headers: { "Cache-Control": `max-age=${maxAgeS}` } });
}

/** As the platform has it for an object that cannot take more: the answer is a 503 with `Retry-After`. */
function tooLate(): Error {
  return Object.assign(new Error("the session did not answer in time"), { overloaded: true });
}

/** A name of our own: the cache is keyed by URL, and nobody can ask for this one from outside. */
function keyOf(session: SessionId): string {
  return `https://pictures.dropcast.invalid/${session}`;
}

function slotOf(session: SessionId): Slot {
  const known = slots.get(session);
  if (known) {
    // The map keeps the order of insertion: what was used last is forgotten last.
    slots.delete(session);
    slots.set(session, known);
    return known;
  }
  const [oldest] = slots.keys();
  if (oldest !== undefined && slots.size >= LIMITS.picturesInMemory) slots.delete(oldest);
  const slot: Slot = {
    version: 0,
    droppedAtMs: 0,
    tappedAtMs: 0,
    lookedAtMs: 0,
    entry: undefined,
    fetchingUntilMs: 0,
    failure: undefined,
  };
  slots.set(session, slot);
  return slot;
}

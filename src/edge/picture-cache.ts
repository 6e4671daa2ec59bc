/**
 * Pictures of sessions, a second old at most: in this isolate's memory, then in the data centre's cache, then from the
 * session itself. Holds values only: a promise of one request must not be awaited by another, so whoever finds
 * somebody else fetching looks again after a moment instead.
 */
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Hydrated } from "../live/session.ts";
import { liveOf, type AppContext } from "./context.ts";

/** `hydrated` is undefined for a session that does not exist; `atMs` is when it was asked for. */
interface Entry {
  readonly atMs: number;
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
  /** Somebody is fetching; past this time they are taken for gone. */
  fetchingUntilMs: number;
}

/** An entry this old is still good, but one request goes for a new one, so that at its end not all have to wait. */
const EARLY_MS = LIMITS.pictureStaleMs / 2;
/** Between two looks at what another request fetches: about the time a session takes to answer. */
const LOOK_MS = 5;

const slots = new Map<SessionId, Slot>();

/** The session as it was a second ago at most; undefined when there is none. */
export async function pictureOf(c: AppContext, session: SessionId): Promise<Hydrated | undefined> {
  const nowMs = Date.now();
  const slot = slotOf(session);
  const { entry } = slot;
  const goodForMs = entry?.hydrated ? LIMITS.pictureStaleMs : LIMITS.pictureRecheckMs;
  if (!entry || nowMs - entry.atMs >= goodForMs) {
    return fetched(c, session, nowMs - LIMITS.pictureStaleMs, cachedOrAsked);
  }
  if (entry.hydrated && nowMs - entry.atMs >= EARLY_MS && slot.fetchingUntilMs <= nowMs) {
    c.executionCtx.waitUntil(fetched(c, session, nowMs - EARLY_MS, asked).catch(() => undefined));
  }
  return entry.hydrated;
}

/**
 * For whoever is about to refuse: the session as it is now, asked at most every so often. So a host's action is seen
 * at once, however many ask in vain.
 */
export function pictureNow(c: AppContext, session: SessionId): Promise<Hydrated | undefined> {
  return fetched(c, session, Date.now() - LIMITS.pictureRecheckMs, asked);
}

/**
 * For whoever looks at what they have just bought: a picture from before the last tap through here is not good enough.
 * Under a storm of taps this too asks at most every so often.
 */
export function pictureAfterTaps(c: AppContext, session: SessionId): Promise<Hydrated | undefined> {
  const slot = slotOf(session);
  const nowMs = Date.now();
  const isBefore = slot.entry !== undefined && slot.entry.atMs <= slot.tappedAtMs;
  if (!isBefore || nowMs - slot.lookedAtMs < LIMITS.pictureRecheckMs) return pictureOf(c, session);
  slot.lookedAtMs = nowMs;
  return fetched(c, session, slot.tappedAtMs + 1, asked);
}

/** A tap was carried out through here. Tokens are still made from the picture there is. */
export function noteTap(session: SessionId): void {
  slotOf(session).tappedAtMs = Date.now();
}

/** Something in the session was changed through here: nobody in this data centre need see the old picture. */
export async function dropPicture(session: SessionId): Promise<void> {
  const slot = slots.get(session);
  if (slot) {
    slot.version += 1;
    slot.droppedAtMs = Date.now();
    slot.entry = undefined;
    slot.fetchingUntilMs = 0;
  }
  await caches.default.delete(keyOf(session));
}

type Fetch = (c: AppContext, session: SessionId, notBeforeMs: number) => Promise<Entry>;

/** An entry asked for at `notBeforeMs` or later: another request's, if one is under way, or one's own. */
async function fetched(
  c: AppContext,
  session: SessionId,
  notBeforeMs: number,
  fetch: Fetch,
): Promise<Hydrated | undefined> {
  const slot = slotOf(session);
  const patientUntilMs = Date.now() + LIMITS.pictureFetchMs * 2;
  for (;;) {
    if (slot.entry && slot.entry.atMs >= notBeforeMs) return slot.entry.hydrated;
    const nowMs = Date.now();
    if (slot.fetchingUntilMs <= nowMs || patientUntilMs <= nowMs) break;
    await scheduler.wait(LOOK_MS);
  }
  slot.fetchingUntilMs = Date.now() + LIMITS.pictureFetchMs;
  const { version, droppedAtMs } = slot;
  try {
    const entry = await fetch(c, session, Math.max(notBeforeMs, droppedAtMs + 1));
    const isNewest = slot.version === version && (!slot.entry || slot.entry.atMs <= entry.atMs);
    if (isNewest) slot.entry = entry;
    return entry.hydrated;
  } finally {
    if (slot.version === version) slot.fetchingUntilMs = 0;
  }
}

async function cachedOrAsked(c: AppContext, session: SessionId, notBeforeMs: number): Promise<Entry> {
  const found = await caches.default.match(keyOf(session));
  const entry = await found?.json<Entry>();
  return entry && entry.atMs >= notBeforeMs ? entry : asked(c, session);
}

async function asked(c: AppContext, session: SessionId): Promise<Entry> {
  const atMs = Date.now();
  const entry: Entry = { atMs, hydrated: await liveOf(c).hydrate(session) };
  if (entry.hydrated) c.executionCtx.waitUntil(caches.default.put(keyOf(session), cacheable(entry)));
  return entry;
}

function cacheable(entry: Entry): Response {
  const maxAgeS = Math.ceil(LIMITS.pictureStaleMs / 1000);
  return Response.json(entry, { headers: { "Cache-Control": `max-age=${maxAgeS}` } });
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
  };
  slots.set(session, slot);
  return slot;
}

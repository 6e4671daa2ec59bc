/** A session and the warm-up's cron around it, on real objects, queues and bucket. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { EventType } from "../../src/domain/events.ts";
import type { SessionId, ViewerId } from "../../src/domain/ids.ts";
import type { OfferTerms } from "../../src/domain/offer.ts";
import type { SessionTerms } from "../../src/domain/session.ts";
import { signHead } from "../../src/edge/signed-documents.ts";
import { LiveClient } from "../../src/live/client.ts";
import type { Head } from "../../src/live/journal.ts";
import { loadKeys } from "../../src/token/keys.ts";
import { archiveManifest, type ArchiveManifest } from "../../src/wire/lake.ts";
import { manifestKey } from "../../src/warmup/archive.ts";
import { sweepCooldowns, type CoolPorts } from "../../src/warmup/cool.ts";
import { sweepWarmups, type WarmPorts } from "../../src/warmup/warm.ts";
import { offerTerms, sessionTerms } from "../domain/shop.ts";
import { envelope, newSession, stubOf, TEE } from "../live/stage.ts";
import { soon } from "../soon.ts";

export const live = new LiveClient(env);
export const MINUTE = 60_000;

/** A session with twenty tees in an offer, not started; viewers are expected in Europe. */
export async function newDrop(
  over: { readonly terms?: Partial<SessionTerms>; readonly offer?: Partial<OfferTerms> } = {},
): Promise<SessionId> {
  const id = newSession();
  const seller = `sel_${"0".repeat(26)}` as const;
  const terms = sessionTerms({ id, seller, expectedRegions: { EU: 1_000 }, ...over.terms });
  await stubOf(id).execute([
    envelope({ type: "session.create", v: 1, terms }),
    envelope({ type: "stock.allocate", v: 1, sku: "tee", zone: "main", allocated: 20 }),
    envelope({
      type: "offer.create",
      v: 1,
      terms: offerTerms(TEE, { lines: [{ sku: "tee", quantity: 1 }], ...over.offer }),
    }),
  ]);
  return id;
}

/** Where the tests' viewers are: at the relay that the plan for 1,000 viewers in Europe has. */
export function inEurope(viewer: ViewerId) {
  return { viewer, region: "EU", expectedViewers: 1_000 };
}

export function warmup(sessions: readonly SessionId[], nowMs = Date.now(), over: Partial<WarmPorts> = {}) {
  return sweepWarmups({ live, opening: async () => sessions, ...over }, nowMs);
}

export function cooldown(sessions: readonly SessionId[], over: Partial<CoolPorts> = {}) {
  const seal = async (session: SessionId, head: Head) =>
    signHead(await loadKeys(env.TOKEN_KEYS), session, head, Date.now());
  return sweepCooldowns({ live, lake: env.LAKE, seal, toCool: async () => sessions, ...over }, Date.now());
}

export async function typesOf(session: SessionId, like = "warmup."): Promise<EventType[]> {
  const events = await stubOf(session).events(0, 500);
  return events.map(({ type }) => type).filter((type) => type.startsWith(like));
}

/** As if its readers had everything and had said so: queues gather for a second before they deliver. */
export async function settled(session: SessionId): Promise<void> {
  await soon(async () => {
    for (const outlet of ["settlement", "reporting"] as const) {
      await live.confirm(session, outlet, Number.MAX_SAFE_INTEGER);
    }
    if (!(await live.upkeep(session))?.isAtRest) throw new Error("not at rest");
  });
}

export function alarmOf(stub: DurableObjectStub): Promise<number | null> {
  return runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
}

/** The state as the session has it on disk. */
export function snapshotOf(session: SessionId): Promise<{ block: number; text: string }> {
  return runInDurableObject(stubOf(session), (_, { storage }) => {
    const rows = storage.sql.exec<{ block: number; text: string }>(
      "SELECT block, text FROM snapshots ORDER BY part",
    );
    const parts = rows.toArray();
    return { block: parts[0]?.block ?? 0, text: parts.map(({ text }) => text).join("") };
  });
}

export async function manifestOf(session: SessionId): Promise<ArchiveManifest> {
  const found = await env.LAKE.get(manifestKey(session));
  return archiveManifest.parse(await found?.json());
}

export async function fromLake(key: string): Promise<Uint8Array | undefined> {
  const found = await env.LAKE.get(key);
  return found ? new Uint8Array(await found.arrayBuffer()) : undefined;
}

/** Failures that a test brings about are logged; nobody need read that. */
export function silently(): void {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
}

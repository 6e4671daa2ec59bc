// One session's drop: a shop, an offer, a crowd that races for it, and what the record says afterwards.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "./api.ts";
import { examine, type Findings } from "./checks.ts";
import { Counts, Latencies } from "./figures.ts";
import { createSession, openShop, priced, type Shop } from "./shop.ts";
import { Viewer, type Nature, type Stage } from "./viewer.ts";

/** The shortest hold there is: who drops out must not make the rehearsal long. */
const HOLD_MS = 5_000;
const CONNECTING_AT_ONCE = 50;
/** Until the drop opens, once everybody is there. */
const COUNTDOWN_MS = 1_500;

export interface RaceOptions {
  currency: string;
  viewers: number;
  stock: number;
  catalog: string;
  impatient: boolean;
}

/** Shows that long work goes on. */
export type Progress = (
  what: string,
  total: number,
  work: (done: () => void) => Promise<unknown>,
) => Promise<void>;

export interface Raced {
  options: RaceOptions;
  shop: Shop;
  session: string;
  stage: Stage;
  findings: Findings;
  screens: Screens;
  broken: string[];
}

/** In an impatient crowd every other viewer misbehaves, each kind equally often; in a patient one nobody does. */
const NATURES: readonly Nature[] = ["drops_out", "declines", "retries", "taps_twice", "is_cut"];

function natureOf(index: number, impatient: boolean): Nature {
  if (!impatient || index % 2 === 0) return "patient";
  return NATURES[Math.floor(index / 2) % NATURES.length] ?? "patient";
}

/** Terms whose parts do not come out even, so that rounding is put to the test. */
function unevenTerms(currency: string): object {
  const money = (amount: number): object => ({ amount, currency });
  return {
    platformFee: { basisPoints: 525, minimum: money(3) },
    creatorRate: [
      { from: money(0), basisPoints: 1_233 },
      { from: money(25_000), basisPoints: 1_467 },
    ],
    tax: { basisPoints: 825 },
    reserve: { basisPoints: 333, heldMs: 1_000 },
  };
}

/** Opens a shop and its drop, and lets the crowd race for it. */
export async function race(
  api: Api,
  platformKey: string,
  options: RaceOptions,
  withProgress: Progress,
): Promise<Raced> {
  const { currency } = options;
  const catalog = readFileSync(options.catalog, "utf8");
  const shop = await openShop(api, platformKey, catalog, currency, unevenTerms(currency));
  const { session, offer } = await prepare(api, shop, options);
  const latency = { token: new Latencies(), reserve: new Latencies(), order: new Latencies() };
  const stage: Stage = { api, session, offer, latency, outcomes: new Counts() };
  const crowd = Array.from(
    { length: options.viewers },
    (_, index) => new Viewer(stage, natureOf(index, options.impatient)),
  );
  await withProgress("arriving", crowd.length, (done) => arrive(crowd, done));
  const opensAt = new Date(Date.now() + COUNTDOWN_MS).toISOString();
  const path = `/v1/sessions/${session}/offers/${offer}`;
  await api.must(path, { method: "PATCH", bearer: shop.sellerKey, body: { opensAt } });
  await withProgress("racing  ", crowd.length, (done) =>
    Promise.all(crowd.map((viewer, index) => viewer.race(index % 3 === 0, index % 2 === 0).then(done))),
  );
  // What was dropped or left unpaid runs out, and every screen comes to rest.
  await sleep(HOLD_MS + 1_000);
  const acknowledged = crowd.flatMap(({ acknowledged: { orders, reservations } }) => [
    ...orders,
    ...reservations,
  ]);
  const findings = await examine(api, session, shop.sellerKey, acknowledged);
  const screens = screensOf(crowd, findings);
  for (const viewer of crowd) viewer.leave();
  const broken = brokenPromises(stage, findings, screens);
  return { options, shop, session, stage, findings, screens, broken };
}

/** The session with its stock and its offer, live; the offer opens later. */
async function prepare(
  api: Api,
  shop: Shop,
  { currency, viewers, stock }: RaceOptions,
): Promise<{ session: string; offer: string }> {
  const [piece] = priced(shop.products);
  if (!piece) throw new Error("the catalogue has no variant with a price");
  const session = await createSession(api, shop, currency, { title: "Rehearsal", expectedViewers: viewers });
  await api.post(`/v1/sessions/${session}/stock`, shop.sellerKey, { sku: piece.sku, allocated: stock });
  // A price that no share of comes out even.
  const amount = Math.ceil(piece.price.amount * 0.83) | 1;
  const offer = await api.post<{ id: string }>(`/v1/sessions/${session}/offers`, shop.sellerKey, {
    title: piece.title,
    lines: [{ sku: piece.sku, quantity: 1 }],
    price: { headline: piece.price, drop: { price: { amount, currency }, funder: "seller" } },
    limits: { perViewer: 1 },
    holdMs: HOLD_MS,
  });
  await api.post(`/v1/sessions/${session}/start`, shop.creatorKey);
  return { session, offer: offer.id };
}

async function arrive(crowd: readonly Viewer[], done: () => void): Promise<void> {
  for (let at = 0; at < crowd.length; at += CONNECTING_AT_ONCE) {
    await Promise.all(crowd.slice(at, at + CONNECTING_AT_ONCE).map((viewer) => viewer.arrive().then(done)));
  }
}

export interface Screens {
  /** From an event to the last screen that shows it. */
  toAll: Latencies;
  /** Viewers whose screen shows other stock than the record has. */
  wrong: number;
  gaps: number;
}

function screensOf(crowd: readonly Viewer[], { state, eventTimes }: Findings): Screens {
  const toAll = new Latencies();
  for (const [seq, atMs] of eventTimes) {
    const shown = crowd.map(({ seen }) => seen.find(({ cursor }) => cursor >= seq)?.atMs);
    const started = crowd.every(({ seen }) => (seen[0]?.cursor ?? Number.POSITIVE_INFINITY) < seq);
    if (started && shown.every((at) => at !== undefined)) toAll.add(Math.max(...shown) - atMs);
  }
  const [pool] = state.pools.values();
  const available = pool ? pool.allocated - pool.held - pool.committed : 0;
  return {
    toAll,
    wrong: crowd.filter(({ stockShown }) => stockShown?.["main"] !== available).length,
    gaps: crowd.reduce((sum, { gaps }) => sum + gaps, 0),
  };
}

/** Outcomes that no viewer may meet: no answer, two answers, a fault of ours, an order that stays open. */
const UNEXPECTED = /^(failed:|refused: internal|refused: overloaded|order still open)/;

function brokenPromises({ outcomes }: Stage, findings: Findings, screens: Screens): string[] {
  const bought = outcomes.sum((name) => name === "bought");
  const promises: [boolean, string][] = [
    [outcomes.sum((name) => UNEXPECTED.test(name)) === 0, "every tap has one answer"],
    [bought === findings.sold, "what viewers were told they bought is what was sold"],
    [findings.sold > 0 || findings.allocated === 0, "something is sold"],
    [findings.oversold === 0 && findings.sold <= findings.allocated, "nothing is oversold"],
    [findings.poolsBalanced, "available + held + committed = allocated, none negative"],
    [findings.held === 0, "every hold was committed, released or expired"],
    [findings.replayEqual, "the state rebuilt from the journal equals the state in memory"],
    [findings.chainWhole, "the blocks' hashes chain"],
    [findings.d1Equal, "orders in D1 equal orders in the journal"],
    [findings.lost.length === 0, "nothing acknowledged is lost"],
    [screens.wrong === 0, "every screen shows the record's stock"],
    [screens.gaps === 0, "no frame was missed or repeated"],
  ];
  return promises.filter(([kept]) => !kept).map(([, promise]) => promise);
}

/** Refusing what is sold out without the session: never a tap that it would sell to, or sold to before. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closeBlock, execute, openBlock } from "../../src/domain/block.ts";
import type { Command, Envelope } from "../../src/domain/commands.ts";
import type { OfferId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { pictureOf } from "../../src/domain/picture.ts";
import type { Reply } from "../../src/domain/reply.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { deserialize, emptyState, serialize } from "../../src/domain/state.ts";
import {
  askedIn,
  ScarcityMaker,
  soldOutRefusal,
  type Known,
  type Scarcity,
} from "../../src/live/sold-out.ts";
import { Dice } from "./model/dice.ts";
import { COMMANDS, opening, Traffic } from "./model/traffic.ts";
import { ANA, BEN, CONSENT, MINUTE, offerTerms, refusalOf, SECOND, Shop, T0, TEE } from "./shop.ts";

/** What a place knows that has just been told. */
function knownOf(state: SessionState): Known | undefined {
  const picture = pictureOf(state);
  return (
    picture && {
      face: picture.session,
      offer: (id) => {
        const offer = picture.offers[id];
        return offer && { offer, cursor: state.offers.get(id)?.changedSeq ?? picture.cursor };
      },
    }
  );
}

/** What a place says to the tap that knows this; undefined when it asks the session. */
function saidOf(envelope: Envelope, known: Known | undefined, scarcity: Scarcity | undefined, nowMs: number) {
  const asked = askedIn(envelope)?.asked;
  return asked && known && scarcity && soldOutRefusal(asked, scarcity, known, nowMs);
}

function itemsIn(envelope: Envelope): number {
  return askedIn(envelope)?.asked.items.length ?? 0;
}

/** Reasons to refuse that a place cannot see, or that a used id has. */
const UNSEEN = ["quantity_exceeded", "credit_exceeded", "reservation_exists", "order_exists"];

describe("whatever happened, a tap refused for being sold out", () => {
  it("would have been refused by the session, and had bought nothing", () => {
    const seen = { refused: 0, alike: 0, asked: 0 };
    const trial = fc.property(fc.noBias(fc.nat()), (seed) => run(new Dice(seed), seen));
    fc.assert(trial, { seed: Number(process.env["SEED"] ?? 20260601), numRuns: 300 });
    // Neither is the rule without use, nor does it know everything.
    expect(seen.refused).toBeGreaterThan(500);
    expect(seen.asked).toBeGreaterThan(500);
    expect(seen.alike / seen.refused).toBeGreaterThan(0.8);
  }, 60_000);
});

function run(dice: Dice, seen: { refused: number; alike: number; asked: number }): void {
  const state = emptyState();
  const traffic = new Traffic();
  const maker = new ScarcityMaker();
  const sent: Envelope[] = [];
  let nowMs = T0;
  let known: Known | undefined;
  let scarcity: Scarcity | undefined;

  const turn = (envelopes: readonly Envelope[]): void => {
    const block = openBlock(state, nowMs);
    for (const envelope of envelopes) execute(state, block, envelope);
    closeBlock(state, block);
  };
  const check = (envelope: Envelope): void => {
    const said = saidOf(envelope, known, scarcity, nowMs);
    if (!said) {
      seen.asked += 1;
      return;
    }
    const copy = deserialize(serialize(state));
    const { reply, replayed } = execute(copy, openBlock(copy, nowMs), envelope);
    seen.refused += 1;
    const code = refusalOf(reply)?.code;
    if (code === "out_of_stock") seen.alike += 1;
    // Of several items another may have closed meanwhile.
    const isAlike = code === "out_of_stock" || replayed || itemsIn(envelope) > 1;
    if (code === undefined || !(isAlike || UNSEEN.includes(code))) {
      throw new Error(`the session says ${JSON.stringify(reply)} to ${JSON.stringify(envelope)}`);
    }
  };

  turn(opening(nowMs, true).map((command, index) => ({ id: `seller:${index}`, fingerprint: "", command })));
  for (let step = 0; step < 60; step++) {
    const command = traffic.command(dice.of(COMMANDS), dice, state, nowMs);
    const envelope = { id: `cmd:${step}`, fingerprint: JSON.stringify(command), command };
    sent.push(envelope);
    turn([envelope]);
    // Told anew each time, or of one half only, or of neither; and then time passes.
    if (!dice.oneIn(6)) known = knownOf(state);
    if (!dice.oneIn(3)) scarcity = maker.of(state, nowMs);
    if (dice.oneIn(4)) nowMs += dice.of([1, SECOND, 5 * SECOND, 20 * SECOND, 2 * MINUTE]);
    if (dice.oneIn(20)) nowMs -= dice.of([SECOND, MINUTE]);
    if (known && scarcity && !isBehind(state, known, scarcity)) {
      for (let repeat = 0; repeat < 4; repeat++) check(dice.of(sent));
      check({ ...dice.of(sent), id: `new:${step}` });
      for (const kind of ["buy", "reserve"] as const) {
        const tap = traffic.command(kind, dice, state, nowMs);
        check({ id: `new:${step}`, fingerprint: "", command: tap });
      }
    }
  }
}

/** Both halves may be old, if nothing happened since the newer one that a push would tell. */
function isBehind(state: SessionState, known: Known, scarcity: Scarcity): boolean {
  return [...state.offers.values()].some(
    ({ id, changedSeq }) => changedSeq > Math.max(scarcity.cursor, known.offer(id)?.cursor ?? 0),
  );
}

describe("a place that knows an offer sold out", () => {
  const tap = (command: Command, id = "vwr_ben:1"): Envelope => ({ id, fingerprint: "", command });
  const buy = (shop: Shop, viewer: `vwr_${string}`, offer: OfferId = TEE): Command => ({
    type: "order.buy",
    v: 1,
    order: shop.newId("ord"),
    paymentMethod: "pm_card",
    reserve: shop.request(viewer, [shop.token(offer)]),
  });
  const asks = (shop: Shop, envelope: Envelope, nowMs = shop.nowMs) =>
    saidOf(envelope, knownOf(shop.state), new ScarcityMaker().of(shop.state, shop.nowMs), nowMs);

  it("refuses in the session's words", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const late = buy(shop, BEN);
    shop.sell(ANA, TEE, "ord_ana");
    const said: Reply | undefined = asks(shop, tap(late));
    expect(said).toEqual(shop.send(late));
    expect(said).toMatchObject({ refusal: { code: "out_of_stock", waitlist: false } });
  });

  it("asks for a repeat of what bought, also when its token has expired", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const bought = buy(shop, ANA);
    shop.send(bought, { id: "vwr_ana:1" });
    expect(asks(shop, tap(bought, "vwr_ana:1"))).toBeUndefined();
    shop.authorize("ord_3");
    shop.nowMs += LIMITS.offerTokenMs;
    expect(asks(shop, tap(bought, "vwr_ana:1"))).toBeUndefined();
  });

  it("asks from the moment at which a hold runs out", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { holdMs: 5 * SECOND }));
    const late = tap(buy(shop, BEN));
    shop.hold(ANA, TEE);
    expect(asks(shop, late)).toBeDefined();
    expect(asks(shop, late, shop.nowMs + 5 * SECOND)).toBeUndefined();
  });

  it("asks where one can wait for stock, or takes what there is of several", () => {
    const other: OfferId = "ofr_mug";
    const shop = Shop.live({ tee: 1, mug: 1 }, offerTerms(TEE), offerTerms(other));
    const items = [shop.token(TEE), shop.token(other)];
    const both = (allowPartial: boolean): Envelope =>
      tap({ type: "reservation.reserve", v: 1, ...shop.request(BEN, items, { allowPartial }) });
    shop.hold(ANA, TEE);
    expect([asks(shop, both(false))?.ok, asks(shop, both(true))?.ok]).toEqual([false, undefined]);
    const waiting = Shop.live({ tee: 1 }, offerTerms(TEE, { backorder: CONSENT }));
    const late = tap(buy(waiting, BEN));
    waiting.hold(ANA, TEE);
    expect(asks(waiting, late)).toBeUndefined();
  });

  it("asks when it was told longer ago than a lost push may go unnoticed", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const late = tap(buy(shop, BEN));
    shop.sell(ANA, TEE, "ord_ana");
    expect(asks(shop, late, shop.nowMs + LIMITS.soldOutTrustMs)).toBeUndefined();
  });

  it("is told the same texts as long as nothing comes back", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const maker = new ScarcityMaker();
    expect(maker.of(shop.state, shop.nowMs)).toBeUndefined();
    const reservation = shop.hold(ANA, TEE);
    const first = maker.of(shop.state, shop.nowMs);
    shop.allocate("mug", 5);
    const second = maker.of(shop.state, shop.nowMs);
    expect(second?.cursor).toBe(shop.state.seq);
    expect(second?.soldOut).toBe(first?.soldOut);
    shop.release(reservation, ANA);
    expect(maker.of(shop.state, shop.nowMs)).toBeUndefined();
  });
});

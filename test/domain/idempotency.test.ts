/** One command id, one answer: repeats, other bodies under the same id, and what is forgotten. */
import { describe, expect, it } from "vitest";
import { closeBlock, execute, openBlock, type Executed } from "../../src/domain/block.ts";
import type { Command } from "../../src/domain/commands.ts";
import { commandIdOf } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { deserialize, serialize } from "../../src/domain/state.ts";
import { ANA, BEN, offerTerms, refusalOf, Shop, TEE, throughJson } from "./shop.ts";

const ID = commandIdOf(ANA, "1");

function executeIn(state: SessionState, nowMs: number, command: Command, id: string): Executed {
  const block = openBlock(state, nowMs);
  const executed = execute(state, block, { id, fingerprint: JSON.stringify(command), command });
  closeBlock(state, block);
  return executed;
}

/** One tee, and Ana's command for it. */
function shopAndCommand(allocated = 1): { shop: Shop; command: Command } {
  const shop = Shop.live({ tee: allocated }, offerTerms(TEE));
  const request = shop.request(ANA, [shop.token(TEE)]);
  return { shop, command: { type: "reservation.reserve", v: 1, ...request } };
}

describe("a command id", () => {
  it("gives the same answer again, and does nothing again", () => {
    const { shop, command } = shopAndCommand();
    const first = shop.send(command, { id: ID });
    expect(shop.eventsOf(() => expect(shop.send(command, { id: ID })).toEqual(first))).toEqual([]);
    expect(shop.pool("tee")).toMatchObject({ held: 1 });
  });

  it("says that the answer is a replay", () => {
    const { shop, command } = shopAndCommand();
    expect(executeIn(shop.state, shop.nowMs, command, ID).replayed).toBe(false);
    expect(executeIn(shop.state, shop.nowMs, command, ID).replayed).toBe(true);
  });

  it("gives the same answer whatever happened between", () => {
    const { shop, command } = shopAndCommand();
    const first = throughJson(shop.send(command, { id: ID }));
    expect(first).toMatchObject({ ok: true, reservation: { status: "held" } });
    shop.wait(LIMITS.holdDefaultMs);
    shop.sell(BEN, TEE, "ord_1");
    shop.move("end");
    expect(shop.send(command, { id: ID })).toEqual(first);
  });

  it("repeats refusals as well, though the command would now succeed", () => {
    const { shop, command } = shopAndCommand(0);
    const first = shop.send(command, { id: ID });
    expect(refusalOf(first)).toMatchObject({ code: "out_of_stock" });
    shop.allocate("tee", 5);
    expect(shop.send(command, { id: ID })).toEqual(first);
    expect(shop.send(command, { id: commandIdOf(ANA, "2") })).toMatchObject({ ok: true });
  });

  it("gives the same answer within one block", () => {
    const { shop, command } = shopAndCommand();
    const [first, second] = shop.sendTogether([
      { command, id: ID },
      { command, id: ID },
    ]);
    expect(second).toEqual(first);
    expect(shop.journal.at(-1)?.answers).toHaveLength(1);
  });

  it("with another body is refused, and changes nothing", () => {
    const { shop, command } = shopAndCommand(5);
    const first = shop.send(command, { id: ID });
    const other: Command = { type: "reservation.reserve", v: 1, ...shop.request(ANA, [shop.token(TEE)]) };
    expect(refusalOf(shop.send(other, { id: ID }))).toEqual({ code: "idempotency_key_reused" });
    expect(shop.pool("tee")).toMatchObject({ held: 1 });
    expect(shop.send(command, { id: ID })).toEqual(first);
  });

  it("is one principal's: another may use the same", () => {
    const { shop, command } = shopAndCommand(5);
    shop.send(command, { id: commandIdOf(ANA, "1") });
    const other: Command = { type: "reservation.reserve", v: 1, ...shop.request(BEN, [shop.token(TEE)]) };
    expect(shop.send(other, { id: commandIdOf(BEN, "1") })).toMatchObject({ ok: true });
  });

  it("that is repeated alone leaves nothing to write", () => {
    const { shop, command } = shopAndCommand();
    shop.send(command, { id: ID });
    const blocks = shop.journal.length;
    shop.send(command, { id: ID });
    expect(shop.journal).toHaveLength(blocks);
  });
});

describe("an answer", () => {
  it("survives a replay of the journal", () => {
    const { shop, command } = shopAndCommand();
    const first = throughJson(shop.send(command, { id: ID }));
    const refused = throughJson(shop.send(command, { id: commandIdOf(ANA, "2") }));
    const restarted = shop.restarted();
    expect(restarted.send(command, { id: ID })).toEqual(first);
    expect(restarted.send(command, { id: commandIdOf(ANA, "2") })).toEqual(refused);
    expect(restarted.journal).toHaveLength(shop.journal.length);
  });

  it("survives a snapshot", () => {
    const { shop, command } = shopAndCommand();
    const first = throughJson(shop.send(command, { id: ID }));
    const restored = deserialize(serialize(shop.state));
    expect(executeIn(restored, shop.nowMs, command, ID)).toEqual({ reply: first, replayed: true });
  });

  it("is kept past everything that could replay it, and then forgotten", () => {
    const { shop, command } = shopAndCommand();
    shop.send(command, { id: ID });
    shop.wait(LIMITS.answerKeptMs);
    shop.allocate("tee", 2);
    expect(shop.state.answers.has(ID)).toBe(true);
    shop.wait(1);
    shop.allocate("tee", 3);
    expect(shop.state.answers.has(ID)).toBe(false);
  });

  it("that was forgotten buys nothing twice: the token guards it", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    const token = shop.token(TEE);
    shop.send({ type: "reservation.reserve", v: 1, ...shop.request(ANA, [token]) }, { id: ID });
    shop.state.answers.delete(ID);
    const again = shop.send({ type: "reservation.reserve", v: 1, ...shop.request(ANA, [token]) }, { id: ID });
    expect(refusalOf(again)).toEqual({ code: "token_used" });
  });

  it("is one of a limited number: the oldest go first", () => {
    const { shop, command } = shopAndCommand();
    shop.send(command, { id: ID });
    const kept = shop.state.answers.get(ID)!;
    for (let made = 1; made < LIMITS.answersKept; made++) shop.state.answers.set(`filler:${made}`, kept);
    shop.allocate("tee", 2);
    expect(shop.state.answers.size).toBe(LIMITS.answersKept);
    expect(shop.state.answers.has(ID)).toBe(false);
    expect(shop.state.answers.has("filler:1")).toBe(true);
  });
});

describe("a session that is told nonsense all the time", () => {
  it("keeps its buyers' answers: refusals are kept apart, and fewer", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const tap = { type: "reservation.reserve", v: 1, ...shop.request(ANA, [shop.token(TEE)]) } as const;
    const first = shop.send(tap, { id: "ana:1" });
    const expired = shop.token(TEE, { tokenExpiresAtMs: 0 });
    const nonsense = Array.from({ length: LIMITS.refusalsKept + LIMITS.answersKept }, (_, at) => ({
      command: {
        type: "reservation.reserve",
        v: 1,
        ...shop.request(BEN, [expired], { reservation: `rsv_none_${at}` }),
      } as const,
    }));
    shop.sendTogether(nonsense);
    expect(shop.state.refusals.size).toBe(LIMITS.refusalsKept);
    expect(shop.send(tap, { id: "ana:1" })).toEqual(first);
  });
});

it("keeps nothing of what was asked of something that is not there", () => {
  const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
  const blocks = shop.journal.length;
  expect(refusalOf(shop.release("rsv_none", ANA))).toEqual({ code: "reservation_not_found" });
  expect(shop.journal).toHaveLength(blocks);
});

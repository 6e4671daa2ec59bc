/** The sandbox's transfers that name a charge: together never more than it, as at Stripe. */
import { beforeEach, describe, expect, it } from "vitest";
import { money } from "../../src/domain/money.ts";
import type { PaymentPort, Transfer } from "../../src/settlement/psp/port.ts";
import { newOf, SandboxStage } from "./sandbox-stage.ts";

let stage: SandboxStage;
let psp: PaymentPort;

/** An account, a charge of 10.00, and more money of the platform's, in a currency of the test's own. */
async function staged(currency: string) {
  const account = await stage.enabled();
  await stage.captured("sandbox_success", money(9_000, currency));
  const order = await stage.captured("sandbox_success", money(1_000, currency));
  const charge = `chg_${order.slice(4)}`;
  const transfer = (minor: number): Transfer => ({
    id: newOf("trf"),
    order,
    account,
    amount: money(minor, currency),
    startedAtMs: stage.nowMs,
  });
  const naming = (minor: number) => ({ ...transfer(minor), charge });
  return { transfer, naming };
}

beforeEach(() => {
  stage = new SandboxStage();
  psp = stage.port;
});

describe("transfers that name a charge", () => {
  const exceeding = { status: "refused", reason: "exceeds_charge" };

  it("are never more than it with all that ever named it, reversed or not", async () => {
    const { transfer, naming } = await staged("XC1");
    expect(await psp.transfer(naming(1_001))).toEqual(exceeding);
    const first = naming(600);
    expect(await psp.transfer(first)).toMatchObject({ status: "done" });
    expect(await psp.transfer(naming(401))).toEqual(exceeding);
    const { account, amount, startedAtMs } = first;
    const back = { id: newOf("rvl"), transfer: `tr_${first.id.slice(4)}`, account, amount, startedAtMs };
    expect(await psp.reverse(back)).toMatchObject({ status: "done" });
    expect(await psp.transfer(naming(401))).toEqual(exceeding);
    expect(await psp.transfer(naming(400))).toMatchObject({ status: "done" });
    expect(await psp.transfer(first)).toMatchObject({ status: "done" });
    expect(await psp.transfer(transfer(401))).toMatchObject({ status: "done" });
  });

  it("asked for at once take no more than it", async () => {
    const { naming } = await staged("XC2");
    const states = await Promise.all(Array.from({ length: 12 }, () => psp.transfer(naming(100))));
    expect(states.filter(({ status }) => status === "done")).toHaveLength(10);
    expect(states.filter((state) => JSON.stringify(state) === JSON.stringify(exceeding))).toHaveLength(2);
  });
});

/** The parties' side of the model: transfers, reversals and payouts by the real plan; money is counted apart. */
import {
  reversalIdOf,
  transferIdOf,
  type OrderId,
  type PartyId,
  type PayoutId,
} from "../../../src/domain/ids.ts";
import {
  accountOf,
  nettedOf,
  payoutFailed,
  payoutPaid,
  payoutReturned,
  payoutStarted,
  reversalFailed,
  reversalSent,
  reversalStarted,
  transferFailed,
  transferSent,
  transferStarted,
  type Movement,
} from "../../../src/domain/ledger.ts";
import { money } from "../../../src/domain/money.ts";
import { planOf, type Plan, type Position } from "../../../src/settlement/movements/plan.ts";
import { CREATORS, SELLER } from "./deals.ts";
import { choose, partOf, PROVIDER, Tally, type ShopSide } from "./shop-side.ts";

interface Transfer {
  readonly of: Movement & { readonly order: OrderId };
  reversed: number;
  status: "transferring" | "paid" | "failed";
}

interface Reversal {
  readonly of: Movement;
  readonly transfer: Transfer;
  status: "transferring" | "paid" | "failed";
}

interface Payout {
  readonly of: Movement;
  status: "transferring" | "paid" | "failed" | "returned";
}

export const PARTIES: readonly PartyId[] = [SELLER, ...CREATORS];

export class PartySide {
  readonly transfers: Transfer[] = [];
  readonly reversals: Reversal[] = [];
  readonly payouts: Payout[] = [];
  /** What each party has at the provider, `account sel_1 USD`, and at its bank, `bank sel_1 USD`. */
  readonly truth = new Tally();
  readonly shop: ShopSide;
  #nettings = 0;

  constructor(shop: ShopSide) {
    this.shop = shop;
  }

  /** The currencies that anything is sold in. */
  get currencies(): string[] {
    return [...new Set(this.shop.life.deals.map(({ currency }) => currency))];
  }

  move(pick: number, share: number): void {
    const party = PARTIES[pick % PARTIES.length]!;
    for (const currency of this.currencies) this.moveFor(party, currency, share);
  }

  /** Plans for a party and starts it, the provider having a part of its account at hand. */
  moveFor(party: PartyId, currency: string, share: number): Plan {
    const { books } = this.shop;
    const balance = -books.balance(accountOf(party, "balance"), currency);
    const available = Math.min(balance, share > 7_000 ? balance : partOf(balance, share));
    const positions = this.#positions(party, currency);
    const plan = planOf(positions, available);
    checkPlan(positions, available, plan);
    for (const { order, amount } of plan.transfers) this.#transfer(party, order, amount, currency);
    for (const { order, amount } of plan.reversals) this.#reverse(party, order, amount, currency);
    for (const { from, to, amount } of plan.nettings) {
      this.#nettings += 1;
      const of = { from, to, amount: money(amount, currency) };
      books.record(nettedOf(`${from}/${to}/${this.#nettings}`, party, of));
    }
    return plan;
  }

  #positions(party: PartyId, currency: string): Position[] {
    const positions = this.shop.books.positions(accountOf(party, "payable"), currency);
    return [...positions]
      .filter(([, amount]) => amount !== 0)
      .map(([order, amount]): Position => {
        const own = this.transfers.filter(({ of }) => of.order === order && of.party === party);
        const back = this.reversals.filter(({ transfer }) => own.includes(transfer));
        return {
          order,
          owed: -amount,
          canLeave: this.shop.sold.some(({ id, isCharged }) => id === order && isCharged),
          reversible: own
            .filter(({ status }) => status === "paid")
            .reduce((sum, { of, reversed }) => sum + of.amount.amount - reversed, 0),
          isUnderWay: [...own, ...back].some(({ status }) => status === "transferring"),
        };
      });
  }

  #transfer(party: PartyId, order: OrderId, amount: number, currency: string): void {
    const nth = this.transfers.filter(({ of }) => of.party === party && of.order === order).length + 1;
    const { seller, guest } = this.shop.settled(order);
    const side = party === guest ? "guest" : party === seller ? "seller" : "creator";
    const id = transferIdOf(order, side, nth);
    const of = { id, party, provider: PROVIDER, order, amount: money(amount, currency) };
    this.shop.books.record(transferStarted(of));
    this.transfers.push({ of, reversed: 0, status: "transferring" });
  }

  #reverse(party: PartyId, order: OrderId, amount: number, currency: string): void {
    let left = amount;
    for (const transfer of this.transfers.toReversed()) {
      if (transfer.of.party !== party || transfer.of.order !== order || transfer.status !== "paid") continue;
      const part = Math.min(left, transfer.of.amount.amount - transfer.reversed);
      if (part <= 0) continue;
      left -= part;
      const nth = this.reversals.filter((one) => one.transfer === transfer).length + 1;
      const id = reversalIdOf(`trf_${transfer.of.id.slice(4)}`, nth);
      const of = { ...transfer.of, id, amount: money(part, currency) };
      this.shop.books.record(reversalStarted(of));
      this.reversals.push({ of, transfer, status: "transferring" });
    }
    if (left !== 0) throw new Error(`${left} of a reversal of ${order} has no transfer`);
  }

  /** The provider's word on a transfer or reversal; one in six is refused. */
  answer(pick: number): void {
    const isDone = pick % 6 !== 0;
    const transfer = choose(this.transfers, pick, ({ status }) => status === "transferring");
    const reversal = choose(this.reversals, pick, ({ status }) => status === "transferring");
    if (transfer && (pick % 2 === 0 || !reversal)) this.answerTransfer(transfer, isDone);
    else if (reversal) this.answerReversal(reversal, isDone);
  }

  answerTransfer(transfer: Transfer, isDone: boolean): void {
    const { of } = transfer;
    this.shop.books.record(isDone ? transferSent(of) : transferFailed(of));
    transfer.status = isDone ? "paid" : "failed";
    if (isDone) this.#cross(of.party, of.amount, 1);
  }

  answerReversal(reversal: Reversal, isDone: boolean): void {
    const { of, transfer } = reversal;
    this.shop.books.record(isDone ? reversalSent(of) : reversalFailed(of));
    reversal.status = isDone ? "paid" : "failed";
    if (!isDone) return;
    transfer.reversed += of.amount.amount;
    this.#cross(of.party, of.amount, -1);
  }

  /** Between the platform's money at the provider and a party's. */
  #cross(party: PartyId, { amount, currency }: Movement["amount"], way: 1 | -1): void {
    this.shop.truth.add(`clearing ${currency}`, -way * amount);
    this.shop.truth.add(`connected ${currency}`, way * amount);
    this.truth.add(`account ${party} ${currency}`, way * amount);
  }

  payOut(pick: number, share: number): void {
    const party = PARTIES[pick % PARTIES.length]!;
    for (const currency of this.currencies) {
      const balance = -this.shop.books.balance(accountOf(party, "balance"), currency);
      if (balance <= 0) continue;
      const id: PayoutId = `pyo_${this.payouts.length}`;
      const amount = money(partOf(balance, share > 3_000 ? 10_000 : share), currency);
      const of = { id, party, provider: PROVIDER, amount };
      this.shop.books.record(payoutStarted(of));
      this.payouts.push({ of, status: "transferring" });
    }
  }

  /** Paid, refused or sent back; a paid one may be sent back later. */
  payoutOutcome(pick: number): void {
    const payout = choose(this.payouts, pick, ({ status }) => status === "transferring" || status === "paid");
    if (!payout) return;
    const { of, status } = payout;
    const { amount, currency } = of.amount;
    const bank = (way: 1 | -1): void => {
      this.shop.truth.add(`connected ${currency}`, -way * amount);
      this.truth.add(`account ${of.party} ${currency}`, -way * amount);
      this.truth.add(`bank ${of.party} ${currency}`, way * amount);
    };
    if (status === "paid") {
      if (pick % 3 !== 0) return;
      payout.status = "returned";
      this.shop.books.record(payoutReturned(of));
      bank(-1);
    } else if (pick % 5 === 0) {
      payout.status = pick % 2 === 0 ? "failed" : "returned";
      this.shop.books.record(payoutFailed(of));
    } else {
      payout.status = "paid";
      this.shop.books.record(payoutPaid(of));
      bank(1);
    }
  }
}

/** What every plan promises, whoever it is for. */
function checkPlan(positions: readonly Position[], coverable: number, plan: Plan): void {
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`${what}: ${JSON.stringify({ positions, coverable, plan })}`);
  };
  const sum = (amounts: readonly { readonly amount: number }[]): number =>
    amounts.reduce((total, { amount }) => total + amount, 0);
  const all = [...plan.transfers, ...plan.reversals, ...plan.nettings];
  must(
    all.every(({ amount }) => amount > 0),
    "a movement of nothing",
  );
  must(sum(plan.reversals) <= Math.max(0, coverable), "more is reversed than the account covers");
  let debts = 0;
  let earnings = 0;
  for (const { order, owed, canLeave, reversible, isUnderWay } of positions) {
    const back = sum(plan.reversals.filter((one) => one.order === order));
    const out = sum(plan.transfers.filter((one) => one.order === order));
    const given = sum(plan.nettings.filter(({ from }) => from === order));
    const taken = sum(plan.nettings.filter(({ to }) => to === order));
    must(back <= Math.max(0, reversible), "more is reversed than was transferred");
    must(back + taken <= (isUnderWay ? 0 : Math.max(0, -owed)), "more is taken back than is owed");
    must(out + given <= Math.max(0, owed), "more goes out than is owed");
    must(out === 0 || canLeave, "money goes out that has not come in");
    must(owed <= 0 || !canLeave || out + given === owed, "earnings stay behind");
    if (!isUnderWay) debts += Math.max(0, -owed) - back - taken;
    earnings += Math.max(0, owed) - given;
  }
  must(debts === 0 || earnings === 0, "a debt waits beside earnings");
}

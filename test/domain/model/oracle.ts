/** What the book says a command's answer must be: accepted for what fits, refused with facts that are true. */
import type { Command, ReserveRequest } from "../../../src/domain/commands.ts";
import type { Event } from "../../../src/domain/events.ts";
import type { Refusal } from "../../../src/domain/refusal.ts";
import type { Reply } from "../../../src/domain/reply.ts";
import type { Book } from "./book.ts";
import { creditIn, must, quantityOf, sum } from "./entries.ts";

const SKUS = ["tee", "mug", "nothing"];

/** Before the book writes `events` down: promise 2, and refusals that are true. */
export function checkTap(book: Book, command: Command, reply: Reply, events: readonly Event[]): void {
  if (command.type !== "reservation.reserve" && command.type !== "order.buy") return;
  const request = command.type === "order.buy" ? command.reserve : command;
  const zone = request.zone ?? "main";
  const demand = SKUS.map((sku) => ({
    sku,
    requested: sum(request.items.map((item) => item.quantity * book.perUnit(item.offer, sku))),
    available: book.available(`${zone}/${sku}`),
  })).filter(({ requested }) => requested > 0);
  const fits = demand.every(({ requested, available }) => requested <= available);
  if (reply.ok) return checkMade(request, fits, events);
  const { refusal } = reply;
  must(refusal.code !== "out_of_stock" || !fits, "promise 2: what fits is not refused", { request, demand });
  if (refusal.code === "out_of_stock") {
    const said = refusal.available.map(({ sku, requested, available }) => ({ sku, requested, available }));
    must(sorted(said) === sorted(demand), "out of stock, and by how much", { said, demand });
  }
  checkLimits(book, request, refusal);
}

function checkMade(request: ReserveRequest, fits: boolean, events: readonly Event[]): void {
  const made = events[0];
  if (made?.type !== "reservation.held" && made?.type !== "reservation.backordered") {
    throw new Error("an accepted tap holds or waits");
  }
  const asked = request.items.map(({ token, quantity }) => ({ token, quantity }));
  const got = made.reservation.lines.map(({ token, quantity }) => ({ token, quantity }));
  if (fits || made.type === "reservation.backordered") {
    must(JSON.stringify(asked) === JSON.stringify(got), "promise 2: all of it", { asked, got });
    return;
  }
  must(request.allowPartial, "promise 2: a part only if the viewer allows it", { asked, got });
  const within = got.every(({ token, quantity }) =>
    asked.some((item) => item.token === token && 0 < quantity && quantity <= item.quantity),
  );
  must(got.length > 0 && within, "a part is something, and no more than was asked", { asked, got });
}

/** What a viewer is said to have left is what the book counts. */
function checkLimits(book: Book, { viewer, items }: ReserveRequest, refusal: Refusal): void {
  const standing = book.standing(viewer).flatMap(({ lines }) => lines);
  if (refusal.code === "quantity_exceeded" && refusal.scope === "viewer") {
    const { perViewer = Infinity } = book.offers.get(refusal.offer)?.limits ?? {};
    const left = Math.max(0, perViewer - quantityOf(standing, refusal.offer));
    must(refusal.max === left, "what a viewer may still have", { refusal, left });
  }
  if (refusal.code === "credit_exceeded") {
    const limit = Math.min(...items.map((item) => item.creditLimit));
    const left = Math.max(0, limit - creditIn(standing));
    must(refusal.remaining === left && creditIn(items) > left, "what credit is left", { refusal, left });
  }
}

/** After the book wrote it down: promise 9, a price change voids or honours older tokens as the seller said. */
export function checkRepriced(book: Book, command: Command, reply: Reply): void {
  if (command.type !== "offer.update" || !command.price || !reply.ok) return;
  const { versions, version } = book.offers.get(command.offer)!;
  const honoured = versions.has(version - 1);
  must(
    honoured === (command.olderTokens === "honour"),
    "promise 9: older tokens as the seller said",
    command,
  );
  must(honoured || versions.size === 1, "promise 9: void is void for all of them", command);
}

function sorted(lines: readonly { readonly sku: string }[]): string {
  return JSON.stringify(lines.toSorted((a, b) => (a.sku < b.sku ? -1 : 1)));
}

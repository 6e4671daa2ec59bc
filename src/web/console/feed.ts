/** The journal in words, newest first: what hosts did each in a line, what viewers did in bursts. Pure. */
import type { Money } from "../../sdk/index.ts";
import type { Writing } from "../design/writing.ts";
import { Counting, isByViewers, takenBy, type Burst } from "./bursts.ts";
import type { JournalEvent, PriceTerms, SessionChanges } from "./journal.ts";
import { namesBy, namesIn, type NamedBuy } from "./names.ts";

export interface FeedLine {
  /** Sequence number of its first event: the same line keeps it while it grows. */
  readonly key: number;
  readonly atMs: number;
  readonly kind: "sale" | "viewers" | "session" | "offer";
  /** A name of the sprite's. */
  readonly icon: string;
  readonly text: string;
  /** Who is shown to have bought, where names may still be hidden. */
  readonly names?: readonly NamedBuy[];
}

export interface Words {
  readonly texts: Pick<Writing, "money" | "number" | "moment">;
  /** The offer's title. */
  readonly titleOf: (offer: string) => string;
  /** Is not named. */
  readonly defaultZone: string;
}

type Said = Pick<FeedLine, "kind" | "icon" | "text"> | undefined;

export function feedOf(events: readonly JournalEvent[], words: Words): readonly FeedLine[] {
  const taken = takenBy(events);
  const names = namesBy(events);
  const prices = new Map<string, PriceTerms>();
  const lines: FeedLine[] = [];
  let counting: Counting | undefined;
  const end = (): void => {
    if (counting) lines.push(...burstLine(counting.burst, names, words));
    counting = undefined;
  };
  for (const event of events) {
    if (isByViewers(event)) {
      if (counting && !counting.belongs(event.atMs)) end();
      counting ??= new Counting(event, taken);
      counting.take(event);
      continue;
    }
    const said = saidOf(event, prices, words);
    if (!said) continue;
    end();
    lines.push({ key: event.seq, atMs: event.atMs, ...said });
  }
  end();
  return lines.toReversed();
}

/** What a host did. */
function saidOf(event: JournalEvent, prices: Map<string, PriceTerms>, words: Words): Said {
  const { titleOf, texts } = words;
  const { type, data } = event;
  switch (type) {
    case "session.created":
      return { kind: "session", icon: "plus", text: `Session created: ${data.terms.title}` };
    case "session.updated":
      return { kind: "session", icon: "info", text: updateText(data.changes, texts) };
    case "session.scheduled":
    case "session.started":
    case "session.paused":
    case "session.resumed":
    case "session.ended":
    case "session.cancelled":
      return { kind: "session", ...MOVED[type] };
    case "stock.allocated":
      return { kind: "offer", icon: "box", text: stockText(data, words) };
    case "offer.created":
      prices.set(data.terms.id, data.terms.price);
      return {
        kind: "offer",
        icon: "plus",
        text: `${data.terms.title}: added at ${texts.money(priceIn(data.terms.price))}`,
      };
    case "offer.updated":
      return {
        kind: "offer",
        icon: "info",
        text: `${titleOf(data.offer)}: ${listed(Object.keys(data.changes))} changed`,
      };
    case "offer.repriced": {
      const before = prices.get(data.offer);
      prices.set(data.offer, data.price);
      return { kind: "offer", icon: "tag", text: repricedText(data, before, words) };
    }
    case "offer.opened":
    case "offer.closed":
    case "offer.withdrawn":
    case "offer.pinned":
    case "offer.unpinned": {
      const { icon, done } = OFFER_MOVED[type];
      return { kind: "offer", icon, text: `${titleOf(data.offer)}: ${done}` };
    }
    case "viewer.unnamed":
      return {
        kind: "session",
        icon: "eye-slash",
        text: "A buyer's name was hidden, also for what they buy later",
      };
    default:
      return undefined;
  }
}

const MOVED = {
  "session.scheduled": { icon: "calendar", text: "Scheduled" },
  "session.started": { icon: "live", text: "Live: viewers can buy from now on" },
  "session.paused": { icon: "pause", text: "Paused: nothing new is held" },
  "session.resumed": { icon: "play", text: "Live again" },
  "session.ended": { icon: "stop", text: "Ended" },
  "session.cancelled": { icon: "withdraw", text: "Cancelled: every hold was let go" },
} as const;

const OFFER_MOVED = {
  "offer.opened": { icon: "open", done: "opened" },
  "offer.closed": { icon: "close", done: "closed" },
  "offer.withdrawn": { icon: "withdraw", done: "withdrawn for good" },
  "offer.pinned": { icon: "pin", done: "pinned" },
  "offer.unpinned": { icon: "unpin", done: "unpinned" },
} as const;

function updateText({ title, scheduledAt, showBuys }: SessionChanges, texts: Words["texts"]): string {
  if (title !== undefined) return `Title is now ${title}`;
  if (scheduledAt !== undefined) return `Scheduled for ${texts.moment(Date.parse(scheduledAt))}`;
  if (showBuys !== undefined) return SHOWN_BUYS[showBuys];
  return "Creator codes changed";
}

const SHOWN_BUYS = {
  named: "Buys are shown, by first name of who agreed to it",
  unnamed: "Buys are shown without names",
  none: "Buys are not shown",
} as const;

function stockText(
  { sku, zone, allocated, previous }: { sku: string; zone: string; allocated: number; previous: number },
  { texts, defaultZone }: Words,
): string {
  const where = zone === defaultZone ? "" : ` in ${zone}`;
  return `${sku}${where}: stock ${texts.number(previous)} → ${texts.number(allocated)}`;
}

function repricedText(
  { offer, price, olderTokensUntilAt }: { offer: string; price: PriceTerms; olderTokensUntilAt?: string },
  before: PriceTerms | undefined,
  { titleOf, texts }: Words,
): string {
  const from = before ? `${texts.money(priceIn(before))} → ` : "now ";
  const older = olderTokensUntilAt === undefined ? ", older prices void at once" : "";
  return `${titleOf(offer)}: price ${from}${texts.money(priceIn(price))}${older}`;
}

/** What a unit costs without a code. */
export function priceIn({ headline, drop, floor }: PriceTerms): Money {
  const asked = drop && drop.price.amount < headline.amount ? drop.price : headline;
  return floor && floor.amount > asked.amount ? floor : asked;
}

function burstLine(
  burst: Burst,
  names: ReadonlyMap<string, NamedBuy>,
  { titleOf, texts }: Words,
): FeedLine[] {
  const { sold, held, refunds } = burst;
  const spanS = Math.round((burst.untilMs - burst.fromMs) / 1_000);
  const within = spanS > 0 ? ` in ${texts.number(spanS)} s` : "";
  const parts: string[] = [];
  const units = (of: ReadonlyMap<string, number>, done: string): void => {
    if (of.size === 0) return;
    const all = [...of.values()].reduce((sum, many) => sum + many, 0);
    const [only] = of.size === 1 ? of.keys() : [];
    const what = `${texts.number(all)} ${all === 1 ? "unit" : "units"} ${done}${within}`;
    parts.push(only === undefined ? what : `${titleOf(only)}: ${what}`);
  };
  const people = (many: number, one: string, several: string): void => {
    if (many > 0) parts.push(`${texts.number(many)} ${many === 1 ? one : several}`);
  };
  units(sold, "sold");
  units(held, "held");
  people(burst.waiting, "viewer joined the waitlist", "viewers joined the waitlist");
  people(burst.filled, "viewer got off the waitlist", "viewers got off the waitlist");
  people(burst.expired, "hold ran out", "holds ran out");
  people(burst.released, "hold let go", "holds let go");
  people(burst.declined, "payment declined", "payments declined");
  people(burst.failed, "payment failed", "payments failed");
  if (refunds.length > 0) parts.push(refundText(refunds, texts));
  if (parts.length === 0) return [];
  const look =
    sold.size > 0 ? ({ kind: "sale", icon: "bag" } as const) : ({ kind: "viewers", icon: "people" } as const);
  const named = namesIn(burst.sales, names);
  return [
    {
      key: burst.firstSeq,
      atMs: burst.untilMs,
      ...look,
      text: parts.join(" · "),
      ...(named.length > 0 ? { names: named } : {}),
    },
  ];
}

/** All of a session is in one currency. */
function refundText(refunds: readonly Money[], texts: Words["texts"]): string {
  const amount = refunds.reduce((sum, refund) => sum + refund.amount, 0);
  const currency = refunds[0]?.currency ?? "";
  return `${refunds.length === 1 ? "refund" : `${texts.number(refunds.length)} refunds`} of ${texts.money({ amount, currency })}`;
}

const NAMES: Readonly<Record<string, string>> = {
  opensAt: "opening time",
  closesAt: "closing time",
  holdMs: "hold time",
  backorder: "waitlist",
};

function listed(keys: readonly string[]): string {
  return keys.map((key) => NAMES[key] ?? key).join(", ");
}

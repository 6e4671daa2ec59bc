/** What the card says, as one object a language, and the English one. Another language is a file like `messages-de.ts`. Pure. */

/** Why something did not work, as far as a viewer can act on it. */
export type Reason =
  | "soldOut"
  | "tooMany"
  | "busy"
  | "notOpen"
  | "notLive"
  | "gone"
  | "offline"
  | "code"
  | "method"
  | "provider"
  | "extension"
  | "noWaitlist"
  | "signedOut"
  | "unknown";

export interface Messages {
  readonly dir: "ltr" | "rtl";
  readonly loading: string;
  readonly missing: string;
  readonly unpinned: string;
  readonly live: string;
  readonly soon: string;
  readonly paused: string;
  readonly pausedNote: string;
  readonly over: string;
  readonly cancelled: string;
  readonly closed: string;
  readonly withdrawn: string;
  readonly notOpenYet: string;
  readonly onSale: string;
  readonly opensIn: string;
  readonly endsIn: string;
  readonly opensOn: (moment: string) => string;
  readonly was: string;
  readonly dropPrice: string;
  readonly creatorCode: (code: string) => string;
  readonly credit: string;
  readonly left: (units: string) => string;
  readonly soldOut: string;
  readonly perPerson: (units: string) => string;
  readonly quantity: string;
  readonly less: string;
  readonly more: string;
  readonly choose: string;
  readonly buy: (price: string) => string;
  readonly reserve: (price: string) => string;
  readonly pay: (price: string) => string;
  readonly buying: string;
  readonly reserving: string;
  readonly paying: string;
  readonly checkout: string;
  readonly reserved: string;
  readonly heldFor: string;
  readonly extend: string;
  readonly release: string;
  readonly ranOut: string;
  readonly verify: string;
  readonly verifyNote: string;
  readonly newTab: string;
  readonly bought: string;
  readonly boughtNote: (order: string) => string;
  readonly again: string;
  readonly join: string;
  readonly consent: (price: string) => string;
  readonly agree: string;
  readonly waiting: string;
  readonly waitingNote: string;
  readonly leave: string;
  readonly repriced: (from: string, to: string) => string;
  readonly declined: string;
  readonly holdLost: string;
  readonly captureFailed: string;
  readonly offlineNote: string;
  readonly retryIn: string;
  readonly reasons: Readonly<Record<Reason, string>>;
}

export const english: Messages = {
  dir: "ltr",
  loading: "Loading the offer",
  missing: "This offer cannot be found.",
  unpinned: "The next offer will show here.",
  live: "Live",
  soon: "Soon",
  paused: "Paused",
  pausedNote: "Paused for a moment. It goes on right here.",
  over: "This drop is over",
  cancelled: "Cancelled",
  closed: "Closed",
  withdrawn: "No longer offered",
  notOpenYet: "Not open yet",
  onSale: "On sale now",
  opensIn: "Opens in",
  endsIn: "Ends in",
  opensOn: (moment) => `Opens ${moment}`,
  was: "was",
  dropPrice: "Drop price",
  creatorCode: (code) => `Code ${code}`,
  credit: "Your credit",
  left: (units) => `${units} left`,
  soldOut: "Sold out",
  perPerson: (units) => `At most ${units} per person`,
  quantity: "Quantity",
  less: "One less",
  more: "One more",
  choose: "Choose one",
  buy: (price) => `Buy for ${price}`,
  reserve: (price) => `Reserve for ${price}`,
  pay: (price) => `Pay ${price}`,
  buying: "Buying…",
  reserving: "Reserving…",
  paying: "Paying…",
  checkout: "Go to checkout",
  reserved: "Reserved",
  heldFor: "Held for you for",
  extend: "Hold longer",
  release: "Let it go",
  ranOut: "The hold ran out, and it is back on sale.",
  verify: "Confirm with your bank",
  verifyNote: "Your bank asks you to confirm the payment. Come back here afterwards.",
  newTab: "opens in a new tab",
  bought: "It is yours",
  boughtNote: (order) => `Thank you! Order ${order}`,
  again: "Buy another",
  join: "Join the waitlist",
  consent: (price) =>
    `When one is free again, we hold it for you for a short while, at ${price}. Nothing is charged until you pay.`,
  agree: "Yes, hold one for me",
  waiting: "On the waitlist",
  waitingNote: "We hold one for you as soon as it is free. Keep this page open.",
  leave: "Leave the waitlist",
  repriced: (from, to) =>
    `The price went from ${from} to ${to}. Nothing was bought. Tap again if you want it.`,
  declined: "The payment was declined. You were not charged.",
  holdLost: "The hold ran out while you were paying. Your money goes back to you.",
  captureFailed: "The payment did not go through. You were not charged.",
  offlineNote: "No connection. Trying again by itself…",
  retryIn: "Many people are tapping. Try again in",
  reasons: {
    soldOut: "Somebody was faster: there are not enough left.",
    tooMany: "That is more than one person may buy.",
    busy: "Many people are tapping. Try again in a moment.",
    notOpen: "This offer is not open.",
    notLive: "The drop is not live at the moment.",
    gone: "The hold is over.",
    offline: "No connection. Nothing was bought; please try again.",
    code: "This creator code is not valid here.",
    method: "This way to pay is not accepted.",
    provider: "The payment service does not answer. Please try again shortly.",
    extension: "It cannot be held any longer.",
    noWaitlist: "There is no waitlist for this offer.",
    signedOut: "You are not signed in here any more. Please reload the page.",
    unknown: "That did not work. Please try again.",
  },
};

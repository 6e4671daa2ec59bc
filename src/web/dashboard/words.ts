/** What states are called on the dashboard, and how they stand: in words, and in a colour beside the words. Pure. */

/** Variants of the component library's badges. */
export type Tone = "brand" | "success" | "warning" | "danger" | "neutral";

export interface Word {
  readonly text: string;
  readonly tone: Tone;
  /** What it means, where the word alone does not say. */
  readonly note?: string;
}

export const SESSIONS = {
  draft: { text: "Draft", tone: "neutral" },
  scheduled: { text: "Scheduled", tone: "neutral" },
  live: { text: "Live", tone: "brand" },
  paused: { text: "Paused", tone: "warning" },
  ended: { text: "Ended", tone: "neutral" },
  cancelled: { text: "Cancelled", tone: "neutral" },
} as const satisfies Record<string, Word>;

export const ORDERS = {
  placed: { text: "Awaiting payment", tone: "warning", note: "The payment provider has not said yet." },
  authorized: { text: "Authorized", tone: "warning", note: "The money is reserved and will be captured." },
  captured: { text: "Paid", tone: "success" },
  failed: { text: "Failed", tone: "neutral", note: "Nothing was charged." },
  cancelled: { text: "Cancelled", tone: "neutral", note: "Nothing was charged." },
  refunded: { text: "Refunded", tone: "neutral" },
} as const satisfies Record<string, Word>;

/** Why an order failed. */
export const FAILURES = {
  declined: "The payment was declined.",
  hold_lost: "The hold ran out before the payment came; it was given back.",
  capture_failed: "The payment could not be captured.",
} as const satisfies Record<string, string>;

export const MOVEMENTS = {
  accrued: {
    text: "Waiting",
    tone: "neutral",
    note: "It can be moved once the account is ready and the money is there.",
  },
  payable: { text: "Next", tone: "neutral", note: "It goes with the next run." },
  transferring: { text: "On its way", tone: "warning" },
  paid: { text: "Arrived", tone: "success" },
  failed: { text: "Failed", tone: "danger", note: "It never left." },
  returned: {
    text: "Taken back",
    tone: "neutral",
    note: "It came back, or a refund left nothing of it to move.",
  },
} as const satisfies Record<string, Word>;

/** A payout that comes back is news: nothing but the bank sends it. */
export const PAYOUTS = {
  ...MOVEMENTS,
  returned: { text: "Came back", tone: "danger", note: "The bank sent it back." },
} as const satisfies Record<string, Word>;

/** How the account at the payment provider stands, and what to do about it. */
export const ACCOUNTS = {
  none: {
    text: "No payout account yet",
    tone: "warning",
    note: "What you earn is kept for you. Open an account with the payment provider to have it paid out.",
  },
  onboarding: {
    text: "Payout account not finished",
    tone: "warning",
    note: "The payment provider still needs to know some things before it can pay you out.",
  },
  restricted: {
    text: "Payout account restricted",
    tone: "danger",
    note: "The payment provider asks for something before it goes on paying you out.",
  },
  enabled: { text: "Payout account ready", tone: "success" },
} as const satisfies Record<string, Word>;

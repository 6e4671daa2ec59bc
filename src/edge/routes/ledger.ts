/** The ledger as it is read: accounts, entries, transactions, the check of the books. From D1; sellers and creators their own. */
import { Hono } from "hono";
import { ownerOf } from "../../domain/ledger.ts";
import { checkBooks } from "../../settlement/ledger/books.ts";
import { listAccounts } from "../../settlement/readers/accounts.ts";
import { listEntries } from "../../settlement/readers/entries.ts";
import { findTransaction, listTransactions } from "../../settlement/readers/transactions.ts";
import { toWire } from "../../wire/instants.ts";
import * as wire from "../../wire/ledger.ts";
import { periodOf } from "../../wire/periods.ts";
import { page } from "../../wire/primitives.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { params, query } from "../input.ts";
import { listed } from "../lists.ts";
import { mayKnow, PARTIES, partyOf } from "../parties.ts";
import { problem } from "../problem.ts";
import { BOOKS, SEARCHES } from "../rate-limit.ts";

export const ledger = new Hono<AppEnv>();

ledger.get(
  "/v1/ledger/accounts",
  endpoint({
    id: "listLedgerAccounts",
    tag: "ledger",
    summary: "Accounts and their balances",
    description: "By address and currency. A seller and a creator see their own.",
    who: PARTIES,
    answers: { 200: { description: "A page of accounts", schema: page(wire.ledgerAccount) } },
    problems: ["bad_request", "not_found"],
  }),
  query(wire.accountsQuery),
  async (c) => {
    const { party: asked, ...rest } = c.req.valid("query");
    const principal = c.get("principal");
    if (asked && !mayKnow(principal, asked)) return problem(c, "not_found");
    const party = asked ?? partyOf(principal);
    return listed(c, await listAccounts(c.env.DB, { ...rest, party }));
  },
);

ledger.get(
  "/v1/ledger/accounts/:account/entries",
  endpoint({
    id: "listLedgerEntries",
    tag: "ledger",
    summary: "Entries of an account",
    description: "By currency, oldest first. URL-encode the account's address.",
    who: PARTIES,
    answers: { 200: { description: "A page of entries", schema: page(wire.ledgerEntry) } },
    problems: ["bad_request", "not_found"],
  }),
  params({ account: wire.accountAddress }),
  query(wire.entriesQuery),
  async (c) => {
    const { account } = c.req.valid("param");
    const { from, to, ...asked } = c.req.valid("query");
    const principal = c.get("principal");
    const owner = ownerOf(account);
    const isTheirs = owner ? mayKnow(principal, owner) : principal.kind === "platform";
    if (!isTheirs) return problem(c, "not_found");
    return listed(c, await listEntries(c.env.DB, account, { ...asked, ...periodOf({ from, to }) }));
  },
);

ledger.get(
  "/v1/ledger/transactions",
  endpoint({
    id: "listLedgerTransactions",
    tag: "ledger",
    summary: "Transactions with their postings",
    description:
      "Newest first. A seller and a creator see those with a part of theirs, and of them that part. Of one `kind` a page " +
      "may be shorter than `limit`, even empty, and have a `nextCursor` all the same.",
    who: PARTIES,
    rate: SEARCHES,
    answers: { 200: { description: "A page of transactions", schema: page(wire.ledgerTransaction) } },
    problems: ["bad_request"],
  }),
  query(wire.transactionsQuery),
  async (c) => {
    const { from, to, ...asked } = c.req.valid("query");
    const party = partyOf(c.get("principal"));
    return listed(c, await listTransactions(c.env.DB, { ...asked, ...periodOf({ from, to }), party }));
  },
);

ledger.get(
  "/v1/ledger/transactions/:transaction",
  endpoint({
    id: "getLedgerTransaction",
    tag: "ledger",
    summary: "A transaction with its postings",
    description: "URL-encode its id.",
    who: PARTIES,
    answers: { 200: { description: "The transaction", schema: wire.ledgerTransaction } },
    problems: ["not_found"],
  }),
  params({ transaction: wire.transactionId }),
  async (c) => {
    const { transaction } = c.req.valid("param");
    const found = await findTransaction(c.env.DB, transaction, partyOf(c.get("principal")));
    return found ? c.json(toWire(found)) : problem(c, "not_found");
  },
);

ledger.get(
  "/v1/ledger/balance-check",
  endpoint({
    id: "checkBooks",
    tag: "ledger",
    summary: "Whether the books balance",
    description:
      "Summed from the entries, all of them, at one moment: for audits. It costs as much as the ledger is long; one that " +
      "takes longer than the 30 s of a statement of D1 fails.",
    who: ["platform"],
    rate: BOOKS,
    answers: { 200: { description: "What was found", schema: wire.booksCheck } },
  }),
  async (c) => c.json(toWire(await checkBooks(c.env.DB))),
);

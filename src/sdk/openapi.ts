// Types of every route, made from /openapi.json by `npm run types`. Not for editing.
export interface paths {
    "/v1/viewers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a viewer token
         * @description Anyone may have one for a new, anonymous viewer. `reference`, `priority` and `credit` take the platform's key; the same reference always gets the same viewer.
         */
        post: operations["createViewer"];
    };
    "/v1/sellers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Create a seller */
        post: operations["createSeller"];
    };
    "/v1/sellers/{seller}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A seller */
        get: operations["getSeller"];
    };
    "/v1/creators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Create a creator */
        post: operations["createCreator"];
    };
    "/v1/creators/{creator}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A creator */
        get: operations["getCreator"];
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * API keys of a seller or a creator
         * @description Expired and revoked ones too; never their secrets. Name `seller` or `creator`.
         */
        get: operations["listKeys"];
        /**
         * Create an API key
         * @description The answer is the only one with the secret; of it only a hash is kept. A repeat shows it again.
         */
        post: operations["createKey"];
    };
    "/v1/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An API key */
        get: operations["getKey"];
        /**
         * Revoke an API key
         * @description It opens nothing from now on. Revoking it again changes nothing.
         */
        delete: operations["revokeKey"];
    };
    "/v1/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in by one's keys, or may yet be
         * @description Those that hold, and codes that can still be used; never the codes themselves.
         */
        get: operations["listSignIns"];
        /**
         * Make a code to sign in with
         * @description For a browser of the seller's or the creator's: the code holds for ten minutes and works once, the sign-in for twelve hours and no longer than the API key it comes from. With a `session` it is limited to that one: for a moderator, who may do there what the host may, and nothing else. A sign-in may make others in turn, unless it is limited; those without a limit end when it would. The answer is the only one with the code; a repeat shows it again.
         */
        post: operations["createSignIn"];
    };
    "/v1/sign-ins/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in with a code
         * @description Sets an HttpOnly cookie for pages of this origin; with it they may do what the code's API key may. It counts where no `Authorization` header is sent and the browser says that a page of this origin asks (`Sec-Fetch-Site`, or `Origin`).
         */
        post: operations["redeemSignIn"];
    };
    "/v1/sign-ins/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description By the cookie; 404 for whoever comes with an API key.
         */
        get: operations["getCurrentSignIn"];
        /**
         * Sign out
         * @description The cookie is cleared, and opens nothing any more wherever it was copied to.
         */
        delete: operations["signOut"];
    };
    "/v1/sign-ins/{signIn}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * End a sign-in
         * @description A moderator's, or one's own on a device that is lost. Ending it again changes nothing.
         */
        delete: operations["endSignIn"];
    };
    "/v1/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Links
         * @description Newest first, archived ones too. A creator sees their own, a seller those for their sales. CSV with `Accept: text/csv` or `format=csv`: every link at once, with its clicks, in its first row, and with what it has sold, a row for each currency, as its `stats` have it.
         */
        get: operations["listLinks"];
        /**
         * Create a short link
         * @description For a creator: their own, or one that the platform makes for them, or a seller who has a contract in force or has sold with them, or whose session they host, for that one. Without a `code` one is made. Whoever follows it brings the target a click token, which counts for the creator when something is bought within `windowMinutes`. Somebody who asked for the code before there was a link may not find it for a minute.
         */
        post: operations["createLink"];
    };
    "/v1/links/{link}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A link */
        get: operations["getLink"];
        /**
         * Archive a link
         * @description It leads nowhere from now on, though places that have seen it lately may take a minute to know. Its code is not given to another link; its clicks stay. Its creator may, and the seller it is for.
         */
        delete: operations["archiveLink"];
    };
    "/v1/links/{link}/qr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A link as a QR code
         * @description An SVG with the quiet zone that scanners need; a quarter of it may be hidden.
         */
        get: operations["getLinkQr"];
    };
    "/v1/links/{link}/clicks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A link's clicks
         * @description By hour, some seconds behind: hours that begin in the period, in their order. Previews and pages loaded ahead are no clicks.
         */
        get: operations["listLinkClicks"];
    };
    "/l/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a short link
         * @description One hop to the target, with the link's UTM fields and a click token: `dropcast_click` in the address, and a cookie of that name for pages of this origin. Machines that make previews, browsers that load ahead or load it as a part of another page, and an address that clicks far too often are sent on without a token. An address that asks for far too many codes of nobody is answered no more for some seconds. Capital letters are taken for small ones; a browser that finds nothing is shown a page that says so.
         */
        get: operations["followLink"];
    };
    "/v1/orders/{order}/attribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * To whom an order is attributed
         * @description Decided once, by versioned rules, when the order is placed: a coupon over a click token, the last touch within a kind, nothing from outside its window, nothing that a creator buys as the viewer of their own `reference`. A code that the order was bought with speaks for the creator whose it is by the session; of several that of the later line, as the viewer filled the cart. A seller sees all of it, a creator their own part; to viewers there is none. As the record has it: some seconds behind.
         */
        get: operations["getOrderAttribution"];
    };
    "/v1/links/{link}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What came of a link
         * @description Clicks, and the orders that are attributed to its creator by it. Some seconds behind.
         */
        get: operations["getLinkStats"];
    };
    "/v1/contracts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Contracts
         * @description Each as it is in force. A seller and a creator see their own.
         */
        get: operations["listContracts"];
        /**
         * Create a contract
         * @description Terms between platform, seller and, where there is one, creator: the first version, in force at once.
         */
        post: operations["createContract"];
    };
    "/v1/contracts/{contract}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Versions of a contract
         * @description From the first on, those that are not in force yet included.
         */
        get: operations["listContractVersions"];
        /**
         * Change a contract
         * @description A new version of its terms, in whole; orders keep the version in force when they were placed. What is no worse for the creator is in force at once, or at `effectiveAt`. What is worse (rates, fixed fees before them, lock, notice, start or end, permissions, what the creator may have to pay for, what is covered) is in force when the lock and the notice of the terms before are over; 409 `rate_locked` names that time in `earliestAt`. From when it is in force it takes the place of every version before it, those still to come included.
         */
        post: operations["createContractVersion"];
    };
    "/v1/contracts/{contract}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A contract
         * @description The version in force, or the one that `version` names.
         */
        get: operations["getContract"];
    };
    "/v1/contracts/{contract}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A contract as a signed document
         * @description A compact JWS (RFC 7515) to keep as proof: `typ` is `contract+jws`, its claims are `contract`, `version`, `effectiveAt`, `createdAt` and `terms`. Verify it by the keys of `/.well-known/jwks.json`, and keep those with it: keys are rotated.
         */
        get: operations["getContractDocument"];
    };
    "/v1/contracts/{contract}/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an order would pay to whom, and why
         * @description By the rules that split captured orders. Nothing is kept, so it needs no `Idempotency-Key`.
         */
        post: operations["dryRunContract"];
    };
    "/v1/sellers/{seller}/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Import products
         * @description `text/csv` in Shopify's product format, or JSON. Rows with faults are reported and the others imported. Importing the same again changes nothing, so no `Idempotency-Key` is needed.
         */
        post: operations["importCatalog"];
    };
    "/v1/sellers/{seller}/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Products of a seller */
        get: operations["listProducts"];
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sessions of a seller or a creator
         * @description Newest first, each with what was sold, as the record has them: some seconds behind. Name `seller` or `creator`. A creator's are those under a contract and those that have been live: not drafts that anybody makes in their name.
         */
        get: operations["listSessions"];
        /**
         * Create a session
         * @description A draft; with `scheduledAt` it is scheduled. A contract names the creator where the request does not, and says what the session may do. Where none is named, it is the one in force between the seller and the creator (or of the seller alone, where no creator is named) in the session's currency; of several, the newest. Where there is none, the seller alone pays for what is taken off prices.
         */
        post: operations["createSession"];
    };
    "/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A session as everybody may see it
         * @description Less than a second old. Follow it from its `cursor` on over `…/live?after={cursor}`; where there are neither sockets nor event streams, ask again with `If-None-Match` after as many seconds as `Retry-After` says. Without that header nothing more will happen.
         */
        get: operations["getSession"];
        /**
         * Change a session
         * @description `scheduledAt` moves a draft to scheduled. A creator who runs the session may change what its screens say of buys (`showBuys`), and nothing else.
         */
        patch: operations["updateSession"];
    };
    "/v1/sessions/{session}/orders/{order}/hide-name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hide a buyer's name
         * @description The viewer who placed the order is named no more among the session's `recentBuys`: neither for what they bought, at once, nor for what they buy later in this session. For good; hiding what is hidden changes nothing.
         */
        post: operations["hideName"];
    };
    "/v1/sessions/{session}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Go live
         * @description Taps are answered from now on.
         */
        post: operations["startSession"];
    };
    "/v1/sessions/{session}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Pause selling
         * @description Nothing new is held until it is resumed; holds keep their time.
         */
        post: operations["pauseSession"];
    };
    "/v1/sessions/{session}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Go on selling
         * @description After a pause.
         */
        post: operations["resumeSession"];
    };
    "/v1/sessions/{session}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * End a session
         * @description Closes every offer and the waitlist. Holds keep their time, so that whoever is paying can finish.
         */
        post: operations["endSession"];
    };
    "/v1/sessions/{session}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cancel a session
         * @description Closes every offer, ends the waitlist and releases every hold.
         */
        post: operations["cancelSession"];
    };
    "/v1/sessions/{session}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Stock pools */
        get: operations["listStock"];
        /**
         * Allocate units of a SKU
         * @description Sets what the session may sell of a SKU in a zone; never below what is held or sold. With `expected` only if that is allocated now.
         */
        post: operations["allocateStock"];
    };
    "/v1/sessions/{session}/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Offers with their whole terms
         * @description For hosts: with floors, price steps and what older tokens still buy, which the public picture does not have.
         */
        get: operations["listOffers"];
        /**
         * Create an offer
         * @description With `opensAt` it opens by itself; otherwise it waits to be opened.
         */
        post: operations["createOffer"];
    };
    "/v1/sessions/{session}/offers/{offer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An offer as everybody may see it
         * @description Less than a second old, to be asked for again after `Retry-After`. `Accept: text/html` gets a page without scripts, for late joiners and for `<noscript><iframe src=…>`: any site may frame it. With `renew=auto` it loads itself again.
         */
        get: operations["getOffer"];
        /**
         * Change an offer, its price included
         * @description A new price is a new version: tokens of the one before are honoured until they expire, or void at once. A creator may change the drop price, above the floor the seller set, where the contract lets, and nothing else.
         */
        patch: operations["updateOffer"];
    };
    "/v1/sessions/{session}/offers/{offer}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open an offer
         * @description Its tokens buy from now on.
         */
        post: operations["openOffer"];
    };
    "/v1/sessions/{session}/offers/{offer}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Close an offer
         * @description Stops its tokens at once and ends its waitlist; holds keep their time.
         */
        post: operations["closeOffer"];
    };
    "/v1/sessions/{session}/offers/{offer}/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Pin an offer
         * @description The one that screens show first; another one's pin moves here.
         */
        post: operations["pinOffer"];
    };
    "/v1/sessions/{session}/offers/{offer}/unpin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Unpin an offer
         * @description Nothing is pinned then.
         */
        post: operations["unpinOffer"];
    };
    "/v1/sessions/{session}/offers/{offer}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Withdraw an offer
         * @description Closes it for good.
         */
        post: operations["withdrawOffer"];
    };
    "/v1/sessions/{session}/offers/{offer}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An offer's image
         * @description The image at the offer's own address, from a cache near the viewer: AVIF, GIF, JPEG, PNG or WebP of 5 MB at most, by https from a public name. Images of offers about to open are there before anybody asks.
         */
        get: operations["getOfferImage"];
    };
    "/v1/sessions/{session}/offers/{offer}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a price, signed
         * @description The token buys at its price or not at all. With an `Idempotency-Key` repeats of a request get tokens of which only one can be used; with another body the same key is another request.
         */
        post: operations["issueToken"];
    };
    "/v1/sessions/{session}/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hold units
         * @description One decision over all items: all or nothing, unless `allowPartial`; with `backorder` the reservation waits for stock where the seller allows it. What is known to be sold out is refused at once; that uses up neither tokens nor `Idempotency-Key`.
         */
        post: operations["reserve"];
    };
    "/v1/sessions/{session}/reservations/{reservation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A reservation
         * @description A viewer sees their own, a host all of the session's.
         */
        get: operations["getReservation"];
        /**
         * Give held units back
         * @description Also leaves the waitlist. Releasing again changes nothing.
         */
        delete: operations["releaseReservation"];
    };
    "/v1/sessions/{session}/reservations/{reservation}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hold units for longer
         * @description A fresh hold from now, at most three times and never past `latestAt`.
         */
        post: operations["extendReservation"];
    };
    "/v1/sessions/{session}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Buy
         * @description Pays for a reservation; or, given items, reserves and pays in one tap. Answers with the order as far as it is known: `authorized` and `captured` are bought, `placed` awaits the provider's word, `failed` is not bought. A repeat answers with the order as it stands. A `paymentAction` is the viewer's to do, at `url`, before the hold runs out: 3-D Secure. `lines` are what was bought and is charged: with `allowPartial` they may have fewer units than were asked for. What is known to be sold out is refused at once; that uses up neither tokens nor `Idempotency-Key`.
         */
        post: operations["createOrder"];
    };
    "/v1/orders/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An order
         * @description A viewer sees their own, a host those of their sessions. Shows what was answered before, at once.
         */
        get: operations["getOrder"];
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders of a session or a seller
         * @description Newest first, as the record has them: some seconds behind. Name `session` or `seller`. CSV with `Accept: text/csv` or `format=csv`, every row at once.
         */
        get: operations["listOrders"];
    };
    "/v1/sessions/{session}/purchases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the viewer holds and has ordered
         * @description The viewer's own open reservations in the session, and orders but for those turned down or wholly refunded; as they are now, oldest first, the newest 50 of each. For after a tap that nobody answered, and for a page that was loaded anew: an offer token that has run out and is in none of the `lines` has neither held nor bought anything that stands.
         */
        get: operations["listPurchases"];
    };
    "/v1/orders/{order}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Refunds of an order
         * @description Oldest first, also those that the provider has refused or sent back.
         */
        get: operations["listRefunds"];
        /**
         * Refund an order
         * @description In part, or the rest when no `amount` is given. A repeat with the same key is the same refund.
         */
        post: operations["refundOrder"];
    };
    "/v1/orders/{order}/refunds/{refund}/retries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Make a refund anew that the buyer's bank sent back
         * @description Under an id of its own. The session knows of the first one; nobody gives anything for it a second time. A refund is made anew once: a repeat answers with the same.
         */
        post: operations["retryRefund"];
    };
    "/v1/sessions/{session}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The journal
         * @description A page of CloudEvents; or with `Accept: application/x-ndjson` all of them after `after`, one a line, to the journal's end. Go on from the last event's `sequence`. It is the same for all of its hosts: an order's event names the clicks that came with it, whoever's links they were of, since the hashes of `audit` prove no less than all of it.
         */
        get: operations["listEvents"];
    };
    "/v1/sessions/{session}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Blocks, their hashes, a signed head
         * @description The head is the journal's last block; its hash stands for every block before it. With `check=true` the whole journal is replayed, which costs as much as it is long.
         */
        get: operations["audit"];
    };
    "/v1/sessions/{session}/warmup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is made ready before a drop, and put away after
         * @description Minutes before a session is scheduled, or an offer opens by its window, `plan` is made and carried out (`done`). After the end, once no payment is open any more, the journal is put into the lake (`archive`) and the session is let go (`cooled`). The latest of each; all of them are `warmup.…` events of the journal.
         */
        get: operations["getWarmup"];
    };
    "/v1/sessions/{session}/cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the session costs
         * @description Requests, rows, messages and object seconds as the session's objects have counted them, at the platform's public prices, by feature. Lines add up to the sums exactly.
         */
        get: operations["sessionCost"];
    };
    "/v1/sessions/{session}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A session's numbers as they are now
         * @description Cheap enough to be asked for every second. What is held and sold, orders and money are exact as of `cursor`. Viewers, views, taps, refusals and latency are counted by relays, which report once a second: what one counted and could not report is lost. The journal has the audience's totals now and then, as `session.measured`.
         */
        get: operations["sessionStats"];
    };
    "/v1/sessions/{session}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The session's socket, or event stream
         * @description A WebSocket with the subprotocol `dropcast.v1`, described in /asyncapi.json. A viewer who taps offers `dropcast.bearer.{viewer token}` beside it, or sends an `Authorization` header; without either one watches. `?after={cursor}` resumes. Who connects with an API key, or with `?as=monitor` as an overlay does, is shown all that viewers are and counted as none.
         *
         *     Where there can be no socket, `Accept: text/event-stream` gets the same messages one way: each event is named as its message's `type`, and its id is the cursor, so that a browser resumes by itself. 204 once the session is over: a browser then stops asking.
         */
        get: operations["connect"];
    };
    "/v1/ledger/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Accounts and their balances
         * @description By address and currency. A seller and a creator see their own.
         */
        get: operations["listLedgerAccounts"];
    };
    "/v1/ledger/accounts/{account}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Entries of an account
         * @description By currency, oldest first. URL-encode the account's address.
         */
        get: operations["listLedgerEntries"];
    };
    "/v1/ledger/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Transactions with their postings
         * @description Newest first. A seller and a creator see those with a part of theirs, and of them that part. Of one `kind` a page may be shorter than `limit`, even empty, and have a `nextCursor` all the same.
         */
        get: operations["listLedgerTransactions"];
    };
    "/v1/ledger/transactions/{transaction}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A transaction with its postings
         * @description URL-encode its id.
         */
        get: operations["getLedgerTransaction"];
    };
    "/v1/ledger/balance-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the books balance
         * @description Summed from the entries, all of them, at one moment: for audits. It costs as much as the ledger is long; one that takes longer than the 30 s of a statement of D1 fails.
         */
        get: operations["checkBooks"];
    };
    "/v1/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Transfers
         * @description Newest first. A seller and a creator see their own. Of one `status` a page may be shorter than `limit`, even empty, and have a `nextCursor` all the same. CSV with `Accept: text/csv` or `format=csv`, every row at once.
         */
        get: operations["listTransfers"];
    };
    "/v1/transfers/{transfer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A transfer, traced
         * @description With the event behind it, its ledger transactions and its reversals.
         */
        get: operations["getTransfer"];
    };
    "/v1/sellers/{seller}/payment-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A seller's payment account
         * @description How it stands, when it is paid out, and what there is, by currency. `none` before it is opened.
         */
        get: operations["getSellerPaymentAccount"];
        /**
         * Open a seller's payment account, or change when it is paid out
         * @description A repeat changes nothing. The country of an open account stays what it is: 409 `conflict`.
         */
        put: operations["putSellerPaymentAccount"];
    };
    "/v1/sellers/{seller}/payment-account/onboarding-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A link by which a seller is onboarded
         * @description To the provider's own pages. For one visit; nothing is kept, so it needs no `Idempotency-Key`.
         */
        post: operations["createSellerOnboardingLink"];
    };
    "/v1/creators/{creator}/payment-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A creator's payment account
         * @description How it stands, when it is paid out, and what there is, by currency. `none` before it is opened.
         */
        get: operations["getCreatorPaymentAccount"];
        /**
         * Open a creator's payment account, or change when it is paid out
         * @description A repeat changes nothing. The country of an open account stays what it is: 409 `conflict`.
         */
        put: operations["putCreatorPaymentAccount"];
    };
    "/v1/creators/{creator}/payment-account/onboarding-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A link by which a creator is onboarded
         * @description To the provider's own pages. For one visit; nothing is kept, so it needs no `Idempotency-Key`.
         */
        post: operations["createCreatorOnboardingLink"];
    };
    "/v1/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Payouts
         * @description Newest first. A seller and a creator see their own. Of one `status` or currency a page may be shorter than `limit`, even empty, and have a `nextCursor` all the same. CSV with `Accept: text/csv` or `format=csv`, every row at once.
         */
        get: operations["listPayouts"];
        /**
         * Pay out now
         * @description All that the party has at the provider in the currency and that can be paid out. 409 `payout_too_small` says the `minimum` and the `balance`; 409 `account_not_enabled` how the account stands in `state`.
         */
        post: operations["createPayout"];
    };
    "/v1/payouts/{payout}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A payout with its transfers */
        get: operations["getPayout"];
    };
    "/v1/sellers/{seller}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A seller's statement
         * @description All that moved in one currency from `from` (the beginning, when left out) until `to` (now). A line is a ledger transaction; opening and lines sum to closing. Its pages are of the moment the first was read; that one has the `totals`. CSV with `Accept: text/csv` or `format=csv`, every line at once.
         */
        get: operations["getSellerStatement"];
    };
    "/v1/creators/{creator}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A creator's statement
         * @description All that moved in one currency from `from` (the beginning, when left out) until `to` (now). A line is a ledger transaction; opening and lines sum to closing. Its pages are of the moment the first was read; that one has the `totals`. CSV with `Accept: text/csv` or `format=csv`, every line at once.
         */
        get: operations["getCreatorStatement"];
    };
    "/v1/reports/sales": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales of a seller or a creator
         * @description By hour, day, offer, session or host, a row for each currency, as the record has them: some seconds behind. Of hours (UTC) that begin in the period: the last 30 days, when left out, today included; 400 days at most, 92 by hour. Hours and days in their order, without empty ones; all else by currency, what captured most first. Name `seller` or `creator`. CSV with `Accept: text/csv` or `format=csv`, every row at once.
         */
        get: operations["reportSales"];
    };
    "/v1/reports/earnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a seller or a creator earned
         * @description By session, newest first, or by day, and in all, as the ledger has it. What was earned and paid out is of days (UTC) that begin in the period, of all time when left out; where it is, is so now. Every movement is in the statement. Name `seller` or `creator`. CSV, of the rows, with `Accept: text/csv` or `format=csv`.
         */
        get: operations["reportEarnings"];
    };
    "/v1/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Disputes
         * @description Newest first. A seller and a creator see those of their orders, and of what is at stake their own. Of a party or a `status` a page may be shorter than `limit`, even empty, and have a `nextCursor` all the same.
         */
        get: operations["listDisputes"];
    };
    "/v1/disputes/{dispute}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A dispute */
        get: operations["getDispute"];
    };
    "/v1/orders/{order}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The way of an order's money
         * @description Token, reservation, events with their journal blocks, payment, contract and split, ledger transactions, transfers with their reversals, payouts, refunds and disputes, each with its id. A seller and a creator see their own postings, transfers and payouts, as does whoever has a referral of it. As the record has it: some seconds behind.
         */
        get: operations["traceOrder"];
    };
    "/v1/payments/{provider}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A provider's news
         * @description Signed by the provider in its own way. The same news may come twice, and in any order.
         */
        post: operations["paymentWebhook"];
    };
    "/v1/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Provider and ledger
         * @description The provider's books as far as they were read, beside the ledger as it is. A cron reads on each minute.
         */
        get: operations["getReconciliation"];
    };
    "/v1/reconciliation/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reconcile now
         * @description Reads both sides on, repairs what may be repaired, and answers how they stand. The cron does the same; any number of runs come to the same, so it needs no `Idempotency-Key`.
         */
        post: operations["runReconciliation"];
    };
    "/v1/reconciliation/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a person must see
         * @description Newest first. A finding is resolved by itself once both sides agree, and opens again should they differ again.
         */
        get: operations["listFindings"];
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Dead letters
         * @description Messages that a queue gave up on, newest first, without their bodies.
         */
        get: operations["listDeadLetters"];
    };
    "/v1/dead-letters/{letter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A dead letter */
        get: operations["getDeadLetter"];
    };
    "/v1/dead-letters/{letter}/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Replay a dead letter
         * @description Sends it to its queue again, once what stopped it is mended. What was applied before is not applied twice. A letter that fails again comes back as another one. A click is counted within 31 days, or not at all.
         */
        post: operations["replayDeadLetter"];
    };
    "/sandbox/payments/{payment}/challenge/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The sandbox: a bank asks its customer
         * @description A page for the buyer's browser: 3-D Secure for `sandbox_3ds`.
         */
        get: operations["sandboxChallenge"];
        /**
         * The sandbox: the customer's answer
         * @description The first answer counts.
         */
        post: operations["answerSandboxChallenge"];
    };
    "/sandbox/accounts/{account}/onboarding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The sandbox: onboarding
         * @description A page for the browser of a seller or creator. The link is in the query.
         */
        get: operations["sandboxOnboarding"];
        /** The sandbox: onboarding finished */
        post: operations["finishSandboxOnboarding"];
    };
    "/asyncapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The socket */
        get: operations["asyncapi"];
    };
    "/schemas/events/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * JSON Schema of an event
         * @description `file` is the event's type and version: `order.placed.v1.json`.
         */
        get: operations["eventSchema"];
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public keys of tokens and signed heads
         * @description The next key is here before its first use.
         */
        get: operations["jwks"];
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the service works */
        get: operations["healthz"];
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["openapi"];
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description RFC 9457 problem details */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail?: string;
            instance?: string;
            /** @enum {string} */
            code: "session_not_found" | "session_exists" | "session_state_conflict" | "session_not_live" | "stock_conflict" | "stock_in_use" | "limit_reached" | "offer_not_found" | "offer_exists" | "offer_state_conflict" | "offer_window_invalid" | "offer_not_open" | "price_below_floor" | "currency_mismatch" | "not_covered" | "funder_not_agreed" | "token_expired" | "token_used" | "price_version_void" | "quantity_exceeded" | "credit_exceeded" | "out_of_stock" | "backorder_not_offered" | "reservation_not_found" | "reservation_exists" | "reservation_ended" | "reservation_not_held" | "reservation_in_payment" | "extension_refused" | "order_not_found" | "order_exists" | "order_state_conflict" | "refund_exceeds_captured" | "idempotency_key_reused" | "token_malformed" | "token_key_unknown" | "token_signature_invalid" | "token_session_mismatch" | "token_viewer_mismatch" | "bad_request" | "invalid_json" | "idempotency_key_missing" | "idempotency_key_invalid" | "idempotency_in_flight" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "payload_too_large" | "unsupported_media_type" | "image_unavailable" | "upgrade_required" | "rate_limited" | "rate_locked" | "contract_not_in_force" | "creator_code_unknown" | "credit_not_granted" | "payment_method_unknown" | "refund_not_failed" | "refund_refused" | "account_not_enabled" | "payout_too_small" | "provider_refused" | "provider_unavailable" | "payment_webhook_invalid" | "dead_letter_incomplete" | "sign_in_code_unknown" | "sign_in_code_used" | "sign_in_code_expired" | "conflict" | "overloaded" | "internal" | "frame_invalid" | "frame_too_large" | "frame_binary";
            requestId: string;
            errors?: {
                path: string;
                message: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        /** @description A viewer and the token that proves it */
        Viewer: {
            /**
             * @description Id of a viewer
             * @example vwr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            viewer: string;
            token: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt: string;
        };
        CreateViewer: {
            reference?: string;
            priority?: number;
            credit?: {
                /**
                 * @description Id of a session
                 * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                session: string;
                amount: components["schemas"]["Money"];
            };
        };
        /** @description Integer minor units of an ISO 4217 currency: 1999 USD is $19.99 */
        Money: {
            amount: number;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        };
        Seller: {
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            name: string;
            email?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
        };
        CreateSeller: {
            name: string;
            /** Format: email */
            email?: string;
        };
        Creator: {
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            name: string;
            handle: string;
            email?: string;
            /**
             * @description Who the creator is when buying
             * @example vwr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            viewer?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
        };
        CreateCreator: {
            name: string;
            handle: string;
            /** Format: email */
            email?: string;
            /** @description The platform's own id of the creator as a viewer, as `POST /v1/viewers` takes it: nothing that this viewer buys is attributed to the creator */
            reference?: string;
        };
        CreatedKey: {
            /**
             * @description Id of an API key
             * @example key_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            label: string;
            for: {
                /**
                 * @description Id of a seller
                 * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                seller: string;
            } | {
                /**
                 * @description Id of a creator
                 * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                creator: string;
            };
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            revokedAt?: string;
            secret: string;
        };
        CreateKey: {
            label: string;
            for: {
                /**
                 * @description Id of a seller
                 * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                seller: string;
            } | {
                /**
                 * @description Id of a creator
                 * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                creator: string;
            };
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt?: string;
        };
        Key: {
            /**
             * @description Id of an API key
             * @example key_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            label: string;
            for: {
                /**
                 * @description Id of a seller
                 * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                seller: string;
            } | {
                /**
                 * @description Id of a creator
                 * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                creator: string;
            };
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            revokedAt?: string;
        };
        CreatedSignIn: {
            /**
             * @description Id of a sign-in
             * @example sgn_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Shown this once
             * @example 7K3M-PX2V-9QDT
             */
            code: string;
            /** @description The page that takes the code from its address and goes on */
            url: string;
            /**
             * Format: date-time
             * @description Until when the code must be used
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt: string;
            /**
             * @description The session it is limited to: for a moderator, who may do there what the host may
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session?: string;
        };
        CreateSignIn: {
            /**
             * @description The session it is limited to: for a moderator, who may do there what the host may
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session?: string;
        };
        /** @description Who is signed in, and until when */
        SignIn: {
            /**
             * @description Id of a sign-in
             * @example sgn_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller?: string;
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
            /** @description The seller's or the creator's */
            name: string;
            /**
             * @description The session it is limited to: for a moderator, who may do there what the host may
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt: string;
        };
        RedeemSignIn: {
            /**
             * @description As it is shown; in lower case, with spaces or without dashes it is the same
             * @example 7K3M-PX2V-9QDT
             */
            code: string;
        };
        /** @description A sign-in that holds, or whose code can still be used */
        OpenSignIn: {
            /**
             * @description Id of a sign-in
             * @example sgn_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description The session it is limited to: for a moderator, who may do there what the host may
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description Since when somebody is signed in by it
             * @example 2026-11-21T18:00:00.000Z
             */
            redeemedAt?: string;
            /**
             * Format: date-time
             * @description Of its code, as long as nobody has used that
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt: string;
        };
        /** @description A creator's short link */
        Link: {
            /**
             * @description Id of a link
             * @example lnk_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            code: string;
            /** @description The short address, to be shown and shared */
            url: string;
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator: string;
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller?: string;
            target: {
                url: string;
            } | {
                /**
                 * @description Id of a session
                 * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                session: string;
            };
            utm: components["schemas"]["Utm"];
            coupon?: string;
            /** @description How long before an order a click of the link may lie to count for it; for good. Its `coupon` counts whenever it is used. */
            windowMinutes: number;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description It leads nowhere since then
             * @example 2026-11-21T18:00:00.000Z
             */
            archivedAt?: string;
        };
        /** @description Added to the address as `utm_source` and so on, for the target's analytics */
        Utm: {
            source?: string;
            medium?: string;
            campaign?: string;
            term?: string;
            content?: string;
        };
        CreateLink: {
            /**
             * @description Whose link; a creator's own without it
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
            /**
             * @description Counts for this seller's sales only; a seller's own, or the session's, without it
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller?: string;
            /** @description What follows `/l/`: it is the link's for good, also when it is archived */
            code?: string;
            target: {
                /** Format: uri */
                url: string;
            } | {
                /**
                 * @description Id of a session
                 * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                session: string;
            };
            utm?: components["schemas"]["Utm"];
            /** @description A creator's code, handed to the target as `dropcast_code`; on a session's page it is applied. An order that is bought with it is attributed to the creator whose code it is by the session, whoever's link it is on. */
            coupon?: string;
            /**
             * @description How long before an order a click of the link may lie to count for it; for good. Its `coupon` counts whenever it is used.
             * @default 43200
             */
            windowMinutes?: number;
        };
        /** @description Clicks by hour, hours without any left out */
        LinkClicks: {
            /** @description Of the whole period */
            clicks: number;
            data: {
                /**
                 * Format: date-time
                 * @description When the hour begins
                 * @example 2026-11-21T18:00:00.000Z
                 */
                at: string;
                clicks: number;
            }[];
            nextCursor: string | null;
        };
        /** @description The record of a decision, made when the order was placed; it stays */
        Attribution: {
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            placedAt: string;
            /** @description Version of the rules by which it was decided */
            rules: number;
            /** @description How long before the order a touch of each kind may lie at the most */
            windowMs: {
                coupon: number;
                token: number;
                click: number;
            };
            /** @description All that was considered, the strongest first; a creator's own for a creator */
            candidates: {
                /**
                 * @description `coupon`: a creator code that the order was bought with. `token`: a click token that came with the order. `click`: one that is known of the viewer otherwise; there are none yet.
                 * @enum {string}
                 */
                kind: "coupon" | "token" | "click";
                /** @description The coupon's code, or the click's id */
                id: string;
                /**
                 * @description Id of a creator
                 * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                creator: string;
                /**
                 * @description Id of a link
                 * @example lnk_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                link?: string;
                /**
                 * @description The link counts for this seller's sales only
                 * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                seller?: string;
                /**
                 * Format: date-time
                 * @description When the viewer touched it; a coupon is when it is used
                 * @example 2026-11-21T18:00:00.000Z
                 */
                at: string;
                /** @description Of a coupon: the last of the order's `lines` that was bought with it, from 0. The later line is the later touch. Not in records by rules before version 3. */
                line?: number;
                /** @description The window that it had: its kind's, or its link's where that is shorter. Only the winner has it in records by rules before version 4. */
                windowMs?: number;
                /**
                 * @description Eligible but beaten: by a stronger kind (`outranked`), a later touch (`older_touch`), or one of the same time whose id goes first (`tie_lost`). The rest could not win at all.
                 * @enum {string}
                 */
                verdict: "won" | "outranked" | "older_touch" | "tie_lost" | "after_order" | "outside_window" | "other_seller" | "self_purchase";
            }[];
            /**
             * @description `host`: the session's creator. `guest`: another one, see `referral`. `nobody`: no candidate was eligible, and the order is the session's own.
             * @enum {string}
             */
            attributedTo: "nobody" | "host" | "guest";
            /** @description For a creator who is not the winner left out, and referral and sale with it */
            winner?: {
                /**
                 * @description `coupon`: a creator code that the order was bought with. `token`: a click token that came with the order. `click`: one that is known of the viewer otherwise; there are none yet.
                 * @enum {string}
                 */
                kind: "coupon" | "token" | "click";
                /** @description The coupon's code, or the click's id */
                id: string;
                /**
                 * @description Id of a creator
                 * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                creator: string;
                /**
                 * @description Id of a link
                 * @example lnk_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                link?: string;
                /**
                 * @description The link counts for this seller's sales only
                 * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                seller?: string;
                /**
                 * Format: date-time
                 * @description When the viewer touched it; a coupon is when it is used
                 * @example 2026-11-21T18:00:00.000Z
                 */
                at: string;
                /** @description Of a coupon: the last of the order's `lines` that was bought with it, from 0. The later line is the later touch. Not in records by rules before version 3. */
                line?: number;
                /** @description The window that it was within, as the candidate has it */
                windowMs: number;
            };
            /** @description What the winner has of the order, by a contract with the seller that was in force when it was placed: of what the seller asked for, tax taken off, paid by the seller, and never more than is left to the seller (the order's trace has the amounts). Not in records by rules before version 2. */
            referral?: {
                /**
                 * @description Id of a contract
                 * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                contract: string;
                version: number;
                /** @description Hundredths of a percent: 500 is 5 % */
                basisPoints: number;
            } | {
                /**
                 * @description `is_host`: the session is the winner's, whose part its own contract says. `no_contract`: none with the seller was in force in the order's currency. `no_rate`: none of those agrees on one. `not_covered`: those that do are of other SKUs or zones.
                 * @enum {string}
                 */
                none: "is_host" | "no_contract" | "no_rate" | "not_covered";
            };
            /** @description What the winner has sold; once the order is captured */
            sale?: {
                captured: components["schemas"]["Money"];
                refunded: components["schemas"]["Money"];
                attributed: components["schemas"]["Money"];
            };
        };
        /** @description What came of a link */
        LinkStats: {
            /** @description In hours that begin in the period */
            clicks: number;
            /** @description Captured orders attributed by the link and placed in the period, by currency */
            sales: {
                orders: number;
                /** @description Of these, in sessions that are not the creator's own: a referral may be had for them */
                guestOrders: number;
                captured: components["schemas"]["Money"];
                refunded: components["schemas"]["Money"];
                attributed: components["schemas"]["Money"];
            }[];
        };
        /** @description A version of a contract; it never changes */
        Contract: {
            /**
             * @description Id of a contract
             * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            version: number;
            /**
             * Format: date-time
             * @description In force from then on, until a later version is
             * @example 2026-11-21T18:00:00.000Z
             */
            effectiveAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller: string;
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
            currency: string;
            platformFee: components["schemas"]["PlatformFee"];
            creatorRate: components["schemas"]["RateTier"][];
            referral?: components["schemas"]["ContractReferral"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            rateLockedUntilAt?: string;
            cutNoticeMs: number;
            tax?: components["schemas"]["IncludedTax"];
            reserve?: components["schemas"]["ContractReserve"];
            funders: {
                dropPrice: ("platform" | "seller" | "creator")[];
                creatorCode: ("platform" | "seller" | "creator")[];
            };
            zones?: string[];
            skus?: string[];
            creatorMay: ("run" | "show" | "reprice")[];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            startsAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            endsAt?: string;
            note?: string;
        };
        /** @description Of what the seller asked for, tax taken off; never more than the sale */
        PlatformFee: {
            /** @description Hundredths of a percent: 500 is 5 % */
            basisPoints: number;
            perOrder?: components["schemas"]["Money"];
            minimum?: components["schemas"]["Money"];
        };
        /** @description A creator's rate once the session has captured `from` */
        RateTier: {
            from: components["schemas"]["Money"];
            /** @description Hundredths of a percent: 500 is 5 % */
            basisPoints: number;
            perUnit?: components["schemas"]["PerUnit"];
        };
        /** @description What a creator has for every unit, whatever it sells for */
        PerUnit: {
            amount: number;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        };
        /** @description What the creator has of orders that they bring to sessions which are not theirs: of what the seller asked for, tax taken off; the seller's to pay, and never more than is left to the seller */
        ContractReferral: {
            /** @description Hundredths of a percent: 500 is 5 % */
            basisPoints: number;
        };
        /** @description Tax that is part of the price and that the platform remits */
        IncludedTax: {
            /** @description Hundredths of a percent: 500 is 5 % */
            basisPoints: number;
        };
        /** @description Part of the seller's share that is kept back for refunds and disputes */
        ContractReserve: {
            /** @description Hundredths of a percent: 500 is 5 % */
            basisPoints: number;
            heldMs: number;
        };
        /** @description Terms between platform, seller and creator */
        CreateContract: {
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller: string;
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
            platformFee: components["schemas"]["PlatformFee"];
            /** @default [] */
            creatorRate?: components["schemas"]["RateTier"][];
            referral?: components["schemas"]["ContractReferral"];
            /**
             * Format: date-time
             * @description Until then nothing may become worse for the creator; a raise applies at once
             * @example 2026-11-21T18:00:00.000Z
             */
            rateLockedUntilAt?: string;
            /**
             * @description How long before it takes effect a cut must be made known
             * @default 0
             */
            cutNoticeMs?: number;
            tax?: components["schemas"]["IncludedTax"];
            reserve?: components["schemas"]["ContractReserve"];
            /**
             * @description Who may pay for what is taken off a price, by layer; the seller alone where it is left out
             * @default {}
             */
            funders?: {
                dropPrice?: ("platform" | "seller" | "creator")[];
                creatorCode?: ("platform" | "seller" | "creator")[];
            };
            zones?: string[];
            skus?: string[];
            creatorMay?: ("run" | "show" | "reprice")[];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            startsAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            endsAt?: string;
            note?: string;
        };
        /** @description Terms that take the place of those before, in whole */
        CreateContractVersion: {
            platformFee: components["schemas"]["PlatformFee"];
            /** @default [] */
            creatorRate?: components["schemas"]["RateTier"][];
            referral?: components["schemas"]["ContractReferral"];
            /**
             * Format: date-time
             * @description Until then nothing may become worse for the creator; a raise applies at once
             * @example 2026-11-21T18:00:00.000Z
             */
            rateLockedUntilAt?: string;
            /**
             * @description How long before it takes effect a cut must be made known
             * @default 0
             */
            cutNoticeMs?: number;
            tax?: components["schemas"]["IncludedTax"];
            reserve?: components["schemas"]["ContractReserve"];
            /**
             * @description Who may pay for what is taken off a price, by layer; the seller alone where it is left out
             * @default {}
             */
            funders?: {
                dropPrice?: ("platform" | "seller" | "creator")[];
                creatorCode?: ("platform" | "seller" | "creator")[];
            };
            zones?: string[];
            skus?: string[];
            creatorMay?: ("run" | "show" | "reprice")[];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            startsAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            endsAt?: string;
            note?: string;
            /**
             * Format: date-time
             * @description As early as the terms before allow, when left out
             * @example 2026-11-21T18:00:00.000Z
             */
            effectiveAt?: string;
        };
        /** @description What an order would pay to whom, and why */
        DryRunResult: {
            /**
             * @description Id of a contract
             * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            contract: string;
            version: number;
            total: components["schemas"]["Money"];
            captured: components["schemas"]["Money"];
            /** @description What each has of it; together what is captured */
            legs: {
                platform: components["schemas"]["SignedMoney"];
                creator: components["schemas"]["SignedMoney"];
                referral: components["schemas"]["SignedMoney"];
                seller: components["schemas"]["SignedMoney"];
                tax: components["schemas"]["SignedMoney"];
                loyalty: components["schemas"]["SignedMoney"];
            };
            reserved: components["schemas"]["Money"];
            /** @description Why, in order; amounts in minor units */
            steps: {
                /** @enum {string} */
                code: "sold" | "platform_funds" | "creator_funds" | "tax_included" | "platform_fee" | "platform_fee_per_order" | "platform_fee_minimum" | "platform_fee_limited" | "creator_rate" | "creator_per_unit" | "creator_limited" | "referral" | "referral_limited" | "seller_rest" | "reserve" | "loyalty_credit";
                amount: number;
                text: string;
            }[];
        };
        /** @description Integer minor units; negative where something is taken off */
        SignedMoney: {
            amount: number;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        };
        /** @description An order to split, without placing it */
        DryRun: {
            total: components["schemas"]["Money"];
            /** @default 1 */
            quantity?: number;
            due?: components["schemas"]["Money"];
            volume?: components["schemas"]["Money"];
            /**
             * @description What each pays of the discounts in it, in minor units
             * @default {}
             */
            funded?: {
                platform?: number;
                seller?: number;
                creator?: number;
            };
            referral?: components["schemas"]["ContractReferral"];
            version?: number;
            /**
             * Format: date-time
             * @description By the version in force then
             * @example 2026-11-21T18:00:00.000Z
             */
            at?: string;
        };
        ImportReport: {
            rows: number;
            products: {
                created: number;
                updated: number;
                unchanged: number;
            };
            variants: number;
            faults: components["schemas"]["CatalogFault"][];
            faultsNotListed: number;
        };
        CatalogFault: {
            line: number;
            handle?: string;
            column?: string;
            reason: string;
        };
        ImportCatalog: {
            products: unknown[];
        };
        Product: {
            /**
             * @description Id of a product
             * @example prd_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller: string;
            handle: string;
            title: string;
            description: string;
            vendor?: string;
            tags: string[];
            images: string[];
            optionNames: string[];
            variants: components["schemas"]["Variant"][];
            /** @enum {string} */
            status: "active" | "draft" | "archived";
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
        };
        Variant: {
            /** @description Stock keeping unit, the seller's own */
            sku: string;
            /** @default [] */
            options?: string[];
            price?: components["schemas"]["Money"];
            compareAtPrice?: components["schemas"]["Money"];
            /** Format: uri */
            image?: string;
            barcode?: string;
            grams?: number;
            stock?: number;
        };
        Session: {
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller: string;
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
            /**
             * @description Id of a contract
             * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            contract?: string;
            agreement?: components["schemas"]["Agreement"];
            title: string;
            currency: string;
            defaultZone: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            scheduledAt?: string;
            expectedViewers: number;
            /** @description Of the expected viewers those whose continent is known, as Cloudflare names it; `XX` where it has no name for it. Relays are made ready there before a drop opens. */
            expectedRegions?: {
                [key: string]: number;
            };
            creatorCodes: components["schemas"]["CreatorCode"][];
            /**
             * @description What the session's screens may say of recent buys: with the first names that buyers gave (so it is where it is left out), without names, or nothing at all. What may not be shown any more is gone at once, for good: `unnamed` and then `named` takes the names off that are there. `…/orders/{order}/hide-name` does so for one buyer.
             * @enum {string}
             */
            showBuys?: "named" | "unnamed" | "none";
            /** @enum {string} */
            status: "draft" | "scheduled" | "live" | "paused" | "ended" | "cancelled";
        };
        /** @description What the contract of a session lets it do */
        Agreement: {
            funders: {
                dropPrice: ("platform" | "seller" | "creator")[];
                creatorCode: ("platform" | "seller" | "creator")[];
            };
            zones?: string[];
            skus?: string[];
            creatorMay: ("run" | "show" | "reprice")[];
        };
        /** @description What a creator's code takes off the price, and who pays for it */
        CreatorCode: {
            code: string;
            off: {
                basisPoints: number;
            } | {
                amount: components["schemas"]["Money"];
            };
            /** @enum {string} */
            funder: "platform" | "seller" | "creator";
            /**
             * @description Whose code it is: what is bought with it is attributed to them. The session's creator's without it; they pay (`funder`) for their own codes only.
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
        };
        CreateSession: {
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller: string;
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
            /**
             * @description Id of a contract
             * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            contract?: string;
            title: string;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
            /**
             * @description Fulfilment zone
             * @default main
             * @example berlin-mitte
             */
            defaultZone?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            scheduledAt?: string;
            /** @default 1000 */
            expectedViewers?: number;
            /** @description Of the expected viewers those whose continent is known, as Cloudflare names it; `XX` where it has no name for it. Relays are made ready there before a drop opens. */
            expectedRegions?: {
                [key: string]: number;
            };
            creatorCodes?: components["schemas"]["CreatorCode"][];
            /**
             * @description What the session's screens may say of recent buys: with the first names that buyers gave (so it is where it is left out), without names, or nothing at all. What may not be shown any more is gone at once, for good: `unnamed` and then `named` takes the names off that are there. `…/orders/{order}/hide-name` does so for one buyer.
             * @enum {string}
             */
            showBuys?: "named" | "unnamed" | "none";
        };
        /** @description A session as the record has it, some seconds behind */
        SessionSummary: {
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller: string;
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
            creatorName?: string;
            /**
             * @description Id of a contract
             * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            contract?: string;
            title: string;
            /** @enum {string} */
            status: "draft" | "scheduled" | "live" | "paused" | "ended" | "cancelled";
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            scheduledAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            endedAt?: string;
            reservations: {
                /** @description That got their units, at once or from the waitlist */
                held: number;
                expired: number;
            };
            /** @description Viewers who came, as last measured, about a minute behind; 0 before */
            views: number;
            /** @description The most viewers at one time, as last measured */
            viewersPeak: number;
            /** @description As last measured */
            taps: number;
            /** @description Of the taps */
            refused: number;
            orders: components["schemas"]["OrderCounts"];
            /** @description Of captured orders, less what came back with a refund */
            unitsSold: number;
            captured: components["schemas"]["Sum"];
            refunded: components["schemas"]["Sum"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
        };
        /** @description Orders by the status they have now */
        OrderCounts: {
            placed: number;
            authorized: number;
            captured: number;
            failed: number;
            cancelled: number;
            refunded: number;
        };
        /** @description Integer minor units of an ISO 4217 currency, added up */
        Sum: {
            amount: number;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        };
        UpdateSession: {
            title?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            scheduledAt?: string;
            creatorCodes?: components["schemas"]["CreatorCode"][];
            /**
             * @description What the session's screens may say of recent buys: with the first names that buyers gave (so it is where it is left out), without names, or nothing at all. What may not be shown any more is gone at once, for good: `unnamed` and then `named` takes the names off that are there. `…/orders/{order}/hide-name` does so for one buyer.
             * @enum {string}
             */
            showBuys?: "named" | "unnamed" | "none";
        };
        /** @description A session as everybody may see it */
        Picture: {
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /** @description Sequence number of the last event the picture has in it */
            cursor: number;
            session: components["schemas"]["SessionFace"];
            offers: {
                [key: string]: components["schemas"]["OfferPicture"];
            };
            /** @description The last ones, oldest first; a change that has them has all of them */
            recentBuys?: components["schemas"]["RecentBuy"][];
        };
        SessionFace: {
            /** @enum {string} */
            status: "draft" | "scheduled" | "live" | "paused" | "ended" | "cancelled";
            title: string;
            currency: string;
            seller: string;
            creator?: string;
            creatorMay?: ("run" | "show" | "reprice")[];
            defaultZone: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            scheduledAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            endedAt?: string;
            /**
             * @description Id of an offer
             * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            pinned?: string;
            /**
             * @description What the session's screens may say of recent buys: with the first names that buyers gave (so it is where it is left out), without names, or nothing at all. What may not be shown any more is gone at once, for good: `unnamed` and then `named` takes the names off that are there. `…/orders/{order}/hide-name` does so for one buyer.
             * @enum {string}
             */
            showBuys?: "named" | "unnamed" | "none";
        };
        OfferPicture: {
            /**
             * @description Id of an offer
             * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            title: string;
            image?: string;
            lines: {
                /** @description Stock keeping unit, the seller's own */
                sku: string;
                quantity: number;
            }[];
            /** @enum {string} */
            status: "scheduled" | "open" | "closed" | "withdrawn";
            price: components["schemas"]["Price"];
            priceVersion: number;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            opensAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            closesAt?: string;
            limits: {
                perViewer?: number;
                perOrder?: number;
            };
            holdMs: number;
            available: {
                [key: string]: number;
            };
            soldOut: boolean;
            waitlist: boolean;
        };
        /** @description A price of one unit with its layers; `due` is `total` less loyalty credit */
        Price: {
            total: components["schemas"]["Money"];
            due: components["schemas"]["Money"];
            layers: {
                /** @enum {string} */
                kind: "headline" | "drop_price" | "creator_code" | "loyalty_credit";
                amount: components["schemas"]["SignedMoney"];
                /** @enum {string} */
                funder?: "platform" | "seller" | "creator";
                code?: string;
                /**
                 * @description Whose code it is, where that is not the session's creator
                 * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                creator?: string;
                clipped?: {
                    wanted: components["schemas"]["SignedMoney"];
                    floor: components["schemas"]["Money"];
                };
            }[];
        };
        /** @description Units of one offer that an order has paid for */
        RecentBuy: {
            /**
             * @description Id of an offer
             * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            offer: string;
            quantity: number;
            /** @description Units of the offer that were bought up to here, with these: it grows with every buy, so that who saw fewer knows how many were bought meanwhile */
            bought: number;
            /** @description A first name, where the buyer agreed to be shown */
            shownAs?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            at: string;
        };
        /** @description available + held + committed = allocated, always */
        Pool: {
            sku: string;
            zone: string;
            allocated: number;
            held: number;
            committed: number;
            available: number;
        };
        AllocateStock: {
            /** @description Stock keeping unit, the seller's own */
            sku: string;
            /**
             * @description Fulfilment zone
             * @example berlin-mitte
             */
            zone?: string;
            allocated: number;
            expected?: number;
        };
        Offer: {
            /**
             * @description Id of an offer
             * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            title: string;
            image?: string;
            lines: {
                /** @description Stock keeping unit, the seller's own */
                sku: string;
                quantity: number;
            }[];
            price: components["schemas"]["PriceTerms"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            opensAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            closesAt?: string;
            limits: {
                perViewer?: number;
                perOrder?: number;
            };
            holdMs: number;
            priceSteps: {
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                at: string;
                price: components["schemas"]["PriceTerms"];
            }[];
            backorder?: {
                by: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                givenAt: string;
            };
            /** @enum {string} */
            status: "scheduled" | "open" | "closed" | "withdrawn";
            priceVersion: number;
            honoured: {
                priceVersion: number;
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                untilAt: string;
            }[];
        };
        /** @description What a price is made from; no layer takes it below the floor */
        PriceTerms: {
            headline: components["schemas"]["Money"];
            drop?: {
                price: components["schemas"]["Money"];
                /** @enum {string} */
                funder: "platform" | "seller" | "creator";
            };
            floor?: components["schemas"]["Money"];
        };
        CreateOffer: {
            title: string;
            /** Format: uri */
            image?: string;
            lines: {
                /** @description Stock keeping unit, the seller's own */
                sku: string;
                quantity: number;
            }[];
            price: components["schemas"]["PriceTerms"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            opensAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            closesAt?: string;
            /** @default {} */
            limits?: {
                perViewer?: number;
                perOrder?: number;
            };
            /** @default 120000 */
            holdMs?: number;
            /** @default [] */
            priceSteps?: {
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                at: string;
                price: components["schemas"]["PriceTerms"];
            }[];
            /** @default false */
            backorder?: boolean;
        };
        UpdateOffer: {
            title?: string;
            /** Format: uri */
            image?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            opensAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            closesAt?: string;
            limits?: {
                perViewer?: number;
                perOrder?: number;
            };
            holdMs?: number;
            price?: components["schemas"]["PriceTerms"];
            /**
             * @default honour
             * @enum {string}
             */
            olderTokens?: "honour" | "void";
        };
        /** @description One offer of a picture; `id` is the session's */
        StaticOffer: {
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /** @description Sequence number of the last event the picture has in it */
            cursor: number;
            session: components["schemas"]["SessionFace"];
            offer: components["schemas"]["OfferPicture"];
        };
        /** @description A signed promise of a price, for this viewer and offer alone */
        OfferToken: {
            token: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt: string;
            quantity: number;
            price: components["schemas"]["Price"];
        };
        IssueToken: {
            /** @default 1 */
            quantity?: number;
            creatorCode?: string;
            creditAmount?: number;
        };
        Reserved: {
            reservation: components["schemas"]["Reservation"];
            shortfall: {
                /**
                 * @description Id of an offer
                 * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                offer: string;
                requested: number;
                held: number;
            }[];
        };
        Reservation: {
            /**
             * @description Id of a reservation
             * @example rsv_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a viewer
             * @example vwr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            viewer: string;
            zone: string;
            lines: components["schemas"]["ReservationLine"][];
            units: {
                /** @description Stock keeping unit, the seller's own */
                sku: string;
                /**
                 * @description Fulfilment zone
                 * @example berlin-mitte
                 */
                zone: string;
                quantity: number;
            }[];
            /** @enum {string} */
            status: "held" | "backordered" | "committed" | "released" | "expired";
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            latestAt?: string;
            holdMs: number;
            extensions: number;
            priority: number;
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order?: string;
            /** @enum {string} */
            releasedBecause?: "viewer" | "payment_failed" | "order_cancelled" | "offer_closed" | "offer_withdrawn" | "session_ended" | "session_cancelled";
            seq: number;
        };
        ReservationLine: {
            /**
             * @description Id of an offer
             * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            offer: string;
            quantity: number;
            /**
             * @description Id of an offer token
             * @example tok_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            token: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            tokenExpiresAt: string;
            priceVersion: number;
            price: components["schemas"]["Price"];
        };
        Reserve: {
            items: components["schemas"]["Item"][];
            /**
             * @description Fulfilment zone
             * @example berlin-mitte
             */
            zone?: string;
            /**
             * @description Hold what there is when not all of it can be held; `shortfall` says what is missing.
             * @default false
             */
            allowPartial?: boolean;
            /** @default false */
            backorder?: boolean;
        };
        Item: {
            token: string;
            /** @default 1 */
            quantity?: number;
        };
        OwnOrder: {
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a reservation
             * @example rsv_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            reservation: string;
            /**
             * @description Id of a viewer
             * @example vwr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            viewer: string;
            /**
             * @description Id of a contract
             * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            contract?: string;
            lines: components["schemas"]["ReservationLine"][];
            units: {
                /** @description Stock keeping unit, the seller's own */
                sku: string;
                /**
                 * @description Fulfilment zone
                 * @example berlin-mitte
                 */
                zone: string;
                quantity: number;
            }[];
            paymentMethod: string;
            total: components["schemas"]["Money"];
            due: components["schemas"]["Money"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            placedAt: string;
            refunded: components["schemas"]["Money"];
            /** @enum {string} */
            status: "placed" | "authorized" | "captured" | "failed" | "cancelled" | "refunded";
            payment?: {
                provider: string;
                id: string;
            };
            paymentPending: boolean;
            /** @enum {string} */
            failure?: "declined" | "hold_lost" | "capture_failed";
            refunds: {
                /**
                 * @description Id of a refund
                 * @example rfd_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                id: string;
                amount: components["schemas"]["Money"];
            }[];
            /** @description What the viewer must do for the payment to go on, in a browser */
            paymentAction?: {
                /** Format: uri */
                url: string;
            };
        };
        CreateOrder: components["schemas"]["PlaceOrder"] | components["schemas"]["Buy"];
        /** @description Pay for what is held */
        PlaceOrder: {
            /**
             * @description Id of a reservation
             * @example rsv_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            reservation: string;
            /**
             * @description A payment method as the provider names it: Stripe's begin with `pm_`. The sandbox's are behaviours: `sandbox_success`, `sandbox_decline`, `sandbox_3ds` (see `paymentAction`), `sandbox_later_success` and `sandbox_later_decline` (after 2 seconds, or as many as `sandbox_later_success_30` says), `sandbox_dispute`, `sandbox_dispute_won`, `sandbox_dispute_lost`, `sandbox_refund_fails`, `sandbox_never_answers`, `sandbox_success_after_hold_lost`.
             * @example sandbox_success
             */
            paymentMethod: string;
            /** @description Click tokens of creators' links, as `dropcast_click` in the page's address or cookie has them: they decide to which creator the order is attributed. One that is expired or does not hold is passed over; it never stops a sale. They are no part of what is asked for: a repeat with others is the same order, with the clicks that it came with first. */
            clicks?: string[];
            /**
             * @description The first name under which the buyer agrees to be shown among the session's `recentBuys`, for everybody to see, once the order is paid for: giving it is the consent, and without it the buy is shown without a name. It is no part of the order, nor of what is asked for: the session's record has it, and screens until others have bought, a host hides it or the session is over.
             * @example Ana
             */
            shownAs?: string;
        };
        /** @description One tap: reserve and pay as one decision */
        Buy: {
            items: components["schemas"]["Item"][];
            /**
             * @description Fulfilment zone
             * @example berlin-mitte
             */
            zone?: string;
            /**
             * @description Buy what there is when not all of it can be had. The order's `lines` are what was bought and is charged; compare them with `items`. Without it nothing is bought then.
             * @default false
             */
            allowPartial?: boolean;
            /**
             * @description A payment method as the provider names it: Stripe's begin with `pm_`. The sandbox's are behaviours: `sandbox_success`, `sandbox_decline`, `sandbox_3ds` (see `paymentAction`), `sandbox_later_success` and `sandbox_later_decline` (after 2 seconds, or as many as `sandbox_later_success_30` says), `sandbox_dispute`, `sandbox_dispute_won`, `sandbox_dispute_lost`, `sandbox_refund_fails`, `sandbox_never_answers`, `sandbox_success_after_hold_lost`.
             * @example sandbox_success
             */
            paymentMethod: string;
            /** @description Click tokens of creators' links, as `dropcast_click` in the page's address or cookie has them: they decide to which creator the order is attributed. One that is expired or does not hold is passed over; it never stops a sale. They are no part of what is asked for: a repeat with others is the same order, with the clicks that it came with first. */
            clicks?: string[];
            /**
             * @description The first name under which the buyer agrees to be shown among the session's `recentBuys`, for everybody to see, once the order is paid for: giving it is the consent, and without it the buy is shown without a name. It is no part of the order, nor of what is asked for: the session's record has it, and screens until others have bought, a host hides it or the session is over.
             * @example Ana
             */
            shownAs?: string;
        };
        ListedOrder: {
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a reservation
             * @example rsv_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            reservation: string;
            /**
             * @description Id of a viewer
             * @example vwr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            viewer: string;
            /**
             * @description Id of a contract
             * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            contract?: string;
            lines: {
                /**
                 * @description Id of an offer
                 * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                offer: string;
                quantity: number;
                /**
                 * @description Id of an offer token
                 * @example tok_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                token: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                tokenExpiresAt: string;
                priceVersion: number;
                price: components["schemas"]["Price"];
                /** @description What the offer is called now; left out until it is reported */
                title?: string;
            }[];
            units: {
                /** @description Stock keeping unit, the seller's own */
                sku: string;
                /**
                 * @description Fulfilment zone
                 * @example berlin-mitte
                 */
                zone: string;
                quantity: number;
            }[];
            paymentMethod: string;
            total: components["schemas"]["Money"];
            due: components["schemas"]["Money"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            placedAt: string;
            refunded: components["schemas"]["Money"];
            /** @enum {string} */
            status: "placed" | "authorized" | "captured" | "failed" | "cancelled" | "refunded";
            payment?: {
                provider: string;
                id: string;
            };
            paymentPending: boolean;
            /** @enum {string} */
            failure?: "declined" | "hold_lost" | "capture_failed";
            refunds: {
                /**
                 * @description Id of a refund
                 * @example rfd_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                id: string;
                amount: components["schemas"]["Money"];
            }[];
        };
        Purchases: {
            reservations: components["schemas"]["Reservation"][];
            orders: components["schemas"]["Order"][];
        };
        Order: {
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a reservation
             * @example rsv_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            reservation: string;
            /**
             * @description Id of a viewer
             * @example vwr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            viewer: string;
            /**
             * @description Id of a contract
             * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            contract?: string;
            lines: components["schemas"]["ReservationLine"][];
            units: {
                /** @description Stock keeping unit, the seller's own */
                sku: string;
                /**
                 * @description Fulfilment zone
                 * @example berlin-mitte
                 */
                zone: string;
                quantity: number;
            }[];
            paymentMethod: string;
            total: components["schemas"]["Money"];
            due: components["schemas"]["Money"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            placedAt: string;
            refunded: components["schemas"]["Money"];
            /** @enum {string} */
            status: "placed" | "authorized" | "captured" | "failed" | "cancelled" | "refunded";
            payment?: {
                provider: string;
                id: string;
            };
            paymentPending: boolean;
            /** @enum {string} */
            failure?: "declined" | "hold_lost" | "capture_failed";
            refunds: {
                /**
                 * @description Id of a refund
                 * @example rfd_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                id: string;
                amount: components["schemas"]["Money"];
            }[];
        };
        CreateRefund: {
            amount?: components["schemas"]["Money"];
            /** @default false */
            returnUnits?: boolean;
        };
        Refund: {
            /**
             * @description Id of a refund
             * @example rfd_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order: string;
            amount: components["schemas"]["Money"];
            returnUnits: boolean;
            /**
             * @description `failed` was sent and came back, `refused` never left the provider
             * @enum {string}
             */
            status: "requested" | "pending" | "sent" | "failed" | "refused";
            provider: string;
            providerId?: string;
            failure?: string;
            /**
             * @description The refund by which one that failed was made anew
             * @example rfd_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            replacedBy?: string;
            /**
             * @description By which the session knows of it
             * @example evt_01jd3m5n8yfx0t2q…
             */
            event?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
        };
        /** @description CloudEvents 1.0; `dataschema` has the schema of the whole event */
        CloudEvent: {
            /** @constant */
            specversion: "1.0";
            id: string;
            source: string;
            /** @enum {string} */
            type: "dropcast.session.created.v1" | "dropcast.session.updated.v1" | "dropcast.session.scheduled.v1" | "dropcast.session.started.v1" | "dropcast.session.paused.v1" | "dropcast.session.resumed.v1" | "dropcast.session.ended.v1" | "dropcast.session.cancelled.v1" | "dropcast.session.measured.v1" | "dropcast.stock.allocated.v1" | "dropcast.offer.created.v1" | "dropcast.offer.updated.v1" | "dropcast.offer.repriced.v1" | "dropcast.offer.opened.v1" | "dropcast.offer.closed.v1" | "dropcast.offer.withdrawn.v1" | "dropcast.offer.pinned.v1" | "dropcast.offer.unpinned.v1" | "dropcast.reservation.held.v1" | "dropcast.reservation.backordered.v1" | "dropcast.reservation.filled.v1" | "dropcast.reservation.extended.v1" | "dropcast.reservation.released.v1" | "dropcast.reservation.expired.v1" | "dropcast.reservation.committed.v1" | "dropcast.order.placed.v1" | "dropcast.order.pending.v1" | "dropcast.order.authorized.v1" | "dropcast.order.captured.v1" | "dropcast.order.failed.v1" | "dropcast.order.cancelled.v1" | "dropcast.order.refunded.v1" | "dropcast.viewer.unnamed.v1" | "dropcast.warmup.planned.v1" | "dropcast.warmup.done.v1" | "dropcast.warmup.archived.v1" | "dropcast.warmup.cooled.v1";
            subject: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            time: string;
            sequence: string;
            /** @constant */
            datacontenttype: "application/json";
            dataschema: string;
            data: {
                [key: string]: unknown;
            };
        };
        AuditPage: {
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session: string;
            data: components["schemas"]["AuditBlock"][];
            nextCursor: string | null;
            head: components["schemas"]["Head"];
            /** @description `head` as a JWS (`typ: head+jwt`) by a key of /.well-known/jwks.json; `sub` is the session */
            signedHead: string;
            check?: components["schemas"]["JournalCheck"];
        };
        AuditBlock: {
            number: number;
            firstSeq: number;
            lastSeq: number;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            at: string;
            prevHash: string;
            /** @description SHA-256 in base64url of the previous block's hash, a newline and the block's payload */
            hash: string;
            /** @description The block's JSON, as it was hashed: its events, and its answers. A tap's answer has its `arrival`: the relay, the time there, and a number that counts up while that relay lives */
            payload?: string;
        };
        Head: {
            number: number;
            lastSeq: number;
            hash: string;
        };
        /** @description What a replay of the whole journal found */
        JournalCheck: {
            head: components["schemas"]["Head"];
            chainWhole: boolean;
            replayEqual: boolean;
            blocks: number;
            events: number;
            pools: components["schemas"]["Pool"][];
            published: {
                [key: string]: number;
            };
        };
        Warmup: {
            plan?: {
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                opensAt: string;
                /**
                 * Format: date-time
                 * @description What is warm stays so until then, whether anybody comes or not
                 * @example 2026-11-21T18:00:00.000Z
                 */
                untilAt: string;
                expectedViewers: number;
                /** @description Relays to have, by continent */
                relays: {
                    [key: string]: number;
                };
                /** @description Taps a second that so many relays let in */
                tapsPerSecond: number;
                /** @description Offers whose images are fetched into those regions' caches */
                media: string[];
                cost: components["schemas"]["PlannedCost"];
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                plannedAt: string;
            };
            done?: {
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                opensAt: string;
                steps: {
                    /** @enum {string} */
                    what: "session" | "relays" | "media";
                    done: number;
                    failed: number;
                    tookMs: number;
                }[];
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                doneAt: string;
            };
            archive?: {
                key: string;
                head: components["schemas"]["Head"];
                parts: number;
                bytes: number;
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                archivedAt: string;
            };
            cooled?: {
                archivedBlock: number;
                archivedSeq: number;
                steps: {
                    /** @enum {string} */
                    what: "session" | "relays" | "media";
                    done: number;
                    failed: number;
                    tookMs: number;
                }[];
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                cooledAt: string;
            };
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session: string;
        };
        /** @description Nano-dollars (10⁻⁹ USD) at the platform's public prices of a day, included amounts not taken off */
        PlannedCost: {
            pricesAsOf: string;
            byItem: {
                [key: string]: number;
            };
            totalNanoUsd: number;
        };
        /** @description A session's use and what it comes to, without included amounts */
        SessionCost: {
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            since: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            until: string;
            /** Format: date */
            pricesAsOf: string;
            lines: components["schemas"]["CostLine"][];
            byFeature: {
                [key: string]: number;
            };
            byItem: {
                [key: string]: number;
            };
            /** @description Nano-dollars (10⁻⁹ USD): a session costs fractions of a cent */
            totalNanoUsd: number;
            per: {
                reservation: number | null;
                order: number | null;
                viewerHour: number | null;
            };
            counts: {
                taps: number;
                reservations: number;
                orders: number;
                events: number;
                rowsWritten: number;
                rowsWrittenForTaps: number;
                socketMessages: number;
                framesOut: number;
                queueMessages: number;
                sessionAwakeMs: number;
                relaysAwakeMs: number;
                viewerHours: number;
            };
            /** @description How the figures came about */
            rules: string[];
            /** @description What else is billed, and is not in the sum */
            notMetered: string[];
        };
        CostLine: {
            /** @enum {string} */
            feature: "hydrate" | "sockets" | "fanout" | "taps" | "hosting" | "timers" | "publishing" | "settlement" | "reporting" | "warmup" | "cooldown" | "storage";
            /** @enum {string} */
            item: "workerRequests" | "workerCpuMs" | "objectRequests" | "objectGbSeconds" | "objectRowsWritten" | "objectRowsRead" | "objectGbMonths" | "d1RowsWritten" | "d1RowsRead" | "d1GbMonths" | "queueOperations" | "r2ClassA" | "r2ClassB" | "r2GbMonths";
            unit: string;
            quantity: number;
            /** @description Nano-dollars (10⁻⁹ USD): a session costs fractions of a cent */
            nanoUsd: number;
            /**
             * @description `metered`: counted by the session's objects; `estimated`: from what they counted, by measured rates
             * @enum {string}
             */
            basis: "metered" | "estimated";
        };
        /** @description A session's numbers as they are now, from its memory */
        SessionStats: {
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session: string;
            /**
             * Format: date-time
             * @description When the numbers were so, by the session's clock
             * @example 2026-11-21T18:00:00.000Z
             */
            at: string;
            /** @description Sequence number of the last event they have in them; whoever has this many events has them all */
            cursor: number;
            /** @enum {string} */
            status: "draft" | "scheduled" | "live" | "paused" | "ended" | "cancelled";
            /** @description Sockets and streams open now but for monitors, as far as relays have reported */
            viewers: number;
            /** @description The most who watched at once */
            viewersPeak: number;
            /** @description Viewers who came on a socket or a stream. A viewer who comes again is counted again at another relay, or when the relay has slept meanwhile; who does not say who they are, each time; monitors never */
            views: number;
            /** @description Taps for something to buy (`reserve`, or `order` with items) that a relay has answered, yes or no, each once however often it is repeated, unless it was sold out and is tried again. Those turned away are none: they come again. What the edge refuses from its cache is not in it */
            taps: number;
            /** @description Taps refused, by problem code. `overloaded` and `rate_limited` are those turned away before they were looked at, each time; all others are in `taps` */
            refusals: {
                [key: string]: number;
            };
            /** @description Of `taps`; null while there are none */
            latency: components["schemas"]["Latency"] | null;
            /** @description Units of stock held now, of all pools together */
            held: number;
            /** @description Units of stock paid for or promised to be, less what came back */
            sold: number;
            orders: components["schemas"]["OrderCounts"];
            captured: components["schemas"]["Sum"];
            refunded: components["schemas"]["Sum"];
            offers: {
                [key: string]: {
                    /** @description Of the offer, as `available` counts it: a bundle is one */
                    held: number;
                    /** @description The same, less what came back */
                    sold: number;
                    captured: components["schemas"]["Sum"];
                };
            };
        };
        /** @description From a tap's arrival at its relay to the answer, in milliseconds: so many of `count` took at most so long, rounded up to the next of 1, 2, 3, 5, 7, 10, 15, 20, 30 … 10,000 */
        Latency: {
            p50Ms: number;
            p95Ms: number;
            p99Ms: number;
            count: number;
        };
        LedgerAccount: {
            /**
             * @description Address of an account. A party's `payable` is owed to it, `transit` on its way, `balance` in its account at the provider, `reserve` owed later
             * @example seller:sel_01jd3m5n8yfx0t2qv4w6z9r1ab:payable
             */
            account: string;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
            /**
             * @description The side on which the account grows
             * @enum {string}
             */
            side: "debit" | "credit";
            balance: components["schemas"]["Balance"];
        };
        /** @description Integer minor units of an ISO 4217 currency; negative where more was taken than there was */
        Balance: {
            amount: number;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        };
        /** @description Either a debit or a credit */
        LedgerEntry: {
            /** @description In the order in which entries were made, over all accounts */
            number: number;
            /**
             * @description What it records; URL-encode it in paths
             * @example sale:ord_01jd3m5n8yfx0t2q…
             */
            transaction: string;
            /**
             * @description Whose money it is
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            at: string;
            debit?: components["schemas"]["Money"];
            credit?: components["schemas"]["Money"];
        };
        /** @description Its postings sum to zero per currency. A seller and a creator see those on their own accounts */
        LedgerTransaction: {
            /**
             * @description What it records; URL-encode it in paths
             * @example sale:ord_01jd3m5n8yfx0t2q…
             */
            id: string;
            /** @enum {string} */
            kind: "sale" | "charge" | "charge_fee" | "refund" | "refund_sent" | "refund_failed" | "reserve_released" | "netted" | "transfer_started" | "transfer_sent" | "transfer_failed" | "reversal_started" | "reversal_sent" | "reversal_failed" | "payout_started" | "payout_paid" | "payout_failed" | "payout_returned" | "dispute_opened" | "dispute_fee" | "dispute_won" | "dispute_lost" | "platform_payout" | "provider_fee";
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order?: string;
            /**
             * @description The event that caused it, where one did
             * @example evt_01jd3m5n8yfx0t2q…
             */
            event?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            at: string;
            postings: components["schemas"]["LedgerPosting"][];
        };
        /** @description Either a debit or a credit */
        LedgerPosting: {
            /**
             * @description Address of an account. A party's `payable` is owed to it, `transit` on its way, `balance` in its account at the provider, `reserve` owed later
             * @example seller:sel_01jd3m5n8yfx0t2qv4w6z9r1ab:payable
             */
            account: string;
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order?: string;
            debit?: components["schemas"]["Money"];
            credit?: components["schemas"]["Money"];
        };
        /** @description What the entries themselves sum to */
        BooksCheck: {
            /** @description Whether all that follows is as it must be */
            balanced: boolean;
            currencies: {
                /**
                 * @description ISO 4217 code
                 * @example USD
                 */
                currency: string;
                sum: components["schemas"]["Balance"];
                entries: number;
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                oldestAt: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                newestAt: string;
            }[];
            transactions: number;
            /** @description That do not sum to zero; none */
            unbalancedTransactions: number;
            /** @description Accounts whose balance is not the sum of its entries; none */
            differingBalances: number;
            /** @description Orders' parts of accounts that are not the sum of their entries; none */
            differingPositions: number;
            /** @description Days of a party's money that are not the sum of their entries; none */
            differingDays: number;
            /** @description Sessions' days of a party's money that are not the sum of their entries; none */
            differingSessions: number;
        };
        /** @description Money of one order for one party */
        Transfer: {
            /**
             * @description Id of a transfer
             * @example trf_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            party: string;
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order: string;
            amount: components["schemas"]["Money"];
            /**
             * @description `accrued` is earned and cannot be moved yet, `payable` can be; `transferring` is on its way, `paid` is there; `failed` never left, `returned` came back, or there was nothing left of it to move
             * @enum {string}
             */
            status: "accrued" | "payable" | "transferring" | "paid" | "failed" | "returned";
            provider?: string;
            /** @description The party's account at the provider */
            account?: string;
            /** @description The provider's own id of it */
            providerId?: string;
            /** @description Why it failed or came back, in the provider's words */
            failure?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When its amount was fixed
             * @example 2026-11-21T18:00:00.000Z
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
            reversed: components["schemas"]["Money"];
            /** @description The charge it comes from, by the provider's id */
            charge?: string;
            /**
             * @description The payout that took it to the bank
             * @example pyo_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            payout?: string;
        };
        /** @description A transfer with all that it can be traced to */
        TracedTransfer: {
            /**
             * @description Id of a transfer
             * @example trf_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            party: string;
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order: string;
            amount: components["schemas"]["Money"];
            /**
             * @description `accrued` is earned and cannot be moved yet, `payable` can be; `transferring` is on its way, `paid` is there; `failed` never left, `returned` came back, or there was nothing left of it to move
             * @enum {string}
             */
            status: "accrued" | "payable" | "transferring" | "paid" | "failed" | "returned";
            provider?: string;
            /** @description The party's account at the provider */
            account?: string;
            /** @description The provider's own id of it */
            providerId?: string;
            /** @description Why it failed or came back, in the provider's words */
            failure?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When its amount was fixed
             * @example 2026-11-21T18:00:00.000Z
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
            reversed: components["schemas"]["Money"];
            /** @description The charge it comes from, by the provider's id */
            charge?: string;
            /**
             * @description The payout that took it to the bank
             * @example pyo_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            payout?: string;
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session: string;
            /**
             * @description The event that captured the order
             * @example evt_01jd3m5n8yfx0t2q…
             */
            event: string;
            /** @description Oldest first */
            transactions: components["schemas"]["RecordedTransaction"][];
            reversals: components["schemas"]["Reversal"][];
        };
        RecordedTransaction: {
            /**
             * @description What it records; URL-encode it in paths
             * @example sale:ord_01jd3m5n8yfx0t2q…
             */
            id: string;
            /** @enum {string} */
            kind: "sale" | "charge" | "charge_fee" | "refund" | "refund_sent" | "refund_failed" | "reserve_released" | "netted" | "transfer_started" | "transfer_sent" | "transfer_failed" | "reversal_started" | "reversal_sent" | "reversal_failed" | "payout_started" | "payout_paid" | "payout_failed" | "payout_returned" | "dispute_opened" | "dispute_fee" | "dispute_won" | "dispute_lost" | "platform_payout" | "provider_fee";
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            at: string;
        };
        /** @description What is taken back of a transfer */
        Reversal: {
            /**
             * @description Id of a reversal
             * @example rvl_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of a transfer
             * @example trf_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            transfer: string;
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order: string;
            amount: components["schemas"]["Money"];
            /**
             * @description `accrued` is earned and cannot be moved yet, `payable` can be; `transferring` is on its way, `paid` is there; `failed` never left, `returned` came back, or there was nothing left of it to move
             * @enum {string}
             */
            status: "accrued" | "payable" | "transferring" | "paid" | "failed" | "returned";
            provider?: string;
            /** @description The party's account at the provider */
            account?: string;
            /** @description The provider's own id of it */
            providerId?: string;
            /** @description Why it failed or came back, in the provider's words */
            failure?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When its amount was fixed
             * @example 2026-11-21T18:00:00.000Z
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
            transactions: components["schemas"]["RecordedTransaction"][];
        };
        PaymentAccount: {
            party: string;
            /**
             * @description `none` was never opened; only an `enabled` one takes transfers and payouts
             * @enum {string}
             */
            status: "none" | "onboarding" | "enabled" | "restricted";
            provider?: string;
            /** @description The provider's id of it */
            account?: string;
            /**
             * @description Where the party is
             * @example DE
             */
            country?: string;
            payoutSchedule?: components["schemas"]["PayoutSchedule"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            nextPayoutAt?: string;
            balances: components["schemas"]["Holding"][];
        };
        PayoutSchedule: {
            /**
             * @description When the balance is paid out: at midnight UTC, on Mondays, on the first; or when asked for alone
             * @enum {string}
             */
            interval: "daily" | "weekly" | "monthly" | "manual";
            /** @description The least that is paid out in a currency; anything when it is not named */
            minimums: components["schemas"]["Money"][];
        };
        Holding: {
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
            owed: components["schemas"]["Balance"];
            reserved: components["schemas"]["Balance"];
            underWay: components["schemas"]["Balance"];
            atProvider: components["schemas"]["Balance"];
        };
        /** @description Opens the account, or changes when it is paid out */
        PutPaymentAccount: {
            /**
             * @description Where the party is
             * @example DE
             */
            country: string;
            payoutSchedule: components["schemas"]["PayoutSchedule"];
        };
        /** @description Where the party tells the provider who it is */
        OnboardingLink: {
            url: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            expiresAt: string;
        };
        CreateOnboardingLink: {
            /**
             * Format: uri
             * @description Where the provider sends the party afterwards
             */
            returnUrl: string;
        };
        Payout: {
            /**
             * @description Id of a payout
             * @example pyo_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            party: string;
            amount: components["schemas"]["Money"];
            /**
             * @description `accrued` is earned and cannot be moved yet, `payable` can be; `transferring` is on its way, `paid` is there; `failed` never left, `returned` came back, or there was nothing left of it to move
             * @enum {string}
             */
            status: "accrued" | "payable" | "transferring" | "paid" | "failed" | "returned";
            provider?: string;
            /** @description The party's account at the provider */
            account?: string;
            /** @description The provider's own id of it */
            providerId?: string;
            /** @description Why it failed or came back, in the provider's words */
            failure?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When its amount was fixed
             * @example 2026-11-21T18:00:00.000Z
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
        };
        /** @description A payout with its transfers */
        TracedPayout: {
            /**
             * @description Id of a payout
             * @example pyo_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            party: string;
            amount: components["schemas"]["Money"];
            /**
             * @description `accrued` is earned and cannot be moved yet, `payable` can be; `transferring` is on its way, `paid` is there; `failed` never left, `returned` came back, or there was nothing left of it to move
             * @enum {string}
             */
            status: "accrued" | "payable" | "transferring" | "paid" | "failed" | "returned";
            provider?: string;
            /** @description The party's account at the provider */
            account?: string;
            /** @description The provider's own id of it */
            providerId?: string;
            /** @description Why it failed or came back, in the provider's words */
            failure?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When its amount was fixed
             * @example 2026-11-21T18:00:00.000Z
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
            /** @description Transfers it took to the bank first, also if it came back; so many as a page has at most, `GET /v1/transfers?payout=` has all */
            transfers: string[];
            /** @description Oldest first */
            transactions: components["schemas"]["RecordedTransaction"][];
        };
        /** @description All that the party has at the provider in a currency, now */
        CreatePayout: {
            /**
             * @description Id of a seller
             * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            seller: string;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        } | {
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator: string;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        };
        Statement: {
            party: string;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            from?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            to: string;
            opening: components["schemas"]["Balance"];
            closing: components["schemas"]["Balance"];
            /** @description Of all lines, by kind; on the first page */
            totals?: {
                /** @enum {string} */
                kind: "sale" | "charge" | "charge_fee" | "refund" | "refund_sent" | "refund_failed" | "reserve_released" | "netted" | "transfer_started" | "transfer_sent" | "transfer_failed" | "reversal_started" | "reversal_sent" | "reversal_failed" | "payout_started" | "payout_paid" | "payout_failed" | "payout_returned" | "dispute_opened" | "dispute_fee" | "dispute_won" | "dispute_lost" | "platform_payout" | "provider_fee";
                amount: components["schemas"]["Balance"];
                count: number;
            }[];
            lines: components["schemas"]["StatementLine"][];
            nextCursor: string | null;
        };
        StatementLine: {
            /**
             * @description What it records; URL-encode it in paths
             * @example sale:ord_01jd3m5n8yfx0t2q…
             */
            transaction: string;
            /** @enum {string} */
            kind: "sale" | "charge" | "charge_fee" | "refund" | "refund_sent" | "refund_failed" | "reserve_released" | "netted" | "transfer_started" | "transfer_sent" | "transfer_failed" | "reversal_started" | "reversal_sent" | "reversal_failed" | "payout_started" | "payout_paid" | "payout_failed" | "payout_returned" | "dispute_opened" | "dispute_fee" | "dispute_won" | "dispute_lost" | "platform_payout" | "provider_fee";
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            at: string;
            amount: components["schemas"]["Balance"];
            /** @description By account; they sum to `amount` */
            parts: {
                payable?: components["schemas"]["Balance"];
                transit?: components["schemas"]["Balance"];
                balance?: components["schemas"]["Balance"];
                reserve?: components["schemas"]["Balance"];
            };
            owed: components["schemas"]["Balance"];
        };
        Sales: {
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            from: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            to: string;
            /**
             * @description Hours and days are UTC's; `creator` is who hosted
             * @enum {string}
             */
            by: "hour" | "day" | "offer" | "session" | "creator";
            data: components["schemas"]["SalesRow"][];
            nextCursor: string | null;
        };
        /** @description What was sold, in one currency */
        SalesRow: {
            /**
             * Format: date-time
             * @description Where the hour begins
             * @example 2026-11-21T18:00:00.000Z
             */
            hour?: string;
            /** Format: date */
            day?: string;
            /**
             * @description Id of an offer
             * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            offer?: string;
            /**
             * @description Of an offer, the session it is in
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session?: string;
            /**
             * @description Id of a creator
             * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            creator?: string;
            /** @description Of the offer or the session */
            title?: string;
            /** @description Of the creator */
            name?: string;
            /** @description Captured. One of several offers is one order; by offer it is counted with each of them */
            orders: number;
            /** @description Of those orders; a bundle has as many as are in it */
            units: number;
            /** @description With refunds */
            unitsReturned: number;
            captured: components["schemas"]["Sum"];
            refunded: components["schemas"]["Sum"];
        };
        Earnings: {
            party: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            from?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            to?: string;
            /** @description Of all sessions, by currency; on the first page */
            totals?: components["schemas"]["EarningsTotal"][];
            nextCursor: string | null;
            /** @constant */
            by: "session";
            /** @description Newest first */
            data: components["schemas"]["EarningsRow"][];
        };
        /** @description Without a period earned is what is paid out, accrued, payable, reserved, under way and at the provider, less what is owed back */
        EarningsTotal: {
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
            earned: components["schemas"]["Balance"];
            paidOut: components["schemas"]["Balance"];
            accrued: components["schemas"]["Balance"];
            payable: components["schemas"]["Balance"];
            owedBack: components["schemas"]["Balance"];
            reserved: components["schemas"]["Balance"];
            underWay: components["schemas"]["Balance"];
            atProvider: components["schemas"]["Balance"];
        };
        /** @description Without a period earned is what is owed, reserved, under way and transferred */
        EarningsRow: {
            /**
             * @description Id of a session
             * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            session: string;
            title?: string;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
            earned: components["schemas"]["Balance"];
            owed: components["schemas"]["Balance"];
            reserved: components["schemas"]["Balance"];
            underWay: components["schemas"]["Balance"];
            transferred: components["schemas"]["Balance"];
        };
        EarningsByDay: {
            party: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            from?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            to?: string;
            /** @description Of all sessions, by currency; on the first page */
            totals?: components["schemas"]["EarningsTotal"][];
            nextCursor: string | null;
            /** @constant */
            by: "day";
            /** @description In their order, without empty ones; they sum to `totals` */
            data: components["schemas"]["EarningsDay"][];
        };
        EarningsDay: {
            /** Format: date */
            day: string;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
            fromSales: components["schemas"]["Balance"];
            reversed: components["schemas"]["Balance"];
            earned: components["schemas"]["Balance"];
        };
        /** @description A buyer's bank asks for money back */
        Dispute: {
            /**
             * @description Id of a dispute
             * @example dsp_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /**
             * @description Id of an order
             * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            order: string;
            amount: components["schemas"]["Money"];
            /** @enum {string} */
            status: "open" | "won" | "lost";
            reason: string;
            provider: string;
            providerId: string;
            /** @description What each gives back if it is lost; sellers and creators see their own */
            atStake: {
                platform?: components["schemas"]["SignedMoney"];
                creator?: components["schemas"]["SignedMoney"];
                referral?: components["schemas"]["SignedMoney"];
                seller?: components["schemas"]["SignedMoney"];
                tax?: components["schemas"]["SignedMoney"];
                loyalty?: components["schemas"]["SignedMoney"];
            };
            fee?: components["schemas"]["SignedMoney"];
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            openedAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            updatedAt: string;
        };
        /** @description The way of an order's money, from the token to the bank, each step by its id */
        Trace: {
            order: {
                /**
                 * @description Id of an order
                 * @example ord_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                id: string;
                /**
                 * @description Id of a session
                 * @example ses_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                session: string;
                /**
                 * @description Id of a seller
                 * @example sel_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                seller: string;
                /**
                 * @description Id of a creator
                 * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                creator?: string;
                /**
                 * @description Id of a viewer
                 * @example vwr_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                viewer: string;
                /** @enum {string} */
                status: "placed" | "authorized" | "captured" | "failed" | "cancelled" | "refunded";
                total: components["schemas"]["Money"];
                due: components["schemas"]["Money"];
                refunded: components["schemas"]["Money"];
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                placedAt: string;
            };
            tokens: {
                /**
                 * @description Id of an offer token
                 * @example tok_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                token: string;
                /**
                 * @description Id of an offer
                 * @example ofr_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                offer: string;
                priceVersion: number;
                quantity: number;
                price: components["schemas"]["Money"];
            }[];
            /**
             * @description Id of a reservation
             * @example rsv_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            reservation: string;
            events: {
                /**
                 * @description Id of the event of the session's journal
                 * @example evt_01jd3m5n8yfx0t2q…
                 */
                id: string;
                type: string;
                sequence: number;
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                at: string;
                /** @description The journal's block it stands in; `/v1/sessions/{session}/audit` proves it */
                block: {
                    number: number;
                    hash: string;
                };
            }[];
            payment?: {
                provider: string;
                /** @description The provider's own */
                id: string;
                charge?: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T18:00:00.000Z
                 */
                chargedAt?: string;
                fee?: components["schemas"]["SignedMoney"];
            };
            contract?: {
                /**
                 * @description Id of a contract
                 * @example con_01jd3m5n8yfx0t2qv4w6z9r1ab
                 */
                id: string;
                version: number;
            };
            split?: {
                captured: components["schemas"]["Money"];
                /** @description Who has what of it; creators see their own */
                legs: {
                    platform?: components["schemas"]["SignedMoney"];
                    creator?: components["schemas"]["SignedMoney"];
                    referral?: components["schemas"]["SignedMoney"];
                    seller?: components["schemas"]["SignedMoney"];
                    tax?: components["schemas"]["SignedMoney"];
                    loyalty?: components["schemas"]["SignedMoney"];
                };
                reserved?: components["schemas"]["Money"];
                basis: {
                    asked?: components["schemas"]["Money"];
                    base: components["schemas"]["Money"];
                    funded?: {
                        platform?: components["schemas"]["Money"];
                        seller?: components["schemas"]["Money"];
                        creator?: components["schemas"]["Money"];
                    };
                    platformFee?: components["schemas"]["Money"];
                    isMinimumFee?: boolean;
                    creatorEarns?: components["schemas"]["Money"];
                    tier?: {
                        from: components["schemas"]["Money"];
                        /** @description Hundredths of a percent: 500 is 5 % */
                        basisPoints: number;
                        perUnit?: components["schemas"]["Money"];
                    };
                    volume?: components["schemas"]["Money"];
                    /** @description Of a creator who brought the order to a session that is not theirs */
                    referral?: {
                        /**
                         * @description Id of a creator
                         * @example cre_01jd3m5n8yfx0t2qv4w6z9r1ab
                         */
                        creator: string;
                        /** @description Hundredths of a percent: 500 is 5 % */
                        basisPoints: number;
                        wanted: components["schemas"]["Money"];
                    };
                };
            };
            transactions: components["schemas"]["LedgerTransaction"][];
            transfers: components["schemas"]["TracedTransfer"][];
            payouts: components["schemas"]["Payout"][];
            refunds: components["schemas"]["Refund"][];
            disputes: components["schemas"]["Dispute"][];
            /** @description Whether all of it is here: what is far apart in a long journal, or more than a page, may not be */
            complete: boolean;
        };
        /** @description The provider's books beside the ledger */
        Reconciliation: {
            provider: string;
            /** @description How far the provider's books were read; null before any order */
            until: string | null;
            /** @description When both sides were last compared */
            ranAt: string | null;
            currencies: {
                /**
                 * @description ISO 4217 code
                 * @example USD
                 */
                currency: string;
                provider: components["schemas"]["Total"];
                ledger: components["schemas"]["Total"];
                difference: components["schemas"]["Total"];
            }[];
            /** @description The provider's books were read within a quarter of an hour, and nothing differs in any currency. While money moves one side is ahead for a minute or two: watch `open`, which waits for that. */
            equal: boolean;
            /** @description Findings that wait for a person */
            open: number;
        };
        /** @description Integer minor units of an ISO 4217 currency, added up; may be negative */
        Total: {
            amount: number;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        };
        /** @description What a run found */
        ReconciliationRun: {
            provider: string;
            /** @description How far the provider's books were read; null before any order */
            until: string | null;
            /** @description When both sides were last compared */
            ranAt: string | null;
            currencies: {
                /**
                 * @description ISO 4217 code
                 * @example USD
                 */
                currency: string;
                provider: components["schemas"]["Total"];
                ledger: components["schemas"]["Total"];
                difference: components["schemas"]["Total"];
            }[];
            /** @description The provider's books were read within a quarter of an hour, and nothing differs in any currency. While money moves one side is ahead for a minute or two: watch `open`, which waits for that. */
            equal: boolean;
            /** @description Findings that wait for a person */
            open: number;
            /** @description Both sides were read to their end; if not, run again */
            complete: boolean;
        };
        /** @description Where provider and ledger differ, as they were last seen to */
        Finding: {
            /** @example fnd_3f0c1d5e7a9b2c4d6e8f0a1b2c3d4e5f */
            id: string;
            /**
             * @description `missing_…` names the side that has nothing of it; `unknown_at_provider`: a line that Dropcast did not cause; `buyers_clearing_open`: captured and not charged, or charged and owed to the buyer; `refund_failed`: it came back; `payout_differs`: it stands otherwise at the provider; `movement_failed`: a transfer, reversal or payout was refused or came back
             * @enum {string}
             */
            kind: "missing_in_ledger" | "missing_at_provider" | "amount_differs" | "fee_differs" | "unknown_at_provider" | "buyers_clearing_open" | "refund_failed" | "payout_differs" | "movement_failed";
            /** @enum {string} */
            status: "open" | "resolved";
            /** @description The id is an order's for `charge` and `buyers`, the provider's for `other` */
            about: {
                /** @enum {string} */
                kind: "charge" | "refund" | "refund_failed" | "transfer" | "reversal" | "dispute" | "platform_payout" | "provider_fee" | "buyers" | "other" | "payout";
                id: string;
            };
            provider: {
                name: string;
                amount: components["schemas"]["Total"];
                fee: components["schemas"]["Total"];
                state?: string;
                /** @description Of the provider's books, by the provider's ids */
                lines: {
                    id: string;
                    kind: string;
                    amount: components["schemas"]["Total"];
                    fee: components["schemas"]["Total"];
                    /**
                     * Format: date-time
                     * @example 2026-11-21T18:00:00.000Z
                     */
                    at: string;
                }[];
            };
            ledger: {
                amount: components["schemas"]["Total"];
                fee: components["schemas"]["Total"];
                state?: string;
            };
            reason?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            firstSeenAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            lastSeenAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            resolvedAt?: string;
        };
        /** @description A message that a queue gave up on */
        ListedDeadLetter: {
            /**
             * @description Id of a dead letter
             * @example dlt_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /** @enum {string} */
            queue: "settlement" | "reporting" | "payments" | "clicks";
            /** @description The queue's own id of it */
            message: string;
            /** @description For people: its session and events, or what it is news of */
            about: string;
            /** @enum {string} */
            status: "waiting" | "replayed";
            replayable: boolean;
            replays: number;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            receivedAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            replayedAt?: string;
        };
        DeadLetter: {
            /**
             * @description Id of a dead letter
             * @example dlt_01jd3m5n8yfx0t2qv4w6z9r1ab
             */
            id: string;
            /** @enum {string} */
            queue: "settlement" | "reporting" | "payments" | "clicks";
            /** @description The queue's own id of it */
            message: string;
            /** @description For people: its session and events, or what it is news of */
            about: string;
            /** @enum {string} */
            status: "waiting" | "replayed";
            replayable: boolean;
            replays: number;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            receivedAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T18:00:00.000Z
             */
            replayedAt?: string;
            /** @description As it was sent; null when it was not JSON, or too large to keep */
            body: unknown;
        };
        Health: {
            /** @enum {string} */
            status: "ok" | "failing";
            version: string;
            checks: {
                database: boolean;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    createViewer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateViewer"];
            };
        };
        responses: {
            /** @description The viewer and a token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Viewer"];
                };
            };
        };
    };
    createSeller: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSeller"];
            };
        };
        responses: {
            /** @description The seller */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Seller"];
                };
            };
        };
    };
    getSeller: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a seller */
                seller: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The seller */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Seller"];
                };
            };
        };
    };
    createCreator: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCreator"];
            };
        };
        responses: {
            /** @description The creator */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Creator"];
                };
            };
        };
    };
    getCreator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a creator */
                creator: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The creator */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Creator"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Key"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description The key with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedKey"];
                };
            };
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an API key */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, without its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an API key */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, revoked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
        };
    };
    listSignIns: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sign-ins */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["OpenSignIn"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    createSignIn: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSignIn"];
            };
        };
        responses: {
            /** @description The code, and a link with it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedSignIn"];
                };
            };
        };
    };
    redeemSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedeemSignIn"];
            };
        };
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    getCurrentSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in, and until when */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody is signed in */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    endSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a sign-in */
                signIn: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It lets nobody in any more, nor does its code */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listLinks: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
                /** @description Instead of `Accept`; CSV has every row, on one page */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of links */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Link"][];
                        nextCursor: string | null;
                    };
                    "text/csv": string;
                };
            };
        };
    };
    createLink: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateLink"];
            };
        };
        responses: {
            /** @description The link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
        };
    };
    getLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a link */
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
        };
    };
    archiveLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a link */
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link, archived */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
        };
    };
    getLinkQr: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a link */
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
        };
    };
    listLinkClicks: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description What happened then or later */
                from?: string;
                /** @description What happened before */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Id of a link */
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of hours, and the sum of the period */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkClicks"];
                };
            };
        };
    };
    followLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A link's code, in capitals or small letters */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    getOrderAttribution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an order */
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The decision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attribution"];
                };
            };
        };
    };
    getLinkStats: {
        parameters: {
            query?: {
                /** @description What happened then or later */
                from?: string;
                /** @description What happened before */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Id of a link */
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Clicks and sales of the period */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkStats"];
                };
            };
        };
    };
    listContracts: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of contracts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Contract"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    createContract: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateContract"];
            };
        };
        responses: {
            /** @description The contract */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contract"];
                };
            };
        };
    };
    listContractVersions: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: number;
            };
            header?: never;
            path: {
                /** @description Id of a contract */
                contract: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of versions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Contract"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    createContractVersion: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a contract */
                contract: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateContractVersion"];
            };
        };
        responses: {
            /** @description The version */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contract"];
                };
            };
        };
    };
    getContract: {
        parameters: {
            query?: {
                version?: number;
            };
            header?: never;
            path: {
                /** @description Id of a contract */
                contract: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The contract */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contract"];
                };
            };
        };
    };
    getContractDocument: {
        parameters: {
            query?: {
                version?: number;
            };
            header?: never;
            path: {
                /** @description Id of a contract */
                contract: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jose": string;
                };
            };
        };
    };
    dryRunContract: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a contract */
                contract: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DryRun"];
            };
        };
        responses: {
            /** @description The split */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRunResult"];
                };
            };
        };
    };
    importCatalog: {
        parameters: {
            query?: {
                /** @description ISO 4217 code */
                currency?: string;
            };
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a seller */
                seller: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportCatalog"];
                "text/csv": string;
            };
        };
        responses: {
            /** @description What was imported, and what was not */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
        };
    };
    listProducts: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of a seller */
                seller: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Product"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionSummary"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSession"];
            };
        };
        responses: {
            /** @description The session */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session with its offers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Picture"];
                };
            };
        };
    };
    updateSession: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSession"];
            };
        };
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    hideName: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an order */
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    startSession: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    pauseSession: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    resumeSession: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    cancelSession: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    listStock: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of pools, by zone and SKU */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Pool"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    allocateStock: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AllocateStock"];
            };
        };
        responses: {
            /** @description The pool */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pool"];
                };
            };
        };
    };
    listOffers: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of offers, by id */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Offer"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    createOffer: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOffer"];
            };
        };
        responses: {
            /** @description The offer */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    getOffer: {
        parameters: {
            query?: {
                renew?: "auto";
            };
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The offer, with its session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaticOffer"];
                    "text/html": string;
                };
            };
        };
    };
    updateOffer: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateOffer"];
            };
        };
        responses: {
            /** @description The offer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    openOffer: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The offer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    closeOffer: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The offer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    pinOffer: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The offer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    unpinOffer: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The offer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    withdrawOffer: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The offer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    getOfferImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": string;
                };
            };
        };
    };
    issueToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of an offer */
                offer: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueToken"];
            };
        };
        responses: {
            /** @description The token and its price */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferToken"];
                };
            };
        };
    };
    reserve: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reserve"];
            };
        };
        responses: {
            /** @description The reservation, and what it holds less of than was asked for */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reserved"];
                };
            };
        };
    };
    getReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of a reservation */
                reservation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
        };
    };
    releaseReservation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of a reservation */
                reservation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation, released */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
        };
    };
    extendReservation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
                /** @description Id of a reservation */
                reservation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
        };
    };
    createOrder: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOrder"];
            };
        };
        responses: {
            /** @description The order */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnOrder"];
                };
            };
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an order */
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnOrder"];
                };
            };
        };
    };
    listOrders: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of a session */
                session?: string;
                /** @description Id of a seller */
                seller?: string;
                /** @description Instead of `Accept`; CSV has every row, on one page */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ListedOrder"][];
                        nextCursor: string | null;
                    };
                    "text/csv": string;
                };
            };
        };
    };
    listPurchases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reservations and orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Purchases"];
                };
            };
        };
    };
    listRefunds: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of an order */
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of refunds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Refund"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    refundOrder: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of an order */
                order: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRefund"];
            };
        };
        responses: {
            /** @description The order, refunded */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The provider cannot be reached; the refund is written down, and is made once it can */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    retryRefund: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of an order */
                order: string;
                /** @description Id of a refund */
                refund: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new refund */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            /** @description The provider cannot be reached; the refund is written down, and is made once it can */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Events after this sequence number */
                after?: number;
                /** @description The same, as `nextCursor` gave it */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CloudEvent"][];
                        nextCursor: string | null;
                    };
                    "application/x-ndjson": components["schemas"]["CloudEvent"];
                };
            };
        };
    };
    audit: {
        parameters: {
            query?: {
                after?: number;
                /** @description The same, as `nextCursor` gave it */
                cursor?: number;
                limit?: number;
                /** @description Give each block's payload too */
                payload?: "true" | "false";
                /** @description Replay the whole journal and say what was found */
                check?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of blocks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
        };
    };
    getWarmup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Warm-up and cool-down */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warmup"];
                };
            };
        };
    };
    sessionCost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bill so far */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionCost"];
                };
            };
        };
    };
    sessionStats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionStats"];
                };
            };
        };
    };
    connect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream is open */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The session is over, and nobody is named who could be told more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listLedgerAccounts: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                party?: string;
                /** @description ISO 4217 code */
                currency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of accounts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["LedgerAccount"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    listLedgerEntries: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description ISO 4217 code */
                currency?: string;
                /** @description What happened then or later */
                from?: string;
                /** @description What happened before */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Address of an account. A party's `payable` is owed to it, `transit` on its way, `balance` in its account at the provider, `reserve` owed later */
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["LedgerEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    listLedgerTransactions: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of an order */
                order?: string;
                kind?: "sale" | "charge" | "charge_fee" | "refund" | "refund_sent" | "refund_failed" | "reserve_released" | "netted" | "transfer_started" | "transfer_sent" | "transfer_failed" | "reversal_started" | "reversal_sent" | "reversal_failed" | "payout_started" | "payout_paid" | "payout_failed" | "payout_returned" | "dispute_opened" | "dispute_fee" | "dispute_won" | "dispute_lost" | "platform_payout" | "provider_fee";
                /** @description What happened then or later */
                from?: string;
                /** @description What happened before */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of transactions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["LedgerTransaction"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getLedgerTransaction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What it records; URL-encode it in paths */
                transaction: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The transaction */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerTransaction"];
                };
            };
        };
    };
    checkBooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BooksCheck"];
                };
            };
        };
    };
    listTransfers: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of an order */
                order?: string;
                /** @description Id of a session */
                session?: string;
                /** @description `accrued` is earned and cannot be moved yet, `payable` can be; `transferring` is on its way, `paid` is there; `failed` never left, `returned` came back, or there was nothing left of it to move */
                status?: "accrued" | "payable" | "transferring" | "paid" | "failed" | "returned";
                /** @description Those that it took to the bank, also if it came back */
                payout?: string;
                /** @description Instead of `Accept`; CSV has every row, on one page */
                format?: "json" | "csv";
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of transfers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Transfer"][];
                        nextCursor: string | null;
                    };
                    "text/csv": string;
                };
            };
        };
    };
    getTransfer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a transfer */
                transfer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The transfer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TracedTransfer"];
                };
            };
        };
    };
    getSellerPaymentAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a seller */
                seller: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentAccount"];
                };
            };
        };
    };
    putSellerPaymentAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a seller */
                seller: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutPaymentAccount"];
            };
        };
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentAccount"];
                };
            };
        };
    };
    createSellerOnboardingLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a seller */
                seller: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOnboardingLink"];
            };
        };
        responses: {
            /** @description The link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnboardingLink"];
                };
            };
        };
    };
    getCreatorPaymentAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a creator */
                creator: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentAccount"];
                };
            };
        };
    };
    putCreatorPaymentAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a creator */
                creator: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutPaymentAccount"];
            };
        };
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentAccount"];
                };
            };
        };
    };
    createCreatorOnboardingLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a creator */
                creator: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOnboardingLink"];
            };
        };
        responses: {
            /** @description The link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnboardingLink"];
                };
            };
        };
    };
    listPayouts: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description `accrued` is earned and cannot be moved yet, `payable` can be; `transferring` is on its way, `paid` is there; `failed` never left, `returned` came back, or there was nothing left of it to move */
                status?: "accrued" | "payable" | "transferring" | "paid" | "failed" | "returned";
                /** @description ISO 4217 code */
                currency?: string;
                /** @description Instead of `Accept`; CSV has every row, on one page */
                format?: "json" | "csv";
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of payouts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Payout"][];
                        nextCursor: string | null;
                    };
                    "text/csv": string;
                };
            };
        };
    };
    createPayout: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePayout"];
            };
        };
        responses: {
            /** @description The payout */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payout"];
                };
            };
        };
    };
    getPayout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a payout */
                payout: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payout */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TracedPayout"];
                };
            };
        };
    };
    getSellerStatement: {
        parameters: {
            query: {
                limit?: number;
                cursor?: string;
                /** @description ISO 4217 code */
                currency: string;
                /** @description Instead of `Accept`; CSV has every row, on one page */
                format?: "json" | "csv";
                /** @description What happened then or later */
                from?: string;
                /** @description What happened before */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Id of a seller */
                seller: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The statement */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                    "text/csv": string;
                };
            };
        };
    };
    getCreatorStatement: {
        parameters: {
            query: {
                limit?: number;
                cursor?: string;
                /** @description ISO 4217 code */
                currency: string;
                /** @description Instead of `Accept`; CSV has every row, on one page */
                format?: "json" | "csv";
                /** @description What happened then or later */
                from?: string;
                /** @description What happened before */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Id of a creator */
                creator: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The statement */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                    "text/csv": string;
                };
            };
        };
    };
    reportSales: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
                /** @description ISO 4217 code */
                currency?: string;
                /** @description Instead of `Accept`; CSV has every row, on one page */
                format?: "json" | "csv";
                /** @description Hours and days are UTC's; `creator` is who hosted */
                by?: "hour" | "day" | "offer" | "session" | "creator";
                /** @description What happened then or later */
                from?: string;
                /** @description What happened before */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sales"];
                    "text/csv": string;
                };
            };
        };
    };
    reportEarnings: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
                /** @description ISO 4217 code */
                currency?: string;
                /** @description Instead of `Accept`; CSV has every row, on one page */
                format?: "json" | "csv";
                /** @description Days are UTC's */
                by?: "session" | "day";
                /** @description What happened then or later */
                from?: string;
                /** @description What happened before */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Earnings"] | components["schemas"]["EarningsByDay"];
                    "text/csv": string;
                };
            };
        };
    };
    listDisputes: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Id of an order */
                order?: string;
                status?: "open" | "won" | "lost";
                /** @description Id of a seller */
                seller?: string;
                /** @description Id of a creator */
                creator?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of disputes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Dispute"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getDispute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a dispute */
                dispute: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dispute */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dispute"];
                };
            };
        };
    };
    traceOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an order */
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trace"];
                };
            };
        };
    };
    paymentWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Understood */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Both sides */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
        };
    };
    runReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationRun"];
                };
            };
        };
    };
    listFindings: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                status?: "open" | "resolved";
                /** @description `missing_…` names the side that has nothing of it; `unknown_at_provider`: a line that Dropcast did not cause; `buyers_clearing_open`: captured and not charged, or charged and owed to the buyer; `refund_failed`: it came back; `payout_differs`: it stands otherwise at the provider; `movement_failed`: a transfer, reversal or payout was refused or came back */
                kind?: "missing_in_ledger" | "missing_at_provider" | "amount_differs" | "fee_differs" | "unknown_at_provider" | "buyers_clearing_open" | "refund_failed" | "payout_differs" | "movement_failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Finding"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                queue?: "settlement" | "reporting" | "payments" | "clicks";
                status?: "waiting" | "replayed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of dead letters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ListedDeadLetter"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a dead letter */
                letter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The letter and its body */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
        };
    };
    replayDeadLetter: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the client, 1 to 255 characters, as a quoted string or bare.
                 * @example "8e03978e-40d5-43e8-bc93-6894a57f9324"
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a dead letter */
                letter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The letter, sent again */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
        };
    };
    sandboxChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                payment: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The question, or what was answered */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    answerSandboxChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                payment: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    decision: "approve" | "refuse";
                };
            };
        };
        responses: never;
    };
    sandboxOnboarding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    finishSandboxOnboarding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    asyncapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description AsyncAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    eventSchema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schema, draft 2020-12 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description RFC 7517 key set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jwk-set+json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
}

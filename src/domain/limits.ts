/**
 * Every limit of Dropcast, with its reason. Pure constants: any room may read them, none may keep its own.
 * Durations end in `Ms`, sizes in `Bytes`, the rest are counts.
 */
export const LIMITS = {
  /** Minor units of a price and of an order before discounts: sums of nine thousand of the largest stay below 2^53. */
  moneyAmount: 1_000_000_000_000,
  /** Units of one SKU in one zone; a session that sells more is many sessions. */
  poolUnits: 10_000_000,
  /** Pools of a session: the state of a session must fit an object's 128 MB with room to spare. */
  poolsPerSession: 2_000,
  /** Offers of a session: each is looked at once a frame. */
  offersPerSession: 500,
  /** SKUs in one bundle. */
  linesPerOffer: 20,
  /** Scheduled price changes of one offer. */
  priceStepsPerOffer: 50,
  /** Creator codes of a session. */
  creatorCodesPerSession: 100,
  /** Offer tokens in one reservation: a basket, not a warehouse order. */
  itemsPerReservation: 20,
  /** Units of one offer in one reservation. */
  quantityPerItem: 1_000,
  /** Backordered reservations of a session: each is looked at when stock frees. */
  waitlistPerSession: 10_000,
  /** Orders of a session that were not turned down, at about 1 KB each; all stay in its memory so that they can be refunded. */
  ordersPerSession: 15_000,
  /** Orders that failed or were cancelled and can still be asked for; the oldest go first, D1 has them all. */
  unpaidOrdersKept: 3_000,
  /** Reservations, and orders, of one viewer that are shown to them together: the newest. */
  purchasesShown: 50,
  /** Reservations open at a time, at about 1 KB each: with those lately ended a third of an object's memory. */
  openReservations: 10_000,
  /** Ended reservations that can still be asked for; the oldest go first. */
  endedReservationsKept: 3_000,

  /** Shortest hold: less than a payment takes serves nobody. */
  holdMinMs: 5_000,
  /** Hold when an offer names none. */
  holdDefaultMs: 120_000,
  /** Longest hold, extensions included: stock must come back to the drop while it lasts. */
  holdMaxMs: 900_000,
  /** Times one hold may be extended. */
  extensionsPerReservation: 3,

  /** Lifetime of an offer token: long enough to read a price and tap, short enough to bound a stale price. */
  offerTokenMs: 120_000,
  /** Lifetime of a viewer token: one broadcast with its run-up. */
  viewerTokenMs: 12 * 3_600_000,
  /** Viewer tokens whose verification one isolate remembers, at about 1 KB each. */
  viewersRemembered: 10_000,
  /** Longest JWT we look at: an offer token with every layer is under 2 KB. */
  tokenBytes: 8_192,
  /** Clocks of issuer and verifier may differ by this much. */
  clockSkewMs: 5_000,
  /**
   * How old a picture of a session may be when the edge shows it: what closes or sells out is seen within a second, and
   * a tenth of it is for clocks that differ and for the way out. Tokens issued from it stay honoured.
   */
  pictureStaleMs: 900,
  /** After this part of its time a picture is still good, but one request goes for a new one, so that none has to wait. */
  pictureEarly: 1 / 2,

  /** Answers to command ids are kept this long: past every token and hold that could replay them. */
  answerKeptMs: 1_800_000,
  /** Answers kept at most; the oldest go first. Single-use tokens still guard what is forgotten. */
  answersKept: 10_000,
  /** Refusals kept at most, apart from answers: they are cheap to cause and must not push those out. */
  refusalsKept: 10_000,
  /** A client-made id (command id, `Idempotency-Key`). The IETF draft names no limit; 255 is customary. */
  commandIdChars: 255,

  /** Commands in one batch to a session: one block, one row of at most 2 MB. */
  commandsPerBatch: 500,
  /** A journal row, a snapshot chunk: below SQLite-backed objects' 2 MB a row. */
  rowBytes: 1_800_000,
  /** A new snapshot at the earliest after so many events, in the first lull this long: waking up costs it and a short tail. */
  snapshotEveryEvents: 2_000,
  snapshotQuietMs: 1_000,
  /** Without a lull, after so many: a quarter of a second of replay when waking up. */
  snapshotTailEvents: 20_000,
  /** A queue message may have 128 KB; past this the block's events are fetched from the journal instead. */
  queueMessageBytes: 100_000,
  /** Events of the last blocks kept in memory for publishing, as JSON: a few seconds of a rush. */
  recentBlocksChars: 4_000_000,
  /** Time between two sends to the queues: fewer and fuller messages, and nobody behind a queue is in a greater hurry. */
  publishTickMs: 100,
  /** Blocks sent to a queue in one go: below the 256 KB and 100 messages of a `sendBatch`. */
  queueSendBytes: 200_000,
  queueSendMessages: 100,
  /** What a queue's reader has not confirmed after this is sent again; then after twice as long, and so on. */
  confirmMs: 30_000,
  /** Wait after a failed publish, doubled up to the maximum. */
  publishRetryMs: 1_000,
  publishRetryMaxMs: 60_000,

  /** An object's counts are written down this often, with a commit that is made anyway: a row in ten seconds. */
  meterSaveMs: 10_000,
  /** With what relays tell of taps and viewers it is at most this often, a row each: after the last of it the object sleeps. */
  audienceSaveMs: 1_000,
  /** A relay's counts go up with a batch of taps this often: a rush has hundreds of batches a second. */
  meterReportMs: 1_000,
  /** What was counted of the audience is written into the journal this often: 60 events in an hour of a broadcast. */
  measureEveryMs: 60_000,
  /** After the end once more: relays report within two seconds. */
  measureLateMs: 3_000,
  /** Viewers that a relay knows to have come already, so as to count each once: at 100 bytes each, a twentieth of its memory. */
  visitorsKept: 60_000,

  /** Most a repeated call to an object waits, so that repeats do not come together. */
  retryJitterMs: 50,

  /** Longest wait before a relay that could not be reached is pushed to again: some tries fit into `relayLostMs`. */
  pushRetryMaxMs: 5_000,
  /** A relay that no push reached for this long is lost and another takes its place; deploys and moves take seconds. */
  relayLostMs: 15_000,
  /** A relay that has heard nothing from above for this long asks whether it is still known. */
  relaySilenceMs: 60_000,
  /** Relays that one object pushes to. At ten ticks a second and 0.2 to 0.3 ms a call that is a tenth of its one thread. */
  relaysPerParent: 32,
  /** Time between two pushes grows by this for each relay, so that a thread never spends more than a tenth on calling. */
  pushRelayMs: 3,
  /** Viewers that one relay is meant for: half of what it takes, since a hash is uneven and audiences jump. */
  viewersPerRelay: 2_500,
  /** Relays are made for so many times the viewers there are: the next minute's come before the next count. */
  relayHeadroom: 1.5,
  /** Notices kept for a relay that cannot be reached; its viewers find the rest by asking. */
  noticesWaiting: 1_000,
  /** Time between two reports of a relay's viewer count. */
  presenceTickMs: 1_000,
  /** Time between two frames: ten a second look alive; more cost sends, not sight. */
  frameTickMs: 100,
  /**
   * Time between two frames grows by this for each socket: a thousand see three a second. A send costs 25 to 60 µs of a
   * thread, more with more sockets; three quarters of it are for taps.
   */
  frameSocketMs: 0.3,
  /** The longest time between two frames, however busy: a picture a second old still sells. */
  frameTickMaxMs: 1_000,
  /** A relay asks the session about cursors it does not know at most this often: anybody can make one up. */
  cursorAskMs: 250,
  /** A socket from which no message and no ping came for this long may be one that no longer reads; hidden tabs ping once a minute. */
  socketSilenceMs: 150_000,
  /** Text sent to sockets that show no life, all of a relay together: half of an object's 128 MB. */
  relayBacklogBytes: 64_000_000,
  /** Of it, the most that one socket may have: an hour of a quiet session. */
  socketBacklogBytes: 4_000_000,
  /** Time between two looks for sockets that do not read: it looks at each. */
  readersLookMs: 15_000,
  /** Event streams of one relay, each with a buffer of its own. */
  streamsPerRelay: 500,
  /** Of these, streams without a viewer token; as with sockets. */
  anonymousStreamsPerRelay: 400,
  /** Text that a stream's reader may leave unread before it is ended; a snapshot of 500 offers fits. */
  streamBacklogBytes: 1_000_000,
  /** Between two comments on a quiet stream: proxies cut what is silent for a minute, some for half of one. */
  streamHeartbeatMs: 15_000,
  /** How long a stream's reader waits before it comes again, at least; up to twice that, so that they do not come together. */
  streamRetryMs: 1_000,
  /** Relays of a viewer's region that are tried before the viewer is told to come back. */
  relaysTried: 3,
  /** Relays called at once by one request; the platform opens six connections at a time. */
  relaysCalledAtOnce: 6,
  /** Texts for cursors to catch up from that a relay keeps between two frames. */
  catchUpsKept: 64,
  /** A cursor this many events behind gets a snapshot instead of the changes since. */
  frameTailEvents: 10_000,
  /** One message from a viewer's socket: a reservation of twenty tokens fits. */
  socketMessageBytes: 65_536,
  /** Messages a socket may send in the window; a person taps a few times a second. */
  socketMessagesPerWindow: 100,
  socketWindowMs: 10_000,
  /** Invalid messages after which a socket is closed. */
  socketFaults: 5,
  /** Taps of one relay waiting for the session; past this the answer is `overloaded`. */
  tapsWaiting: 5_000,
  /** Of these, taps of one viewer: some tabs and an impatient thumb, and room for everybody else. */
  tapsWaitingPerViewer: 10,
  /** A tap that would wait longer is told at once when to come back: nobody looks at a spinner for longer. */
  tapWaitMs: 2_000,
  /**
   * Taps a relay takes in a second for long: the documented pace of one object. With verifying, the session and the
   * answer a tap takes about 270 µs of a thread, so that frames and neighbours keep most of it.
   */
  tapsPerRelaySecond: 1_000,
  /** Taps a relay takes at once after a lull: each of its viewers may tap the moment a drop opens. */
  tapsPerRelayBurst: 5_000,
  /** When an overloaded client should come back, at the least: a second lets a burst of full batches pass. */
  overloadRetryMs: 1_000,
  /** And at the most: by then it is known whether there is anything left. */
  overloadRetryMaxMs: 10_000,
  /** Single commands waiting in a session for its next turn, at 1.5 KB or so each: more than come in while it works. */
  commandsWaiting: 10_000,
  /** Spent tokens that relays and the edge are told of when something sells out, at four bytes each: an hour's orders. */
  spentTokensTold: 20_000,
  /** How long a relay goes by what it was told of a sold-out offer: should a push be lost, it is this far behind at most. */
  soldOutTrustMs: 10_000,
  /** Between two questions of a relay for what is sold out: hundreds of relays ask the one session. */
  scarcityAskMs: 1_000,
  /** Clocks of Cloudflare's machines differ by milliseconds; where a deadline must not be missed, this much is kept off. */
  clocksApartMs: 50,
  /** Taps that a relay refused by itself and remembers, so that the same id gets the same answer: 2 MB. */
  refusalsRemembered: 5_000,
  /** How long a tap over a socket, and those behind it, wait for the word whether its payment method is known. */
  paymentMethodAskMs: 100,
  /** Payment methods that a relay remembers the provider to know, or not to. */
  paymentMethodsRemembered: 1_000,
  /** Sockets of one relay; below the platform's 32,768 so that a frame goes out within a tick. */
  socketsPerRelay: 5_000,
  /** Of these, sockets without a viewer token: who watches without a name leaves room for those who buy. */
  anonymousSocketsPerRelay: 4_000,
  /** Sockets of one viewer on a relay, and event streams: a few tabs and devices. */
  socketsPerViewer: 10,
  /** Relays of one session's region: 640,000 viewers as meant, a million at the most. */
  relaysPerRegion: 256,

  /** A JSON request. */
  bodyBytes: 262_144,
  /** A catalogue import: tens of thousands of rows. */
  catalogBytes: 20_000_000,
  catalogRows: 50_000,
  /** Rows written to D1 in one statement's JSON parameter: a bound value may have 2 MB. */
  catalogRowsPerStatement: 500,
  /** Products read from D1 at once to merge an import with; each may have `productBytes`, so 50 MB at most. */
  catalogMergedAtOnce: 50,
  /** A product as JSON: 2,048 variants with long values. Below a row's 2 MB, since its index and its answer need room. */
  productBytes: 1_000_000,
  /** Each text of a fault: a thousand of them stay below the 2 MB of a stored answer. */
  faultChars: 300,
  /** Faulty rows reported by one import. */
  catalogFaults: 1_000,
  /** Shopify's own limits on what a product may have: https://help.shopify.com/en/manual/products/variants */
  variantsPerProduct: 2_048,
  optionsPerProduct: 3,
  imagesPerProduct: 250,
  tagsPerProduct: 250,
  tagChars: 255,
  handleChars: 255,
  /** The longest codes in print, GS1's, have 48 digits. */
  barcodeChars: 64,
  /** Text a person wrote: titles, descriptions. */
  titleChars: 300,
  descriptionChars: 65_536,
  skuChars: 128,
  urlChars: 2_048,
  /** Page sizes of lists. */
  pageDefault: 50,
  pageMax: 500,
  /** Text of one page of products; a page that would have more is shorter than asked for. */
  pageChars: 4_000_000,

  /** An older webhook may be a replay: five minutes, as the libraries of Standard Webhooks have it. */
  webhookAgeMs: 300_000,
  /** Stripe keeps idempotency keys for 24 hours at least; what was asked longer ago than this is looked for first. */
  stripeKeyMs: 23 * 3_600_000,
  /** One call to Stripe, whose own limit is about as long; nobody waits for it but crons and queues. */
  stripeCallMs: 30_000,
  /** The most that Stripe lists on a page. */
  stripePage: 100,
  /** The longest that a queue delays a message. */
  queueDelayMaxMs: 12 * 3_600_000,
  /** When a "later" payment of the sandbox settles, unless its method says. */
  sandboxLaterMs: 2_000,
  /** When the sandbox's banks decide a dispute, carry a payout out, send one or a refund back: soon enough to watch. */
  sandboxBankMs: 2_000,
  /** How long the sandbox waits for a buyer to answer their bank: as long as the longest hold. */
  sandboxChallengeMs: 900_000,
  /** How long a link to the sandbox's onboarding page holds: time to fill in a form, and too short to keep. */
  sandboxOnboardingMs: 3_600_000,
  /** Lines of the sandbox's books read at a time. */
  sandboxLinesPerPage: 500,
  /** How long a tap waits for the payment provider before it is answered with an order still open. */
  paymentWaitMs: 8_000,
  /** After the wait the session must still be told; an answer then takes this much longer at most. */
  paymentGraceMs: 500,
  /** An order without word from the provider counts as in flight this long: a Worker may outlive its answer by 30 s. */
  paymentInFlightMs: 30_000,
  /** An order still open after this, twice the wait of a tap, is looked up at the provider by the repairing cron. */
  orderRepairAfterMs: 15_000,
  /** An order the provider knows nothing of after this is cancelled. */
  orderAbandonedMs: 15 * 60_000,
  /** A payment the provider has not decided on after this is given back: its hold ended long ago. */
  orderPendingMs: 24 * 3_600_000,
  /** An order the repairing cron could not finish rests this long, then twice as long, up to the maximum: others get their turn. */
  orderRestMs: 60_000,
  orderRestMaxMs: 3_600_000,
  /** Orders repaired in one cron run: a minute's work at a provider's usual pace. */
  ordersPerRepair: 200,

  /** Tiers of a creator's rate: a ladder that a person reads. */
  tiersPerContract: 20,
  /** A creator's fixed part of one unit, in minor units: times `dryRunUnits` it stays an exact integer. */
  perUnitAmount: 100_000_000_000,
  /** Zones that a contract may name: the cells of a country. */
  zonesPerContract: 100,
  /** SKUs that a contract may name, each up to `skuChars`; more are all of them. Each session of it has a copy. */
  skusPerContract: 500,
  /** Versions of a contract: a change a week for years. All are read at once, at 70 KB at most each. */
  versionsPerContract: 200,
  /** Contracts, or versions, of one page: 7 MB with the longest lists. */
  contractsPerPage: 100,
  /** Attempts at a version whose number others took meanwhile. */
  versionAttempts: 5,
  /** Longest notice before a cut takes effect: a year, after which a lock is the word. */
  cutNoticeMaxMs: 366 * 86_400_000,
  /** Longest that a part of a sale is kept back: card schemes let a buyer dispute for up to 540 days. */
  reserveHeldMaxMs: 540 * 86_400_000,
  /** Units of a dry run: as many as one reservation can have. */
  dryRunUnits: 20_000,

  /** A provider forgets ids of calls after 24 hours (Stripe); an hour less, for clocks and calls under way. */
  providerKeyMs: 23 * 3_600_000,
  /** Wait before a provider is asked again, doubled up to the maximum: longer than a call, so that one is over by then. */
  providerRetryMs: 60_000,
  providerRetryMaxMs: 6 * 3_600_000,
  /** A transfer that the provider refused is tried anew after this, doubled up to a day: balances fill, people mend accounts. */
  movementRenewMs: 3_600_000,
  movementRenewMaxMs: 24 * 3_600_000,
  /** Rows of each kind that one step takes to the provider: each costs some queries, and D1 answers 1,000 an invocation. */
  movementsPerRun: 100,
  /** Times a step is repeated at once because there was more to do; the next minute goes on. */
  roundsPerStep: 50,
  /** An account that is not enabled is looked at this often, should the provider's word about it be lost. */
  accountLookMs: 15 * 60_000,
  /** Waiting transfers that one cron run brings up to date, in one statement. */
  movementsSwept: 5_000,
  /** A payout that is with the bank is asked after this often; banks decide in days. */
  payoutLookMs: 6 * 3_600_000,
  /** A payout can come back this long after it was done. */
  payoutReturnMs: 10 * 86_400_000,

  /** Currencies with a payout minimum of their own: more than any party sells in. */
  payoutMinimums: 50,
  /** Attempts at a payout whose balance moved meanwhile. */
  payoutAttempts: 3,
  /** Entries on a party's four accounts that one transaction makes at most: a dispute lost makes three. */
  entriesPerLine: 4,
  /** Of these, entries on one account: a netting, and a sale of which a part is kept back, make two. */
  entriesPerLineAndAccount: 2,
  /** A party's money is summed up by days: a statement of ten years reads some thousands of sums. */
  ledgerDayMs: 86_400_000,
  /** Rows that one page of a list looks through for those wanted: then it is shorter, and the next goes on. */
  rowsSearched: 1_000,
  /** Lines of a statement read at a time for a CSV. */
  statementLinesRead: 1_000,
  /** Rows of a list read at a time for a CSV: an order of 20 offers has some 10 KB. */
  listRowsRead: 1_000,
  /** Journal events that one trace looks through; an order's own lie seconds apart, of which a rush has thousands. */
  traceEvents: 10_000,
  /** Refunds whose events one trace looks up, each with a call of its own. */
  refundsTraced: 50,
  /** Payouts shown with the trace of an order: those that came back, and the one of each party that did not. */
  payoutsTraced: 50,

  /** The provider's books are read again from this long before where they were known: lines may come late. */
  reconcileOverlapMs: 3_600_000,
  /** What differs for less than this may just be late: an event on its way, a line not booked yet. */
  reconcileGraceMs: 15 * 60_000,
  /** Lines of the provider's books read in one run, or little more: fifty pages of Stripe's. */
  reconcileLinesPerRun: 5_000,
  /** Ledger entries that one statement sums up. */
  reconcileEntriesPerRun: 20_000,
  /** Items that differ which one run examines, those not seen for longest first. */
  reconcileItemsPerRun: 200,
  /** Payouts, disputes and failed movements that one run looks up, each with some queries and maybe a call. */
  reconcileWatchesPerRun: 100,
  /** Lines of the provider's books shown with one finding. */
  linesPerFinding: 20,
  /** Runs asked for by hand in a window: each asks the provider. */
  reconciliationsPerWindow: 20,

  /** A dead letter's body; a queue's message has no more than 128 KB. */
  deadLetterBytes: 130_000,
  /** What a dead letter says it is about. */
  deadLetterAboutChars: 300,
  /** Dead letters are kept this long: weeks in which somebody mends what stopped them. */
  deadLetterKeptMs: 90 * 86_400_000,
  /** Old dead letters removed in one cron run. */
  deadLetterSweepRows: 10_000,

  /** Answers to `Idempotency-Key`s that D1 decides are kept this long: a client that retries does so within a day. */
  idempotencyKeptMs: 86_400_000,
  /** A key claimed this long ago without an answer is free again: the Worker that had it is gone. */
  idempotencyInFlightMs: 60_000,
  /** Old keys removed in one cron run: one statement that D1 finishes well within its 30 s. */
  idempotencySweepRows: 10_000,
  /** Before it refuses by a picture, the edge asks the session afresh, at most this often an isolate and session. */
  pictureRecheckMs: 100,
  /** A request that fetches a picture is waited for this long by others that need it; then one of them goes as well. */
  pictureFetchMs: 250,
  /** Who has waited this long for others to fetch a picture is told to come back. */
  picturePatienceMs: 5_000,
  /** A picture of an ended or cancelled session is kept this long: nothing in it can be bought, or opened again. */
  pictureOverMs: 10_000,
  /** Polls of a session while it is live: as soon again as its picture may be a new one, and a tap's time besides. */
  pollLiveMs: 2_000,
  /** Polls a second of a session's whole audience, from which on each waits longer: a Worker's request costs money. */
  pollsPerSecond: 5_000,
  /** However many poll, each sees a change after this long at most: a drop is over within minutes. */
  pollLiveMostMs: 10_000,
  /** Polls of a session that is not about to start: often enough to see that its time was changed. */
  pollAwayMs: 60_000,
  /** Sessions whose picture one isolate keeps: a few KB each, in 128 MB. */
  picturesInMemory: 500,
  /** Window of the edge's rate limits; fixed windows, so that counting costs one number a key. */
  rateWindowMs: 10_000,
  /** Offer tokens one viewer may have made in a window: some for every offer on a card, and again as prices change. */
  tokensPerWindow: 120,
  /** Taps of one viewer in a window, over sockets and HTTP together; as wide as `socketMessagesPerWindow`, and retries fit in. */
  tapsPerWindow: 120,
  /** Viewers made for one address in a window: an arena behind one NAT, but no endless supply of limits to use up. */
  viewersPerWindow: 1_000,
  /** Reads of one viewer or host in a window that only the session itself can answer: it has taps to decide. */
  readsPerWindow: 300,
  /** Looks of one viewer in a window at all they have in a session, which looks through all that everybody has: half a ms. */
  purchaseReadsPerWindow: 30,
  /** Replays of one session's journal in a window: each costs as much as the journal is long. */
  checksPerWindow: 5,
  /** Pages of transactions, transfers or disputes in a window for one client: each may look through `rowsSearched`. */
  searchesPerWindow: 200,
  /** Traces in a window for one client: each may have the session read `traceEvents` events. */
  tracesPerWindow: 60,
  /** Statements in a window for one client: a page of one has up to a day's entries summed, a CSV has every line. */
  statementsPerWindow: 20,
  /** Checks of the books in a window, whoever asks: each costs as much as the ledger is long. */
  booksChecksPerWindow: 20,
  /** Payouts asked for by one client in a window: each asks the provider. */
  payoutsPerWindow: 20,
  /** Sockets one viewer may open in a window: some screens, and a network that comes and goes. */
  socketsPerWindow: 60,
  /** Keys a limiter counts in an isolate; past this the oldest are forgotten, never is anybody refused for it. */
  rateKeys: 20_000,
  /** A client's own `X-Request-Id`. */
  requestIdChars: 128,
  /** Payloads of one page of an audit: far below the 32 MiB of one answer of an object. */
  auditPayloadChars: 4_000_000,

  /** A drop is made ready this long before it opens: four runs of the cron may be missed, and objects kept awake cost. */
  warmupLeadMs: 5 * 60_000,
  /** What was made ready stays so this long after the opening; a drop that opened within it is still made ready. */
  warmupHoldMs: 5 * 60_000,
  /** An idle object is put away after 70 seconds or more; what is to stay is called, or finds something to do, sooner. */
  stayAwakeMs: 30_000,
  /** Sessions looked at in one cron run for what opens. */
  warmupsPerRun: 200,
  /** Relays called in one cron run, to be made ready; a session more is begun only below it. A Worker may make 10,000 calls. */
  relaysWarmedPerRun: 2_000,
  /** Offers whose images are fetched ahead: more than a screen shows. */
  mediaPerWarmup: 50,
  /** After the last of a session that is over: holds have run out, answers are past use, its host has looked. */
  coolAfterMs: 3_600_000,
  /** Sessions let go in one cron run, one after another. */
  coolsPerRun: 20,
  /** Payloads of a part of a journal in the lake: it is in memory some three times while it is hashed and written. */
  archivePartChars: 8_000_000,
  /** An offer's image: what a phone shows is under 1 MB, what a careless upload has is not. */
  imageBytes: 5_000_000,
  /** An image that its server does not give in this time is not shown. */
  imageFetchMs: 5_000,
  /** Redirects followed to an image. */
  imageRedirects: 3,
  /** An image is kept this long by its address in a data centre's cache; a changed image has a changed address, mostly. */
  imageKeptMs: 6 * 3_600_000,
  /** A page may show an offer's image this long without asking: the offer may get another one. */
  imageShownMs: 300_000,
  /** An image that was not to be had is asked for again after this. */
  imageRetryMs: 30_000,

  /** Shortest and longest time before an order in which a touch may count for it: a minute to a month, as the trade has it. */
  attributionWindowMinMs: 60_000,
  attributionWindowMaxMs: 30 * 86_400_000,
  /** Click tokens with one order: the address's, the cookie's, and a few that a page has kept; each is verified. */
  clicksPerOrder: 5,
  /** Links of a creator for one seller, or for all, archived ones included: one for every video of some years; each is a key in KV. */
  linksPerCreator: 5_000,
  /** Each of a link's UTM fields: analytics tools cut longer ones. */
  utmChars: 100,
  /** Attempts at a random code that nobody has: of 32^7 codes a second one is rarely needed. */
  linkCodeAttempts: 5,
  /** Links, and codes of nobody, that one isolate remembers, at up to 7 KB each. */
  linksRemembered: 2_000,
  /** A redirect goes by what the isolate remembers this long: an archived link leads on for as long, and KV's minute. */
  linkRememberedMs: 5_000,
  /** Clicks counted of one address in a window, as many as viewers; whoever clicks more is redirected all the same. */
  clicksPerWindow: 1_000,
  /** Codes of nobody that one address may ask for in a window: mistyped and worn ones of a crowd, not a search for codes. */
  unknownCodesPerWindow: 100,
  /** Ids of counted clicks are kept this long, against repeats: queues keep messages for 14 days at the most. */
  clickKeptMs: 31 * 86_400_000,
  /** Old clicks removed in one cron run; with a minute between them that is 14 million a day. */
  clickSweepRows: 10_000,

  /**
   * Random characters of a sign-in's code, of five bits each: easily read out, and of 2^60 none is guessed in the ten minutes
   * that a code holds, however many addresses try.
   */
  signInCodeChars: 12,
  /** Lifetime of a code: to change to another device, or to send it to a moderator who is waiting. */
  signInCodeMs: 10 * 60_000,
  /** Lifetime of a sign-in: one broadcast with its run-up, as of a viewer token. */
  signInMs: 12 * 3_600_000,
  /** Sign-ins and open codes of one API key: a team with some devices each, and no endless rows. */
  signInsPerKey: 500,
  /** Sign-ins that one seller or creator may make in a window. */
  signInsPerWindow: 30,
  /** Codes that one address may try in a window: an office behind one NAT, mistypings included. */
  redemptionsPerWindow: 30,
  /** Old sign-ins removed in one cron run. */
  signInSweepRows: 10_000,

  /** Sales are summed by hours: days of any time zone with whole hours can be made of them. */
  reportHourMs: 3_600_000,
  /** Orders, offers or sales in one statement of a report's writer: at 1.3 KB for an order of 20 offers, below `rowBytes`. */
  reportedRowsPerWrite: 1_000,
  /** A report of sales that names no period is of so many days, today included. */
  reportDefaultDays: 30,
  /** The longest period of a report of sales: a year beside the same time of the year before it. */
  reportDaysMax: 400,
  /** By the hour: a quarter, which is more hours than a chart has pixels. */
  reportDaysByHourMax: 92,
  /** Rows of a report read for a CSV at once, at some 300 bytes each. */
  reportRowsRead: 5_000,
  /** Reports in a window for one client: each sums up all that was sold in its period; and lists as CSV, of all their rows. */
  reportsPerWindow: 100,

  /** Recent buys that screens are told of, in each frame that has any: at ten frames a second more than anybody can read. */
  recentBuys: 5,
  /** The first name that a buyer is shown as: what is longer is no first name, and no chip on a video. */
  shownAsChars: 24,
} as const;

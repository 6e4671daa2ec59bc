/**
 * What the pieces of this product take, measured on it: rows, messages and CPU for one of something. Used where no
 * object can count, and to estimate a session that is yet to be. Pure constants.
 */

/** When they were measured. */
export const RATES_AS_OF = "2026-11-22";

export const RATES = {
  /** Rows that a batch writes to D1, and reads, however many events it has: cursors, and what is summed up of sales and money, with their indexes. */
  d1RowsPerBatch: 9,
  d1ReadsPerBatch: 18,
  /** Rows for one event of an order that is captured: the order, and the ledger with its splits, index entries included. */
  settlementRowsPerOrderEvent: 17,
  settlementReadsPerOrderEvent: 15,
  reportingRowsPerOrderEvent: 1,
  /** Rows written for a block: itself, and now and then a cursor or a part of a snapshot. */
  rowsPerBlock: 1.3,
  /** Of an order that goes well: placed, authorized, captured. */
  eventsPerOrder: 3,
  /** The part itself, and the manifest after it. */
  putsPerArchivedPart: 2,
  /** Journal text of one event. */
  bytesPerEvent: 400,
  /** CPU of a Worker request that verifies a token and calls an object, what the object does included. */
  requestCpuMs: 1,

  // Supposed, not measured: what people do, where they are, and what the platform makes of it.
  /** CPU of a poll that is answered by 304 from an isolate's memory. */
  pollCpuMs: 0.2,
  /** CPU of one batch that a queue's reader applies to D1. */
  consumerCpuMs: 5,
  /** Messages that a queue's reader gets at once in a rush: it takes 50 or what came within a second. */
  messagesPerBatch: 10,
  /** Events in a queue message that is full. */
  eventsPerMessage: 200,
  /** From a relay to the session and back, between regions. */
  roundTripSeconds: 0.1,
  /** Times that a viewer loads the page in one session. */
  opensPerViewer: 1.2,
  /** Sockets that a viewer opens in one session: networks come and go. */
  socketsPerViewer: 1.5,
  /** Between two pings of a page that is shown. */
  pingSeconds: 60,
  /** Share of the seconds in which the number of a relay's viewers changes. */
  presenceShare: 0.5,
  /** Data centres of a region whose viewers are enough to ask all the time. */
  dataCentresPerRegion: 10,
  /** Reservations that are paid for. */
  ordersPerReservation: 0.9,
} as const;

// One viewer of a rehearsal: watches by socket, taps when the drop opens, and behaves as badly as its nature says.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import type { Answer, Api, Problem } from "./api.ts";
import type { Counts, Latencies } from "./figures.ts";

/** What a viewer does besides buying. */
export type Nature = "patient" | "drops_out" | "declines" | "retries" | "taps_twice" | "is_cut";

export interface Stage {
  api: Api;
  session: string;
  offer: string;
  latency: { token: Latencies; reserve: Latencies; order: Latencies };
  outcomes: Counts;
}

interface Order {
  id: string;
  status: string;
}

interface Reserved {
  reservation: { id: string };
}

/** A message the server sent; only what the rehearsal looks at. */
interface Message {
  type: string;
  id?: string | null;
  picture?: { cursor: number; offers: Record<string, OfferSeen> };
  change?: { after: number; cursor: number; offers: Record<string, OfferSeen> };
  result?: Reserved | Order;
  problem?: Problem;
}

interface OfferSeen {
  status: string;
  available: Record<string, number>;
}

const ANSWER_MS = 30_000;

export class Viewer {
  readonly #stage: Stage;
  readonly nature: Nature;
  readonly #taps = new Map<string, (message: Message) => void>();
  #token = "";
  #socket: WebSocket | undefined;
  #cursor: number | undefined;
  #offers: Record<string, OfferSeen> = {};
  #onOpen: (() => void) | undefined;
  /** When each cursor was reached, in epoch milliseconds. */
  readonly seen: { cursor: number; atMs: number }[] = [];
  /** Frames that did not build on the one before. */
  gaps = 0;
  /** What this viewer was told: orders and reservations acknowledged. */
  readonly acknowledged: { orders: Set<string>; reservations: Set<string> } = {
    orders: new Set(),
    reservations: new Set(),
  };

  constructor(stage: Stage, nature: Nature) {
    this.#stage = stage;
    this.nature = nature;
  }

  get cursor(): number | undefined {
    return this.#cursor;
  }

  /** Stock of the offer as this viewer's screen shows it. */
  get stockShown(): Record<string, number> | undefined {
    return this.#offers[this.#stage.offer]?.available;
  }

  async arrive(): Promise<void> {
    const { api } = this.#stage;
    this.#token = (await api.post<{ token: string }>("/v1/viewers", undefined)).token;
    await this.connect();
  }

  /** Connects, or connects again from the cursor reached. */
  async connect(): Promise<void> {
    const { api, session } = this.#stage;
    const after = this.#cursor === undefined ? "" : `?after=${this.#cursor}`;
    const url = `${api.url.replace("http", "ws")}/v1/sessions/${session}/live${after}`;
    const socket = new WebSocket(url, ["dropcast.v1", `dropcast.bearer.${this.#token}`]);
    this.#socket = socket;
    socket.on("message", (data) => this.#read(JSON.parse((data as Buffer).toString()) as Message));
    socket.on("error", () => undefined);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("close", () => reject(new Error("the socket closed before it opened")));
    });
  }

  leave(): void {
    this.#socket?.close(1000);
  }

  /** Waits for the frame that opens the offer, then buys in the viewer's own way. */
  async race(oneTap: boolean, bySocket: boolean): Promise<void> {
    await this.#offerOpen();
    try {
      if (this.nature === "is_cut") await this.#cutAndBack();
      const outcome = oneTap ? await this.#buy(bySocket) : await this.#reserveAndOrder(bySocket);
      this.#stage.outcomes.add(outcome);
    } catch (error) {
      this.#stage.outcomes.add(`failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #read(message: Message): void {
    if (message.type === "snapshot" && message.picture) {
      this.#offers = message.picture.offers;
      this.#reach(message.picture.cursor);
    } else if (message.type === "frame" && message.change) {
      if (message.change.after !== this.#cursor) this.gaps += 1;
      Object.assign(this.#offers, message.change.offers);
      this.#reach(message.change.cursor);
    } else if (message.id) {
      this.#taps.get(message.id)?.(message);
    }
    if (this.#offers[this.#stage.offer]?.status === "open") this.#onOpen?.();
  }

  #reach(cursor: number): void {
    this.#cursor = cursor;
    this.seen.push({ cursor, atMs: Date.now() });
  }

  async #offerOpen(): Promise<void> {
    if (this.#offers[this.#stage.offer]?.status === "open") return;
    await new Promise<void>((resolve) => (this.#onOpen = resolve));
  }

  async #cutAndBack(): Promise<void> {
    // What the cut socket still has in its buffers is lost, as it is for a phone in a tunnel.
    this.#socket?.removeAllListeners("message");
    this.#socket?.terminate();
    await sleep(Math.random() * 200);
    await this.connect();
  }

  async #offerToken(): Promise<{ token: string } | Problem> {
    const { api, session, offer, latency } = this.#stage;
    const path = `/v1/sessions/${session}/offers/${offer}/tokens`;
    const answer = await api.call<{ token: string }>(path, { method: "POST", bearer: this.#token, body: {} });
    latency.token.add(answer.ms);
    return answer.ok ? answer.body : answer.problem;
  }

  async #buy(bySocket: boolean): Promise<string> {
    const token = await this.#offerToken();
    if ("code" in token) return `refused: ${token.code}`;
    const body = { items: [{ token: token.token }], paymentMethod: this.#method() };
    return this.#order(body, bySocket);
  }

  async #reserveAndOrder(bySocket: boolean): Promise<string> {
    const token = await this.#offerToken();
    if ("code" in token) return `refused: ${token.code}`;
    const body = { items: [{ token: token.token }] };
    const answer = await this.#send<Reserved>(
      "reserve",
      "reservations",
      body,
      bySocket,
      this.#stage.latency.reserve,
    );
    if (!answer.ok) return `refused: ${answer.problem.code}`;
    const { id } = answer.body.reservation;
    this.acknowledged.reservations.add(id);
    if (this.nature === "drops_out") return "dropped out";
    return this.#order({ reservation: id, paymentMethod: this.#method() }, bySocket);
  }

  async #order(body: unknown, bySocket: boolean): Promise<string> {
    const { latency } = this.#stage;
    const answer = await this.#send<Order>("order", "orders", body, bySocket, latency.order);
    if (!answer.ok) return `refused: ${answer.problem.code}`;
    const { id } = answer.body;
    this.acknowledged.orders.add(id);
    return this.#outcomeOf(id);
  }

  /** Asks for the order until it is settled. */
  async #outcomeOf(id: string): Promise<string> {
    const { api } = this.#stage;
    const until = Date.now() + ANSWER_MS;
    while (Date.now() < until) {
      const order = await api.must<Order & { failure?: string }>(`/v1/orders/${id}`, { bearer: this.#token });
      if (order.status === "captured") return "bought";
      if (order.status === "failed") return `payment failed: ${order.failure ?? "?"}`;
      if (order.status === "cancelled") return "order cancelled";
      await sleep(100);
    }
    return "order still open";
  }

  /** Sends a tap by socket or HTTP. Who retries or taps twice does so under the same id, and must get one answer. */
  async #send<T>(
    type: string,
    path: string,
    body: unknown,
    bySocket: boolean,
    latency: Latencies,
  ): Promise<Answer<T>> {
    const key = randomUUID();
    const once = (): Promise<Answer<T>> =>
      bySocket ? this.#bySocket<T>(type, key, body) : this.#byHttp<T>(path, key, body);
    const taps = this.nature === "taps_twice" ? [once(), once()] : [once()];
    const answers = (await Promise.all(taps)).filter(settled);
    const answer = answers.find(isOfRecord) ?? answers[0] ?? (await once());
    latency.add(answer.ms);
    const again = this.nature === "retries" ? [await once()].filter(settled) : [];
    // What was sold out may be back on sale.
    if (!isOfRecord(answer)) return again[0] ?? answer;
    for (const other of [...answers.filter(isOfRecord), ...again]) {
      if (idOf(other) !== idOf(answer)) throw new Error("a repeated tap got another answer");
    }
    return answer;
  }

  #byHttp<T>(path: string, key: string, body: unknown): Promise<Answer<T>> {
    const { api, session } = this.#stage;
    return api.call<T>(`/v1/sessions/${session}/${path}`, { method: "POST", bearer: this.#token, key, body });
  }

  async #bySocket<T>(type: string, id: string, body: unknown): Promise<Answer<T>> {
    const startedAt = performance.now();
    const message = await new Promise<Message>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer on the socket")), ANSWER_MS);
      this.#taps.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#socket?.send(JSON.stringify({ type, id, ...(body as object) }));
    });
    const ms = performance.now() - startedAt;
    if (message.problem) return { ok: false, status: message.problem.status, problem: message.problem, ms };
    return { ok: true, status: 201, body: message.result as T, replayed: false, ms };
  }

  #method(): string {
    return this.nature === "declines" ? "sandbox_decline" : "sandbox_success";
  }
}

/** Of two taps at once one may be told that the other is under way. */
function settled<T>(answer: Answer<T>): boolean {
  return answer.ok || answer.problem.code !== "idempotency_in_flight";
}

/** A refusal of what is known to be sold out need not come from the record, and does not use up the tap's id. */
function isOfRecord<T>(answer: Answer<T>): boolean {
  return answer.ok || answer.problem.code !== "out_of_stock";
}

/** What an answer is about: its order, its reservation, or the code it was refused with. */
function idOf<T>(answer: Answer<T>): string {
  if (!answer.ok) return answer.problem.code;
  const body = answer.body as { id?: string; reservation?: { id: string } };
  return body.id ?? body.reservation?.id ?? "";
}

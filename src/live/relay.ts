/**
 * `Relay`: holds viewers' sockets and streams, many relays per session. Shows all of them the same frames, takes taps up
 * in batches, reports how many watch. As a hub it does the same for other relays. What it needs it asks its parent for:
 * on disk it has only what it must find again after it slept.
 */
import { DurableObject } from "cloudflare:workers";
import type { Envelope } from "../domain/commands.ts";
import type { Metered } from "../domain/cost/metered.ts";
import type { OrderId, SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { loadKeys, type KeyRing } from "../token/keys.ts";
import { CLOSE } from "../wire/live.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import { Awake } from "./awake.ts";
import { checkoutOf } from "./checkout.ts";
import type { TapOutcome } from "./client.ts";
import type { Push, RelayPort, Shown } from "./fanout.ts";
import { Hub } from "./hub.ts";
import { prefetch } from "./media.ts";
import { Meter, meteredKv } from "./meter.ts";
import { Paced } from "./paced.ts";
import { Parent, type Crowd, type ParentEnv } from "./parent.ts";
import { PaymentMethods } from "./payment-methods.ts";
import { partsOfRelay, relayAt } from "./placement.ts";
import { RelayPicture, type Subscription } from "./relay-picture.ts";
import { joiningOf, Screens } from "./screens.ts";
import { answerTap, errorText } from "./socket-taps.ts";
import { closedAtOnce, send } from "./sockets.ts";
import { TapBatcher } from "./tap-batcher.ts";
import { TapDesk } from "./tap-desk.ts";
import { Ticker } from "./ticker.ts";
import { Untold } from "./untold.ts";

/** The bindings the object needs. */
export interface RelayEnv extends ParentEnv {
  readonly TOKEN_KEYS: string;
}

/** Until when a warm-up wants the relay to have its picture, whoever watches. */
const WARM = "warmUntilMs";

export class Relay extends DurableObject<RelayEnv> {
  readonly #name: string;
  readonly #session: SessionId;
  readonly #meter = new Meter("relaysAwakeMs");
  readonly #parent: Parent;
  readonly #screens: Screens;
  readonly #hub: Hub | undefined;
  readonly #desk: TapDesk;
  readonly #methods = new PaymentMethods((method) => checkoutOf(this.ctx).acceptsMethod(method));
  #ring: KeyRing | undefined;
  readonly #passing = new TapBatcher((batch) => this.#parent.execute(batch));
  readonly #presence = new Ticker(
    () => LIMITS.presenceTickMs,
    () => void this.#reportPresence(),
  );
  readonly #untold = new Untold(this.#meter, () => void this.#reportPresence());
  readonly #news = new Paced(LIMITS.cursorAskMs, () => this.#askForNews());
  #picture: RelayPicture | undefined;
  #subscribing: Promise<boolean> | undefined;
  /** Upgrades on their way: a push that comes meanwhile is not for nobody. */
  #joining = 0;
  #warmUntilMs: number;
  readonly #awake = new Awake();
  #heardAtMs = 0;
  #isAlarmSet = false;
  /** The session is over: nobody is told of those who leave now. */
  #isCool = false;

  constructor(ctx: DurableObjectState, env: RelayEnv) {
    super(ctx, env);
    this.#name = ctx.id.name ?? "";
    const { session, isHub } = partsOfRelay(this.#name);
    this.#session = session;
    this.#parent = new Parent(env, this.#name, this.#meter);
    this.#screens = new Screens({
      ctx,
      session,
      meter: this.#meter,
      picture: () => this.#picture,
      left: () => this.#left(),
    });
    this.#warmUntilMs = ctx.storage.kv.get<number>(WARM) ?? 0;
    this.#desk = new TapDesk({
      relay: this.#name.slice(session.length + 1),
      send: (batch) => this.#parent.execute(batch),
      scarcity: () => this.#parent.session.scarcity(),
      known: () => this.#picture,
      meter: this.#meter,
    });
    if (!isHub) return;
    this.#hub = new Hub({
      kv: meteredKv(ctx.storage.kv, this.#meter, "fanout"),
      picture: () => this.#picture,
      relay: (name) => this.#relay(name),
      relayed: (counts) => this.#relayed(counts),
      lost: (name) => ctx.waitUntil(this.#parent.session.lost(name).catch(() => undefined)),
    });
  }

  /** A viewer's tap that came by HTTP; goes the way of those from sockets. */
  async tap(viewer: ViewerId, envelope: Envelope): Promise<TapOutcome> {
    const nowMs = Date.now();
    this.#meter.call("taps", nowMs);
    this.#meter.add("httpTaps", 1);
    const admitted = this.#desk.admit(viewer, nowMs);
    const outcome = "overloaded" in admitted ? admitted : await admitted.take(envelope);
    this.#untold.noted();
    return outcome;
  }

  /** From the parent: what changed. Answers where it is now; undefined when nobody watches. */
  async push(push: Push): Promise<Shown | undefined> {
    this.#heard("fanout");
    if (!this.#isWanted) {
      this.#forget();
      return undefined;
    }
    if (!this.#picture?.take(push)) {
      if (!(await this.#subscribe())) return undefined;
      // The picture may be older than this change, if it was asked for before.
      this.#picture?.take(push);
    }
    this.#screens.show();
    this.#hub?.passOn(push.notices);
    for (const notice of push.notices) this.#screens.notify(notice);
    const relayed = this.#meter.takeDue(Date.now());
    return { cursor: this.#picture?.knownCursor ?? 0, ...this.#crowd, relayed };
  }

  /** The upgrade, or the stream, passed on by the edge with the viewer it has verified. */
  override async fetch(request: Request): Promise<Response> {
    this.#meter.call("sockets", Date.now());
    const joining = joiningOf(request);
    const turnedAway = this.#screens.turnedAway(joining);
    if (turnedAway) return turnedAway;
    if (!(await this.#joined(joining.cursor))) {
      return joining.isUpgrade
        ? closedAtOnce(CLOSE.unknown, "no such session", request)
        : new Response(null, { status: 404 });
    }
    const answer = this.#screens.join(joining);
    this.#presence.request();
    this.#lookLater();
    return answer;
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const nowMs = Date.now();
    this.#meter.touch(nowMs);
    this.#meter.add("messages", 1);
    const { sockets } = this.#screens;
    const seat = sockets.seatOf(socket);
    if (!seat) return;
    sockets.heard(seat, nowMs);
    const verdict = seat.guard.check(message, nowMs);
    if (!verdict.pass || typeof message !== "string") {
      const code = verdict.pass ? "frame_binary" : verdict.problem;
      send(socket, errorText(null, code));
      if (!verdict.pass && verdict.close !== undefined) sockets.close(socket, verdict.close, code);
      return;
    }
    const { text, fault } = await answerTap(message, {
      session: this.#session,
      viewer: seat.viewer,
      expiresAtMs: seat.expiresAtMs,
      nowMs,
      keys: () => this.#ring ?? this.#loadKeys(),
      admit: (viewer) => this.#desk.admit(viewer, nowMs),
      acceptsMethod: (method) => this.#methods.accepts(method),
      settle: (order) => this.#settle(order),
    });
    send(socket, text);
    this.#meter.add("framesOut", 1);
    this.#untold.noted();
    if (fault && seat.guard.fault()) {
      sockets.close(socket, CLOSE.faults, "too many messages that were not valid");
    }
  }

  override webSocketClose(socket: WebSocket): void {
    // The runtime does not answer for sockets that hibernate: who leaves would wait ten seconds for it.
    socket.close();
    this.#screens.sockets.gone(socket);
    this.#left();
  }

  override webSocketError(socket: WebSocket): void {
    this.#screens.sockets.gone(socket);
    this.#left();
  }

  /** Nothing may have been pushed for long because nothing happened, or because the parent has forgotten this relay. */
  override async alarm(): Promise<void> {
    this.#isAlarmSet = false;
    this.#meter.call("timers", Date.now());
    if (this.#crowd.screens === 0) return;
    try {
      if (Date.now() - this.#heardAtMs >= LIMITS.relaySilenceMs) await this.#look();
    } catch (error) {
      // The platform tries a failed alarm a few times, then forgets it; this one looks again as long as somebody watches.
      logLine({ event: "relay_not_subscribed", relay: this.#name, ...errorFacts(error) });
    }
    this.#lookLater();
  }

  /** From here on, until `untilMs`, the relay has its picture and is told of changes, whoever watches. False for no such session. */
  async warm(untilMs: number): Promise<boolean> {
    this.#heard("warmup");
    this.#warmUntilMs = untilMs;
    this.#awake.until(untilMs);
    this.#meter.warm(untilMs, Date.now());
    this.ctx.storage.kv.put(WARM, untilMs);
    this.#meter.tally("rowsWritten", "warmup", 1);
    return this.#joined(undefined);
  }

  /** Fetches images into the cache of the data centre where this relay is; gives how many are there. */
  prefetch(addresses: readonly string[]): Promise<number> {
    this.#meter.call("warmup", Date.now());
    return prefetch(addresses, (work) => this.ctx.waitUntil(work));
  }

  /** Of a hub: the relays that it pushes to. */
  below(): string[] {
    this.#meter.call("cooldown", Date.now());
    return this.#hub?.fanout.relays ?? [];
  }

  /** The session is over: everybody is told so, and nothing is left, on disk or in memory. A hub forgets its relays. */
  async cool(): Promise<void> {
    this.#meter.call("cooldown", Date.now());
    this.#hub?.fanout.clear();
    this.#isCool = true;
    this.#screens.close(CLOSE.over, "the session is over");
    this.#presence.stop();
    this.#untold.stop();
    this.#warmUntilMs = 0;
    this.#awake.end();
    this.#meter.warm(0, Date.now());
    this.#picture = undefined;
    this.#isAlarmSet = false;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** For relays below a hub: what `LiveSession` answers to those right below it. Undefined for a session that does not exist. */
  async subscribe(
    relay: string,
    viewers: number,
    _lost?: string,
    screens?: number,
  ): Promise<Subscription | undefined> {
    this.#heard("fanout");
    if (!this.#hub || !(await this.#joined(undefined))) return undefined;
    const subscription = this.#hub.subscribe(relay, viewers, screens);
    this.#presence.request();
    this.#lookLater();
    return subscription;
  }

  unsubscribe(relay: string, relayed?: Metered): void {
    this.#below(relayed);
    this.#hub?.fanout.unsubscribe(relay);
    this.#presence.request();
  }

  presence(relay: string, viewers: number, relayed?: Metered, screens?: number): boolean {
    this.#below(relayed);
    const isKnown = this.#hub?.fanout.presence(relay, viewers, screens) ?? false;
    this.#presence.request();
    return isKnown;
  }

  /** Taps of a relay below: they join those of others on the way up, and keep their order. */
  execute(batch: readonly Envelope[], relayed?: Metered): Promise<TapOutcome[]> {
    this.#below(relayed);
    return this.#passing.pass(batch);
  }

  get #crowd(): Crowd {
    const { viewers = 0, screens = 0 } = this.#hub?.fanout ?? {};
    return { viewers: this.#screens.viewers + viewers, screens: this.#screens.size + screens };
  }

  get #isWanted(): boolean {
    const isParent = (this.#hub?.fanout.size ?? 0) > 0;
    return this.#screens.size > 0 || isParent || this.#joining > 0 || Date.now() < this.#warmUntilMs;
  }

  #heard(feature: "fanout" | "warmup"): void {
    this.#heardAtMs = Date.now();
    this.#meter.call(feature, this.#heardAtMs);
  }

  #below(relayed: Metered | undefined): void {
    this.#meter.call("fanout", Date.now());
    if (relayed) this.#relayed(relayed);
  }

  #relayed(counts: Metered): void {
    this.#meter.merge(counts);
    this.#untold.noted();
  }

  #left(): void {
    if (!this.#isCool) this.#presence.request();
  }

  /** Sees to it that there is a picture, and one that has `cursor` if the session does. False for no such session. */
  async #joined(cursor: number | undefined): Promise<boolean> {
    this.#joining += 1;
    this.#isCool = false;
    try {
      if (!this.#picture && !(await this.#subscribe())) return false;
      if (cursor !== undefined && cursor > (this.#picture?.knownCursor ?? 0)) await this.#news.answer();
      return true;
    } finally {
      this.#joining -= 1;
    }
  }

  async #askForNews(): Promise<void> {
    const known = this.#picture?.knownCursor ?? 0;
    const news = await this.#parent.session.since(known);
    if (news && this.#picture?.take(news)) this.#screens.show();
  }

  #settle(order: OrderId): void {
    this.ctx.waitUntil(checkoutOf(this.ctx).settle(this.#session, order));
  }

  async #loadKeys(): Promise<KeyRing> {
    return (this.#ring = await loadKeys(this.env.TOKEN_KEYS));
  }

  /** Asks for the picture and to be told of changes; one question however many ask. */
  #subscribe(): Promise<boolean> {
    this.#subscribing ??= this.#askForPicture().finally(() => (this.#subscribing = undefined));
    return this.#subscribing;
  }

  async #askForPicture(): Promise<boolean> {
    const subscription = await this.#parent.subscribe(this.#crowd);
    if (!subscription) return false;
    this.#heardAtMs = Date.now();
    const picture = new RelayPicture(subscription);
    const { viewers } = picture;
    // A push may have overtaken it, and a hub may be behind: what is known is never taken back.
    if (this.#picture)
      this.#picture.take({ change: picture.changeSince(this.#picture.knownCursor), viewers });
    else this.#picture = picture;
    this.#screens.show();
    this.#hub?.passOn([]);
    return true;
  }

  async #reportPresence(): Promise<void> {
    try {
      if (!this.#isWanted) {
        this.#forget();
        await this.#parent.unsubscribe();
      } else await this.#look();
    } catch {
      // The next count corrects this one; a session that resets asks its relays anew.
    }
  }

  /** Says how many watch; a relay that its parent does not know, or cannot be reached by, subscribes again. */
  async #look(): Promise<void> {
    const isKnown = await this.#parent.presence(this.#crowd).catch((error: unknown) => {
      logLine({ event: "parent_out_of_reach", relay: this.#name, ...errorFacts(error) });
      return false;
    });
    if (isKnown) this.#heardAtMs = Date.now();
    else await this.#subscribe();
  }

  /** One alarm while somebody watches: a timer would keep the object from sleeping. */
  #lookLater(): void {
    if (this.#isAlarmSet || this.#crowd.screens === 0 || this.#picture?.isOver) return;
    this.#isAlarmSet = true;
    this.#meter.tally("rowsWritten", "timers", 1);
    void this.ctx.storage.setAlarm(Date.now() + LIMITS.relaySilenceMs);
  }

  /** Nobody watches: nothing is kept. */
  #forget(): void {
    this.#picture = undefined;
    if (this.#warmUntilMs > 0) this.ctx.storage.kv.delete(WARM);
    this.#warmUntilMs = 0;
    if (this.#isAlarmSet) void this.ctx.storage.deleteAlarm();
    this.#isAlarmSet = false;
  }

  #relay(name: string): RelayPort {
    return relayAt(this.env.RELAY, name) as unknown as RelayPort;
  }
}

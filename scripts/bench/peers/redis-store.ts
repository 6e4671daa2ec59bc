// The peer that most would pick: Redis, one script a tap, every write on disk before its answer (`appendfsync always`).
// Taps of one turn of Node's loop go out as one pipeline; Redis makes one fsync for all it finds waiting.
import { createClient, defineScript, type CommandParser } from "@redis/client";
import { LIMITS } from "../../../src/domain/limits.ts";
import { HOLD_MS, PER_VIEWER } from "../traffic.ts";
import { answerOf, type Reserve, type Reserved, type Store } from "./tap.ts";

/** Holds that one call expires at most: the rest is the next's. */
const EXPIRED_AT_ONCE = 100;

/**
 * KEYS: the answer, the token, the viewer's count, the pool, the holds by deadline, the reservations.
 * ARGV: fingerprint, reservation, quantity, cap, now, deadline, token's life in ms, answers' life in ms, answer.
 */
const RESERVE = `
local kept = redis.call('HMGET', KEYS[1], 'fingerprint', 'answer')
if kept[1] then
  if kept[1] == ARGV[1] then return {1, kept[2]} end
  return {0, 'idempotency_key_reused'}
end
local due = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', ARGV[5], 'LIMIT', 0, ${EXPIRED_AT_ONCE})
for _, id in ipairs(due) do
  redis.call('ZREM', KEYS[5], id)
  local quantity = redis.call('HGET', KEYS[6], id)
  redis.call('HDEL', KEYS[6], id)
  redis.call('HINCRBY', KEYS[4], 'held', -string.match(quantity, '^%d+'))
end
if redis.call('EXISTS', KEYS[2]) == 1 then return {0, 'token_used'} end
local quantity = tonumber(ARGV[3])
local had = tonumber(redis.call('GET', KEYS[3]) or '0')
if had + quantity > tonumber(ARGV[4]) then return {0, 'limit_reached'} end
local pool = redis.call('HMGET', KEYS[4], 'allocated', 'held')
if quantity > tonumber(pool[1]) - tonumber(pool[2]) then return {0, 'out_of_stock'} end
redis.call('HINCRBY', KEYS[4], 'held', quantity)
redis.call('INCRBY', KEYS[3], quantity)
redis.call('SET', KEYS[2], '', 'PX', ARGV[7])
redis.call('ZADD', KEYS[5], ARGV[6], ARGV[2])
redis.call('HSET', KEYS[6], ARGV[2], ARGV[3] .. ' ' .. ARGV[9])
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'answer', ARGV[9])
redis.call('PEXPIRE', KEYS[1], ARGV[8])
return {1, ARGV[9]}`;

const reserve = defineScript({
  SCRIPT: RESERVE,
  NUMBER_OF_KEYS: 6,
  parseCommand(parser: CommandParser, asked: Reserve) {
    const { claims, commandId, fingerprint, reservation, quantity, nowMs } = asked;
    parser.pushKeys([
      `answer:${commandId}`,
      `token:${claims.token}`,
      `units:${claims.viewer}:${claims.offer}`,
      "pool",
      "holds",
      "reservations",
    ]);
    parser.push(
      fingerprint,
      reservation,
      String(quantity),
      String(PER_VIEWER),
      String(nowMs),
      String(nowMs + HOLD_MS),
      String(claims.expiresAtMs - nowMs),
      String(LIMITS.answerKeptMs),
      answerOf(asked, HOLD_MS),
    );
  },
  transformReply: (reply: [number, string]) => reply,
});

export async function redisStore(socketPath: string): Promise<Store> {
  const client = createClient({ socket: { path: socketPath, tls: false }, scripts: { reserve } });
  client.on("error", (error: unknown) => console.error(error));
  await client.connect();
  return {
    async open(stock) {
      await client.flushAll();
      await client.hSet("pool", { allocated: stock, held: 0 });
    },
    async reserve(asked): Promise<Reserved> {
      const [ok, word] = await client.reserve(asked);
      return ok === 1 ? { answer: String(word) } : { refused: String(word) };
    },
    async missing(reservations) {
      const found = await Promise.all(reservations.map((id) => client.hExists("reservations", id)));
      return found.filter((isThere) => isThere !== 1).length;
    },
    async count() {
      const [held, reservations] = await Promise.all([
        client.hGet("pool", "held"),
        client.hLen("reservations"),
      ]);
      return { held: Number(held), reservations };
    },
  };
}

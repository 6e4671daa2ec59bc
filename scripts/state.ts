// The state folder of a local server: what the runtime stores, the keys for local use, and a lock, so that
// two servers never share it. Reads and writes that folder only.
import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { newSigningKey } from "./keys.ts";

/** Why a server cannot start, in one line for the person who started it. */
export class StartError extends Error {}

/** The secrets of a local server, made on its first start. `tokenKeys` is JSON, as in the secret TOKEN_KEYS. */
export type LocalKeys = z.infer<typeof LocalKeys>;
const LocalKeys = z.object({ platformKey: z.string().min(1), tokenKeys: z.string().min(1) });

/** A state folder that this process holds until it releases it or ends. */
export interface StateFolder {
  path: string;
  keys: LocalKeys;
  release: () => void;
}

const SQLITE_BUSY = 5;

/** Takes the folder for this process; makes it, and the keys in it, if they are not there yet. */
export async function openState(path: string): Promise<StateFolder> {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw unusable(path, messageOf(error));
  }
  const lock = takeLock(path);
  try {
    checkDatabases(path);
    return { path, keys: await localKeys(path), release: () => lock.close() };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** The lock is SQLite's own on an empty database: the system drops it when the process ends, however it ends. */
function takeLock(path: string): DatabaseSync {
  try {
    const lock = new DatabaseSync(join(path, "lock.sqlite"), { timeout: 1_000 });
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    const inUse = error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
    throw unusable(path, inUse ? "another server is using it" : messageOf(error));
  }
}

/** The runtime dies of a damaged database with a stack, or only when an object wakes up: look first. */
function checkDatabases(path: string): void {
  const files = readdirSync(path, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".sqlite") && name !== "lock.sqlite")) {
    let verdict: unknown;
    try {
      const database = new DatabaseSync(join(path, file));
      verdict = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
      database.close();
    } catch (error) {
      verdict = messageOf(error);
    }
    if (verdict !== "ok") throw unusable(path, `${file} is damaged (${String(verdict).split("\n").at(-1)})`);
  }
}

/** The keys kept in a folder; makes them, readable by their owner only, if there are none yet. */
export async function localKeys(path: string): Promise<LocalKeys> {
  const file = join(path, "keys.json");
  try {
    return LocalKeys.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (!isMissing(error)) throw unusable(path, "keys.json does not hold its keys");
  }
  const keys = {
    platformKey: `pk_${randomBytes(24).toString("base64url")}`,
    tokenKeys: JSON.stringify([await newSigningKey(new Date())]),
  };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600, flag: "wx" });
  return keys;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unusable(path: string, reason: string): StartError {
  return new StartError(`The state folder ${path} cannot be used: ${reason}.`);
}

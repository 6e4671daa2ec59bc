/** A D1 database with the project's tables, for tests on Node. */
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/quietly.ts";

export interface Database {
  readonly db: D1Database;
  readonly close: () => Promise<void>;
}

export async function openDatabase(): Promise<Database> {
  const worker = { name: "database", modules: true, script: "export default {}", d1Databases: ["DB"] };
  const miniflare = new Miniflare(convertV4MiniflareOptions({ cf: false, workers: [worker] }));
  const db = await miniflare.getD1Database("DB");
  const folder = join(root, "migrations");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  for (const file of files) {
    const statements = (await readFile(join(folder, file), "utf8")).split("--> statement-breakpoint");
    await db.batch(statements.map((statement) => db.prepare(statement)));
  }
  return { db, close: () => miniflare.dispose() };
}

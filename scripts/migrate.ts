// Brings the D1 database in a state folder up to date with migrations/, as `wrangler d1 migrations apply` does:
// in the order of their names, each as a whole, remembered in the table `d1_migrations`.
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptionsShape } from "miniflare";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./quietly.ts";

const TABLE = `CREATE TABLE IF NOT EXISTS "d1_migrations"(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Applies what is missing, on a runtime of its own: no port is open and no object awake while tables change. */
export async function applyMigrations(
  resourcePersistencePath: string,
  { d1Databases = {} }: V4WorkerOptionsShape,
): Promise<void> {
  const worker = { name: "migrations", modules: true, script: "export default {}", d1Databases };
  const options = convertV4MiniflareOptions({ resourcePersistencePath, cf: false, workers: [worker] });
  const miniflare = new Miniflare(options);
  try {
    await applyTo(await miniflare.getD1Database("DB"));
  } finally {
    await miniflare.dispose();
  }
}

async function applyTo(database: D1Database): Promise<void> {
  const { unstable_splitSqlQuery: statementsOf } = await import("wrangler");
  const folder = join(root, "migrations");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  await database.prepare(TABLE).run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  for (const file of files.filter((name) => !applied.has(name))) {
    const statements = statementsOf(await readFile(join(folder, file), "utf8"));
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file),
    ]);
  }
}

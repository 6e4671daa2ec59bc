// Tells drizzle-kit where the rooms' tables are and where their migrations go (`npm run migrations`).
import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "sqlite", schema: "./src/**/tables.ts", out: "./migrations" });

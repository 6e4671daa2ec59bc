// Writes the types of every route, src/sdk/openapi.ts, from the OpenAPI document that the Worker serves. Run by
// `npm run types`; with `--check` it changes nothing and fails when the file is stale. Touches that file alone.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { createApp as Create } from "../src/edge/app.ts";
import { root } from "./quietly.ts";

const file = join(root, "src", "sdk", "openapi.ts");

const HEAD = `// Types of every route, made from /openapi.json by \`npm run types\`. Not for editing.
`;

interface Operation {
  parameters?: { in: string; name: string; required?: boolean }[];
  responses: Record<string, { headers?: unknown }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { headers?: unknown };
}

/** What the types are, by the sources as they are now. */
async function apiTypes(): Promise<string> {
  const document = slim(await openApi());
  // openapi-typescript needs TypeScript's API in JavaScript, which version 7 does not have.
  const typescript = pathToFileURL(join(import.meta.dirname, "typescript-api.ts")).href;
  registerHooks({
    resolve: (name, context, next) =>
      name === "typescript" ? { url: typescript, shortCircuit: true } : next(name, context),
  });
  const { astToString, default: typesOf } = await import("openapi-typescript");
  const text = astToString(await typesOf(JSON.stringify(document), { defaultNonNullable: false }));
  return HEAD + text.replaceAll(UNUSED, "");
}

/** Methods that a path does not have: the client's types need no line for each. */
const UNUSED = /^ +(?:get|put|post|delete|options|head|patch|trace)\?: never;\n/gm;

/** The document as the Worker serves it. */
async function openApi(): Promise<Document> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "src", "edge", "app.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    logLevel: "error",
    plugins: [
      {
        name: "without-workers",
        setup(bundle) {
          bundle.onResolve({ filter: /^cloudflare:workers$/ }, ({ path }) => ({ path, namespace: "none" }));
          bundle.onLoad({ filter: /./, namespace: "none" }, () => ({
            contents: "export class DurableObject {} export class WorkerEntrypoint {}",
          }));
        },
      },
    ],
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  const { createApp } = (await import(`data:text/javascript;base64,${code}`)) as {
    createApp: typeof Create;
  };
  const answer = await createApp().request("/openapi.json");
  return await answer.json();
}

/** Without what the client takes care of: problems, which are thrown; headers; and the `Idempotency-Key`, which it makes. */
function slim(document: Document): Document {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      for (const parameter of operation.parameters ?? []) {
        if (parameter.in === "header") parameter.required = false;
      }
      for (const [status, response] of Object.entries(operation.responses)) {
        delete response.headers;
        if (!status.startsWith("2")) delete operation.responses[status];
      }
    }
  }
  delete document.components.headers;
  return document;
}

if (import.meta.main) {
  const now = await apiTypes();
  const before = await readFile(file, "utf8").catch(() => "");
  if (!process.argv.includes("--check")) await writeFile(file, now);
  else if (now !== before) {
    console.error("src/sdk/openapi.ts differs from what the routes say.");
    process.exitCode = 1;
  }
}

// Makes the static files of the docs pages: copies src/web/docs and the two viewers into a folder.
// Reads src/web/docs, the table of problems and node_modules, writes only into the folder it is given.
import { build, type Plugin } from "esbuild";
import { cp, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PROBLEMS } from "../src/wire/problem.ts";
import { root } from "./quietly.ts";

const pages = join(root, "src", "web", "docs");
const { resolve } = createRequire(import.meta.url);

/** Writes the docs pages for `/docs`, `/docs/live` and `/docs/problems`, and the favicon into `assets`. */
export async function makeDocs(assets: string): Promise<void> {
  const docs = join(assets, "docs");
  await cp(pages, docs, { recursive: true });
  await rename(join(docs, "index.html"), join(assets, "docs.html"));
  await listProblems(join(docs, "problems.html"));
  await rename(join(docs, "favicon.svg"), join(assets, "favicon.svg"));

  const swagger = dirname(resolve("swagger-ui-dist/package.json"));
  for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"])
    await cp(join(swagger, file), join(docs, file));
  await cp(resolve("@asyncapi/react-component/styles/default.min.css"), join(docs, "asyncapi.css"));
  await build({
    entryPoints: [join(pages, "live.js")],
    outfile: join(docs, "live.js"),
    allowOverwrite: true,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2024",
    legalComments: "linked",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [withoutParser],
    logLevel: "error",
  });
}

/** One row a code, so that a problem's `type` leads to something. */
async function listProblems(page: string): Promise<void> {
  const rows = Object.entries(PROBLEMS)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, title }]) =>
        `<tr id="${code}"><td>${status}</td><td><code>${code.replaceAll("_", "_<wbr />")}</code></td><td>${title}</td></tr>`,
    );
  await writeFile(page, (await readFile(page, "utf8")).replace("<!-- rows -->", rows.join("\n            ")));
}

/** What the AsyncAPI viewer gets in place of its parser, which needs `eval` and is 2 MB: only the document model. */
const replacements = {
  "@asyncapi/parser": `
    export * from "@asyncapi/parser/cjs/document";
    export * from "@asyncapi/parser/cjs/models";
    export { unstringify } from "@asyncapi/parser/cjs/stringify";
    export class Parser { registerSchemaParser() {} }
    export const fromURL = undefined;`,
  "@asyncapi/avro-schema-parser": "export const AvroSchemaParser = () => {};",
  "@asyncapi/openapi-schema-parser": "export const OpenAPISchemaParser = () => {};",
  "@asyncapi/protobuf-schema-parser": "export const ProtoBuffSchemaParser = () => {};",
  "@asyncapi/specs": "export default { schemas: {} };",
  "@stoplight/spectral-core": "export const Document = undefined;",
};

const withoutParser: Plugin = {
  name: "without-parser",
  setup(bundle) {
    for (const [name, contents] of Object.entries(replacements)) {
      bundle.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({
        path: name,
        namespace: "replacement",
        pluginData: contents,
      }));
    }
    bundle.onLoad({ filter: /.*/, namespace: "replacement" }, ({ pluginData }: { pluginData: string }) => ({
      contents: pluginData,
      resolveDir: pages,
    }));
  },
};

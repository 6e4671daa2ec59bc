/** The SDK as it is published: what is in it, how large it is, and that its README's examples type-check and run. */
import { execFile } from "node:child_process";
import { build } from "esbuild";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { sdkPackage } from "../../scripts/build.ts";
import { quietly } from "../../scripts/quietly.ts";
import { createApi } from "../../src/sdk/api.ts";

const run = promisify(execFile);
/** A project that has the package installed. */
let project: string;
let examples: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "dropcast-sdk-"));
  await mkdir(join(project, "node_modules"));
  await symlink(sdkPackage, join(project, "node_modules", "dropcast-sdk"));
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
  const readme = await readFile(join(sdkPackage, "README.md"), "utf8");
  examples = [...readme.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code).join("\n");
});

afterAll(() => rm(project, { recursive: true, force: true }));

it("says with each example what it prints, and is right", async () => {
  const { url, key } = inject("served");
  const platform = createApi({ api: url, key });
  const { data: seller } = await platform.POST("/v1/sellers", { body: { name: "Kiln & Loom" } });
  const body = { label: "shop", for: { seller: seller.id } };
  const { data: shop } = await platform.POST("/v1/keys", { body });
  const ours = { "https://live.example": url, "sk_…": shop.secret, "pk_…": key, "sel_…": seller.id };
  const code = Object.entries(ours).reduce((text, [theirs, our]) => text.replaceAll(theirs, our), examples);
  await writeFile(join(project, "run.js"), code);
  const { stdout } = await run(process.execPath, ["run.js"], { cwd: project, timeout: 60_000 });
  const promised = [...examples.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
  expect(promised.length).toBeGreaterThan(5);
  expect(stdout.trim().split("\n")).toEqual(promised);
});

const WRONG = `import { createApi } from "dropcast-sdk/api";
// @ts-expect-error There is no such route.
await createApi({ api: "" }).GET("/v1/nothing");
// @ts-expect-error A seller has a name.
await createApi({ api: "" }).POST("/v1/sellers", { body: {} });
`;

it.each([
  ["bundler", "esnext"],
  ["nodenext", "nodenext"],
])("has types that need nothing of ours, with moduleResolution %s", async (moduleResolution, module) => {
  const target = { target: "es2024", lib: ["es2024", "dom"], types: [], module, moduleResolution };
  const compilerOptions = {
    ...target,
    strict: true,
    noImplicitAny: false,
    checkJs: true,
    noEmit: true,
    skipDefaultLibCheck: true,
  };
  await writeFile(join(project, "examples.js"), examples);
  await writeFile(join(project, "wrong.js"), WRONG);
  const config = join(project, `${moduleResolution}.json`);
  await writeFile(config, JSON.stringify({ compilerOptions, files: ["examples.js", "wrong.js"] }));
  expect(await quietly("tsc", ["--project", config])).toBe("");
});

it("bundles for a page, the card's part in 12 KB, and packs what it should", async () => {
  const entry = join(sdkPackage, "index.js");
  const bundled = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  expect(gzipSync(bundled.outputFiles[0]!.contents).byteLength).toBeLessThanOrEqual(12_000);
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json"], { cwd: sdkPackage });
  const [packed] = JSON.parse(stdout) as { name: string; files: { path: string }[] }[];
  const files = packed!.files.map(({ path }) => path).filter((path) => !path.startsWith("types/"));
  expect(files.toSorted()).toEqual([
    "LICENSE",
    "README.md",
    "api.js",
    "index.js",
    "package.json",
    expect.stringMatching(/^shared-\w+\.js$/),
  ]);
  expect(packed!.files.some(({ path }) => path === "types/sdk/api.d.ts")).toBe(true);
});

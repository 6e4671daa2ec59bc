// Builds what is deployed: the bundled Worker in .build/worker and the static files in .build/assets; and what is published:
// the SDK's package in .build/sdk.
// Touches nothing outside .build; a part whose inputs have not changed is left as it is.
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { makeDocs } from "./docs.ts";
import { quietly, root } from "./quietly.ts";
import { makeScreens } from "./screens.ts";
import { makeSdk } from "./sdk.ts";

/** The Worker as one module. */
export const workerScript: string = join(root, ".build", "worker", "worker.js");
/** The SDK as it is published. */
export const sdkPackage: string = join(root, ".build", "sdk");
const assets = join(root, ".build", "assets");

interface Part {
  name: string;
  /** Files and folders whose content decides whether the part is built again. */
  inputs: string[];
  output: string;
  make: () => Promise<void>;
}

const parts: Part[] = [
  {
    name: "assets",
    inputs: ["src", "package-lock.json", "scripts/build.ts", "scripts/docs.ts", "scripts/screens.ts"],
    output: assets,
    make: makeAssets,
  },
  {
    name: "worker",
    inputs: ["src", "wrangler.toml", "tsconfig.json", "package-lock.json", "scripts/build.ts"],
    output: workerScript,
    make: makeWorker,
  },
  {
    name: "sdk",
    inputs: ["src/sdk", "src/domain", "src/wire", "package-lock.json", "scripts/build.ts", "scripts/sdk.ts"],
    output: sdkPackage,
    make: () => makeSdk(sdkPackage),
  },
];

/** Brings everything up to date, or the static files alone. */
export async function build(only?: "assets"): Promise<void> {
  for (const part of only === undefined ? parts : parts.filter(({ name }) => name === only)) {
    const stamp = join(root, ".build", `${part.name}.sha256`);
    const hash = await hashOf(part.inputs);
    const last = await readFile(stamp, "utf8").catch(() => "");
    if (last === hash && (await exists(part.output))) continue;
    await rm(stamp, { force: true });
    await part.make();
    await writeFile(stamp, hash);
  }
}

async function makeAssets(): Promise<void> {
  await rm(assets, { recursive: true, force: true });
  await mkdir(assets, { recursive: true });
  await makeDocs(assets);
  await makeScreens(assets);
  await cp(join(root, "src", "web", "payments"), join(assets, "payments"), { recursive: true });
}

/** Wrangler bundles the Worker exactly as for a deployment. */
async function makeWorker(): Promise<void> {
  const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  await quietly(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", dirname(workerScript)]);
}

async function hashOf(inputs: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const input of inputs) {
    for (const file of await filesIn(join(root, input))) {
      const content = await readFile(file);
      hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

async function filesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

if (import.meta.main) {
  await build().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

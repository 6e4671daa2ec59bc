// Makes the SDK's package, ready for `npm publish`: bundles, declarations that need none of our other sources, README and
// licence. Reads src/sdk and what it imports, package.json and LICENSE; writes only into the folder it is given.
import { build } from "esbuild";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize, relative } from "node:path";
import { quietly, root } from "./quietly.ts";

const source = join(root, "src");

/** What can be imported, by the name that it has in the package. */
const ENTRIES = { ".": "index", "./api": "api" } as const;

/** Packages that it needs where it is installed; the versions are ours. */
const NEEDED = ["openapi-fetch", "openapi-typescript-helpers"] as const;

/** Writes the package into `folder`. */
export async function makeSdk(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all([makeBundles(folder), makeDeclarations(join(folder, "types")), makeManifest(folder)]);
  await copyFile(join(source, "sdk", "README.md"), join(folder, "README.md"));
  await copyFile(join(root, "LICENSE"), join(folder, "LICENSE"));
}

/** Both entries share what they have in common: an error of one is an error of the other. */
async function makeBundles(folder: string): Promise<void> {
  await build({
    entryPoints: Object.values(ENTRIES).map((name) => join(source, "sdk", `${name}.ts`)),
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: "shared-[hash]",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: [...NEEDED],
    charset: "utf8",
    logLevel: "error",
  });
}

/** Those that the entries lead to; the compiler writes one for every source. */
async function makeDeclarations(folder: string): Promise<void> {
  const all = await mkdtemp(join(tmpdir(), "dropcast-types-"));
  try {
    // What is wrong in the sources is for `npm run check` to say.
    const only = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--noCheck"];
    const where = ["--project", join(source, "sdk"), "--rootDir", source, "--outDir", all];
    await quietly("tsc", [...where, ...only]);
    const reached = new Map<string, string>();
    for (const name of Object.values(ENTRIES)) await reach(all, join("sdk", `${name}.d.ts`), reached);
    for (const [file, text] of reached) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
  } finally {
    await rm(all, { recursive: true });
  }
}

/** What a declaration imports: its own files by their names in our sources. */
const IMPORT = /(?<=\b(?:from|import)\s*\(?")([^"]+)(?=")/g;

/** Adds a declaration and all that it leads to, with imports as they are outside our sources. */
async function reach(all: string, file: string, reached: Map<string, string>): Promise<void> {
  if (reached.has(file)) return;
  const text = await readFile(join(all, file), "utf8");
  reached.set(
    file,
    text.replaceAll(IMPORT, (name) => name.replace(/^(\..*)\.ts$/, "$1.js")),
  );
  for (const [name] of text.matchAll(IMPORT)) {
    if (name.startsWith(".")) {
      await reach(all, normalize(join(dirname(file), name.replace(/\.ts$/, ".d.ts"))), reached);
    } else if (!NEEDED.some((needed) => needed === name)) {
      throw new Error(`${relative(root, join(source, file))}: the SDK's types must not need ${name}.`);
    }
  }
}

async function makeManifest(folder: string): Promise<void> {
  const { version, license } = await manifestOf(root);
  const dependencies: Record<string, string> = {};
  for (const name of NEEDED)
    dependencies[name] = (await manifestOf(join(root, "node_modules", name))).version;
  const manifest = {
    name: "dropcast-sdk",
    version,
    description: "Follow a Dropcast session, buy in it, and run it from a server.",
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.3" },
    exports: Object.fromEntries(
      Object.entries(ENTRIES).map(([path, name]) => [
        path,
        { types: `./types/sdk/${name}.d.ts`, default: `./${name}.js` },
      ]),
    ),
    dependencies,
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

async function manifestOf(folder: string): Promise<{ version: string; license: string }> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    version: string;
    license: string;
  };
}

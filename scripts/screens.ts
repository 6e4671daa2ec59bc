// Makes what runs in a browser: bundles the card, the pages' scripts and their font, and copies the pages. Reads src/web and
// what it imports, writes only into the folder it is given.
import { build, transform, type BuildOptions, type Plugin } from "esbuild";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./quietly.ts";

const web = join(root, "src", "web");

/** Pages with a script and a style of their own. */
const PAGES = ["demo", "overlay"];

/** Pages for whoever is signed in: they share the shell's style, and scripts that are the same. */
const SIGNED_IN = ["console", "dashboard", "sign-in"];

const BUNDLE: BuildOptions = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
  charset: "utf8",
  conditions: ["browser", "production"],
  logLevel: "error",
};

/** The component library brings 42 KB of icons for its own parts; `src/web/design/components.ts` has others in their place. */
const WITHOUT_ITS_ICONS: Plugin = {
  name: "without-its-icons",
  setup(building) {
    building.onLoad({ filter: /webawesome[\\/]dist[\\/]chunks[\\/]/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes("// src/components/icon/library.system.ts")) return undefined;
      return { contents: `export const icons = {}, library_system_default = { name: "system" };` };
    });
  },
};

const CARDS = /[\\/]web[\\/](?:card|design)[\\/]/;

/**
 * esbuild leaves what stands in templates as it is: the card would carry its markup's indents, and its styles' comments too.
 * Pages show examples, whose indents stay.
 */
const SMALL_STYLES: Plugin = {
  name: "small-styles",
  setup(building) {
    building.onLoad({ filter: /[\\/]src[\\/]web[\\/].*\.ts$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      if (CARDS.test(path)) contents = contents.replaceAll(/\n\s+/g, "\n");
      for (const [template, style = ""] of contents.matchAll(/css`([^`$\\]+)`/g)) {
        const { code } = await transform(style, { loader: "css", minify: true });
        contents = contents.replace(template, () => `css\`${code.trim()}\``);
      }
      return { contents, loader: "ts" };
    });
  },
};

/** Lit's own names for what only Lit reads, of which each script has a copy of its own: 160 bytes of the card's, compressed. */
const LITS_OWN = /^_\$/;

/** A font that comes late is for the next page: it moves nothing on this one. */
const NEVER_LATE: Plugin = {
  name: "never-late",
  setup(building) {
    building.onLoad({ filter: /fontsource[\w-]*[\\/].*\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      return { contents: css.replaceAll("font-display: swap", "font-display: optional"), loader: "css" };
    });
  },
};

/** The font of the pages, in parts by alphabet, and its licence: browsers fetch what a page's text needs. */
async function makeFont(screens: string): Promise<void> {
  await build({
    ...BUNDLE,
    entryPoints: [join(web, "design", "font.css")],
    loader: { ".woff2": "file" },
    assetNames: "[name]",
    plugins: [NEVER_LATE],
    outdir: screens,
  });
  const inter = join(root, "node_modules", "@fontsource-variable", "inter");
  await cp(join(inter, "LICENSE"), join(screens, "font-licence.txt"));
}

/** Writes `/card.js`, one file with all that it needs, and the pages into `assets`; what belongs to those is in `/screens`. */
export async function makeScreens(assets: string): Promise<void> {
  const screens = join(assets, "screens");
  const script = (page: string): string => join(web, page, `${page}.ts`);
  await build({
    ...BUNDLE,
    entryPoints: [
      { in: join(web, "card", "index.ts"), out: "card" },
      ...PAGES.map((page) => ({ in: script(page), out: `screens/${page}` })),
    ],
    mangleProps: LITS_OWN,
    plugins: [SMALL_STYLES],
    outdir: assets,
  });
  // Indents between tags are as good as a space.
  const card = join(assets, "card.js");
  await writeFile(card, (await readFile(card, "utf8")).replaceAll(/\n +/g, " "));
  await build({
    ...BUNDLE,
    entryPoints: SIGNED_IN.map((page) => ({ in: script(page), out: page })),
    splitting: true,
    plugins: [WITHOUT_ITS_ICONS, SMALL_STYLES],
    chunkNames: "shared-[hash]",
    outdir: screens,
  });
  await makeFont(screens);
  for (const page of [...PAGES, ...SIGNED_IN])
    await cp(join(web, page, `${page}.html`), join(assets, `${page}.html`));
  for (const page of PAGES) await cp(join(web, page, `${page}.css`), join(screens, `${page}.css`));
  await cp(join(web, "signed-in", "page.css"), join(screens, "signed-in.css"));
  await cp(join(web, "design", "icons.svg"), join(screens, "icons.svg"));
  for (const file of ["_headers", "_redirects"]) await cp(join(web, file), join(assets, file));
}

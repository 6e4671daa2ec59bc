// Makes what runs in a browser: bundles the card and the pages' scripts and copies the pages. Reads src/web and what it
// imports, writes only into the folder it is given.
import { build } from "esbuild";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./quietly.ts";

const web = join(root, "src", "web");

/** Pages with a script and a style of their own. */
const PAGES = ["demo", "overlay"];

/** Writes `/card.js`, one file with all that it needs, and the pages into `assets`; what belongs to those is in `/screens`. */
export async function makeScreens(assets: string): Promise<void> {
  const screens = join(assets, "screens");
  await build({
    entryPoints: [
      { in: join(web, "card", "index.ts"), out: "card" },
      ...PAGES.map((page) => ({ in: join(web, page, `${page}.ts`), out: `screens/${page}` })),
    ],
    outdir: assets,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "linked",
    charset: "utf8",
    conditions: ["browser", "production"],
    logLevel: "error",
  });
  for (const page of PAGES) {
    await cp(join(web, page, `${page}.html`), join(assets, `${page}.html`));
    await cp(join(web, page, `${page}.css`), join(screens, `${page}.css`));
  }
  for (const file of ["_headers", "_redirects"]) await cp(join(web, file), join(assets, file));
}

/**
 * The component library on the signed-in pages: what all of them use, and its icons from our own host. A page imports what it
 * needs besides. Nothing is fetched from anywhere else, and no markup is made from text, as their policy wants it.
 */
import { registerIconLibrary } from "@awesome.me/webawesome/dist/components/icon/library.js";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/icon/icon.js";

const STROKES = {
  viewBox: "0 0 24 24",
  fill: "none",
  stroke: "currentColor",
  "stroke-width": "2",
  "stroke-linecap": "round",
  "stroke-linejoin": "round",
} as const;

/** `system` has what the library's own parts show. A sprite is used by reference; single files it would parse as markup. */
for (const library of ["default", "system"]) {
  registerIconLibrary(library, {
    resolver: (name) => `/screens/icons.svg#${name}`,
    mutator: (svg) => {
      for (const [name, value] of Object.entries(STROKES)) svg.setAttribute(name, value);
    },
    spriteSheet: true,
  });
}

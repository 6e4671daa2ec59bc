/** What people are told whom a short link leads nowhere: a page, where programs get the problem. Touches the answer. */
import { accepts } from "hono/accepts";
import { html } from "hono/html";
import type { Middleware } from "./context.ts";
import { PROBLEM_TYPE } from "./problem.ts";

/** There is nothing on it to run; it looks like the other pages without scripts. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>This link leads nowhere</title>
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/docs/docs.css" />
    </head>
    <body>
      <main class="problems">
        <h1>This link leads nowhere</h1>
        <p>
          Whoever made it has taken it back, or it is not written quite like this. Look where you found it.
        </p>
      </main>
    </body>
  </html>`;

/** Codes are printed and read out: it is a person who finds nothing, and their browser shows what it gets. */
export const toldToPeople: Middleware = async (c, next) => {
  await next();
  if (c.res.status !== 404) return;
  const supports = [PROBLEM_TYPE, "text/html"];
  if (accepts(c, { header: "Accept", supports, default: PROBLEM_TYPE }) !== "text/html") return;
  c.res = await c.html(PAGE, 404, { "Content-Security-Policy": POLICY });
};

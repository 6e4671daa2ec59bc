/**
 * The sandbox's pages, as HTML: small, whole in themselves, without scripts, for any screen, in light and dark. Pure.
 */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { moneyText } from "../domain/decimals.ts";
import type { Challenge, Onboarding } from "../settlement/psp/sandbox/visits.ts";

type Html = ReturnType<typeof html>;

/** A page, and where its form may lead. */
export interface Page {
  readonly html: Html;
  readonly policy: string;
}

const STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f4f4f6, #16181d);
  --card: light-dark(#ffffff, #1f2229);
  --line: light-dark(#dcdce2, #343843);
  --text: light-dark(#1c1d22, #e6e7eb);
  --quiet: light-dark(#5c5f6b, #a3a7b3);
  --accent: light-dark(#b3173f, #ff8ba3);
  --on-accent: light-dark(#ffffff, #16181d);
}
* { box-sizing: border-box; }
body {
  min-height: 100vh;
  margin: 0;
  padding: 1rem;
  display: grid;
  place-items: center;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: 100%;
  max-width: 26rem;
  padding: 1.5rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 0.75rem;
  overflow-wrap: anywhere;
}
h1 { margin: 0 0 0.5rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: 0 0 1rem; }
main > p:last-child { margin: 0; }
small { color: var(--quiet); }
.amount { font-size: 1.75rem; font-weight: 600; }
form { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 0 0 1rem; }
button {
  flex: 1 1 8rem;
  min-height: 3rem;
  padding: 0.5rem 1rem;
  border: 1px solid var(--accent);
  border-radius: 0.5rem;
  background: transparent;
  color: var(--accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button.first { background: var(--accent); color: var(--on-accent); }
button:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** Nothing is loaded but the style that is on the page. Browsers hold a form's redirect to `form-action` too. */
function policyOf(...formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action ${["'self'", ...formTargets].join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function page(title: string, content: Html, ...formTargets: readonly string[]): Page {
  return {
    policy: policyOf(...formTargets),
    html: html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>${title}</title>
          ${raw(`<style>${STYLE}</style>`)}
        </head>
        <body>
          <main>
            <h1>${title}</h1>
            ${content}
            <p><small>This is the sandbox: no real bank, and no real money.</small></p>
          </main>
        </body>
      </html>`,
  };
}

const ANSWERED = {
  approved: "You have approved this payment.",
  refused: "This payment was not approved. Nothing is charged.",
  over: "This payment is not needed any more. Nothing is charged.",
} as const satisfies Record<Exclude<Challenge["status"], "asked">, string>;

/** The bank's question to a buyer, or what became of it. */
export function challengePage({ order, amount, status }: Challenge): Page {
  const about = html`
    <p class="amount">${moneyText(amount)}</p>
    <p><small>Order ${order}</small></p>
  `;
  if (status !== "asked") {
    return page(
      ANSWERED[status],
      html`${about}
        <p role="status">You can close this page and go back to the shop.</p>`,
    );
  }
  return page(
    "Is this payment yours?",
    html`${about}
      <form method="post">
        <button class="first" name="decision" value="approve">Approve</button>
        <button name="decision" value="refuse">Refuse</button>
      </form>`,
  );
}

/** What a seller or creator does before money can be paid out. */
export function onboardingPage({ name, returnUrl }: Onboarding): Page {
  return page(
    "Set up your payouts",
    html`<p>A real provider would now ask ${name} for papers and a bank account. The sandbox believes you.</p>
      <form method="post"><button class="first">Finish onboarding</button></form>`,
    new URL(returnUrl).origin,
  );
}

/** For links that are nobody's, or have expired. */
export function noSuchPage(): Page {
  return page(
    "This link does not hold",
    html`<p>It was cut short, or its time is over. Ask for a new one where you got it.</p>`,
  );
}

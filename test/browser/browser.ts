/** Pages in a real Chromium, what they look like, and what axe finds on them. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { root } from "../../scripts/quietly.ts";
import { chromiumPath } from "./chromium.ts";

/** Undefined where there is none: then tests that need it are left out. */
export const executable: string | undefined = chromiumPath();

let running: Promise<Browser> | undefined;

/** One browser for all tests of a file. */
function browser(): Promise<Browser> {
  running ??= chromium.launch({
    ...(executable === undefined ? {} : { executablePath: executable }),
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
  });
  return running;
}

/** For `afterAll` of a file. */
export async function closeBrowser(): Promise<void> {
  await (await running)?.close();
  running = undefined;
}

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

/** A page of a visitor of its own: nothing is shared with another's. What it logs as an error fails the test. */
export async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await (await browser()).newContext({ viewport: DESKTOP, locale: "en-US", ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !isRefusal(message.text())) faults.push(message.text());
  });
  onTestFinished(() => expect(faults, "errors in the console").toEqual([]));
  return page;
}

/** Chromium logs every answer from 400 on, and every connection that is cut; those are what some tests are about. */
function isRefusal(text: string): boolean {
  return /Failed to load resource|WebSocket connection to .* failed|net::ERR_/.test(text);
}

const screenshots = join(root, ".build", "screenshots");

/** Kept for people to look at, in `.build/screenshots`: with every animation at its end, or as they are. */
export async function screenshot(
  page: Page,
  name: string,
  animations: "disabled" | "allow" = "disabled",
): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true, animations });
}

/** Attempts before what takes over a second is slow, and not only held up by what the machine does beside. */
const ATTEMPTS = 10;

/** Tries it, and says what it took, until it took less than a second; `attempt` gives the ms from a tap to when it was seen. */
export async function withinASecond(what: string, attempt: () => Promise<number>): Promise<void> {
  const tookMs: number[] = [];
  while (tookMs.length < ATTEMPTS && !tookMs.some((ms) => ms < 1_000)) tookMs.push(await attempt());
  console.log(`${what}: ${tookMs.map(Math.round).join(", ")} ms.`);
  expect(Math.min(...tookMs)).toBeLessThan(1_000);
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds against WCAG 2.2 AA and its own best practices, in shadow roots too. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated, and not added as a script: the page's own policy would refuse that.
  await page.evaluate(axeSource);
  const found = await page.evaluate(async (): Promise<Violation[]> => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ""}`).join(" | ")}`,
  );
}

/** Pictures of the page as it is, four ways; what axe finds where there is least room. */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await screenshot(page, `${name}-${size}-${colorScheme}`);
      if (viewport === PHONE) faults.push(...(await violations(page)));
    }
  }
  return faults;
}

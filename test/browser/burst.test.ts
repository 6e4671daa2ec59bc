/** Every screen during a burst, in a real browser: ten changes a second shift nothing and block no thread for 50 ms. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowser, executable, newPage } from "./browser.ts";
import { foreignPage, newDrop, openStage, signInUrl, type Drop, type Stage } from "./stage.ts";

const SALES = 15;
const SALE_MS = 100;
/** What the machine does beside may hold a thread up: of so many bursts one at least must be smooth. */
const BURSTS = 4;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(closeBrowser);

interface Seen {
  /** Cumulative Layout Shift, as browsers count it. */
  shifts: number;
  /** Tasks of more than 50 ms. */
  long: number;
}

/** From now on. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    const seen = { shifts: 0, long: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        seen.shifts += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift" });
    new PerformanceObserver((list) => (seen.long += list.getEntries().length)).observe({ type: "longtask" });
  });
}

function seenOn(page: Page): Promise<Seen> {
  return page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
}

const EMBED = ({ session, offer }: Drop): string =>
  `<!doctype html><title>Shop</title><script type="module" src="${stage.url}/card.js"></script>
   <dropcast-card session="${session}" offer="${offer}"></dropcast-card>`;

/** Sales that need one request more each. */
function readySales({ session, offer }: Drop): Promise<(() => Promise<unknown>)[]> {
  const { api } = stage;
  const path = `/v1/sessions/${session}`;
  return Promise.all(
    Array.from({ length: SALES }, async () => {
      const { token: viewer } = await api.post<{ token: string }>("/v1/viewers", undefined);
      const { token } = await api.post<{ token: string }>(`${path}/offers/${offer}/tokens`, viewer);
      const asked = { items: [{ token }], paymentMethod: "sandbox_success" };
      return () => api.post(`${path}/orders`, viewer, asked);
    }),
  );
}

/** Each with the drop on it, and where it shows what is left, sold or captured. */
const SCREENS: Readonly<Record<string, { at: (drop: Drop) => Promise<string>; moves: string }>> = {
  card: { at: (drop) => foreignPage(EMBED(drop)), moves: "dropcast-card .left" },
  overlay: { at: async ({ session }) => `${stage.url}/overlay/${session}`, moves: ".cue" },
  console: {
    at: ({ session }) => signInUrl(stage, stage.shop.sellerKey, `/console/${session}`),
    moves: '[data-name="Sold"]',
  },
  dashboard: {
    at: () => signInUrl(stage, stage.shop.sellerKey, "/dashboard"),
    moves: "[data-session] dd",
  },
};

describe.skipIf(executable === undefined)("ten sales a second", () => {
  it.each(Object.keys(SCREENS))("shift nothing on the %s, and block no thread for 50 ms", async (screen) => {
    const { at, moves } = SCREENS[screen]!;
    const drop = await newDrop(stage, { stock: 10 + BURSTS * SALES, offer: { limits: {} } });
    await drop.host(`/offers/${drop.offer}/pin`);
    const page = await newPage();
    await page.goto(await at(drop));
    const moving = page.locator(moves).first();
    await moving.waitFor();
    const bursts: Seen[] = [];
    while (bursts.length < BURSTS && !bursts.some(({ shifts, long }) => shifts === 0 && long === 0)) {
      const sales = await readySales(drop);
      const before = await moving.innerText();
      await watch(page);
      const sold: Promise<unknown>[] = [];
      for (const sell of sales) {
        sold.push(sell());
        await page.waitForTimeout(SALE_MS);
      }
      await Promise.all(sold);
      expect(await moving.innerText()).not.toBe(before);
      bursts.push(await seenOn(page));
    }
    expect(bursts).toContainEqual({ shifts: 0, long: 0 });
    await drop.host("/end");
  });
});

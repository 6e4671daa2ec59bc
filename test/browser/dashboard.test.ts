/** The dashboard in a real browser: what it teaches while it is empty, what it shows of sales, and how fast they move it. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  closeBrowser,
  DESKTOP,
  executable,
  newPage,
  PHONE,
  screenshot,
  violations,
  withinASecond,
} from "./browser.ts";
import { newDrop, openStage, signInUrl, type Drop, type Stage } from "./stage.ts";

const SECTIONS = ["overview", "sessions", "earnings", "links", "orders"] as const;
/** Later than whatever else is on the page. */
const LATE_MS = 500;
const HOSTILE = `<img src=x onerror="document.title='hacked'">"'&`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(closeBrowser);

async function dashboardOf(key: string, viewport = DESKTOP): Promise<Page> {
  const page = await newPage({ viewport, reducedMotion: "reduce" });
  await page.goto(await signInUrl(stage, key, "/dashboard"));
  // The sign-in page has a heading, too.
  await page.waitForURL(({ pathname }) => pathname === "/dashboard");
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

async function show(page: Page, section: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), section);
  const name = new RegExp(section.replace(/\/.*/, ""), "i");
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0);
}

/** Sections, each looked at by axe and kept as a picture. */
async function look(
  page: Page,
  name: string,
  colorScheme: "light" | "dark",
  sections: readonly string[] = SECTIONS,
): Promise<void> {
  const size = page.viewportSize() ?? DESKTOP;
  const faults: string[] = [];
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  for (const section of sections) {
    await show(page, section);
    faults.push(...(await violations(page)));
    // What stands at the lower edge of the screen stands at the picture's, too.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ ...size, height });
    await screenshot(page, `dashboard-${name}-${section}-${colorScheme}`);
    await page.setViewportSize(size);
  }
  expect(faults).toEqual([]);
}

/** What the links to CSV lead to, by the names of the files, in their order on the page. */
function filesOn(page: Page): Promise<(string | undefined)[]> {
  return page.locator("a.csv").evaluateAll((links: HTMLAnchorElement[]) =>
    Promise.all(
      links.map(async ({ href }) => {
        const { headers } = await fetch(href);
        return /"([a-z]+)[^"]*\.csv"$/.exec(headers.get("Content-Disposition") ?? "")?.[1];
      }),
    ),
  );
}

interface Bought {
  readonly id: string;
  readonly status: string;
}

async function buy({ session, offer }: Pick<Drop, "session" | "offer">): Promise<Bought> {
  const { api } = stage;
  const { token: viewer } = await api.post<{ token: string }>("/v1/viewers", undefined);
  const path = `/v1/sessions/${session}`;
  const { token } = await api.post<{ token: string }>(`${path}/offers/${offer}/tokens`, viewer);
  const asked = { items: [{ token }], paymentMethod: "sandbox_success" };
  return api.post<Bought>(`${path}/orders`, viewer, asked);
}

describe.skipIf(executable === undefined)("the dashboard", () => {
  it("asks who it is, and teaches where there is nothing yet", async () => {
    const stranger = await newPage();
    await stranger.goto(`${stage.url}/dashboard`);
    await stranger.waitForURL(`${stage.url}/sign-in`);

    const { sellerKey, seller, creatorKey, creator } = stage.shop;
    const page = await dashboardOf(sellerKey, PHONE);
    await page.getByText("No sessions yet").waitFor();
    await page.getByText(`"seller":"${seller}"`).waitFor();
    await look(page, "empty-phone", "light", ["overview", "links", "orders"]);
    await page.getByText("No orders yet").waitFor();

    const host = await dashboardOf(creatorKey);
    await host.getByText("No sessions yet").waitFor();
    expect(await host.getByText(creator).isVisible()).toBe(true);
  });

  it("shows what was sold, earned and refunded, and what came of it, as CSV too", async () => {
    const drop = await newDrop(stage, { session: { title: HOSTILE }, offer: { title: `Mug ${HOSTILE}` } });
    const orders = [await buy(drop), await buy(drop), await buy(drop)];
    await stage.api.post(`/v1/orders/${orders[0]?.id}/refunds`, stage.shop.sellerKey, {});

    const page = await dashboardOf(stage.shop.sellerKey);
    await page.getByText("All of it is in the totals below").waitFor();
    const tile = page.locator(".tile");
    await expect
      .poll(() => tile.allInnerTexts())
      .toEqual([
        expect.stringContaining("$96.00"),
        // Less the platform's twentieth, the creator's three, and what was refunded.
        expect.stringContaining("$51.20"),
        expect.stringMatching(/Orders\s+3/),
        expect.stringMatching(/Units\s+3/),
        expect.stringContaining("$32.00"),
      ]);
    expect(await page.getByRole("row", { name: /^Mug <img/ }).innerText()).toContain("$96.00");
    await page.getByText("Maya Okafor").waitFor();
    await look(page, "desktop", "light");
    expect(await page.title()).toBe("Orders · Dropcast");
    await page.getByText("Refunded").first().waitFor();

    await show(page, "earnings");
    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: /CSV of earnings by day/ }).click(),
    ]);
    expect(csv.suggestedFilename()).toMatch(/\.csv$/);
    // Nothing was paid out yet: that would be an empty file.
    expect(await filesOn(page)).toEqual(["statement", "earnings", "earnings", "transfers"]);
    await show(page, "orders");
    expect(await filesOn(page)).toEqual(["orders"]);
    expect(await page.getByRole("row", { name: /^1 × Mug <img/ }).count()).toBe(3);
    await page.setViewportSize(PHONE);
    await look(page, "phone", "dark");
  });

  it("shows nobody else's, neither in a list nor by the address, and moves nothing when a part is late", async () => {
    const drop = await newDrop(stage, { session: { title: "Not yours" } });
    const other = await openStage();
    const page = await dashboardOf(other.shop.creatorKey, PHONE);
    await page.route("**/payment-account", async (route) => {
      await page.waitForTimeout(LATE_MS);
      await route.continue();
    });
    await page.evaluate(() => {
      const shifts: unknown[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) =>
        shifts.push(...list.getEntries().map((entry) => entry.toJSON())),
      ).observe({ type: "layout-shift" });
    });
    await show(page, `orders/${drop.session}`);
    await page.getByText("This session is not there, or not yours.").waitFor();
    for (const section of SECTIONS) {
      await show(page, section);
      expect(await page.getByText("Not yours").count()).toBe(0);
    }
    expect(await page.evaluate(() => (globalThis as unknown as { shifts: unknown[] }).shifts)).toEqual([]);
  });

  it("moves within a second of a sale on a card, as the console does, and the record follows", async () => {
    const { session, sellerKey, demo } = inject("served");
    const { offers } = await stage.api.must<{ offers: object }>(`/v1/sessions/${session}`);
    for (const offer of Object.keys(offers)) await buy({ session, offer });
    const tall = { width: 1280, height: 1_240 };
    const [page, host] = [await dashboardOf(sellerKey), await newPage({ viewport: tall })];
    await host.goto(await signInUrl(stage, sellerKey, `/console/${session}`));
    const revenue = host.locator('[data-name="Revenue"]');
    await revenue.waitFor();
    const captured = page.locator(`[data-session="${session}"] dd`).first();
    await captured.getByText("$").waitFor();
    await withinASecond("From the tap on a card to dashboard and console", async () => {
      const viewer = await newPage();
      await viewer.goto(demo);
      const card = viewer.locator("dropcast-card").nth(1);
      const both = (): Promise<string[]> => Promise.all([captured.innerText(), revenue.innerText()]);
      const [before] = await both();
      await card.getByRole("button", { name: /^Buy for/ }).click();
      const tappedAtMs = performance.now();
      await expect.poll(both, { interval: 20 }).not.toContain(before);
      const tookMs = performance.now() - tappedAtMs;
      await card.getByText("It is yours").waitFor();
      await viewer.close();
      return tookMs;
    });
    await page.getByText("All of it is in the totals below").waitFor();
    await expect.poll(() => page.locator(".tile").first().innerText()).toContain(await captured.innerText());
    await screenshot(page, "dashboard");
    await screenshot(host, "console");
  });

  it("makes a link, counts who comes by it, and archives it once that is confirmed", async () => {
    const drop = await newDrop(stage, { session: { title: "By link" } });
    const page = await dashboardOf(stage.shop.creatorKey);
    await show(page, "links");
    await page.getByRole("button", { name: "New link" }).click();
    await page.getByText("A page", { exact: true }).click();
    await page.getByLabel("Address").fill("nowhere");
    await page.getByRole("button", { name: "Make the link" }).click();
    await page.getByText(/^Address: /).waitFor();
    await page.getByLabel("Address").fill(`https://shop.example/${drop.session}`);
    await page.getByLabel("Coupon (optional)").fill("maya10");
    await page.getByRole("combobox", { name: "Counts for" }).click();
    await page.getByRole("option", { name: "7 days" }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Make the link" }).click();
    const item = page.locator("li", { hasText: drop.session });
    await item.getByText("counts for 7 days").waitFor();
    const short = await item.getByRole("heading").innerText();
    const { status } = await fetch(`http://${short}`, { redirect: "manual" });
    expect(status).toBe(302);
    await expect.poll(() => item.locator("dd").first().innerText()).toBe("1");

    await item.getByRole("button", { name: /^QR code/ }).click();
    const qr = page.getByRole("img", { name: /^QR code that leads to/ });
    await expect.poll(() => qr.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await page.keyboard.press("Escape");
    await item.getByRole("button", { name: /^Archive/ }).click();
    await page.getByRole("button", { name: "Archive", exact: true }).click();
    await item.getByText("Archived").waitFor();
    const hasFocus = () => item.getByRole("heading").evaluate((heading) => heading.matches(":focus"));
    await expect.poll(hasFocus).toBe(true);
  });
});

/** The overlay in a real browser: what happens on a card is seen on it. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowser, executable, newPage, screenshot, violations, withinASecond } from "./browser.ts";
import { newDrop, openStage, type Drop, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(closeBrowser);

const HD = { width: 1920, height: 1080 };
const VERTICAL = { width: 1080, height: 1920 };

async function overlayOf(
  drop: Drop,
  query = "",
  viewport = HD,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await newPage({ viewport, ...options });
  await page.goto(`${stage.url}/overlay/${drop.session}${query}`);
  await page.getByRole("heading").waitFor();
  return page;
}

function reprice(drop: Drop, amount: number): Promise<unknown> {
  const usd = (units: number): object => ({ amount: units, currency: "USD" });
  const price = { headline: usd(4_000), drop: { price: usd(amount), funder: "seller" } };
  return drop.host(`/offers/${drop.offer}`, { price }, "PATCH");
}

/** A unit bought by each at once; `undefined` for who gives no name. */
async function buyEach({ session, offer }: Drop, names: readonly (string | undefined)[]): Promise<void> {
  const { api } = stage;
  await Promise.all(
    names.map(async (shownAs) => {
      const { token: bearer } = await api.must<{ token: string }>("/v1/viewers", { method: "POST" });
      const post = { method: "POST", bearer };
      const path = `/v1/sessions/${session}`;
      const { token } = await api.must<{ token: string }>(`${path}/offers/${offer}/tokens`, post);
      const body = { items: [{ token }], paymentMethod: "sandbox_success", ...(shownAs && { shownAs }) };
      await api.must(`${path}/orders`, { ...post, body });
    }),
  );
}

describe.skipIf(executable === undefined)("the overlay", () => {
  it("shows the pinned offer over nothing, and follows price and stock to the last unit", async () => {
    const drop = await newDrop(stage, { stock: 3 });
    await drop.host(`/offers/${drop.offer}/pin`);
    const page = await overlayOf(drop);
    await page.getByText("$32.00").waitFor();
    await page.getByText("3 left").waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgba(0, 0, 0, 0)",
    );
    await screenshot(page, "overlay-open");
    await reprice(drop, 2_400);
    await page.getByText("$24.00").waitFor();
    await drop.host("/stock", { sku: drop.sku, allocated: 0 });
    await page.getByText("Sold out").first().waitFor();
    await screenshot(page, "overlay-sold-out");
    const [title, stamp] = await Promise.all(
      ["h1", ".stamp"].map((part) => page.locator(part).boundingBox()),
    );
    expect(stamp!.y, "what was sold can be read below the stamp").toBeGreaterThan(title!.y + title!.height);
    expect(await violations(page)).toEqual([]);
  });

  it("moves within a second of a sale on a card", async () => {
    const overlay = await newPage({ viewport: HD });
    const { pathname, searchParams } = new URL(stage.demo);
    expect(pathname).toBe("/demo");
    await overlay.goto(`${stage.url}/overlay/${searchParams.get("session")}`);
    const left = async (): Promise<number> => Number.parseInt(await overlay.locator(".cue").innerText(), 10);
    await withinASecond("From the tap on a card to the overlay", async () => {
      const demo = await newPage();
      await demo.goto(stage.demo);
      const card = demo.locator("dropcast-card").first();
      await demo.getByLabel("Your first name").fill("Zoë");
      const before = await left();
      await card.getByRole("button", { name: /^Buy for/ }).click();
      const tappedAtMs = performance.now();
      await expect.poll(left, { interval: 20 }).toBe(before - 1);
      const tookMs = performance.now() - tappedAtMs;
      await card.getByText("It is yours").waitFor();
      await demo.close();
      return tookMs;
    });
    await overlay.getByText("Zoë\u2069 bought 1").waitFor();
    await screenshot(overlay, "overlay-bought", "allow");
  });

  it("names who agreed to it when they have paid, nobody else, sums up a rush, and moves nothing", async () => {
    const drop = await newDrop(stage, { stock: 20, offer: { limits: {} } });
    // Without motion chips come and go as well, and are never half there.
    const page = await overlayOf(drop, `?offer=${drop.offer}&lang=ar`, HD, { reducedMotion: "reduce" });
    await page.evaluate(() => {
      const seen = { shifts: 0, told: [] as string[] };
      Object.assign(globalThis, { seen });
      new PerformanceObserver((list) => (seen.shifts += list.getEntries().length)).observe({
        type: "layout-shift",
      });
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes)
            if (node instanceof HTMLElement && node.matches(".buy")) seen.told.push(node.innerText);
      }).observe(document.querySelector("dropcast-overlay")!.shadowRoot!, { childList: true, subtree: true });
    });
    const seen = () =>
      page.evaluate(() => (globalThis as unknown as { seen: { shifts: number; told: string[] } }).seen);
    await buyEach(drop, ["ليلى"]);
    await page.getByText("ليلى").waitFor();
    await buyEach(
      drop,
      Array.from({ length: 12 }, () => undefined),
    );
    const units = async (): Promise<number> =>
      (await seen()).told.reduce((sum, text) => sum + Number(/\d+/.exec(text)?.[0]), 0);
    await expect.poll(units).toBe(13);
    await screenshot(page, "overlay-rush");
    expect(await violations(page)).toEqual([]);
    await page.getByText("ليلى").waitFor({ state: "hidden" });
    const { shifts, told } = await seen();
    expect(shifts).toBe(0);
    expect(told.filter((text) => text.includes("ليلى"))).toHaveLength(1);
    expect(told.length).toBeLessThan(13);
  });

  it("fits a vertical scene, a theme and a place, and says when nothing is to be shown", async () => {
    const drop = await newDrop(stage, {
      offer: { title: "Ash glaze mug, thrown by hand and fired with oak ash" },
    });
    const page = await overlayOf(
      drop,
      `?offer=${drop.offer}&theme=light&place=top-end&scale=1.4&lang=de`,
      VERTICAL,
    );
    const box = await page.locator("dropcast-overlay .card").boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(VERTICAL.width);
    expect(box!.y).toBeLessThan(VERTICAL.height / 3);
    await screenshot(page, "overlay-vertical-light");
    await buyEach(drop, ["Maximiliane-Charlotte"]);
    const buy = page.locator(".buy");
    await buy.waitFor();
    for (const chip of [buy, page.locator(".taken")]) {
      const told = await chip.boundingBox();
      expect(told!.y).toBeGreaterThan(box!.y + box!.height);
      expect(told!.x + told!.width).toBeLessThanOrEqual(VERTICAL.width);
    }
    expect(await buy.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), "cut").toBe(0);
    const lost = await newPage();
    await lost.goto(`${stage.url}/overlay/ses_${"0".repeat(26)}`);
    await lost.getByText("There is no such session").waitFor();
  });
});

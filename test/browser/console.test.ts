/** The console in a real browser: what a host does there is seen by viewers, and what viewers do is seen there. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowser, executable, faultsOf, newPage, PHONE, violations, withinASecond } from "./browser.ts";
import { newDrop, openStage, signInUrl, type Drop, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(closeBrowser);

async function consoleOf(drop: Pick<Drop, "session">, key = stage.shop.sellerKey): Promise<Page> {
  const page = await newPage();
  await page.goto(await signInUrl(stage, key, `/console/${drop.session}`));
  await page.getByRole("heading", { name: "What happens" }).waitFor();
  return page;
}

async function cardOf(drop: Drop): Promise<Page> {
  const page = await newPage();
  await page.goto(`${stage.url}/demo?session=${drop.session}&offer=${drop.offer}`);
  return page;
}

async function overlayOf(drop: Drop): Promise<Page> {
  const page = await newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${stage.url}/overlay/${drop.session}`);
  return page;
}

const buyButton = (page: Page) => page.getByRole("button", { name: /^Buy for/ }).first();
const deed = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const onOffer = (page: Page, name: string) => page.getByRole("button", { name: `${name} Ash glaze mug` });
/** A live number by its name. */
const numberOf = (page: Page, name: string) => page.locator(`dd[data-name="${name}"]`);

describe.skipIf(executable === undefined)("what a host does on the console", () => {
  it("is seen on card and overlay: open, pin, price, stock, pause, close and end", async () => {
    const drop = await newDrop(stage, { stock: 1, offer: { limits: {} } });
    await drop.host(`/offers/${drop.offer}/close`);
    const [host, card, overlay] = await Promise.all([consoleOf(drop), cardOf(drop), overlayOf(drop)]);

    await onOffer(host, "Open").click();
    await onOffer(host, "Pin").click();
    await buyButton(card).waitFor();
    await overlay.getByRole("heading", { name: "Ash glaze mug" }).waitFor();

    await onOffer(host, "Price").click();
    const price = host.getByLabel("New price in USD");
    await host.locator("console-reprice input:focus").waitFor();
    await price.fill("19.99");
    await deed(host, "Change the price").click();
    await host.getByText("The floor of this offer is $20.00.").waitFor();
    await price.fill("24");
    await price.press("Enter");
    await card.getByRole("button", { name: "Buy for $24.00" }).first().waitFor();
    await overlay.getByText("$24.00").waitFor();
    await host.getByText("Ash glaze mug: price $32.00 → $24.00").first().waitFor();

    await card.getByLabel("Your first name").fill("Zoë");
    await buyButton(card).click();
    await overlay.getByText("Zoë").waitFor();
    await host.getByText("Sold out", { exact: true }).waitFor();
    await overlay.getByText("Sold out").first().waitFor();
    expect(await violations(host)).toEqual([]);
    await host.getByRole("button", { name: "Hide name of Zoë" }).click();
    await host.getByText("A buyer's name was hidden, also for what they buy later").first().waitFor();
    await onOffer(host, "Stock").click();
    await host.getByLabel(`Units of ${drop.sku} in all`).fill("0");
    await deed(host, "Set").click();
    await host.getByText("0 are held and 1 sold: stock cannot be less than both together.").waitFor();
    await host.getByLabel(`Units of ${drop.sku} in all`).fill("6");
    await deed(host, "Set").click();
    await overlay.getByText("5 left").waitFor();
    await deed(host, "Done").click();

    await deed(card, "Buy another").first().click();
    await buyButton(card).click();
    await overlay.getByText("1 bought", { exact: true }).waitFor();
    expect(await overlay.getByText("Zoë").count()).toBe(0);
    await deed(card, "Buy another").first().click();
    await deed(host, "Pause").click();
    await card.getByText("Paused").first().waitFor();
    await deed(host, "Resume").waitFor();
    expect(await violations(host)).toEqual([]);
    await deed(host, "Resume").click();
    await deed(host, "Pause").waitFor();
    await onOffer(host, "Close").click();
    await onOffer(host, "Open").waitFor();
    await card.getByText("Closed").first().waitFor();

    await deed(host, "End").click();
    await host.getByText("An ended session does not go live again.").waitFor();
    await deed(host, "Not now").click();
    await deed(host, "Pause").waitFor();
    await deed(host, "End").click();
    await deed(host, "End the session").click();
    await host.getByText("Ended", { exact: true }).first().waitFor();
    await expect.poll(() => deed(host, "Pause").count()).toBe(0);
    expect(await violations(host)).toEqual([]);
    await card.getByText("This drop is over").first().waitFor();
  });

  it("is told in words when it is refused, beside what was asked for", async () => {
    const drop = await newDrop(stage);
    const host = await consoleOf(drop);
    // Somebody else was faster, and this console has not heard of it yet.
    await host.route(`**/offers/${drop.offer}/close`, async (route) => {
      await drop.host(`/offers/${drop.offer}/withdraw`);
      await route.continue();
    });
    await onOffer(host, "Close").click();
    await host.getByRole("alert").filter({ hasText: "The offer is in another state by now." }).waitFor();
    await host.getByText("Withdrawn", { exact: true }).waitFor();
    expect(await onOffer(host, "Close").count()).toBe(0);

    await host.route(`**/v1/sessions/${drop.session}`, async (route) => {
      if (route.request().method() !== "PATCH") return route.fallback();
      const json = { code: "overloaded", title: "Try again", status: 503 };
      return route.fulfill({ status: 503, contentType: "application/problem+json", json });
    });
    await host.getByRole("radio", { name: "Not at all" }).click();
    await host.locator(".head .refusal:not(:empty)").waitFor();
    await host.getByRole("radio", { name: "With names", checked: true }).waitFor();
  });
});

describe.skipIf(executable === undefined)("what viewers do", () => {
  it("is the same on the consoles of seller and creator, within a second of a tap on a card", async () => {
    const drop = await newDrop(stage, { stock: 50, offer: { limits: {} } });
    const [seller, creator, card] = await Promise.all([
      consoleOf(drop),
      consoleOf(drop, stage.shop.creatorKey),
      cardOf(drop),
    ]);
    await buyButton(card).waitFor();
    let sold = 0;
    await withinASecond("From the tap on a card to two consoles", async () => {
      sold += 1;
      await buyButton(card).click();
      const tappedAtMs = performance.now();
      const says = (page: Page) => numberOf(page, "Sold").filter({ hasText: new RegExp(`^${sold}$`) });
      await Promise.all([says(seller).waitFor(), says(creator).waitFor()]);
      const tookMs = performance.now() - tappedAtMs;
      await deed(card, "Buy another").click();
      return tookMs;
    });
    const feedOf = (page: Page): Promise<string[]> => page.locator(".feed li > span").allInnerTexts();
    await expect.poll(async () => (await feedOf(seller))[0]).toContain("sold");
    await expect.poll(() => feedOf(creator)).toEqual(await feedOf(seller));
    await creator.getByRole("radio", { name: "Without" }).click();
    for (const page of [seller, creator])
      await page.getByRole("radio", { name: "Without", checked: true }).waitFor();
    await seller.getByText("Buys are shown without names").first().waitFor();
    // What is the seller's alone is not offered to the creator.
    expect(await onOffer(creator, "Stock").count()).toBe(0);
    expect(await onOffer(creator, "Withdraw").count()).toBe(0);
    expect(await deed(creator, "Cancel").count()).toBe(0);
    expect(await faultsOf(seller, "console-live")).toEqual([]);
  });

  it("is told with the names to hide also while no numbers come", async () => {
    const drop = await newDrop(stage);
    const [host, card] = await Promise.all([consoleOf(drop), cardOf(drop)]);
    await host.getByText("Ash glaze mug: opened").first().waitFor();
    await host.route("**/stats", () => undefined);
    await card.getByLabel("Your first name").fill("Zoë");
    await buyButton(card).click();
    await host.getByRole("button", { name: "Hide name of Zoë" }).click();
    await host.getByText("A buyer's name was hidden, also for what they buy later").first().waitFor();
    await expect.poll(() => host.getByRole("button", { name: "Hide name of Zoë" }).count()).toBe(0);
  });

  it("is shown as text, whatever is in it", async () => {
    const title = `<img src=x onerror="alert(1)"> \u202Eevil ${"W".repeat(60)}`;
    const drop = await newDrop(stage, { offer: { title }, session: { title } });
    const host = await consoleOf(drop);
    await host.setViewportSize({ width: 320, height: 568 });
    await host.getByRole("heading", { name: '<img src=x onerror="alert(1)">' }).first().waitFor();
    expect(await host.locator('img[src="x"]').count()).toBe(0);
    // Charts follow the page's width a moment later.
    await expect
      .poll(() => host.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(320);
  });
});

describe.skipIf(executable === undefined)("a console", () => {
  it("shifts nothing while it loads, and has the focus where a keyboard needs it", async () => {
    const drop = await newDrop(stage);
    const more = {
      lines: [{ sku: drop.sku, quantity: 1 }],
      price: { headline: { amount: 900, currency: "USD" } },
    };
    for (const title of ["Bowl", "Plate"]) await drop.host("/offers", { title, ...more });
    const host = await newPage();
    await host.addInitScript(() => {
      const shifts: unknown[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) =>
        shifts.push(...list.getEntries().map((entry) => entry.toJSON())),
      ).observe({ type: "layout-shift", buffered: true });
    });
    await host.goto(await signInUrl(stage, stage.shop.sellerKey, `/console/${drop.session}`));
    await host.getByRole("img", { name: /^Viewers while/ }).waitFor();
    expect(await host.evaluate(() => (globalThis as unknown as { shifts: unknown[] }).shifts)).toEqual([]);

    const press = async (name: string): Promise<void> => {
      await host.getByRole("button", { name }).focus();
      await host.keyboard.press("Enter");
    };
    const hasFocus = async (found: Locator): Promise<void> => {
      const isOnIt = () => found.evaluate((element) => element.matches(":focus-within, :focus"));
      await expect.poll(isOnIt).toBe(true);
    };
    await press("Pin Plate");
    await expect.poll(() => host.locator("article h2").first().innerText()).toBe("Plate");
    await hasFocus(host.getByRole("button", { name: "Unpin Plate" }));
    await press("Price Plate");
    await hasFocus(host.getByLabel("New price in USD"));
    await host.keyboard.press("Escape");
    await hasFocus(host.getByRole("button", { name: "Price Plate" }));
    await press("Withdraw Plate");
    await hasFocus(deed(host, "Not now"));
    await press("Withdraw for good");
    await hasFocus(host.getByRole("article", { name: "Plate" }));
  });

  it("leaves a dialog to the offer it is open for, whatever is answered late about another", async () => {
    const drop = await newDrop(stage);
    const sku = stage.shop.products[1]?.variants[0]?.sku ?? "";
    await drop.host("/stock", { sku, allocated: 3 });
    const price = { headline: { amount: 900, currency: "USD" } };
    await drop.host("/offers", { title: "Bowl", lines: [{ sku, quantity: 1 }], price });
    const host = await consoleOf(drop);
    const open = async (what: string): Promise<void> => {
      await host.getByRole("button", { name: what }).click();
      await host.getByRole("dialog", { name: /Ash glaze mug|Bowl/ }).waitFor();
    };
    const close = async (): Promise<void> => {
      await host.keyboard.press("Escape");
      await host.getByRole("dialog", { name: /Ash glaze mug|Bowl/ }).waitFor({ state: "hidden" });
    };
    /** Answers to the first request of this kind are held back until the function it gives is called. */
    const held = async (path: string, method: string): Promise<() => Promise<void>> => {
      const isAnswered = Promise.withResolvers<void>();
      const isReceived = Promise.withResolvers<void>();
      let isFirst = true;
      await host.route(path, async (route) => {
        if (route.request().method() !== method || !isFirst) return route.fallback();
        isFirst = false;
        const response = await route.fetch();
        await isAnswered.promise;
        await route.fulfill({ response });
        isReceived.resolve();
      });
      return () => {
        isAnswered.resolve();
        return isReceived.promise;
      };
    };

    const priced = await held(`**/offers/${drop.offer}`, "PATCH");
    await open("Price Ash glaze mug");
    await host.getByLabel("New price in USD").fill("24");
    await host.getByLabel("New price in USD").press("Enter");
    await host.getByText("Ash glaze mug: price $32.00 → $24.00").first().waitFor();
    await close();
    await open("Price Bowl");
    await host.getByLabel("New price in USD").fill("8");
    await priced();
    expect(await host.getByLabel("New price in USD").inputValue()).toBe("8");
    await host.getByLabel("New price in USD").press("Enter");
    await host.getByText("Bowl: price $9.00 → $8.00").first().waitFor();

    const stocked = await held(`**/v1/sessions/${drop.session}/stock`, "POST");
    await open("Stock Ash glaze mug");
    await host.getByLabel(`Units of ${drop.sku} in all`).fill("12");
    await deed(host, "Set").click();
    await host.getByText(`${drop.sku}: stock 10 → 12`).first().waitFor();
    await close();
    await open("Stock Bowl");
    await host.getByLabel(`Units of ${sku} in all`).fill("7");
    await deed(host, "Set").click();
    await host.getByText("Set.", { exact: true }).waitFor();
    await stocked();
    await host.getByText(`${sku}: stock 3 → 7`).first().waitFor();
  });

  it("lets a moderator into its session by a link, nowhere else, and out again", async () => {
    const drop = await newDrop(stage);
    const host = await consoleOf(drop);
    await deed(host, "Moderator").click();
    await host.getByRole("img", { name: "QR code of the link" }).waitFor();
    const link = await host.locator('.link span[dir="ltr"]').first().innerText();
    const moderator = await newPage({ viewport: PHONE });
    await moderator.goto(link.replace(/^https?:\/\/[^/]+/, stage.url));
    await moderator.getByRole("button", { name: "Pause" }).click();
    await host.getByText("Paused", { exact: true }).waitFor();
    expect(await moderator.getByRole("button", { name: "Moderator" }).count()).toBe(0);
    expect(await moderator.getByRole("link", { name: "Dashboard" }).count()).toBe(0);
    const other = await newDrop(stage);
    await moderator.goto(`${stage.url}/console/${other.session}`);
    await moderator.getByRole("heading", { name: /not there, or not yours/ }).waitFor();
    expect(await violations(moderator)).toEqual([]);

    await moderator.goto(`${stage.url}/console/${drop.session}`);
    await moderator.getByRole("button", { name: "Resume" }).waitFor();
    await deed(host, "Done").click();
    await deed(host, "Moderator").click();
    await host.getByText(/^Signed in since/).waitFor();
    expect(await faultsOf(host, "console-moderator")).toEqual([]);
    await deed(host, "Show out").click();
    await host.getByText(/^Signed in since/).waitFor({ state: "detached" });
    await moderator.waitForURL(/\/sign-in/);
  });

  it("begins with a draft, says so when there is no connection, and asks who is there", async () => {
    const { shop, api } = stage;
    const made = await api.post<{ id: string }>("/v1/sessions", shop.sellerKey, {
      seller: shop.seller,
      title: "Next Friday",
      currency: "USD",
    });
    const host = await consoleOf({ session: made.id });
    await host.getByText("No offers yet.").waitFor();
    expect(await faultsOf(host, "console-draft")).toEqual([]);
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const changed = { method: "PATCH", body: { scheduledAt: inAnHour }, bearer: shop.sellerKey };
    await api.must(`/v1/sessions/${made.id}`, changed);
    await host.getByText("Scheduled", { exact: true }).first().waitFor();
    expect(await violations(host)).toEqual([]);
    await host.getByRole("button", { name: "Go live" }).click();
    await host.getByText("Live", { exact: true }).waitFor();
    await deed(host, "Pause").focus();
    await host.context().setOffline(true);
    await host.getByText(/No connection\./).waitFor();
    await host.locator(".head:focus").waitFor();
    expect(await violations(host)).toEqual([]);
    await host.context().setOffline(false);
    await host.getByText(/No connection\./).waitFor({ state: "detached" });
    await host.locator("wa-button:focus", { hasText: "Pause" }).waitFor();
    await host.getByRole("button", { name: "Sign out" }).click();
    await host.waitForURL(/\/sign-in/);
    await host.goto(`${stage.url}/console/${made.id}`);
    await host.waitForURL(/\/sign-in/);
  });
});

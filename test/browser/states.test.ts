/** Every state of the card, and every page: what axe finds, and pictures of it for people, phone and desktop, light and dark. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBrowser, executable, faultsOf, newPage, PHONE } from "./browser.ts";
import { foreignPage, newDrop, openStage, type Drop, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(closeBrowser);

async function cardOf(drop: Pick<Drop, "session" | "offer">, attributes = "", lang = "en"): Promise<Page> {
  const html =
    `<!doctype html><html lang="${lang}" dir="${lang === "ar" ? "rtl" : "ltr"}"><head>` +
    `<meta name="viewport" content="width=device-width"><title>A shop</title>` +
    `<style>:root{color-scheme:light dark} dropcast-card{max-width:22rem;margin:auto}</style></head>` +
    `<body><main><h1>A shop</h1><script type="module" src="${stage.url}/card.js"></script>` +
    `<dropcast-card session="${drop.session}" offer="${drop.offer}" ${attributes}></dropcast-card></main></body></html>`;
  const page = await newPage();
  await page.goto(await foreignPage(html));
  return page;
}

const PAYS = 'payment-method="sandbox_success"';
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

describe.skipIf(executable === undefined)("a card has no violation, in any way of looking at it,", () => {
  it("on sale, with a creator's code", async () => {
    const page = await cardOf(await newDrop(stage), `${PAYS} code="MAYA10"`);
    await page.getByRole("button", { name: /^Buy/ }).waitFor();
    await page.getByText("MAYA10").waitFor();
    expect(await faultsOf(page, "card-on-sale")).toEqual([]);
  });

  it("on sale, from right to left and in a language of long words", async () => {
    const drop = await newDrop(stage);
    const [arabic, german] = await Promise.all([cardOf(drop, PAYS, "ar"), cardOf(drop, PAYS, "de")]);
    await Promise.all([arabic, german].map((page) => page.getByRole("button").first().waitFor()));
    expect(await faultsOf(arabic, "card-arabic")).toEqual([]);
    expect(await faultsOf(german, "card-german")).toEqual([]);
  });

  it("before it opens", async () => {
    const drop = await newDrop(stage);
    const { id } = await drop.host<{ id: string }>("/offers", {
      title: "Evening mug",
      lines: [{ sku: drop.sku, quantity: 1 }],
      price: { headline: { amount: 4_000, currency: "USD" } },
      opensAt: inAnHour(),
    });
    const page = await cardOf({ session: drop.session, offer: id }, PAYS);
    await page.getByText("Evening mug").waitFor();
    expect(await faultsOf(page, "card-scheduled")).toEqual([]);
  });

  it("bought", async () => {
    const page = await cardOf(await newDrop(stage), PAYS);
    await page.getByRole("button", { name: /^Buy/ }).click();
    await page.getByText("It is yours").waitFor();
    expect(await faultsOf(page, "card-bought")).toEqual([]);
  });

  it("held for the page's own checkout, and still when the page is loaded anew", async () => {
    const page = await cardOf(await newDrop(stage));
    await page.getByRole("button", { name: /\$32/ }).click();
    await page
      .getByText(/Held for|held/i)
      .first()
      .waitFor();
    expect(await faultsOf(page, "card-held")).toEqual([]);
    await page.reload();
    await page.getByText("Held for").first().waitFor();
  });

  it("with a step at the buyer's bank, there to be taken when the page is loaded anew", async () => {
    const page = await cardOf(await newDrop(stage), 'payment-method="sandbox_3ds"');
    await page.getByRole("button", { name: /^Buy/ }).click();
    await page.getByRole("link").first().waitFor();
    expect(await faultsOf(page, "card-bank")).toEqual([]);
    await page.reload();
    await page.getByRole("link").first().waitFor();
  });

  it("declined", async () => {
    const page = await cardOf(await newDrop(stage), 'payment-method="sandbox_decline"');
    await page.getByRole("button", { name: /^Buy/ }).click();
    await page
      .getByText(/declined/i)
      .first()
      .waitFor();
    expect(await faultsOf(page, "card-declined")).toEqual([]);
  });

  it("sold out, with a waitlist and without", async () => {
    const [without, waitlist] = await Promise.all([
      newDrop(stage, { stock: 0 }),
      newDrop(stage, { stock: 0, offer: { backorder: true } }),
    ]);
    for (const [name, drop] of Object.entries({ "card-sold-out": without, "card-waitlist": waitlist })) {
      const page = await cardOf(drop, PAYS);
      await page.getByText("Sold out").first().waitFor();
      expect(await faultsOf(page, name)).toEqual([]);
    }
  });

  it("paused, over and unknown", async () => {
    const drop = await newDrop(stage);
    const page = await cardOf(drop, PAYS);
    await page.getByRole("button", { name: /^Buy/ }).waitFor();
    await drop.host("/pause");
    await page
      .getByText(/Paused/)
      .first()
      .waitFor();
    expect(await faultsOf(page, "card-paused")).toEqual([]);
    await drop.host("/end");
    await page
      .getByText(/over|ended/i)
      .first()
      .waitFor();
    expect(await faultsOf(page, "card-over")).toEqual([]);
    const unknown = await cardOf({ session: `ses_${"0".repeat(26)}`, offer: drop.offer }, PAYS);
    await unknown.getByText(/cannot be found/).waitFor();
    expect(await faultsOf(unknown, "card-unknown")).toEqual([]);
  });
});

describe.skipIf(executable === undefined)("a page has no violation, in any way of looking at it:", () => {
  it("the demo, with two cards and without a session", async () => {
    const page = await newPage({ viewport: { ...PHONE, height: 3_000 } });
    await page.addInitScript(() => {
      const shifts: unknown[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) =>
        shifts.push(...list.getEntries().map((entry) => entry.toJSON())),
      ).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(stage.demo);
    await expect.poll(() => page.getByRole("button", { name: /^Buy/ }).count()).toBe(2);
    const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: unknown[] }).shifts);
    expect(shifts, "what stands below the cards moved when they came").toEqual([]);
    // Both have the sample shop's picture, which comes without a network.
    const widths = (): Promise<number[]> =>
      page
        .locator("dropcast-card img")
        .evaluateAll((all: HTMLImageElement[]) => all.map((one) => one.naturalWidth));
    await expect.poll(widths).toEqual([1_200, 1_200]);
    expect(await faultsOf(page, "demo")).toEqual([]);
    await page.goto(`${stage.url}/demo`);
    await page.getByLabel("Which session?").waitFor();
    expect(await faultsOf(page, "demo-empty")).toEqual([]);
  });

  it("the overlay", async () => {
    const drop = await newDrop(stage);
    const page = await newPage();
    await page.goto(`${stage.url}/overlay/${drop.session}?offer=${drop.offer}`);
    await page.getByRole("heading").waitFor();
    expect(await faultsOf(page, "overlay")).toEqual([]);
  });

  it("those without a script: an offer, the bank's step and the way back, what errors mean", async () => {
    const drop = await newDrop(stage);
    const page = await cardOf(drop, 'payment-method="sandbox_3ds"');
    await page.getByRole("button", { name: /^Buy/ }).click();
    const bank = await page.getByRole("link").first().getAttribute("href");
    const addresses = {
      offer: `${stage.url}/v1/sessions/${drop.session}/offers/${drop.offer}`,
      bank: bank ?? "",
      return: `${stage.url}/payments/return`,
      problems: `${stage.url}/docs/problems`,
    };
    for (const [name, address] of Object.entries(addresses)) {
      await page.goto(address);
      await page.getByRole("heading").first().waitFor();
      expect(await faultsOf(page, `page-${name}`), name).toEqual([]);
    }
  });
});

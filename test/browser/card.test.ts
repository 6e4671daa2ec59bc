/** The card in a real browser, on pages of other origins with strict policies: bought, raced for, cut off, attacked. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { root } from "../../scripts/quietly.ts";
import { closeBrowser, executable, newPage, PHONE } from "./browser.ts";
import { foreignPage, newDrop, openStage, type Drop, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(closeBrowser);

/** What a page author pastes. */
function embed({ session, offer }: Drop, attributes = 'payment-method="sandbox_success"'): string {
  return (
    `<script type="module" src="${stage.url}/card.js"></script>\n` +
    `<dropcast-card session="${session}" offer="${offer}" ${attributes}></dropcast-card>`
  );
}

/** All that such a page must allow. */
function strictPolicy(): string {
  const socket = stage.url.replace("http", "ws");
  return [
    "default-src 'none'",
    `script-src ${stage.url}`,
    `connect-src ${stage.url} ${socket}`,
    `img-src ${stage.url}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
  ].join("; ");
}

function pageWith(content: string, lang = "en"): Promise<string> {
  const html =
    `<!doctype html><html lang="${lang}"><head><meta name="viewport" content="width=device-width">` +
    `<title>Their page</title></head><body><main><h1>Their page</h1>${content}</main></body></html>`;
  return foreignPage(html, strictPolicy());
}

async function open(page: Page, drop: Drop, attributes?: string): Promise<void> {
  await page.goto(await pageWith(embed(drop, attributes)));
}

/** Resolves with the event's detail once the card has said so. */
function told(page: Page, event: string): Promise<unknown> {
  return page.evaluate(
    (name) =>
      new Promise((resolve) => {
        document.addEventListener(name, (said) => resolve((said as CustomEvent<unknown>).detail), {
          once: true,
        });
      }),
    event,
  );
}

/** A visitor, and not a machine that makes previews. */
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";

const buyButton = (page: Page) => page.getByRole("button", { name: /^Buy/ });

describe.skipIf(executable === undefined)("a card", () => {
  it("is two lines on anybody's page: it shows the live price and sells at it", async () => {
    const drop = await newDrop(stage);
    expect(embed(drop).split("\n")).toHaveLength(2);
    const page = await newPage();
    await open(page, drop);
    await expect.poll(() => buyButton(page).textContent()).toContain("$32.00");
    const ordered = told(page, "dropcast:ordered");
    await buyButton(page).click();
    expect(await ordered).toMatchObject({ order: expect.stringMatching(/^ord_/) });
    expect(await drop.taken()).toBe(1);
  });

  it("is bought by keyboard", async () => {
    const drop = await newDrop(stage, { offer: { limits: { perViewer: 1, perOrder: 1 } } });
    const page = await newPage();
    await open(page, drop);
    await buyButton(page).waitFor();
    const ordered = told(page, "dropcast:ordered");
    await page.keyboard.press("Tab");
    await expect(buyButton(page).evaluate((button) => button.matches(":focus"))).resolves.toBe(true);
    await page.keyboard.press("Enter");
    await ordered;
    expect(await drop.taken()).toBe(1);
  });

  it("is bought by touch on a phone of 320 px, without scrolling sideways", async () => {
    const drop = await newDrop(stage);
    const page = await newPage({ viewport: { ...PHONE, width: 320 }, hasTouch: true, isMobile: true });
    await open(page, drop);
    await buyButton(page).waitFor();
    const ordered = told(page, "dropcast:ordered");
    await buyButton(page).tap();
    await ordered;
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it("tells two who race for the last unit the truth, each on their own screen", async () => {
    const drop = await newDrop(stage, { stock: 1, offer: { limits: { perViewer: 1 } } });
    const pages = await Promise.all([newPage(), newPage()]);
    await Promise.all(pages.map((page) => open(page, drop)));
    await Promise.all(pages.map((page) => buyButton(page).waitFor()));
    await Promise.all(pages.map((page) => buyButton(page).click()));
    const bought = (): Promise<number[]> =>
      Promise.all(pages.map((page) => page.getByText("It is yours").count()));
    await expect.poll(async () => (await bought()).filter(Boolean).length).toBe(1);
    // Whoever taps a moment later is refused, or finds the button sold out already.
    const loser = pages[(await bought()).indexOf(0)]!;
    await loser.getByText("Sold out").first().waitFor();
    expect(await drop.taken()).toBe(1);
  });

  it("does not buy at a price that was not on the button when it was tapped", async () => {
    const drop = await newDrop(stage);
    const page = await newPage();
    await open(page, drop);
    await expect.poll(() => buyButton(page).textContent()).toContain("$32.00");
    // The price is toggled while the tap is on its way.
    await page.route("**/tokens", async (route) => {
      const price = { headline: { amount: 4_000, currency: "USD" } };
      await drop.host(`/offers/${drop.offer}`, { price, olderTokens: "void" }, "PATCH");
      await route.continue();
    });
    await buyButton(page).click();
    await expect.poll(() => buyButton(page).textContent()).toContain("$40.00");
    expect(await drop.taken()).toBe(0);
    await page.unroute("**/tokens");
    const ordered = told(page, "dropcast:ordered");
    await buyButton(page).click();
    await ordered;
    expect(await drop.taken()).toBe(1);
  });
});

describe.skipIf(executable === undefined)("a card of whatever is pinned", () => {
  it("comes back to what the viewer has waited for there when it is held for them", async () => {
    const drop = await newDrop(stage, { stock: 0, offer: { backorder: true } });
    const price = { headline: { amount: 900, currency: "USD" } };
    const lines = [{ sku: "BOWL", quantity: 1 }];
    const next = await drop.host<{ id: string }>("/offers", { title: "Bowl", lines, price });
    await drop.host("/stock", { sku: "BOWL", allocated: 5 });
    await drop.host(`/offers/${drop.offer}/pin`);
    const page = await newPage();
    await open(page, { ...drop, offer: "pinned" });
    await page.getByRole("button", { name: "Join the waitlist" }).click();
    await page.getByRole("checkbox").check();
    await page.getByRole("button", { name: "Join the waitlist" }).click();
    await page.getByRole("button", { name: "Leave the waitlist" }).waitFor();
    await drop.host(`/offers/${next.id}/open`);
    await drop.host(`/offers/${next.id}/pin`);
    await page.getByRole("button", { name: "Buy for $9.00" }).waitFor();
    await drop.host("/stock", { sku: drop.sku, allocated: 1 });
    await expect.poll(() => page.getByRole("button", { name: "Pay $32.00" }).count()).toBe(1);
  });
});

describe.skipIf(executable === undefined)("a card behind a creator's link", () => {
  /** A link that a creator made, of its own: its id, and the address that is shown to people. */
  function newLink(target: object, more: object = {}): Promise<{ id: string; url: string }> {
    return stage.api.must("/v1/links", {
      method: "POST",
      body: { target, ...more },
      bearer: stage.shop.creatorKey,
    });
  }

  async function buyOn(page: Page): Promise<string> {
    const ordered = told(page, "dropcast:ordered");
    await buyButton(page).click();
    return ((await ordered) as { order: string }).order;
  }

  /** Which link has won the order. */
  function linkOf(order: string): Promise<unknown> {
    return vi.waitFor(
      async () => {
        const path = `/v1/orders/${order}/attribution`;
        type Decided = { winner?: { link?: string } };
        const { winner } = await stage.api.must<Decided>(path, { bearer: stage.shop.sellerKey });
        return winner?.link;
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  it("sells for that link on another's page, with the link's code, and on the pages after", async () => {
    const drop = await newDrop(stage);
    const theirs = await pageWith(embed(drop));
    const link = await newLink({ url: theirs }, { coupon: "MAYA10" });
    const page = await newPage();
    await page.goto(link.url);
    expect(page.url()).toMatch(/dropcast_code=MAYA10&dropcast_click=/);
    await expect.poll(() => buyButton(page).textContent()).toContain("$28.80");
    expect(await linkOf(await buyOn(page))).toBe(link.id);
    await page.goto(theirs);
    await expect.poll(() => buyButton(page).textContent()).toContain("$32.00");
    expect(await linkOf(await buyOn(page))).toBe(link.id);
  });

  it("sells for it on the session's own page, by the cookie alone", async () => {
    const drop = await newDrop(stage);
    const link = await newLink({ session: drop.session });
    const page = await newPage();
    // The address is asked for, and another page of the same origin opened.
    await page.request.get(link.url, { headers: { "User-Agent": BROWSER }, maxRedirects: 0 });
    await page.goto(`${stage.url}/demo?session=${drop.session}&offer=${drop.offer}`);
    await buyButton(page).first().waitFor();
    const ordered = told(page, "dropcast:ordered");
    await buyButton(page).last().click();
    expect(await linkOf(((await ordered) as { order: string }).order)).toBe(link.id);
  });

  it("sells at the price without it when the session does not know the link's code", async () => {
    const drop = await newDrop(stage);
    const link = await newLink({ url: await pageWith(embed(drop)) }, { coupon: "OTHERS10" });
    const page = await newPage();
    await page.goto(link.url);
    await page.getByText("This creator code is not valid here.").first().waitFor();
    await expect.poll(() => buyButton(page).textContent()).toContain("$32.00");
    expect(await linkOf(await buyOn(page))).toBe(link.id);
  });
});

describe.skipIf(executable === undefined)("a card that is cut off", () => {
  const reprice = (drop: Drop, amount: number): Promise<unknown> =>
    drop.host(
      `/offers/${drop.offer}`,
      {
        price: {
          headline: { amount: 4_000, currency: "USD" },
          drop: { price: { amount, currency: "USD" }, funder: "seller" },
        },
      },
      "PATCH",
    );

  it("says so, and is right again when it is back", async () => {
    const drop = await newDrop(stage);
    const page = await newPage();
    await open(page, drop);
    await buyButton(page).waitFor();
    await page.context().setOffline(true);
    await page
      .getByText(/No connection/)
      .first()
      .waitFor();
    await reprice(drop, 2_900);
    await page.context().setOffline(false);
    await expect.poll(() => buyButton(page).textContent()).toContain("$29.00");
  });

  it("follows by event stream where there are no sockets, and by polling where there is neither", async () => {
    const drop = await newDrop(stage);
    const [stream, polling] = await Promise.all([newPage(), newPage()]);
    for (const page of [stream, polling]) await page.routeWebSocket(/\/live/, (socket) => socket.close());
    await polling.route(/\/live(\?|$)/, (route) => route.abort());
    await Promise.all([open(stream, drop), open(polling, drop)]);
    await Promise.all([stream, polling].map((page) => buyButton(page).waitFor()));
    await reprice(drop, 2_800);
    for (const page of [stream, polling]) {
      await expect.poll(() => buyButton(page).textContent()).toContain("$28.00");
    }
    const ordered = told(polling, "dropcast:ordered");
    await buyButton(polling).click();
    await ordered;
    expect(await drop.taken()).toBe(1);
  });
});

describe.skipIf(executable === undefined)("hostile titles", () => {
  const list = join(root, "..", "shared", "data", "blns", "blns.json");
  const own = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "${alert(3)} {{4}}",
    "‮evil",
  ];
  const strings: string[] = existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as string[]) : [];
  const chosen = [...own, ...strings.filter((text) => /<|javascript:|onerror/i.test(text)).slice(0, 20)];

  it("are shown as text", async () => {
    const titles = chosen.map((text) => text.slice(0, 100)).filter((text) => text.trim() !== "");
    const drop = await newDrop(stage);
    const page = await newPage();
    page.on("dialog", () => expect.unreachable("a title ran as a script"));
    await open(page, drop);
    await buyButton(page).waitFor();
    for (const title of titles) {
      const changed = await stage.api.call(`/v1/sessions/${drop.session}/offers/${drop.offer}`, {
        method: "PATCH",
        body: { title },
        bearer: stage.shop.sellerKey,
      });
      if (!changed.ok) continue;
      const shown = (): Promise<string | null> =>
        page.evaluate(() => document.querySelector("dropcast-card")?.shadowRoot?.textContent ?? null);
      await expect.poll(async () => (await shown())?.includes(title.trim())).toBe(true);
      expect(
        await page.evaluate(
          () =>
            document
              .querySelector("dropcast-card")
              ?.shadowRoot?.querySelectorAll("script, iframe, img[onerror]").length,
        ),
      ).toBe(0);
    }
  });
});

it("the card's script is at most 30 KB, compressed, with all it loads", () => {
  const script = readFileSync(join(root, ".build", "assets", "card.js"));
  expect(gzipSync(script).byteLength).toBeLessThanOrEqual(30_000);
  expect(script.toString()).not.toMatch(/\bimport\s*["'(]/);
});

describe.skipIf(executable === undefined)("how fast a card is there", () => {
  it("is printed: from the script's start to a live price, beside the bare fetch of the same picture", async () => {
    const drop = await newDrop(stage);
    const ready: number[] = [];
    const fetched: number[] = [];
    for (let load = 0; load < 7; load++) {
      const page = await newPage();
      await page.addInitScript(() => {
        document.addEventListener("dropcast:ready", (said) =>
          Object.assign(globalThis, { readyAt: said.timeStamp }),
        );
      });
      await open(page, drop);
      await buyButton(page).waitFor();
      const took = await page.evaluate(async (picture) => {
        const script = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/card.js"));
        const { responseEnd } = script as PerformanceResourceTiming;
        const { readyAt } = globalThis as unknown as { readyAt: number };
        const startedAt = performance.now();
        await (await fetch(picture)).json();
        return { ready: readyAt - responseEnd, fetched: performance.now() - startedAt };
      }, `${stage.url}/v1/sessions/${drop.session}`);
      ready.push(took.ready);
      fetched.push(took.fetched);
    }
    const median = (values: readonly number[]): number => Math.round(values.toSorted((a, b) => a - b)[3]!);
    console.log(
      `A card with a live price: ${median(ready)} ms after its script's start; its picture alone: ${median(fetched)} ms.`,
    );
    expect(ready.every((ms) => ms > 0)).toBe(true);
  });
});

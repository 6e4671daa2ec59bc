/** The sign-in page: a link lets somebody in once, a key does without being kept, and what goes wrong is said. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withSignIns } from "../../scripts/sample-shop.ts";
import { closeBrowser, executable, faultsOf, newPage, PHONE, violations } from "./browser.ts";
import { newDrop, openStage, signInUrl, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(closeBrowser);

describe.skipIf(executable === undefined)("the sign-in page", () => {
  it("lets in by a link as npm start prints it, once, and leaves nothing of it where a script or the history has it", async () => {
    const { session } = await newDrop(stage);
    const { url, shop } = stage;
    const kept = [
      `Session    ${url}/v1/sessions/${session}   (live)`,
      `Seller     sel_1   key ${shop.sellerKey}`,
    ];
    const [, printed = ""] = await withSignIns(url, kept);
    const link = printed.split(/\s+/)[1] ?? "";
    const page = await newPage();
    await page.goto(link);
    await page.waitForURL(`${stage.url}/console/${session}`);
    await page.getByText("Kiln & Loom").first().waitFor();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: "dropcast", httpOnly: true, sameSite: "Strict" });
    expect(await page.evaluate(() => [document.cookie, history.length])).toEqual(["", 2]);

    const other = await newPage();
    await other.goto(link);
    await other.getByText(/This code was used already/).waitFor();
    expect(other.url()).toBe(`${stage.url}/sign-in`);
    expect(await other.context().cookies()).toEqual([]);
    expect(await faultsOf(other, "sign-in-used")).toEqual([]);
  });

  it("makes nobody somebody else by a link, unless they say so", async () => {
    const { session } = await newDrop(stage);
    const console = `/console/${session}`;
    const page = await newPage({ viewport: PHONE });
    await page.goto(await signInUrl(stage, stage.shop.sellerKey, console));
    await page.waitForURL(stage.url + console);
    const who = (): Promise<string[]> =>
      page.evaluate(async () => {
        const { seller, creator } = (await (await fetch("/v1/sign-ins/current")).json()) as Record<
          string,
          string
        >;
        return [seller, creator].filter((id) => id !== undefined);
      });
    const link = await signInUrl(stage, stage.shop.creatorKey, console);
    await page.goto(link);
    await page.getByText(/You are signed in as/).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await who()).toEqual([stage.shop.seller]);
    await page.getByRole("link", { name: "Go on" }).click();
    await page.waitForURL(stage.url + console);
    await page.goto(link);
    await page.getByRole("button", { name: "Sign in by the link instead" }).click();
    await page.waitForURL(stage.url + console);
    expect(await who()).toEqual([stage.shop.creator]);
  });

  it("makes a code from a key that is covered up, and keeps neither", async () => {
    const { session } = await newDrop(stage);
    const page = await newPage({ viewport: PHONE });
    await page.goto(`${stage.url}/sign-in#to=/console/${session}`);
    const field = page.getByLabel("Code or API key");
    await field.fill("sk_wrong");
    expect(await field.getAttribute("type")).toBe("password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(/This key is not known/).waitFor();
    expect(await violations(page)).toEqual([]);
    await field.fill(stage.shop.creatorKey);
    await field.press("Enter");
    await page.waitForURL(`${stage.url}/console/${session}`);
    const { cookies, origins } = await page.context().storageState();
    expect(cookies).toHaveLength(1);
    // The console follows as a viewer, and keeps that viewer's token.
    expect(JSON.stringify([cookies, origins])).not.toContain(stage.shop.creatorKey);
  });

  it("leads a moderator to the one session, and no further", async () => {
    const [drop, other] = [await newDrop(stage), await newDrop(stage)];
    const page = await newPage();
    await page.goto(await signInUrl(stage, stage.shop.sellerKey, "//evil.example/", drop.session));
    await page.waitForURL(`${stage.url}/console/${drop.session}`);
    const statuses = await page.evaluate(
      async (paths) => Promise.all(paths.map(async (path) => (await fetch(path)).status)),
      [
        `/v1/sessions/${drop.session}/stock`,
        `/v1/sessions/${other.session}/stock`,
        `/v1/sessions?seller=${stage.shop.seller}`,
      ],
    );
    expect(statuses).toEqual([200, 404, 403]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${stage.url}/sign-in`);
    expect(await page.context().cookies()).toEqual([]);
  });
});

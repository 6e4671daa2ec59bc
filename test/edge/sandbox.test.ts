/** The sandbox's pages, as a browser gets them: for whoever has the link, once, whole in themselves. */
import { createHash } from "node:crypto";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { paymentPort } from "../../src/settlement/psp/index.ts";
import type { OrderId, SellerId } from "../../src/domain/ids.ts";
import { buy, get, newDrop, newViewer, post, refused, until, type Answer } from "./client.ts";
import { newOf } from "../settlement/sandbox-stage.ts";

const port = paymentPort(env);

afterEach(() => vi.useRealTimers());

/** The path of a link to this deployment. */
function pathOf(link: string): string {
  const url = new URL(link);
  expect(url.origin).toBe("https://dropcast.test");
  return `${url.pathname}${url.search}`;
}

/** What a browser does with a form; the redirect is looked at, not followed. */
async function submit(path: string, fields: Record<string, string> = {}): Promise<Answer> {
  const body = new URLSearchParams(fields);
  const sent = { method: "POST", body, redirect: "manual" } as const;
  const response = await exports.default.fetch(`https://dropcast.test${path}`, sent);
  const text = await response.text();
  const isProblem = response.headers.get("Content-Type") === "application/problem+json";
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isProblem ? JSON.parse(text) : undefined,
  };
}

/** An order that waits for its buyer, and the page where the bank asks. */
async function challenged(): Promise<{ order: string; as: string; path: string }> {
  const { token: as } = await newViewer();
  const { json } = await buy(await newDrop(1), as, { method: "sandbox_3ds" });
  const state = await port.find(json.id as OrderId);
  if (state.status !== "pending" || !state.action) throw new Error("the buyer is not asked");
  return { order: json.id, as, path: pathOf(state.action.url) };
}

function expectPage({ headers, text }: Answer): void {
  expect(headers.get("Content-Type")).toMatch(/^text\/html/);
  expect(text).toMatch(/^<!doctype html>\s*<html lang="en">/);
  expect(text).toContain('name="viewport"');
  expect(text).not.toMatch(/<script|https?:\/\/|\ssrc=/);
  expect(headers.get("Cache-Control")).toBe("no-store");
  expect(headers.get("Referrer-Policy")).toBe("no-referrer");
  const policy = headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  const [, style = ""] = /<style>([^]*)<\/style>/.exec(text) ?? [];
  expect(policy).toContain(`'sha256-${createHash("sha256").update(style).digest("base64")}'`);
}

describe("a bank's page", () => {
  it("asks about the payment; approved, the order is bought", async () => {
    const { order, as, path } = await challenged();
    const asked = await get(path);
    expect(asked.status).toBe(200);
    expectPage(asked);
    expect(asked.text).toContain("20.00 USD");
    expect(asked.text).toMatch(/<form method="post">[^]*value="approve"[^]*value="refuse"/);
    const answered = await submit(path, { decision: "approve" });
    expect([answered.status, answered.headers.get("Location")]).toEqual([303, path]);
    const page = await get(path);
    expectPage(page);
    expect(page.text).toContain("You have approved this payment.");
    expect(page.text).not.toContain("<form");
    await until(async () => {
      const { json } = await get(`/v1/orders/${order}`, { as });
      return json.status === "captured" ? json : undefined;
    });
    expect((await submit(path, { decision: "refuse" })).status).toBe(303);
    expect((await get(path)).text).toContain("You have approved this payment.");
  });

  it("refused, the order is not bought", async () => {
    const { order, as, path } = await challenged();
    expect((await submit(path, { decision: "refuse" })).status).toBe(303);
    expect((await get(path)).text).toContain("This payment was not approved.");
    const failed = await until(async () => {
      const { json } = await get(`/v1/orders/${order}`, { as });
      return json.status === "failed" ? json : undefined;
    });
    expect(failed.failure).toBe("declined");
  });

  it("takes no other answer", async () => {
    const { path } = await challenged();
    for (const fields of [{}, { decision: "" }, { decision: "maybe" }]) {
      expect(refused(await submit(path, fields))).toBe("400 bad_request");
    }
    expect(refused(await submit(path, { decision: "x".repeat(300_000) }))).toBe("413 payload_too_large");
    expect(refused(await post(path, { key: null, body: [] }))).toBe("400 bad_request");
    expect((await get(path)).text).toContain("<form");
  });

  it("is nobody's without the whole link", async () => {
    const { path, order } = await challenged();
    const other = (await challenged()).path;
    const paths = [
      path.slice(0, -1),
      `${path}A`,
      path.slice(0, path.lastIndexOf("/") + 1) + other.slice(other.lastIndexOf("/") + 1),
      path.replace("pay_", "pay_0"),
    ];
    for (const wrong of paths) {
      for (const answer of [await get(wrong), await submit(wrong, { decision: "approve" })]) {
        expect(answer.status).toBe(404);
        expectPage(answer);
      }
    }
    expect(await port.find(order as OrderId)).toMatchObject({ status: "pending" });
  });

  it("says so when its time is over", async () => {
    const { path } = await challenged();
    vi.useFakeTimers({ now: Date.now() + LIMITS.sandboxChallengeMs, toFake: ["Date"] });
    expect((await get(path)).text).toContain("This payment was not approved.");
  });
});

describe("the onboarding page", () => {
  async function invited(returnUrl = "https://shop.example:8443/money?tab=2"): Promise<{
    account: string;
    path: string;
  }> {
    const party: SellerId = newOf("sel");
    const { account } = await port.openAccount({ id: party, name: "Kiln <& Loom>", country: "DE" });
    const { url } = await port.onboardingLink(account, returnUrl);
    return { account, path: pathOf(url) };
  }

  it("is one button, which enables the account and leads back", async () => {
    const { account, path } = await invited();
    const page = await get(path);
    expect(page.status).toBe(200);
    expectPage(page);
    expect(page.text).toContain("Kiln &lt;&amp; Loom&gt;");
    // Browsers stop a form's redirect to where the policy does not let it go.
    expect(page.headers.get("Content-Security-Policy")).toContain(
      "form-action 'self' https://shop.example:8443",
    );
    for (let time = 0; time < 2; time++) {
      const { status, headers } = await submit(path);
      expect([status, headers.get("Location")]).toEqual([303, "https://shop.example:8443/money?tab=2"]);
    }
    expect(await port.account(account)).toMatchObject({ status: "enabled" });
  });

  it("leads nowhere else, and not for ever", async () => {
    const { account, path } = await invited();
    const url = new URL(path, "https://dropcast.test");
    url.searchParams.set("return", "https://evil.example/");
    const wrong = [`${url.pathname}${url.search}`, url.pathname, `${path}x`];
    for (const link of wrong)
      expect([(await get(link)).status, (await submit(link)).status]).toEqual([404, 404]);
    const script = (await invited("javascript:alert(1)")).path;
    expect([(await get(script)).status, (await submit(script)).status]).toEqual([404, 404]);
    vi.useFakeTimers({ now: Date.now() + LIMITS.sandboxOnboardingMs, toFake: ["Date"] });
    const late = await submit(path);
    expect(late.status).toBe(404);
    expectPage(late);
    expect(await port.account(account)).toMatchObject({ status: "onboarding" });
  });
});

it("the pages are not there where another provider is used", async () => {
  const { path } = await (async () => {
    const { account } = await port.openAccount({ id: newOf("cre"), name: "Maya", country: "FR" });
    return { path: pathOf((await port.onboardingLink(account, "https://shop.example/")).url) };
  })();
  const { createApp } = await import("../../src/edge/app.ts");
  const stripe = { ...env, STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };
  const answer = await createApp().request(`https://dropcast.test${path}`, {}, stripe);
  expect(answer.status).toBe(404);
});

/** The sandbox's pages, as a browser gets them: for whoever has the link, once, whole in themselves. */
import { createHash } from "node:crypto";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { paymentPort } from "../../src/settlement/psp/index.ts";
import type { OrderId, SellerId } from "../../src/domain/ids.ts";
import {
  buy,
  get,
  must,
  newDrop,
  newSeller,
  newViewer,
  PLATFORM,
  post,
  refused,
  send,
  until,
  type Answer,
} from "./client.ts";
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
    expect((await get(path)).text).toContain("<form");
  });

  it("takes a form as browsers send it, and nothing from those without the link", async () => {
    const { path } = await challenged();
    const approve = "decision=approve";
    const parts = '--x\r\nContent-Disposition: form-data; name="decision"\r\n\r\napprove\r\n--x--';
    const answers = async (at: string): Promise<string[]> => {
      const sent: [string | undefined, BodyInit][] = [
        ["application/json", "[]"],
        ["multipart/form-data; boundary=x", parts],
        ["multipart/form-data", parts],
        ["multipart/form-data; boundary=x; charset=nonsense", "--x"],
        ["application/x-www-form-urlencoded2", approve],
        [undefined, new Uint8Array([0x61])],
        ["application/x-www-form-urlencoded", new Uint8Array([0x64, 0x3d, 0xff])],
        ["application/x-www-form-urlencoded", "decision=%ff%"],
      ];
      const all = sent.map(([type, raw]) => post(at, { key: null, raw, ...(type ? { type } : {}) }));
      return (await Promise.all(all)).map(({ status, json }) => `${status} ${json?.code ?? "page"}`);
    };
    const wrongType = Array.from({ length: 6 }, () => "415 unsupported_media_type");
    expect(await answers(path)).toEqual([...wrongType, "400 bad_request", "400 bad_request"]);
    expect(new Set(await answers(`${path}A`))).toEqual(new Set(["404 page"]));
    const type = "application/x-www-form-urlencoded; charset=nonsense";
    const { status } = await exports.default.fetch(`https://dropcast.test${path}`, {
      method: "POST",
      headers: { "Content-Type": type },
      body: approve,
      redirect: "manual",
    });
    expect(status).toBe(303);
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

  it("leads to the address that browsers see, which is one that a header can hold", async () => {
    const seller = await newSeller();
    const at = `/v1/sellers/${seller.id}/payment-account`;
    const body = { country: "DE", payoutSchedule: { interval: "manual", minimums: [] } };
    await must(send("PUT", at, { as: PLATFORM, body }));
    const link = (returnUrl: string): Promise<Answer> =>
      post(`${at}/onboarding-links`, { as: PLATFORM, key: null, body: { returnUrl } });
    for (const [asked, seen] of [
      ["https://shop.example/a\u0000b\nc", "https://shop.example/a%00bc"],
      ["https://evil.example\\@good.example", "https://evil.example/@good.example"],
      ["HTTPS://Shop.Example:443/caf\u00e9", "https://shop.example/caf%C3%A9"],
    ] as const) {
      const path = pathOf((await must(link(asked))).url);
      const policy = (await get(path)).headers.get("Content-Security-Policy");
      expect(policy).toContain(`form-action 'self' ${new URL(seen).origin};`);
      const finished = await submit(path);
      expect([finished.status, finished.headers.get("Location")]).toEqual([303, seen]);
    }
    for (const host of ["a;script-src", "a,b", "*.example", "*", "'self'", "a\u0000b"]) {
      expect(refused(await link(`https://${host}/`)), host).toBe("400 bad_request");
    }
    const long = `https://shop.example/${"\u00e9".repeat(1_000)}`;
    expect(refused(await link(long))).toBe("400 bad_request");
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

/** HTTP as every route speaks it: headers, problems, credentials, bodies of all sorts. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/edge/app.ts";
import { challengeUrl } from "../../src/settlement/psp/sandbox/links.ts";
import { signSandboxWebhook } from "../../src/settlement/psp/sandbox/webhook.ts";
import {
  get,
  must,
  newDrop,
  newKey,
  newShop,
  newViewer,
  PLATFORM,
  post,
  refused,
  remove,
  send,
} from "./client.ts";

describe("every answer", () => {
  it("has a request id of its own, or the client's when that is sane", async () => {
    const own = await get("/healthz");
    expect(own.headers.get("X-Request-Id")).toMatch(/^req_[0-9a-f]{32}$/);
    const sane = await get("/healthz", { headers: { "X-Request-Id": "trace-42" } });
    expect(sane.headers.get("X-Request-Id")).toBe("trace-42");
    for (const odd of ["a b", "<script>", "x".repeat(129)]) {
      const answer = await get("/healthz", { headers: { "X-Request-Id": odd } });
      expect(answer.headers.get("X-Request-Id")).toMatch(/^req_/);
    }
  });

  it("has timing, security headers and is kept by nobody, problems included", async () => {
    for (const path of ["/healthz", "/v1/nothing", "/v1/keys"]) {
      const { headers } = await get(path);
      expect(headers.get("Server-Timing")).toMatch(/^total;dur=/);
      expect(headers.get("Cache-Control")).toBe("no-store");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
      expect(headers.get("Strict-Transport-Security")).not.toBeNull();
    }
  });

  it("may be read by any site, but never with cookies", async () => {
    const { headers } = await get("/v1/nothing", { headers: { Origin: "https://shop.example" } });
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(headers.get("Access-Control-Allow-Credentials")).toBeNull();
    expect(headers.get("Access-Control-Expose-Headers")).toContain("Idempotency-Replayed");
  });

  it("is let through by a preflight that asks for what the API takes", async () => {
    const asked = {
      Origin: "https://shop.example",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization, idempotency-key",
    };
    const { status, headers } = await send("OPTIONS", "/v1/viewers", { headers: asked, key: null });
    expect(status).toBe(204);
    expect(headers.get("Access-Control-Allow-Headers")?.toLowerCase()).toContain("idempotency-key");
    expect(headers.get("Access-Control-Allow-Methods")).toContain("PATCH");
    expect(headers.get("Access-Control-Max-Age")).toBe("86400");
  });
});

describe("a request to nowhere", () => {
  it("is a problem that names the path", async () => {
    const answer = await get("/v1/nothing/here");
    expect(refused(answer)).toBe("404 not_found");
    expect(answer.json.instance).toBe("/v1/nothing/here");
  });

  it("by the wrong method is told which would do", async () => {
    const answer = await remove("/v1/sessions/ses_01jd3m5n8yfx0t2qv4w6z9r1ht");
    expect(refused(answer)).toBe("405 method_not_allowed");
    expect(answer.headers.get("Allow")?.split(", ").toSorted()).toEqual(["GET", "HEAD", "PATCH"]);
    expect(refused(await get("/v1/sellers", { as: PLATFORM }))).toBe("405 method_not_allowed");
  });

  it("with a path that no id can be is the same 404 as an id of nobody", async () => {
    for (const path of [
      "/v1/sessions/nope",
      "/v1/sessions/%00",
      "/v1/sessions/%E0%A4%A",
      "/v1/sessions/SES_01JD3M5N8YFX0T2QV4W6Z9R1HT",
      "/v1/sessions/ses_01jd3m5n8yfx0t2qv4w6z9r1ht",
    ]) {
      expect(refused(await get(path))).toBe("404 session_not_found");
    }
  });

  it("answers HEAD like GET without a body", async () => {
    const answer = await send("HEAD", "/healthz");
    expect([answer.status, answer.text]).toEqual([200, ""]);
  });
});

describe("credentials", () => {
  it("that do not hold are refused even where none are needed", async () => {
    for (const as of ["nonsense", "sk_" + "A".repeat(43), "ey.ey.ey", "a.b.c.d", PLATFORM + "x"]) {
      const answer = await get("/v1/sessions/ses_01jd3m5n8yfx0t2qv4w6z9r1ht", { as });
      expect(refused(answer)).toBe("401 unauthenticated");
      expect(answer.headers.get("WWW-Authenticate")).toContain("Bearer");
    }
  });

  it("come as a bearer token, in any case of the word, and in no other way", async () => {
    const { id } = await must(post("/v1/sellers", { as: PLATFORM, body: { name: "Kiln" } }));
    const path = `/v1/sellers/${id}`;
    expect((await get(path, { headers: { Authorization: `bearer ${PLATFORM}` } })).status).toBe(200);
    expect(refused(await get(path, { headers: { Authorization: `Basic ${PLATFORM}` } }))).toBe(
      "401 unauthenticated",
    );
    expect(refused(await get(path, { headers: { Authorization: PLATFORM } }))).toBe("401 unauthenticated");
    expect(refused(await get(path, { headers: { Cookie: `token=${PLATFORM}` } }))).toBe(
      "401 unauthenticated",
    );
    expect(refused(await get(`${path}?access_token=${PLATFORM}`))).toBe("401 unauthenticated");
  });

  it("of a kind that a route is not for are told so", async () => {
    const { token } = await newViewer();
    const { seller } = await newShop();
    expect(refused(await get("/v1/keys?seller=" + seller.id, { as: token }))).toBe("403 forbidden");
    expect(refused(await get("/v1/keys?seller=" + seller.id, { as: seller.key }))).toBe("403 forbidden");
  });

  it("of a viewer, spelt another way, are nobody's", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const path = `${drop.at}/offers/${drop.offer}/tokens`;
    for (const spelt of [`${token}=`, token.replace(".", ".."), `${token}.`]) {
      expect(refused(await post(path, { as: spelt, body: {} }))).toBe("401 unauthenticated");
    }
  });
});

describe("a body", () => {
  const path = "/v1/sellers";
  const sent = (raw: BodyInit, type = "application/json"): Parameters<typeof post>[1] => ({
    as: PLATFORM,
    raw,
    type,
  });

  it("that is too large is refused, with its length given or in chunks", async () => {
    const large = JSON.stringify({ name: "x".repeat(300_000) });
    const answer = await post(path, sent(large));
    expect(refused(answer)).toBe("413 payload_too_large");
    expect(answer.json.maxBytes).toBe(262_144);
    const chunks = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 40; i++) controller.enqueue(new Uint8Array(8_192).fill(0x20));
        controller.close();
      },
    });
    expect(refused(await post(path, sent(chunks)))).toBe("413 payload_too_large");
  });

  describe("that breaks off is the client's loss, not a busy service", () => {
    const routes = {
      "of JSON": { url: `https://dropcast.test${path}`, type: "application/json" },
      "of a catalogue": {
        url: `https://dropcast.test/v1/sellers/sel_${"0".repeat(26)}/catalog?currency=USD`,
        type: "text/csv",
      },
      "of a webhook": {
        url: "https://dropcast.test/v1/payments/sandbox/webhooks",
        type: "application/json",
        // Signed in time, so that the body is looked at.
        headers: signSandboxWebhook(PLATFORM, { account: "acc_1" }, "msg_1", Date.now()).headers,
      },
      "of a form": {
        url: challengeUrl(env, "pay_1"),
        type: "application/x-www-form-urlencoded",
      },
    } as const;
    // As workerd says it: by the same mark as of an object that is worth another try.
    const lost = Object.assign(new Error("Network connection lost."), { retryable: true });

    it.each(Object.entries(routes))("%s, in chunks or short of its length", async (_, route) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
      for (const length of [{}, { "Content-Length": "1000" }]) {
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
          pull: (controller) => controller.error(lost),
        });
        const asPlatform = { Authorization: `Bearer ${PLATFORM}`, "Idempotency-Key": newKey() };
        const known = "headers" in route ? route.headers : asPlatform;
        const headers = { ...known, "Content-Type": route.type, ...length };
        const asked = new Request(route.url, { method: "POST", headers, body });
        const response = await createApp().fetch(asked, env, createExecutionContext());
        const { code, detail } = await response.json<{ code: string; detail: string }>();
        expect([response.status, code, detail]).toEqual([400, "bad_request", "The body ended early."]);
      }
      expect(log).not.toHaveBeenCalled();
      log.mockRestore();
    });
  });

  it("must be JSON by its type", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonx",
      "multipart/form-data",
    ]) {
      expect(refused(await post(path, sent('{"name":"Kiln"}', type)))).toBe("415 unsupported_media_type");
    }
    for (const type of ["application/json; charset=utf-8", "APPLICATION/JSON", "application/problem+json"]) {
      expect((await post(path, sent('{"name":"Kiln"}', type))).status).toBe(201);
    }
    const packed = await post(path, { ...sent("{}"), headers: { "Content-Encoding": "gzip" } });
    expect(refused(packed)).toBe("415 unsupported_media_type");
  });

  it("that is no JSON is refused, whatever it is", async () => {
    const texts = [
      '{"name":',
      "{'name':'x'}",
      "nul",
      "[1,]",
      '{"a":1}}',
      "\u0000",
      '"\\u12"',
      "NaN",
      '{"a":01}',
    ];
    const bytes = [
      new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
      new Uint8Array([0xed, 0xa0, 0x80]),
    ];
    for (const raw of [...texts, ...bytes]) {
      expect(refused(await post(path, sent(raw)))).toBe("400 invalid_json");
    }
  });

  it("with half of a surrogate pair is refused, with a whole one is not", async () => {
    for (const name of ["\\ud800", "\\uDC00x", "\\ud800\\ud800", "a\\udfff"]) {
      expect(refused(await post(path, sent(`{"name":"${name}"}`)))).toBe("400 invalid_json");
      expect(refused(await post(path, sent(`{"name":"x","${name}":1}`)))).toBe("400 invalid_json");
    }
    const whole = await must(post(path, sent('{"name":"\\ud83d\\ude00"}')));
    expect(whole.name).toBe("😀");
  });

  it("that nests as deep as it can is refused like any other", async () => {
    const depth = 120_000;
    expect(refused(await post(path, sent("[".repeat(depth))))).toBe("400 invalid_json");
    expect(refused(await post(path, sent("[".repeat(depth) + "]".repeat(depth))))).toBe("400 bad_request");
    const objects = `${'{"name":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    expect(refused(await post(path, sent(objects)))).toBe("400 bad_request");
    const half = `${"[".repeat(50_000)}"\\ud800"${"]".repeat(50_000)}`;
    expect(refused(await post(path, sent(half)))).toBe("400 invalid_json");
  });

  it("with numbers that no amount can be is refused", async () => {
    const drop = await newDrop(1);
    for (const number of [
      "1e400",
      "-1e400",
      "1e308",
      "9007199254740993",
      "1.5",
      "-1",
      "1e-400000",
      "null",
      '"5"',
    ]) {
      const answer = await post(`${drop.at}/stock`, { ...sent(`{"sku":"A","allocated":${number}}`) });
      const isZero = number === "1e-400000";
      expect(isZero ? answer.status : refused(answer)).toBe(isZero ? 200 : "400 bad_request");
    }
  });

  it("cannot reach a prototype", async () => {
    for (const raw of [
      '{"name":"x","__proto__":{"polluted":true}}',
      '{"__proto__":{"name":"x"}}',
      '{"name":"x","constructor":{"prototype":{"polluted":true}}}',
      '{"name":"x","__proto__":1,"__proto__":2}',
    ]) {
      expect(refused(await post(path, sent(raw)))).toBe("400 bad_request");
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("that breaks a rule is told which, where", async () => {
    const { seller } = await newShop();
    const body = { seller: seller.id, title: " ", currency: "usd", creatorCodes: [{ code: "x" }], extra: 1 };
    const answer = await post("/v1/sessions", { as: seller.key, body });
    expect(refused(answer)).toBe("400 bad_request");
    const paths = answer.json.errors.map((error: { path: string }) => error.path);
    expect(paths).toEqual(expect.arrayContaining(["title", "currency", "creatorCodes.0.code", ""]));
  });

  it("may be left out where nothing in it is needed", async () => {
    expect((await post("/v1/viewers")).status).toBe(201);
    expect((await post("/v1/viewers", { raw: "", type: "application/json" })).status).toBe(201);
    expect(refused(await post(path, { as: PLATFORM }))).toBe("400 bad_request");
  });
});

describe("what goes wrong inside", () => {
  const secret = "sk_in_an_error";
  const broken = {
    prepare: () => {
      throw new Error(`Failed query: SELECT 1\nparams: ${secret}`);
    },
  };
  const asked = (): Request =>
    new Request("https://dropcast.test/v1/sellers/sel_01jd3m5n8yfx0t2qv4w6z9r1ab", {
      headers: { Authorization: `Bearer ${PLATFORM}` },
    });

  it("is told to nobody outside, and to the log without what it was about", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const response = await createApp().fetch(asked(), { ...env, DB: broken }, createExecutionContext());
    const body = await response.text();
    expect([response.status, JSON.parse(body).code]).toEqual([500, "internal"]);
    expect(body).not.toContain("query");
    expect(log).toHaveBeenCalledOnce();
    const line = JSON.parse(String(log.mock.calls[0]?.[0]));
    expect(line).toMatchObject({
      event: "request_failed",
      method: "GET",
      requestId: JSON.parse(body).requestId,
    });
    expect(JSON.stringify(line)).not.toContain(secret);
    expect(JSON.stringify(line)).not.toContain(PLATFORM);
    log.mockRestore();
  });

  it("with an object that is busy is worth another try", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const busy = {
      getByName: () => ({
        hydrate: () => Promise.reject(Object.assign(new Error("busy"), { overloaded: true })),
      }),
    };
    const path = "https://dropcast.test/v1/sessions/ses_01jd3m5n8yfx0t2qv4w6z9r1zz";
    const response = await createApp().fetch(
      new Request(path),
      { ...env, LIVE_SESSION: busy },
      createExecutionContext(),
    );
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "1"]);
    expect((await response.json<{ code: string }>()).code).toBe("overloaded");
    log.mockRestore();
  });

  it("with a page of the sandbox is logged without its link, which lets anybody in", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const url = challengeUrl(env, "pay_1");
    const page = new Request(url, { headers: { "X-Request-Id": "trace-43" } });
    const response = await createApp().fetch(page, { ...env, DB: broken }, createExecutionContext());
    expect(response.status).toBe(500);
    const line = String(log.mock.calls[0]?.[0]);
    expect(JSON.parse(line)).toMatchObject({
      requestId: "trace-43",
      path: "/sandbox/payments/:payment/challenge/:token",
    });
    expect(line).not.toContain(new URL(url).pathname.split("/").at(-1));
    log.mockRestore();
  });

  it("makes the health check fail", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const path = "https://dropcast.test/healthz";
    const response = await createApp().fetch(
      new Request(path),
      { ...env, DB: broken },
      createExecutionContext(),
    );
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { status: "failing", checks: { database: false } },
    ]);
    log.mockRestore();
  });
});

// `npm start` as its user meets it: it serves, keeps its keys, stops cleanly, leaves nothing behind when it is
// killed, and says in one line why it cannot start.
import { once } from "node:events";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { exitCode, launch, start } from "./server.ts";

let folder: string;
let stateDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dropcast-start-"));
  stateDir = join(folder, "state");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("npm start", () => {
  it("serves the Worker and its docs, and stops when told", async () => {
    const { process, url } = await start(stateDir);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const docs = await fetch(`${url}/docs`);
    expect(await docs.text()).toContain("<title>Dropcast API</title>");
    expect(docs.headers.get("content-security-policy")).toContain("default-src 'none'");
    const back = await fetch(`${url}/payments/return?payment_intent=pi_1`);
    expect(await back.text()).toContain("You can close this window");
    expect(back.headers.get("content-security-policy")).not.toContain("script-src");
    expect(back.headers.get("content-security-policy")).toContain("default-src 'none'");
    process.kill("SIGTERM");
    expect(await exitCode(process)).toBe(0);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  it("keeps its keys in the state folder, for their owner only", async () => {
    const first = await start(stateDir);
    first.process.kill("SIGINT");
    await exitCode(first.process);
    const second = await start(stateDir);
    expect(second.key).toBe(first.key);
    expect((await stat(join(stateDir, "keys.json"))).mode & 0o777).toBe(0o600);
  });

  it("takes its runtime with it when it is killed", async () => {
    const { process, url } = await start(stateDir);
    process.kill("SIGKILL");
    await exitCode(process);
    const answers = (): Promise<boolean> => fetch(url).then(Boolean, () => false);
    await expect.poll(answers, { timeout: 5_000 }).toBe(false);
  });
});

describe("npm start ends with one line and exit code 1", () => {
  it("when the port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    expect(await refusal({ PORT: port })).toBe(
      `Port ${port} on 127.0.0.1 is in use: stop what listens there, or set PORT to another.`,
    );
  });

  it("when another server uses the state folder", async () => {
    await start(stateDir);
    expect(await refusal({})).toBe(
      `The state folder ${stateDir} cannot be used: another server is using it.`,
    );
  });

  it("when a file stands in place of the state folder", async () => {
    await writeFile(stateDir, "");
    expect(await refusal({})).toContain(`The state folder ${stateDir} cannot be used: EEXIST`);
  });

  it("when a database in the state folder is damaged", async () => {
    await mkdir(stateDir);
    await writeFile(join(stateDir, "orders.sqlite"), "x".repeat(5_000));
    expect(await refusal({})).toBe(
      `The state folder ${stateDir} cannot be used: orders.sqlite is damaged (file is not a database).`,
    );
  });

  it("when PLATFORM_KEY is empty", async () => {
    expect(await refusal({ PLATFORM_KEY: "" })).toBe("PLATFORM_KEY is empty: give it a value or unset it.");
  });
});

/** Starts a server that must refuse to; gives the one line it printed. */
async function refusal(settings: Record<string, string>): Promise<string> {
  const server = launch(stateDir, settings);
  const [printed, complaint, code] = await Promise.all([
    text(server.stdout),
    text(server.stderr),
    exitCode(server),
  ]);
  expect(printed).toBe("");
  expect(code).toBe(1);
  expect(complaint.trimEnd()).not.toContain("\n");
  return complaint.trimEnd();
}

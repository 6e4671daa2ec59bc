/** Where Chromium is on this machine; Debian's is installed where that is allowed and there is none. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = ["/usr/bin", "/usr/local/bin", "/opt/google/chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** `CHROMIUM` names another one; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const candidates = PLACES.flatMap((place) => NAMES.map((name) => join(place, name)));
  return process.env.CHROMIUM ?? [...candidates, MAC].find((file) => existsSync(file));
}

/** Once before all tests: installs it for whoever may, and says so where there will be none. */
export default function setup(): void {
  if (chromiumPath() !== undefined) return;
  if (process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0) {
    console.warn("Installing Chromium (apt-get install chromium) ...");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["update", "-q"], { env });
    spawnSync("apt-get", ["install", "-qy", "--no-install-recommends", "chromium"], { env });
  }
  if (chromiumPath() === undefined)
    console.warn(
      "No Chromium here: tests in a browser are left out. Install it, or set CHROMIUM to its path.",
    );
}

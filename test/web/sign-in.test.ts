/** The sign-in page's address: what it asks for, and that it leads to no other origin. */
import { describe, expect, it } from "vitest";
import { arrivalOf, isKey, ownPath, wayOn } from "../../src/web/sign-in/arrival.ts";

const ORIGIN = "https://live.example";

describe("an address", () => {
  it("has a code and a way on, either, or none", () => {
    expect(arrivalOf("#code=7K3M-PX2V-9QDT&to=/console/ses_1", ORIGIN)).toEqual({
      code: "7K3M-PX2V-9QDT",
      to: "/console/ses_1",
    });
    expect(arrivalOf("#to=%2Fdashboard%3Fperiod%3D7", ORIGIN)).toEqual({ to: "/dashboard?period=7" });
    expect(arrivalOf("", ORIGIN)).toEqual({});
    expect(arrivalOf("#code=&to=", ORIGIN)).toEqual({});
  });

  it("leads to paths of its own origin alone", () => {
    for (const to of [
      "https://evil.example/",
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "/\t/evil.example",
      "/\n\\evil.example",
      "/.//evil.example",
      "javascript:alert(1)",
      " /dashboard",
      "dashboard",
      "",
    ]) {
      expect(ownPath(to, ORIGIN), JSON.stringify(to)).toBeUndefined();
    }
    expect(ownPath("/console/ses_1?tab=journal#top", ORIGIN)).toBe("/console/ses_1?tab=journal#top");
  });
});

it("a moderator's way leads to the one console, whatever the address says", () => {
  expect(wayOn({}, undefined)).toBe("/dashboard");
  expect(wayOn({}, "/console/ses_2")).toBe("/console/ses_2");
  expect(wayOn({ session: "ses_1" }, "/dashboard")).toBe("/console/ses_1");
  expect(wayOn({ session: "ses_1" }, "/console/ses_1#journal")).toBe("/console/ses_1#journal");
});

it("a key is told from a code, the platform's too: whatever opens something is covered up", () => {
  expect([" sk_abc", "ck_abc", "pk_abc"].map(isKey)).toEqual([true, true, true]);
  expect(["7K3M-PX2V-9QDT", "SK3M"].map(isKey)).toEqual([false, false]);
});

/** What a host's choice shows while it is sent, refused, or undone by somebody else. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { Choice } from "../../src/web/console/choice.ts";

afterEach(() => vi.useRealTimers());

/** Sends are answered by hand, in their order. */
function desk() {
  vi.useFakeTimers();
  const sent: string[] = [];
  const answers: ((isDone: boolean) => void)[] = [];
  const news = { isBehind: false };
  const choice = new Choice<string>(
    () => undefined,
    () => news.isBehind,
  );
  const choose = (wanted: string) =>
    void choice.make(wanted, (now) => {
      sent.push(now);
      return new Promise((resolve) => answers.push(resolve));
    });
  const answer = async (isDone: boolean): Promise<void> => {
    answers.shift()?.(isDone);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { sent, news, choice, choose, answer };
}

describe("a choice", () => {
  it("is shown while it is sent and until it can be heard of, then what is told", async () => {
    const { choice, choose, answer } = desk();
    choose("none");
    expect(choice.shown("named")).toBe("none");
    await answer(true);
    expect(choice.shown("named"), "news is on its way").toBe("none");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(choice.shown("named"), "somebody else chose after that").toBe("named");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is waited for longer where news is held up, though not forever", async () => {
    const { news, choice, choose, answer } = desk();
    choose("none");
    await answer(true);
    news.isBehind = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(choice.shown("named")).toBe("none");
    news.isBehind = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(choice.shown("named")).toBe("named");
    choose("none");
    await answer(true);
    news.isBehind = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(choice.shown("named")).toBe("named");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is what is told again at once when it was refused", async () => {
    const { choice, choose, answer } = desk();
    choose("none");
    await answer(false);
    expect(choice.shown("named")).toBe("named");
  });

  it("that is made while another is under way is sent after it: the last one counts", async () => {
    const { sent, choice, choose, answer } = desk();
    choose("unnamed");
    choose("named");
    choose("none");
    expect([sent, choice.shown("named")]).toEqual([["unnamed"], "none"]);
    await answer(false);
    expect([sent, choice.shown("named")]).toEqual([["unnamed", "none"], "none"]);
    await answer(true);
    choose("named");
    await vi.advanceTimersByTimeAsync(2_000);
    expect([sent, choice.shown("none")]).toEqual([["unnamed", "none", "named"], "named"]);
    await answer(true);
  });
});

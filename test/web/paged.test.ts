/** Lists of the dashboard that grow by a button, while another is asked for. */
import type { LitElement, ReactiveController, TemplateResult } from "lit";
import { html } from "lit";
import { expect, it, vi } from "vitest";
import { Paged, type Page } from "../../src/web/dashboard/paged.ts";

vi.hoisted(() => vi.stubGlobal("location", new URL("https://live.example/dashboard")));

/** What is called when the button below the list is pressed. */
function pressOf({ values }: TemplateResult): (() => void) | undefined {
  for (const value of values) {
    if (typeof value === "function") return value as () => void;
    const inside = typeof value === "object" && value !== null && "values" in value;
    const press = inside ? pressOf(value as TemplateResult) : undefined;
    if (press) return press;
  }
  return undefined;
}

/** A component that is shown anew when `update` is called. */
function component() {
  const controllers: ReactiveController[] = [];
  const host = {
    addController: (controller: ReactiveController) => void controllers.push(controller),
    requestUpdate: () => undefined,
    updateComplete: Promise.resolve(true),
    renderRoot: { querySelector: () => null },
  } as unknown as LitElement;
  const update = async (): Promise<void> => {
    for (const controller of controllers) controller.hostUpdate?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { host, update };
}

it("is not empty, but on its way, before it is known what to ask for", async () => {
  const { host, update } = component();
  const answer = Promise.withResolvers<Page<string>>();
  let chosen: string | undefined;
  const list = new Paged<string, readonly [string | undefined]>(
    host,
    ([of]) => (of === undefined ? Promise.resolve(undefined) : answer.promise),
    () => [chosen],
  );
  const shown: number[] = [];
  const show = (): void =>
    void list.shown(html``, ({ length }) => {
      shown.push(length);
      return html``;
    });
  await update();
  show();
  chosen = "one";
  await update();
  show();
  expect(shown).toEqual([]);
  answer.resolve({ data: [], nextCursor: null });
  await update();
  show();
  expect(shown).toEqual([0]);
});

it("takes no more of one list into another that goes on after the same item", async () => {
  const { host, update } = component();
  let chosen = "all";
  const more = Promise.withResolvers<Page<string>>();
  const list = new Paged<string, readonly [string]>(
    host,
    ([of], { cursor }) =>
      cursor === undefined
        ? Promise.resolve({ data: [`newest of ${of}`], nextCursor: "same" })
        : more.promise,
    () => [chosen],
  );
  const shown = (): TemplateResult => list.shown(html``, () => html``);
  await update();
  pressOf(shown())?.();
  chosen = "one";
  await update();
  more.resolve({ data: ["of another"], nextCursor: null });
  await update();
  expect(list.items).toEqual(["newest of one"]);
});

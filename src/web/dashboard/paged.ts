/** A list of the API for a section: its first page, and more at a press of a button. */
import { html, nothing, type LitElement, type TemplateResult } from "lit";
import { wordsFor } from "../signed-in/problems.ts";
import { areSame } from "../signed-in/remembered.ts";
import { tell } from "../signed-in/tell.ts";
import { Loaded } from "./loaded.ts";

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** Where a page begins. */
export interface At {
  readonly cursor?: string;
}

/** Undefined while nothing can be asked for yet. */
type Load<T, Args> = (args: Args, at: At, signal?: AbortSignal) => Promise<Page<T> | undefined>;

export class Paged<T, Args extends readonly unknown[]> {
  readonly #host: LitElement;
  readonly #load: Load<T, Args>;
  readonly #args: () => Args;
  readonly #first: Loaded<Page<T> | undefined, Args>;
  #isBusy = false;
  /** The whole list, once its last page was asked for by hand. */
  #whole: Page<T> | undefined;

  constructor(host: LitElement, load: Load<T, Args>, args: () => Args) {
    this.#host = host;
    this.#load = load;
    this.#args = args;
    this.#first = new Loaded(host, (given: Args, signal) => load(given, {}, signal), args);
  }

  get items(): readonly T[] {
    return this.#first.value?.data ?? [];
  }

  /** Puts other items in the place of those there are, such as one that was changed just now. */
  change(items: (now: readonly T[]) => readonly T[]): void {
    const page = this.#first.value;
    if (page) this.#first.value = { ...page, data: items(page.data) };
    this.#host.requestUpdate();
  }

  shown(skeleton: TemplateResult, content: (items: readonly T[]) => TemplateResult): TemplateResult {
    return this.#first.shown(skeleton, (page) => {
      if (!page) return skeleton;
      const { data, nextCursor } = page;
      return html`${content(data)}${nextCursor === null ? this.#end() : this.#button(nextCursor)}`;
    });
  }

  #end(): TemplateResult | typeof nothing {
    return this.#whole && this.#whole === this.#first.value
      ? html`<p class="more quiet" tabindex="-1">That is all there is.</p>`
      : nothing;
  }

  #button(cursor: string): TemplateResult {
    return html`<div class="more">
      <wa-button appearance="outlined" ?loading=${this.#isBusy} @click=${() => void this.#more(cursor)}
        >Show more</wa-button
      >
    </div>`;
  }

  async #more(cursor: string): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#host.requestUpdate();
    try {
      const args = this.#args();
      const page = await this.#load(args, { cursor });
      const before = this.#first.value;
      // Another list may have been asked for meanwhile, which may go on after the same item.
      if (!page || !areSame(args, this.#args()) || before?.nextCursor !== cursor) return;
      const joined = { ...page, data: [...before.data, ...page.data] };
      this.#first.value = joined;
      if (page.nextCursor === null) this.#whole = joined;
    } catch (error) {
      tell(this.#host, wordsFor(error), "bad");
    } finally {
      this.#isBusy = false;
      this.#host.requestUpdate();
    }
    await this.#host.updateComplete;
    // In the place of the button, which had the focus.
    this.#host.renderRoot.querySelector<HTMLElement>("p.more")?.focus();
  }
}

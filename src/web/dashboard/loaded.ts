/** Something loaded for a section: a skeleton first, what was loaded last while it is loaded again, and what to do when it fails. */
import { Task, TaskStatus } from "@lit/task";
import { html, type LitElement, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { DropcastError } from "../../sdk/index.ts";
import { wordsFor } from "../signed-in/problems.ts";
import { areSame } from "../signed-in/remembered.ts";
import { signInAddress } from "../signed-in/who.ts";

export class Loaded<T, Args extends readonly unknown[]> {
  readonly #task: Task<Args, T>;
  readonly #args: () => Args;
  #kept: T | undefined;
  /** With what it was loaded. */
  #keptArgs: Args | undefined;
  /** Why it could not be loaded the last time; shown until it can. */
  #trouble: unknown;

  /** `load` is called again whenever one of `args` is another. What is undefined counts as not there yet. */
  constructor(host: LitElement, load: (args: Args, signal: AbortSignal) => Promise<T>, args: () => Args) {
    this.#args = args;
    this.#task = new Task<Args, T>(host, {
      args,
      task: async (given, { signal }) => {
        try {
          const value = await load(given, signal);
          if (!signal.aborted) this.#keep(value, given);
          return value;
        } catch (error) {
          if (!signal.aborted) this.#lose(error, given);
          throw error;
        }
      },
    });
  }

  #keep(value: T, args: Args): void {
    this.#kept = value;
    this.#keptArgs = args;
    this.#trouble = undefined;
  }

  /** What was loaded for something else is not shown in its place. */
  #lose(error: unknown, args: Args): void {
    this.#trouble = error;
    if (!this.#isKeptFor(args)) this.#kept = undefined;
  }

  #isKeptFor(args: Args): boolean {
    return areSame(this.#keptArgs, args);
  }

  /** Whether nothing is known yet, not even what went wrong. */
  get isWaiting(): boolean {
    return this.#kept === undefined && this.#trouble === undefined;
  }

  /** Whether it is being loaded, for the first time or once more. */
  get isLoading(): boolean {
    return this.#task.status === TaskStatus.PENDING;
  }

  /** What was loaded last. */
  get value(): T | undefined {
    return this.#kept;
  }

  /** In place of what was loaded, such as a list with more at its end. */
  set value(value: T | undefined) {
    this.#kept = value;
  }

  /** Once more, with the same arguments. What fails is shown, not thrown. */
  async again(): Promise<void> {
    await this.#task.run();
  }

  /** `content` of what there is; before there is anything `skeleton`. */
  shown(skeleton: TemplateResult, content: (value: T) => TemplateResult): TemplateResult {
    const isFailed = this.#trouble !== undefined;
    const trouble = isFailed ? troubled(this.#trouble, () => void this.again()) : "";
    if (this.#kept === undefined) return isFailed ? html`${trouble}` : waiting(skeleton);
    const isStale = this.isLoading && !this.#isKeptFor(this.#args());
    return html`${trouble}
      <div class=${isStale ? "stale" : ""} aria-busy=${isStale}>${content(this.#kept)}</div>`;
  }
}

function waiting(skeleton: TemplateResult): TemplateResult {
  return html`<div aria-busy="true">
    <p class="heard" role="status">Loading</p>
    ${skeleton}
  </div>`;
}

/** What went wrong, and what to do about it. */
export function troubled(error: unknown, again: () => void): TemplateResult {
  const isSignedOut = error instanceof DropcastError && error.code === "unauthenticated";
  return html`<div class="trouble" role="alert">
    <wa-icon name="warning"></wa-icon>
    <p>${wordsFor(error)}</p>
    ${
      isSignedOut
        ? html`<wa-button size="s" appearance="outlined" href=${signInAddress()}>Sign in</wa-button>`
        : html`<wa-button size="s" appearance="outlined" @click=${again}>Try again</wa-button>`
    }
  </div>`;
}

/** Blocks in the place of what is loaded; so many, so high (`s`, `m`, `l`). */
export function blocks(count: number, size: "s" | "m" | "l"): TemplateResult {
  const bone = html`<span class=${classMap({ skeleton: true, bone: true, [size]: true })}></span>`;
  return html`<div class="bones">${Array.from({ length: count }, () => bone)}</div>`;
}

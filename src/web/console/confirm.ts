/** `<console-confirm>`: asks before what cannot be undone, and says what will happen. Touches its own tree. */
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { html, LitElement, type TemplateResult } from "lit";
import { dialogStyle } from "./dialog-style.ts";

export interface Question {
  readonly title: string;
  /** What happens then, each a sentence or two. */
  readonly consequences: readonly string[];
  /** The deed itself: never only "OK". */
  readonly yes: string;
}

export class ConsoleConfirm extends LitElement {
  static override styles = dialogStyle;
  static override properties = { question: { state: true }, isOpen: { state: true } };

  declare protected question: Question | undefined;
  declare protected isOpen: boolean;
  #isYes = false;
  #answer: ((isYes: boolean) => void) | undefined;

  constructor() {
    super();
    this.isOpen = false;
  }

  /** Resolves with the answer once the dialog is gone and the focus back; closing it in any way is a no. */
  ask(question: Question): Promise<boolean> {
    this.question = question;
    this.#isYes = false;
    this.isOpen = true;
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** There before it opens: only then is the focus put where `autofocus` wants it. */
  override render(): TemplateResult {
    const { title = "", consequences = [], yes = "" } = this.question ?? {};
    return html`<wa-dialog
      label=${title}
      ?open=${this.isOpen}
      @wa-hide=${() => (this.isOpen = false)}
      @wa-after-hide=${() => this.#answer?.(this.#isYes)}
    >
      <div class="stack">${consequences.map((text) => html`<p>${text}</p>`)}</div>
      <wa-button slot="footer" appearance="outlined" autofocus @click=${() => this.#say(false)}
        >Not now</wa-button
      >
      <wa-button slot="footer" variant="danger" @click=${() => this.#say(true)}>${yes}</wa-button>
    </wa-dialog>`;
  }

  #say(isYes: boolean): void {
    this.#isYes = isYes;
    this.isOpen = false;
  }
}

customElements.define("console-confirm", ConsoleConfirm);

/** What is asked before a move; undefined for what can be undone by another. */
export function questionBefore(move: string, name: string): Question | undefined {
  switch (move) {
    case "end":
      return {
        title: `End “${name}”?`,
        consequences: [
          "Every offer closes and the waitlist ends. Nobody can buy any more.",
          "Who is paying right now may finish; holds keep their time. An ended session does not go live again.",
        ],
        yes: "End the session",
      };
    case "cancel":
      return {
        title: `Cancel “${name}”?`,
        consequences: [
          "Every offer closes, every hold is let go and the waitlist ends, at once.",
          "What is paid for stays sold. A cancelled session does not go live again.",
        ],
        yes: "Cancel the session",
      };
    case "withdraw":
      return {
        title: `Withdraw “${name}”?`,
        consequences: [
          "It disappears from every card and overlay, and cannot be opened again.",
          "Holds keep their time. To stop selling for a while, close it instead.",
        ],
        yes: "Withdraw for good",
      };
    default:
      return undefined;
  }
}

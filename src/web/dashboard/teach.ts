/** What a section says when there is nothing yet: what it is for, and the step that makes the first. */
import { html, type TemplateResult } from "lit";
import type { Party } from "./dash.ts";
import { code, emblem } from "./parts.ts";

interface Lesson {
  readonly icon: string;
  readonly title: string;
  readonly text: string;
}

/** `step` is what to do now: code to run, or a button. */
export function teach({ icon, title, text }: Lesson, step?: TemplateResult): TemplateResult {
  return html`<div class="panel">
    <div class="teach">
      ${emblem(icon)}
      <h2>${title}</h2>
      <p>${text}</p>
      ${step ?? ""}
    </div>
  </div>`;
}

/** How the first session is made: by the seller's own server, for itself or with a creator as host. */
export function teachSessions({ kind, id }: Party): TemplateResult {
  const lesson = {
    icon: "live",
    title: "No sessions yet",
    text: "A session is a live broadcast that sells. What it sells, and what comes of it, shows here as it happens.",
  };
  if (kind === "creator") {
    const step = html`<p>A seller makes the session and names you as its host. Give them your id:</p>
      ${code(id)}`;
    return teach(lesson, step);
  }
  const step = html`<p>
      Make the first with your API key; name a <code>creator</code> if somebody hosts it for you:
    </p>
    ${code(firstSession(id))}`;
  return teach(lesson, step);
}

function firstSession(seller: string): string {
  return `curl ${location.origin}/v1/sessions \\
  -H "Authorization: Bearer $KEY" -H "Idempotency-Key: first-session" \\
  --json '{"seller":"${seller}","title":"First drop","currency":"USD"}'`;
}

/** A language's messages with its ways to write money, numbers, moments and spans of time. Pure. */
import { writingIn, type Writing } from "../design/writing.ts";
import { arabic } from "./messages-ar.ts";
import { german } from "./messages-de.ts";
import { english, type Messages } from "./messages.ts";

export interface Texts extends Writing {
  readonly messages: Messages;
}

const LANGUAGES: Readonly<Record<string, Messages>> = { en: english, de: german, ar: arabic };
const kept = new Map<string, Texts>();

/** Texts for a language tag of the page; English for a language the card does not have and for what is no tag. */
export function textsFor(tag: string): Texts {
  let texts = kept.get(tag);
  if (!texts) kept.set(tag, (texts = textsOf(spoken(tag))));
  return texts;
}

function spoken(tag: string): Intl.Locale {
  try {
    const locale = new Intl.Locale(tag);
    if (Object.hasOwn(LANGUAGES, locale.language)) return locale;
  } catch {
    // A page may write anything into `lang`.
  }
  return new Intl.Locale("en");
}

function textsOf({ baseName, language }: Intl.Locale): Texts {
  return { ...writingIn(baseName), messages: LANGUAGES[language] ?? english };
}

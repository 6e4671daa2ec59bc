/** What is kept for the next page, where it may be: nothing fails without. Touches local storage. */

export function kept(name: string): string | undefined {
  return storage()?.getItem(name) ?? undefined;
}

export function keep(name: string, value: string): void {
  try {
    storage()?.setItem(name, value);
  } catch {
    // Full or forbidden: it lasts as long as the page.
  }
}

export function forget(name: string): void {
  storage()?.removeItem(name);
}

/** Where there is storage and the page may use it: asking alone throws in a sandboxed frame. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

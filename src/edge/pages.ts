/** Cursors of lists that the edge pages itself: opaque text that says after which key to go on. Pure. */

/** Opaque to clients, so that its content can change. */
function cursorOf(key: string): string {
  return Buffer.from(key).toString("base64url");
}

/** A page of items in the order of their keys, after the cursor's. */
export function pageAfter<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { readonly data: readonly T[]; readonly nextCursor: string | null } {
  const after = cursor === undefined ? "" : Buffer.from(cursor, "base64url").toString();
  const sorted = items
    .map((item) => ({ key: keyOf(item), item }))
    .filter(({ key }) => cursor === undefined || key > after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const shown = sorted.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(({ item }) => item),
    nextCursor: last && sorted.length > limit ? cursorOf(last.key) : null,
  };
}

/** Cuts long text into pieces that fit a row. Pure. */

/**
 * Pieces of at most `maxChars` UTF-16 units that join to the text. Never between the two halves of a surrogate pair:
 * stored apart each would become U+FFFD. An empty text is one empty piece.
 */
export function partsOf(text: string, maxChars: number): string[] {
  const parts: string[] = [];
  let start = 0;
  do {
    let end = Math.min(text.length, start + maxChars);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    parts.push(text.slice(start, end));
    start = end;
  } while (start < text.length);
  return parts;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The one language of the signed-in pages. Pure. */

/** Whose English it is, where a browser says so in a tag that `Intl` takes: words and dates are of one language. */
export function englishOf(tag: string): string {
  return /^en(?:-[a-z\d]+)*$/i.test(tag) ? tag : "en";
}

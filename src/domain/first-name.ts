/** What may be shown as somebody's first name on a stream. Pure, and small: a card in a browser asks it too. */

/**
 * Words of letters, each with a point after it at the most (`Ana B.`), between them one blank, hyphen, apostrophe or middle
 * dot: names of all scripts, but no address, no `@`, no number, and no signs that turn a line around. A letter has four
 * marks at the most, joiners included: more are no name but a drawing.
 */
export const FIRST_NAME =
  /^(?:\p{L}[\p{M}\u200c\u200d]{0,4})+\.?(?:[ '’·-](?:\p{L}[\p{M}\u200c\u200d]{0,4})+\.?)*$/u;

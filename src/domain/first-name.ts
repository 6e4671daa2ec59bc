/** What may be shown as somebody's first name on a stream. Pure, and small: a card in a browser asks it too. */

/**
 * Words of letters, each with a point after it at the most (`Ana B.`), between them one blank, hyphen, apostrophe or middle
 * dot: names of all scripts, but no address, no `@`, no number, and no signs that turn a line around. A letter has four
 * marks at the most, joiners included: more are no name but a drawing. Hangul's fillers are letters that nobody sees.
 */
export const FIRST_NAME =
  /^(?:[^\P{L}\u115f\u1160\u3164\uffa0][\p{M}\u200c\u200d]{0,4})+\.?(?:[ '’·-](?:[^\P{L}\u115f\u1160\u3164\uffa0][\p{M}\u200c\u200d]{0,4})+\.?)*$/u;

/** Runs the same work for many, a few at once. Pure but for what the work does. */

/** What `work` gave for each item, in the items' order; never more than `atOnce` under way. */
export async function eachOf<Item, Done>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Done>,
): Promise<Done[]> {
  const done: Done[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    done.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return done;
}

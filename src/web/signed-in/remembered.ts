/** What is made from the same things is made once. Pure. */

/** Whether two lists have the very same things in the same places; none is like no other. */
export function areSame(one: readonly unknown[] | undefined, other: readonly unknown[]): boolean {
  return one?.every((thing, at) => thing === other[at]) ?? false;
}

/** The last result again for as long as the arguments are the very same. */
export function remembered<Given extends readonly unknown[], Made>(
  make: (...given: Given) => Made,
): (...given: Given) => Made {
  let last: { readonly given: Given; readonly made: Made } | undefined;
  return (...given) => {
    if (!last || !areSame(last.given, given)) last = { given, made: make(...given) };
    return last.made;
  };
}

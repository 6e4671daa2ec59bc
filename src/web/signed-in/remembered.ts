/** What is made from the same things is made once. Pure. */

/** The last result again for as long as the arguments are the very same. */
export function remembered<Given extends readonly unknown[], Made>(
  make: (...given: Given) => Made,
): (...given: Given) => Made {
  let last: { readonly given: Given; readonly made: Made } | undefined;
  return (...given) => {
    if (!last?.given.every((one, at) => one === given[at])) last = { given, made: make(...given) };
    return last.made;
  };
}

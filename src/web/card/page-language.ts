/** The language of the page around an element, out of shadow trees as well. Reads the document. */
export function languageAround(element: Element): string {
  let at: Element | null = element;
  while (at) {
    const found: Element | null = at.closest("[lang]");
    if (found) return found.getAttribute("lang") ?? "";
    const tree: Node = at.getRootNode();
    at = tree instanceof ShadowRoot ? tree.host : null;
  }
  return "";
}

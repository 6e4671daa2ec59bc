/** The demo page: two cards of the session that its address names, and what they tell the page. Touches this page alone. */

const query = new URLSearchParams(location.search);
const session = query.get("session");
const cards = document.querySelectorAll("dropcast-card");
const log = document.querySelector("#log");

if (session === null) {
  const asking = document.querySelector<HTMLTemplateElement>("#asking");
  if (asking) document.querySelector("#cards")?.replaceChildren(asking.content.cloneNode(true));
} else {
  const offers = [null, query.get("offer")];
  cards.forEach((card, at) => show(card, { session, offer: offers[at] ?? null }));
}

/** What a page author would write as attributes. */
function show(card: Element, of: { session: string; offer: string | null }): void {
  const paymentMethod = query.get("payment-method") ?? "sandbox_success";
  const attributes = { ...of, "payment-method": paymentMethod, code: query.get("code") };
  for (const [name, value] of Object.entries(attributes)) if (value !== null) card.setAttribute(name, value);
}

/** Consent is the page's to ask for: who gives a name is shown by it. */
const named = document.querySelector<HTMLInputElement>("#name");
named?.addEventListener("input", () => {
  for (const card of cards) card.setAttribute("shown-as", named.value);
});

const LINES = 12;

for (const name of ["ready", "reserved", "ordered", "refused", "failed", "soldout"]) {
  document.addEventListener(`dropcast:${name}`, (event) => {
    const line = document.createElement("li");
    const { detail } = event as CustomEvent<unknown>;
    line.textContent = `${new Date().toLocaleTimeString()}  ${event.type}  ${JSON.stringify(detail).slice(0, 160)}`;
    log?.querySelector(".empty")?.remove();
    log?.prepend(line);
    log?.children.item(LINES)?.remove();
  });
}

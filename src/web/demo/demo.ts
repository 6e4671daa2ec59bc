/** The demo page: two cards of the session that its address names, and what they tell the page. Touches this page alone. */

/** What a page author would write as two lines of HTML. */
const query = new URLSearchParams(location.search);
const session = query.get("session");
const cards = document.querySelector("#cards");
const log = document.querySelector("#log");

if (session === null) {
  const asking = document.querySelector<HTMLTemplateElement>("#asking");
  if (asking) cards?.append(asking.content.cloneNode(true));
} else {
  for (const offer of [undefined, query.get("offer") ?? undefined]) cards?.append(cardOf(session, offer));
}

function cardOf(of: string, offer: string | undefined): HTMLElement {
  const card = document.createElement("dropcast-card");
  card.setAttribute("session", of);
  if (offer !== undefined) card.setAttribute("offer", offer);
  card.setAttribute("payment-method", query.get("payment-method") ?? "sandbox_success");
  const code = query.get("code");
  if (code !== null) card.setAttribute("code", code);
  return card;
}

/** Consent is the page's to ask for: who gives a name is shown by it. */
const named = document.querySelector<HTMLInputElement>("#name");
named?.addEventListener("input", () => {
  for (const card of document.querySelectorAll("dropcast-card")) card.setAttribute("shown-as", named.value);
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

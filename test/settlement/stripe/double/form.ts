/** Form-encoded parameters with brackets, as Stripe takes them: `metadata[order]=…`, `expand[0]=…`. Pure. */

export type Form = { [key: string]: string | Form };

export function parseForm(encoded: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(encoded)) {
    const path = name.replaceAll("]", "").split("[");
    let place = form;
    for (const step of path.slice(0, -1)) {
      const next = place[step];
      const inner: Form = typeof next === "object" ? next : {};
      place[step] = inner;
      place = inner;
    }
    // `expand[]=a&expand[]=b` is a list without numbers.
    const last = path.at(-1)!;
    place[last === "" ? String(Object.keys(place).length) : last] = value;
  }
  return form;
}

export function textOf(form: Form, key: string): string | undefined {
  const value = form[key];
  return typeof value === "string" ? value : undefined;
}

export function formOf(form: Form, key: string): Form | undefined {
  const value = form[key];
  return typeof value === "object" ? value : undefined;
}

export function numberOf(form: Form, key: string): number | undefined {
  const text = textOf(form, key);
  return text === undefined ? undefined : Number(text);
}

export function isTrue(form: Form, key: string): boolean {
  return textOf(form, key)?.toLowerCase() === "true";
}

export function textsOf(form: Form, key: string): Record<string, string> {
  const entries = Object.entries(formOf(form, key) ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

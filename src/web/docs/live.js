// Shows /asyncapi.json with AsyncAPI's React component. The component's own parser compiles schemas with
// `eval` and knows no AsyncAPI 3.1, so the build leaves it out and the little that is needed of it is here:
// references put in place, and the names of things written on them.
import AsyncApi from "@asyncapi/react-component/lib/esm/without-parser.js";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

const viewer = document.getElementById("viewer");

try {
  const response = await fetch("/asyncapi.json");
  if (!response.ok) throw new Error(`/asyncapi.json answered ${response.status}`);
  const schema = prepare(await response.json());
  createRoot(viewer).render(createElement(AsyncApi, { schema, config: { schemaID: "schemas" } }));
} catch (error) {
  viewer.className = "notice";
  viewer.textContent = `The description of the socket could not be shown: ${error.message}.`;
}

/** Turns an AsyncAPI 3 document into what AsyncAPI's parser would hand to the component. */
function prepare(document) {
  const { channels, operations, components = {} } = document;
  for (const group of [channels, components.channels]) {
    label(group, "x-parser-unique-object-id");
    for (const channel of Object.values(group ?? {})) labelMessages(channel.messages);
  }
  for (const group of [operations, components.operations]) label(group, "x-parser-unique-object-id");
  labelMessages(components.messages);
  label(components.schemas, "x-parser-schema-id");
  return { ...expand(document, document), "x-parser-spec-parsed": true };
}

function labelMessages(messages) {
  label(messages, "x-parser-unique-object-id");
  label(messages, "x-parser-message-name");
}

/** Writes each entry's key on the entry. */
function label(entries, field) {
  for (const [key, entry] of Object.entries(entries ?? {})) entry[field] ??= key;
}

/** A copy with every `$ref` replaced by what it points to; `open` holds the references being followed. */
function expand(document, node, open = []) {
  if (Array.isArray(node)) return node.map((item) => expand(document, item, open));
  if (typeof node !== "object" || node === null) return node;
  const { $ref, ...own } = node;
  const fields = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [key, expand(document, value, open)]),
  );
  if (typeof $ref !== "string") return fields;
  if (open.includes($ref)) return { description: `As ${$ref.split("/").at(-1)} above.` };
  return { ...expand(document, lookUp(document, $ref), [...open, $ref]), ...fields };
}

/** Follows a JSON pointer (RFC 6901) such as `#/components/schemas/Frame`. */
function lookUp(document, ref) {
  const keys = ref
    .slice(2)
    .split("/")
    .map((key) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~"));
  return keys.reduce((node, key) => node?.[key], document);
}

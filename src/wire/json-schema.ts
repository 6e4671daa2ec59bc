/** JSON Schemas of the wire from the schemas that validate it. Pure. */
import { z } from "zod";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Draft 2020-12, of what is sent rather than of what it is read into. Named parts are under `$defs`. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

/**
 * In the dialect AsyncAPI has made its own, draft-07, with named parts moved where the document keeps them.
 * @example const { schema, parts } = liftedSchema(order, "#/components/schemas/")
 */
export function liftedSchema(
  schema: z.ZodType,
  base: string,
): { readonly schema: JsonSchema; readonly parts: Readonly<Record<string, JsonSchema>> } {
  const written = JSON.stringify(
    z.toJSONSchema(schema, { io: "input", unrepresentable: "any", target: "draft-7" }),
  );
  const moved: JsonSchema & { readonly definitions?: Record<string, JsonSchema> } = JSON.parse(
    written.replaceAll('"$ref":"#/definitions/', `"$ref":"${base}`),
  );
  const { definitions = {}, $schema: _, ...lifted } = moved;
  return { schema: lifted, parts: definitions };
}

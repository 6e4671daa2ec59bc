/** Compile-time proof that a schema and the code's own type describe the same wire shape. Types only. */
import type { z } from "zod";
import type { Wire } from "./instants.ts";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Mutable<T> = T extends readonly (infer U)[]
  ? Mutable<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

/** `true satisfies Agrees<typeof schema, Type>`: a field added to one and not the other does not compile. */
export type Agrees<Schema extends z.ZodType, T> = Same<Mutable<z.output<Schema>>, Mutable<Wire<T>>>;

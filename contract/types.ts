import type { z } from "zod";

/** A value of the schema, as its readers see it. */
export type Value<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

/**
 * The same value as its writer has to build it: every key is named, an optional one with undefined.
 * So the compiler names the writer that forgets a key which the schema has got.
 */
export type Complete<T> = T extends readonly (infer Item)[]
  ? readonly Complete<Item>[]
  : T extends object
    ? { readonly [Key in keyof Required<T>]: Complete<T[Key]> }
    : T;

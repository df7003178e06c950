import { z } from "zod";
import { describe, judged } from "./describe";

/** One object of the configuration and its keys. */
export interface ReferenceObject {
  /** `tunnels[].sec`, as in error messages; of an object that stands in several places the first. */
  readonly path: string;
  /** The other places. */
  readonly also: readonly string[];
  readonly schema: z.ZodType;
  readonly description: string;
  readonly example: unknown;
  readonly keys: readonly ReferenceKey[];
}

export interface ReferenceKey {
  readonly name: string;
  readonly schema: z.ZodType;
  /** Choices of the object's discriminator that have the key; absent when all have it. */
  readonly only?: readonly string[];
}

/** Every object below these schemas, each once, in the order in which a reader meets it. */
export function objectsIn(sections: Readonly<Record<string, z.ZodType>>): ReferenceObject[] {
  const found = new Map<unknown, ReferenceObject & { also: string[] }>();
  const visit = (path: string, schema: z.ZodType): void => {
    const { bare, meta } = describe(schema);
    if (bare instanceof z.ZodArray) {
      visit(`${path}[]`, bare.element as z.ZodType);
      return;
    }
    if (bare instanceof z.ZodUnion && !(bare instanceof z.ZodDiscriminatedUnion)) {
      for (const option of bare.options as readonly z.ZodType[]) visit(path, option);
      return;
    }
    if (!(bare instanceof z.ZodObject || bare instanceof z.ZodDiscriminatedUnion)) return;
    // A schema with another description is a copy; the definition is the same one.
    const before = found.get(bare.def);
    if (before !== undefined) {
      before.also.push(path);
      return;
    }
    const keys = keysOf(bare);
    const { description = "", examples } = { ...meta, ...bare.meta() };
    const example: unknown = Array.isArray(examples) ? examples[0] : undefined;
    found.set(bare.def, { path, also: [], schema: bare, description, example, keys });
    for (const key of keys) visit(`${path}.${key.name}`, key.schema);
  };
  for (const [name, schema] of Object.entries(sections)) visit(name, schema);
  return [...found.values()];
}

function keysOf(schema: z.ZodObject | z.ZodDiscriminatedUnion): ReferenceKey[] {
  if (schema instanceof z.ZodObject) return shapeOf(schema);
  const { discriminator } = schema.def;
  const options = (schema.options as readonly z.ZodObject[]).map((option) => ({
    choice: String((option.shape[discriminator] as z.ZodLiteral).value),
    keys: shapeOf(option),
  }));
  const names = new Set(options.flatMap(({ keys }) => keys.map(({ name }) => name)));
  return [...names].map((name) => {
    const having = options.filter(({ keys }) => keys.some((key) => key.name === name));
    const schemas = having.flatMap(({ keys }) => keys.filter((key) => key.name === name));
    const [first] = schemas;
    const only = having.map(({ choice }) => choice);
    return {
      name,
      schema:
        name === discriminator
          ? z.union(schemas.map((key) => key.schema))
          : (first?.schema ?? z.never()),
      ...(having.length < options.length && { only }),
    };
  });
}

function shapeOf({ shape }: z.ZodObject): ReferenceKey[] {
  return Object.entries(shape).map(([name, schema]) => ({ name, schema: schema as z.ZodType }));
}

/**
 * What may stand there, in words: `seconds, 5 to 3600`.
 * @param link what to write for the object at a path
 */
export function typeWords(schema: z.ZodType, path: string, link: (path: string) => string): string {
  const { bare, meta } = describe(schema);
  const again = (inner: z.ZodType, at = path): string => typeWords(inner, at, link);
  const inner = judged(bare);
  if (bare instanceof z.ZodObject || bare instanceof z.ZodDiscriminatedUnion) {
    return link(path);
  }
  if (bare instanceof z.ZodArray) {
    return `list of ${plural(again(bare.element as z.ZodType, `${path}[]`))}`;
  }
  if (bare instanceof z.ZodUnion) {
    const options = bare.options as z.ZodType[];
    const words = options.flatMap((one) =>
      one instanceof z.ZodLiteral ? [String(one.value)] : [],
    );
    return words.length === options.length
      ? choices(words)
      : options.map((one) => again(one)).join(" or ");
  }
  if (bare instanceof z.ZodEnum) return choices(bare.options.map(String));
  if (bare instanceof z.ZodLiteral) return choices([...bare.values].map(String));
  if (bare instanceof z.ZodBoolean) return "`true` or `false`";
  if (bare instanceof z.ZodNumber) {
    return `${meta.unit ?? meta.form ?? "number"}${range(bare)}`;
  }
  if (inner && meta.form === undefined) return again(inner);
  return meta.form ?? "text";
}

function choices(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}

function range({ minValue, maxValue }: z.ZodNumber): string {
  const real = (value: number | null): value is number =>
    value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  if (!real(minValue)) return "";
  return real(maxValue) ? `, ${minValue} to ${maxValue}` : `, ${minValue} or more`;
}

function plural(words: string): string {
  if (!/^[A-Za-z ]+$/.test(words)) return words;
  return words.endsWith("s") ? `${words}es` : `${words}s`;
}

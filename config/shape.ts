import { z } from "zod";
import { closest } from "./closest";
import { formatPath, type Problem } from "./problems";

export const SHAPE = "GW001";

/** The value if its shape is right, else what is wrong with it. */
export type Checked<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Checks one section of the configuration, found at `root`, against its schema. */
export function checkShape<S extends z.ZodType>(
  schema: S,
  value: unknown,
  root: readonly PropertyKey[],
): Checked<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  return {
    problems: result.error.issues.flatMap((issue) =>
      explain(issue, { schema, value, path: [...root, ...issue.path] }),
    ),
  };
}

interface Place {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly path: readonly PropertyKey[];
}

function explain(issue: z.core.$ZodIssue, { schema, value, path }: Place): Problem[] {
  const at = (message: string, fix: string): Problem[] => [
    { code: SHAPE, path: formatPath(path), message, fix },
  ];
  const found = valueAt(value, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, keysAt(schema, issue.path)));
    case "invalid_type":
      return found === undefined
        ? at("is missing", `write ${wanted(issue, schema)}`)
        : at(`is ${typeName(found)}`, `write ${wanted(issue, schema)}`);
    case "invalid_value":
      return at(
        found === undefined ? "is missing" : "has an unknown value",
        `write ${issue.values.map(String).join(" or ")}`,
      );
    case "too_small":
      return at(
        typeof found === "number" ? `${found} is too small` : "is empty",
        typeof found === "number"
          ? `write ${String(issue.minimum)} or more`
          : `write at least ${String(issue.minimum)} entry`,
      );
    case "too_big":
      return at("is too large", `write ${String(issue.maximum)} or less`);
    case "custom":
      return at(text(issue.params?.what), text(issue.params?.fix));
    default:
      // Zod's own message of the remaining codes describes the form, never the value.
      return at("has the wrong form", issue.message);
  }
}

function unknownKey(key: string, path: readonly PropertyKey[], known: string[]): Problem {
  const meant = closest(key, known);
  return {
    code: SHAPE,
    path: formatPath([...path, key]),
    message: "is not a known key",
    fix: meant === undefined ? `use one of ${known.join(", ")}` : `write ${meant}`,
  };
}

function text(param: unknown): string {
  return typeof param === "string" ? param : "is wrong";
}

function wanted(issue: z.core.$ZodIssueInvalidType, schema: z.ZodType): string {
  const example = exampleAt(schema, issue.path);
  const type = article(issue.expected);
  return example === undefined ? type : `${type} such as ${example}`;
}

function article(type: string): string {
  const plain: Record<string, string> = { array: "list", record: "object", int: "whole number" };
  const word = plain[type] ?? type;
  return `${/^[aeio]/.test(word) ? "an" : "a"} ${word}`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return article(Array.isArray(value) ? "array" : typeof value);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}

/** The schema of the value at the path, with its optional and default wrappers still on. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((inner, key) => {
    const bare = inner && unwrap(inner);
    if (bare instanceof z.ZodObject) return (bare.shape as Record<PropertyKey, z.ZodType>)[key];
    if (bare instanceof z.ZodArray) return bare.element as z.ZodType;
    return undefined;
  }, schema);
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const inner = schemaAt(schema, path);
  const bare = inner && unwrap(inner);
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
}

function exampleAt(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  const inner = schemaAt(schema, path);
  const examples: unknown = inner && unwrap(inner).meta()?.examples;
  const example: unknown = Array.isArray(examples) ? examples[0] : undefined;
  if (example === undefined) return undefined;
  return typeof example === "string" ? example : JSON.stringify(example);
}

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
  const { issues } = result.error;
  const meant = new Set(issues.flatMap((issue) => meantPaths(issue, schema, value)));
  return {
    problems: issues
      .filter(({ path }) => !isEncrypted(valueAt(value, path.slice(0, -1))) || path.length === 0)
      .filter(({ path }) => valueAt(value, path) !== undefined || !meant.has(formatPath(path)))
      .flatMap((issue) => explain(issue, { schema, value, path: [...root, ...issue.path] })),
  };
}

/** What misspelt keys stand for: it is not missing too. */
function meantPaths(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const known = keysAt(schema, issue.path, value);
  return issue.keys
    .flatMap((key) => closest(key, known) ?? [])
    .map((key) => formatPath([...issue.path, key]));
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
      if (isEncrypted(found)) return at("is an encrypted value", PLAIN_PARTS);
      return issue.keys.map((key) => unknownKey(key, path, keysAt(schema, issue.path, value)));
    case "invalid_type":
      if (isEncrypted(found)) return at("is an encrypted value", decrypted(issue, schema, value));
      return found === undefined
        ? at("is missing", `write ${wanted(issue, schema, value)}`)
        : at(
            `is ${typeName(found)}`,
            `write ${meantScalar(issue, found) ?? wanted(issue, schema, value)}`,
          );
    case "invalid_value":
      return at(
        found === undefined ? "is missing" : "has an unknown value",
        `write ${issue.values.map(String).join(" or ")}`,
      );
    case "invalid_union": {
      const union = schemaAt(schema, issue.path, value);
      const meant = union && oneOrList(unwrap(union), found);
      if (meant) {
        return (issue.errors[meant.index] ?? []).flatMap((inner) =>
          explain(
            { ...inner, path: [...issue.path, ...inner.path] },
            { schema, value, path: [...path, ...inner.path] },
          ),
        );
      }
      return at(
        found === undefined ? "is missing" : "has the wrong form",
        `write ${alternatives(schema, issue.path, value)}`,
      );
    }
    case "too_small":
      return typeof found === "number"
        ? at(
            `${found} is too small`,
            `write ${String(issue.minimum)} or more${inHours(path, found)}`,
          )
        : at("is empty", `write at least ${String(issue.minimum)} entry`);
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

const PLAIN_PARTS =
  "write its values, not encrypted: only what psk names is secret, and has a key of its own";

/** As `pulumi config set --secret --path` writes it. */
export const isEncrypted = (found: unknown): boolean =>
  typeof found === "object" && found !== null && Object.keys(found).join() === "secure";

function decrypted(issue: z.core.$ZodIssueInvalidType, schema: z.ZodType, value: unknown): string {
  return issue.path.at(-1) === "psk"
    ? "write the name of a config key, and set the secret with: pulumi config set --secret NAME"
    : `write ${wanted(issue, schema, value)}, not encrypted`;
}

const UNITS: readonly (readonly [form: RegExp, seconds: number])[] = [
  [/^(?:s|secs?|seconds?)$/, 1],
  [/^(?:m|mins?|minutes?)$/, 60],
  [/^(?:h|hrs?|hours?)$/, 3600],
  [/^(?:d|days?)$/, 86_400],
];

const isTime = (path: readonly PropertyKey[]): boolean =>
  /lifetime|seconds|timeout|backoff/i.test(String(path.at(-1)));

/** What a text was meant to be: YAML 1.2 reads yes, "256" and 8h as texts. */
function meantScalar({ expected, path }: z.core.$ZodIssueInvalidType, found: unknown) {
  if (typeof found !== "string") return undefined;
  if (expected === "boolean") {
    if (/^(yes|on|true)$/i.test(found)) return "true";
    return /^(no|off|false)$/i.test(found) ? "false" : undefined;
  }
  if (expected !== "number" && expected !== "int") return undefined;
  if (/^\d{1,15}$/.test(found)) return `${found} without quotes`;
  if (path.at(-1) === "bytes") return bytesIn(found);
  const seconds = isTime(path) ? secondsIn(found) : undefined;
  return seconds === undefined ? undefined : `${seconds}, in seconds`;
}

/** `4GB` or `500 M`, in powers of 1024 as iked.conf(5) has them. */
function bytesIn(text: string): string | undefined {
  const [, count, unit = ""] = /^(\d{1,9}) ?([kmgt])(?:i?b|bytes)?$/i.exec(text) ?? [];
  const power = "kmgt".indexOf(unit.toLowerCase()) + 1;
  return count === undefined ? undefined : `${Number(count) * 1024 ** power}, in bytes`;
}

/** `8h`, `480 minutes`, `1d 30m` or `08:00:00`, as vendors' sheets give lifetimes. */
function secondsIn(text: string): number | undefined {
  const clock = /^(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(text);
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const parts = [...text.toLowerCase().matchAll(/(\d{1,9}) ?([a-z]+)(?:[ ,]+|$)/gy)];
  if (parts.length === 0 || parts.map(([all]) => all).join("").length !== text.length) {
    return undefined;
  }
  const seconds = parts.map(([, count, unit = ""]) => {
    const known = UNITS.find(([form]) => form.test(unit));
    return known === undefined ? NaN : Number(count) * known[1];
  });
  const sum = seconds.reduce((all, one) => all + one, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

/** A lifetime too short for seconds is most likely given in the sheet's unit. */
function inHours(path: readonly PropertyKey[], found: number): string {
  if (!/lifetime/i.test(String(path.at(-1))) || found < 1) return "";
  const [unit, seconds] = found <= 24 ? (["hours", 3600] as const) : (["minutes", 60] as const);
  return `, in seconds: ${found * seconds} if ${found} ${unit} are meant`;
}

function wanted(issue: z.core.$ZodIssueInvalidType, schema: z.ZodType, value: unknown): string {
  const example = exampleAt(schema, issue.path, value);
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
function schemaAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  value: unknown,
): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((inner, key, depth) => {
    const bare = inner && chosen(unwrap(inner), valueAt(value, path.slice(0, depth)));
    if (bare instanceof z.ZodObject) return (bare.shape as Record<PropertyKey, z.ZodType>)[key];
    if (bare instanceof z.ZodArray) return bare.element as z.ZodType;
    return undefined;
  }, schema);
}

export function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

/** Of the alternatives that one key, or being a list, tells apart, the one the value has chosen. */
export function chosen(schema: z.ZodType, value: unknown): z.ZodType {
  if (!(schema instanceof z.ZodDiscriminatedUnion))
    return oneOrList(schema, value)?.option ?? schema;
  const key = schema.def.discriminator;
  const choice = valueAt(value, [key]);
  const options = schema.options as readonly z.ZodObject[];
  return options.find(({ shape }) => literals(shape[key]).includes(choice)) ?? schema;
}

/** Of one object or a list of such, what the value is meant to be. */
function oneOrList(schema: z.ZodType, value: unknown) {
  if (!(schema instanceof z.ZodUnion) || typeof value !== "object" || value === null) {
    return undefined;
  }
  const wantsList = Array.isArray(value);
  const options = schema.options as readonly z.ZodType[];
  const index = options.findIndex((one) =>
    wantsList ? one instanceof z.ZodArray : one instanceof z.ZodObject,
  );
  const option = options[index];
  return option && { option, index };
}

function literals(schema: unknown): readonly unknown[] {
  return schema instanceof z.ZodLiteral ? [...schema.values] : [];
}

/** What may stand where no alternative fits. */
function alternatives(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string {
  const above = schemaAt(schema, path.slice(0, -1), value);
  const union = above && unwrap(above);
  if (union instanceof z.ZodDiscriminatedUnion && union.def.discriminator === path.at(-1)) {
    const key = union.def.discriminator;
    const options = union.options as readonly z.ZodObject[];
    return options.flatMap(({ shape }) => literals(shape[key]).map(String)).join(" or ");
  }
  const own = schemaAt(schema, path, value);
  const bare = own && unwrap(own);
  if (!(bare instanceof z.ZodUnion)) return "another value";
  return (bare.options as readonly z.ZodType[])
    .map((option) => literals(option).map(String).join(" or ") || article(option.def.type))
    .join(" or ");
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  const inner = schemaAt(schema, path, value);
  const bare = inner && chosen(unwrap(inner), valueAt(value, path));
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
}

function exampleAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  value: unknown,
): string | undefined {
  const inner = schemaAt(schema, path, value);
  const examples: unknown = inner && unwrap(inner).meta()?.examples;
  const example: unknown = Array.isArray(examples) ? examples[0] : undefined;
  if (example === undefined) return undefined;
  if (typeof example === "string") return example;
  // A whole section is a page of the reference, not a part of a sentence.
  return Array.isArray(example) ? JSON.stringify(example) : undefined;
}

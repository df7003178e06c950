import { z } from "zod";
import { closest } from "./closest";
import { type Known, knownOf, Unknown } from "./known";
import type { Problem } from "./problems";
import { checkShape, chosen, isEncrypted, unwrap } from "./shape";

export interface CheckedPart<T> {
  /** Undefined: nothing is known of it. */
  readonly known?: Known<T> | undefined;
  readonly problems: readonly Problem[];
}

/** What is known of a section or tunnel, found at `place`, and what is wrong with its shape. */
export function checkPart<S extends z.ZodType>(
  schema: S,
  value: unknown,
  place: readonly PropertyKey[],
  part: string,
): CheckedPart<z.output<S>> {
  const checked = checkShape(schema, value, place);
  if ("problems" in checked) return { ...checked, known: wellShaped(schema, value, part) };
  return { known: { value: checked.value, unknown: new Set() }, problems: [] };
}

/**
 * What of a misshapen section is well shaped, with its defaults; undefined if it is no section at all. The
 * other keys are unknown, and so are those that a key which is not known may have been meant for.
 */
function wellShaped<S extends z.ZodType>(
  schema: S,
  value: unknown,
  part: string,
): Known<z.output<S>> | undefined {
  const form = chosen(unwrap(schema), value);
  if (!(form instanceof z.ZodObject) || typeof value !== "object" || value === null) {
    return undefined;
  }
  if (isEncrypted(value)) return undefined;
  const shape = form.shape as Record<string, z.ZodType>;
  const lost = lostKeys(form, value, shape);
  const keys = Object.entries(shape).map(([key, field]) => [
    key,
    () => {
      if (lost.has(key)) throw new Unknown(part, key);
      return field.parse(Reflect.get(value, key));
    },
  ]);
  return knownOf(part, Object.fromEntries(keys) as never) as Known<z.output<S>>;
}

function lostKeys(form: z.ZodType, value: object, shape: Record<string, z.ZodType>): Set<string> {
  const issues = form.safeParse(value).error?.issues ?? [];
  return new Set(
    issues.flatMap((issue) =>
      issue.path.length > 0
        ? [String(issue.path[0])]
        : issue.code === "unrecognized_keys"
          ? issue.keys.flatMap((key) => meantBy(key, value, shape))
          : Object.keys(shape),
    ),
  );
}

/** The key that is spelt nearly so, and those that are left out and could have this value. */
function meantBy(key: string, value: object, shape: Record<string, z.ZodType>): string[] {
  const near = closest(key, Object.keys(shape));
  const written: unknown = Reflect.get(value, key);
  const leftOut = Object.entries(shape).filter(
    ([name, field]) => !(name in value) && field.safeParse(written).success,
  );
  return near === undefined ? leftOut.map(([name]) => name) : [near];
}

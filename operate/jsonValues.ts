import type { z } from "zod";
import { formatPath } from "../config/problems";
import { Refusal } from "./command";

/**
 * What one of our own programs hands to another as JSON.
 *
 * @param origin the file, or what else it was read from
 * @param schemaOf what it has to be, which may depend on what it is
 * @throws Refusal naming everything that is wrong
 */
export function parseJsonValues<Schema extends z.ZodType>(
  json: string,
  origin: string,
  schemaOf: (data: unknown) => Schema,
): z.output<Schema> {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    throw new Refusal(`${origin}: is not JSON`);
  }
  const result = schemaOf(data).safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${formatPath(path) || "values"}: ${message}`,
  );
  throw new Refusal(`${origin}: ${problems.join("; ")}`);
}

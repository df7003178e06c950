import type { z } from "zod";
import { sectionsOf } from "../../../parse/sections";

/** The lines of each section of gwctl's text, if all of them are of the schema's form. */
export function inSections<Sections extends z.ZodType>(
  schema: Sections,
  text: string,
): z.output<Sections> {
  const rows = [...sectionsOf(text)].map(([name, lines]) => [name, lines.filter(Boolean)]);
  return schema.parse(Object.fromEntries(rows));
}

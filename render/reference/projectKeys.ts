import type { z } from "zod";
import { describe, isRequired, withoutLinks } from "./describe";

const WIDTH = 92;

/** The block `config` of Pulumi.yaml: which keys Pulumi asks for, and what it says of them. */
export function projectKeys(sections: Readonly<Record<string, z.ZodType>>): string {
  return `config:\n${Object.entries(sections)
    .map(([name, schema]) => entry(name, schema))
    .join("")}`;
}

function entry(name: string, schema: z.ZodType): string {
  const { bare, meta } = describe(schema);
  const kind = bare.def.type === "string" || bare.def.type === "array" ? bare.def.type : "object";
  const empty = kind === "object" ? "{}" : '""';
  return [
    `  ${name}:`,
    `    type: ${kind}`,
    ...(kind === "array" ? ["    items:", "      type: object"] : []),
    ...(isRequired(schema) ? [] : [`    default: ${empty}`]),
    "    description: >-",
    ...wrapped(withoutLinks(meta.description ?? "")).map((line) => `      ${line}`),
    "",
  ].join("\n");
}

function wrapped(text: string): string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

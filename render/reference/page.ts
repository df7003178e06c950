import { Document, isScalar, visit } from "yaml";
import { z } from "zod";
import { describe, isRequired } from "./describe";
import { objectsIn, type ReferenceKey, type ReferenceObject, typeWords } from "./objects";
import { table } from "./table";

type Sections = Readonly<Record<string, z.ZodType>>;

/** The keys below `config:` of a stack's file, one line each. */
export function sectionTable(sections: Sections): string {
  return table(
    ["key", "left out", "what it is"],
    Object.entries(sections).map(([name, schema]) => {
      const { bare, meta } = describe(schema);
      const key = `\`${name}\``;
      return [
        bare instanceof z.ZodString ? key : `[${key}](#${anchor(name)})`,
        isRequired(schema) ? "**required**" : (meta.absent ?? ""),
        meta.description ?? "",
      ];
    }),
  );
}

/** Every object: what it is, an example, and a table of its keys. @param namespace of the stack's keys */
export function objectSections(sections: Sections, namespace: string): string {
  const objects = objectsIn(sections);
  return objects.map((object) => section(object, objects, namespace)).join("\n\n");
}

function section(
  { path, also, description, example, keys }: ReferenceObject,
  objects: readonly ReferenceObject[],
  namespace: string,
): string {
  const places = also.map((one) => `\`${one}\``).join(", ");
  const rows = keys.map((key) => row(key, path, objects));
  return [
    `${path.includes(".") ? "###" : "##"} \`${path}\``,
    places === "" ? description : `${description} Also ${places}.`,
    `\`\`\`yaml\n${exampleText(path, example, namespace)}\`\`\``,
    table(["key", "type and unit", "default", "meaning"], rows),
  ].join("\n\n");
}

function row(
  { name, schema, only }: ReferenceKey,
  path: string,
  objects: readonly ReferenceObject[],
): string[] {
  const { meta, optional, fallback } = describe(schema);
  const link = (at: string): string => {
    const known = objects.find((one) => one.path === at || one.also.includes(at));
    return `[object](#${anchor(known?.path ?? at)})`;
  };
  const meaning = [
    ...(only ? [`With ${only.map((one) => `\`${one}\``).join(", ")} only.`] : []),
    ...meanings(schema),
    ...(meta.change === undefined ? [] : [`**A change** ${meta.change}.`]),
  ];
  return [
    `\`${name}\``,
    typeWords(schema, `${path}.${name}`, link),
    optional ? (meta.absent ?? valueText(fallback)) : "**required**",
    meaning.join(" "),
  ];
}

/** Of a choice between described words, each word's. */
function meanings(schema: z.ZodType): string[] {
  const { bare, meta } = describe(schema);
  if (meta.description !== undefined) return [meta.description];
  if (!(bare instanceof z.ZodUnion)) return [];
  return (bare.options as z.ZodLiteral[]).map(
    (option) => `\`${String(option.value)}\`: ${option.meta()?.description ?? ""}`,
  );
}

function valueText(value: unknown): string {
  if (value === "" || (Array.isArray(value) && value.length === 0)) return "none";
  return typeof value === "object"
    ? "the defaults of its keys"
    : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** As GitHub makes it of the heading. */
function anchor(path: string): string {
  return path.toLowerCase().replace(/[^a-z0-9-]/g, "");
}

/** A section with the name it has in a stack's file, another object with its key alone. */
function exampleText(path: string, example: unknown, namespace: string): string {
  const steps = path.split(".");
  const last = steps.at(-1) ?? path;
  const key = last.replace("[]", "");
  const document = new Document({
    [steps.length === 1 ? `${namespace}:${key}` : key]: last.endsWith("[]") ? [example] : example,
  });
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

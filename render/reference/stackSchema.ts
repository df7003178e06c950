import { z } from "zod";
import { isRequired, judged, withoutLinks } from "./describe";

type Json = Record<string, unknown>;

/** Values of other keys: what a tunnel's `psk` names is a secret. */
const SECRET = {
  description: "A secret, set with: pulumi config set --secret NAME",
  anyOf: [
    {
      type: "object",
      properties: { secure: { type: "string" } },
      required: ["secure"],
      additionalProperties: false,
    },
    { type: "string" },
  ],
};

/**
 * JSON Schema of a whole stack file, for editors. Draft 7, because that is what their language server
 * for YAML reads. It knows the shape only: what values mean together is for `gateway check`.
 *
 * @param namespace before the colon of the stack's keys
 * @param written keys that commands write into the file
 */
export function stackSchema(
  sections: Readonly<Record<string, z.ZodType>>,
  namespace: string,
  written: readonly string[],
): Json {
  const keys = Object.entries(sections);
  const named = (name: string): string => `${namespace}:${name}`;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack of openbsd-ipsec-gateway",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        required: keys.filter(([, schema]) => isRequired(schema)).map(([name]) => named(name)),
        properties: Object.fromEntries([
          ...keys.map(([name, schema]) => [named(name), shapeOf(schema)] as const),
          ...written.map(
            (name) => [named(name), { description: "Written by a command." }] as const,
          ),
        ]),
        // Other namespaces are other programs'.
        patternProperties: { [`^(?!${namespace}:)`]: {} },
        additionalProperties: SECRET,
      },
    },
  };
}

function shapeOf(schema: z.ZodType): Json {
  const shape: Json = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const out = judged(zodSchema);
      if (!out) return;
      // What YAML reads as a number is made a text first.
      const text = shapeOf(out);
      for (const key of Object.keys(text)) Reflect.deleteProperty(jsonSchema, key);
      const alternatives = { anyOf: [text, { type: "number" }] };
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema), alternatives);
    },
  });
  return tidied(without(shape, "$schema"));
}

/** Descriptions say what editors have no field for, and numbers without limits have none. */
function tidied(node: Json): Json {
  const text = (key: string, before = "", after = ""): string[] => {
    const value = node[key];
    return typeof value === "string" ? [`${before}${value}${after}`] : [];
  };
  const texts = [
    ...text("description"),
    ...text("unit", "Unit: ", "."),
    ...text("absent", "Default: ", "."),
    ...text("change", "A change ", "."),
  ];
  const endless = ["minimum", "maximum"].filter(
    (limit) => Math.abs(Number(node[limit])) >= Number.MAX_SAFE_INTEGER,
  );
  const rest = without(node, "description", "form", "unit", "absent", "change", ...endless);
  return {
    ...(texts.length > 0 && { description: withoutLinks(texts.join(" ")) }),
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, below(key, value)])),
  };
}

function without(node: Json, ...keys: string[]): Json {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !keys.includes(key)));
}

function below(key: string, value: unknown): unknown {
  if (["anyOf", "oneOf", "allOf"].includes(key)) return (value as Json[]).map(tidied);
  if (key === "properties") {
    return Object.fromEntries(
      Object.entries(value as Record<string, Json>).map(([name, node]) => [name, tidied(node)]),
    );
  }
  const isSchema = ["items", "additionalProperties", "propertyNames"].includes(key);
  return isSchema && typeof value === "object" ? tidied(value as Json) : value;
}

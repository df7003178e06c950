import { z } from "zod";
import { stackKeys } from "../../../config/schema";
import { describe as described, isRequired } from "../../../render/reference/describe";
import { objectsIn } from "../../../render/reference/objects";
import { objectSections, sectionTable } from "../../../render/reference/page";
import { projectKeys } from "../../../render/reference/projectKeys";
import { problemsOf, values } from "../support/stack";
import { block, NAMESPACE, schemaNow, section, whole } from "./support";

test("docs/configuration.md is what the schema says", () => {
  const sectionsWanted = sectionTable(stackKeys);
  expect(section("configuration.md", "sections", sectionsWanted)).toBe(sectionsWanted);
  const objects = objectSections(stackKeys, NAMESPACE);
  expect(section("configuration.md", "objects", objects)).toBe(objects);
});

test("schema/stack.schema.json is what the schema says", () => {
  const wanted = `${JSON.stringify(schemaNow(), null, 2)}\n`;
  expect(whole("schema/stack.schema.json", wanted)).toBe(wanted);
});

test("Pulumi.yaml asks for the keys that the program reads", () => {
  const wanted = projectKeys(stackKeys).trim();
  expect(block("Pulumi.yaml", "keys", wanted)).toBe(wanted);
});

const objects = objectsIn(stackKeys);
const keys = objects.flatMap(({ path, keys: own }) =>
  own.map(({ name, schema }) => ({ path: `${path}.${name}`, ...described(schema) })),
);

test("every key says what it is, a number its unit, and an optional one what holds without it", () => {
  expect(keys.length).toBeGreaterThan(120);
  const lacking = keys.flatMap(({ path, bare, meta, optional, fallback }) => [
    ...(meta.description === undefined && !(bare instanceof z.ZodUnion) ? [`${path}: text`] : []),
    ...(bare instanceof z.ZodNumber && meta.unit === undefined && meta.form === undefined
      ? [`${path}: unit`]
      : []),
    ...(optional && fallback === undefined && meta.absent === undefined ? [`${path}: absent`] : []),
  ]);
  expect(lacking).toEqual([]);
});

test("every choice of a kind of object says what it is", () => {
  const choices = keys.flatMap(({ path, bare, meta }) =>
    bare instanceof z.ZodUnion && meta.description === undefined
      ? (bare.options as z.ZodType[]).map((option) => [path, option.meta()?.description] as const)
      : [],
  );
  expect(choices.length).toBeGreaterThan(3);
  expect(choices.filter(([, description]) => !description)).toEqual([]);
});

test("a key without a description is found", () => {
  const bare = { one: z.strictObject({ two: z.string() }) };
  expect(described(objectsIn(bare)[0]?.keys[0]?.schema ?? z.never()).meta).toEqual({});
});

test("every object has a description and an example that it accepts", () => {
  const wrong = objects.flatMap(({ path, schema, description, example }) => {
    const result = schema.safeParse(example);
    return result.success && description !== "" ? [] : [[path, description, result.error?.issues]];
  });
  expect(wrong).toEqual([]);
});

test("a section is required exactly when a stack without it is refused", () => {
  const missed = Object.keys(stackKeys).filter((key) => {
    return problemsOf({ ...values(), [key]: undefined }).length > 0;
  });
  const required = Object.entries(stackKeys).filter(([, schema]) => isRequired(schema));
  expect(required.map(([key]) => key)).toEqual(missed);
});

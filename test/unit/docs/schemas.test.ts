import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { documents } from "../../../contract/documents";

const FOLDER = join(__dirname, "../../../docs/schema");

/** Of what is read: a later version may have more keys. */
const textOf = (schema: z.ZodType): string =>
  `${JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, 2)}\n`;

if (process.env.UPDATE_DOCS === "1") {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, schema] of Object.entries(documents)) {
    writeFileSync(join(FOLDER, `${name}.json`), textOf(schema));
  }
}

it("has a file for each document, and no other", () => {
  const names = Object.keys(documents).map((name) => `${name}.json`);
  expect(readdirSync(FOLDER).sort()).toEqual(names.sort());
});

it.each(Object.entries(documents))("%s is what the program has (npm run docs)", (name, schema) => {
  expect(readFileSync(join(FOLDER, `${name}.json`), "utf8")).toBe(textOf(schema));
});

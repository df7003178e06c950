import { documents } from "../../../contract/documents";

/** What a command printed with `--json`, if it is of the schema and nothing in it is beside that. */
export function document(name: keyof typeof documents, text: string): unknown {
  const printed: unknown = JSON.parse(text);
  expect(documents[name]?.parse(printed)).toEqual(printed);
  expect(text).toBe(`${JSON.stringify(printed)}\n`);
  return printed;
}

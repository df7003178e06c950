import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const texts = z.array(z.string().min(1));

/** What every kind of case may expect of the text that the operator reads, blanks and lines aside. */
export const said = {
  /** Each of these stands in it. */
  says: texts.default([]),
  /** None of these stands in it. */
  never: texts.default([]),
};

export type Said = z.infer<ReturnType<typeof z.object<typeof said>>>;

export interface Folder {
  readonly name: string;
  readonly path: string;
  /** The names of its files without `case.yaml`, sorted. */
  readonly inputs: readonly string[];
}

/** The folders of one kind, by name. */
export function foldersOf(kind: string): Folder[] {
  const root = join(__dirname, "..", kind);
  return readdirSync(root)
    .sort()
    .map((name) => {
      const path = join(root, name);
      const inputs = readdirSync(path).filter((file) => file !== "case.yaml");
      return { name, path, inputs: inputs.sort() };
    });
}

/** The folder's `case.yaml`. A key that the kind does not know fails: nothing would test it. */
export function caseOf<Shape extends z.ZodRawShape>({ path }: Folder, shape: Shape) {
  const text = readFileSync(join(path, "case.yaml"), "utf8");
  return z.strictObject({ about: z.string().min(20), ...shape }).parse(parse(text));
}

export function inputOf({ path }: Folder, name: string): string {
  return readFileSync(join(path, name), "utf8");
}

export function expectSaid(text: string, { says, never }: Said): void {
  const flat = text.replace(/\s+/g, " ");
  for (const words of says) expect(flat).toContain(words);
  for (const words of never) expect(flat).not.toContain(words);
}

import { check } from "./kinds/check";
import { type Folder, foldersOf } from "./kinds/case";
import { importing } from "./kinds/import";
import { why } from "./kinds/why";

const KINDS: Readonly<Record<string, (folder: Folder) => void | Promise<void>>> = {
  why,
  import: importing,
  check,
};

describe.each(Object.entries(KINDS))("%s", (kind, judge) => {
  it.each(foldersOf(kind).map((folder) => [folder.name, folder] as const))("%s", (_, folder) =>
    judge(folder),
  );
});

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../../..");

/** One module of the repository, by its path from the root. */
export interface Module {
  readonly path: string;
  /** Its first folder; the empty one for a file of the root. */
  readonly folder: string;
  /** Modules of ours that it imports, also dynamically or as types only. */
  readonly ours: readonly string[];
  /** Packages and `node:` modules. */
  readonly others: readonly string[];
}

/** Every TypeScript file that is not generated. */
export function modules(): Module[] {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((path) => path !== "" && !path.startsWith("sdks/") && existsSync(join(ROOT, path)))
    .map(moduleOf);
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function moduleOf(path: string): Module {
  const names = importsOf(textOf(path));
  return {
    path,
    folder: folderOf(path),
    ours: names.filter((name) => name.startsWith(".")).map((name) => resolved(path, name)),
    others: names.filter((name) => !name.startsWith(".")),
  };
}

/** What a module names in `import`, `export … from`, `import()`, `require()` and types. */
export function importsOf(text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return [...new Set(importedFiles.map(({ fileName }) => fileName))];
}

export function folderOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : "";
}

function resolved(from: string, name: string): string {
  const bare = normalize(join(dirname(from), name)).replace(/\.js$/, "");
  const found = [`${bare}.ts`, `${bare}/index.ts`, bare].find((path) =>
    existsSync(join(ROOT, path)),
  );
  if (found === undefined) throw new Error(`${from}: imports ${name}, which is not there`);
  return found;
}

/** Groups of modules that import each other in a circle; each sorted. */
export function cycles(all: readonly Pick<Module, "path" | "ours">[]): string[][] {
  const graph = new Map(all.map(({ path, ours }) => [path, ours]));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  // Tarjan's strongly connected components.
  const visit = (path: string): number => {
    const own = index.size;
    index.set(path, own);
    let least = own;
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) least = Math.min(least, visit(next));
      else if (stack.includes(next)) least = Math.min(least, index.get(next) ?? own);
    }
    low.set(path, least);
    if (least === own) {
      const group = stack.splice(stack.indexOf(path));
      if (group.length > 1 || graph.get(path)?.includes(path)) groups.push(group.sort());
    }
    return least;
  };
  for (const { path } of all) if (!index.has(path)) visit(path);
  return groups;
}

/** What a pure module must not ask: the process, the clock, chance. With the number of the line. */
export function impurities(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    const what = impurity(node);
    if (what !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1}: ${what}`);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

const GLOBALS = new Set(["process", "globalThis", "__dirname", "__filename", "performance"]);

function impurity(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    if (text === "Date.now" || text === "Math.random") return text;
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "Date") {
    return (node.arguments ?? []).length === 0 ? "new Date()" : undefined;
  }
  if (!ts.isIdentifier(node) || !GLOBALS.has(node.text)) return undefined;
  const { parent } = node;
  const isName =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isPropertySignature(parent) && parent.name === node);
  return isName ? undefined : node.text;
}

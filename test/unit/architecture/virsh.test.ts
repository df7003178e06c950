import ts from "typescript";
import { type Module, modules, textOf } from "./imports";

/** The only module that starts virsh, or writes a command line of it. */
const RUNNER = "hypervisor/virsh.ts";

/**
 * Scripts that call virsh, which sh(1) runs at the operator's machine: of the stack's command resources, of
 * the clone that outlives the program that began it, and of the console, which needs a terminal.
 */
const SCRIPTS = ["hypervisor/clone.ts", "hypervisor/console.ts", "hypervisor/script.ts"];

const NOT_PRODUCT = ["bench", "lab", "test"];

const product = modules().filter(({ folder }) => !NOT_PRODUCT.includes(folder));

/** The texts in a module: strings, and templates with `…` for what is filled in. */
function textsOf(text: string): string[] {
  const source = ts.createSourceFile("a.ts", text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) {
      found.push(
        [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…"),
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** virsh as a program's name, as the first word of a list of arguments has it. */
const isProgram = (text: string): boolean => /^(?:\/\S*\/)?virsh$/.test(text);

/** virsh with the hypervisor from a variable of the shell: a script's, not advice to a reader. */
const isScript = (text: string): boolean => /\bvirsh\b[^\n]*\s"?\$\{?\w/.test(text);

function those(wanted: (text: string) => boolean): string[] {
  const has = ({ path }: Module): boolean => textsOf(textOf(path)).some(wanted);
  return product.filter(has).map(({ path }) => path);
}

it("one module starts virsh", () => {
  expect(those(isProgram)).toEqual([RUNNER]);
});

it("scripts that call virsh stand in the hypervisor's folder", () => {
  expect(those(isScript).sort()).toEqual(SCRIPTS);
});

it("no other module starts a program", () => {
  const starts = product.filter(({ others }) => others.includes("node:child_process"));
  expect(starts.map(({ path }) => path).sort()).toEqual([
    "components/hypervisor/hostKey.ts",
    "components/hypervisor/ownStylesheet.ts",
    "components/perimeter/readBack.ts",
    "components/proof.ts",
    "hypervisor/clone.ts",
    "hypervisor/console.ts",
    "hypervisor/copy/shell.ts",
    "hypervisor/virsh.ts",
    "operate/run.ts",
    "operate/ssh/connection.ts",
  ]);
});

describe("the check itself", () => {
  it("sees a program's name, and a script's call, and no advice", () => {
    const text = `
      spawn("virsh", ["-c", uri]);
      const SCRIPT = \`v() { virsh -q -c "$URI" "$@"; }\`;
      const MORE = \`\${A}\nvirsh -c "$uri" list\`;
      throw new Error(\`start it: virsh -c \${uri} pool-start \${name}\`);
    `;
    const texts = textsOf(text);
    expect(texts.filter(isProgram)).toEqual(["virsh"]);
    expect(texts.filter(isScript)).toHaveLength(2);
  });
});

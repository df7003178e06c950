// Every property that the npm SDKs declare is handled by the stand-ins or refused, so that none is ever ignored.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import { endpointFields } from "../../lab/toolchain/providers/command/connection";
import { commandTypes } from "../../lab/toolchain/providers/command/types";
import type { ResourceType } from "../../lab/toolchain/providers/core/resourceType";
import { randomTypes } from "../../lab/toolchain/providers/random/types";

/** Names of the properties of an interface or class in a declaration file, also of one in a namespace. */
function declared(file: string, name: string, kind: "args" | "class"): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) && kind === "args" && node.name.text === name) {
      names.push(...node.members.flatMap((member) => (member.name ? [member.name.getText()] : [])));
    }
    if (ts.isClassDeclaration(node) && kind === "class" && node.name?.text === name) {
      const properties = node.members.filter(ts.isPropertyDeclaration).filter((member) => {
        const modifiers = member.modifiers ?? [];
        return !modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword);
      });
      names.push(...properties.map((member) => member.name.getText()));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  return names.sort();
}

function sdk(name: string): string {
  return dirname(require.resolve(`@pulumi/${name}/package.json`));
}

const types: [string, string, ResourceType][] = Object.entries({
  ...commandTypes,
  ...randomTypes,
}).map(([token, type]) => {
  const [plugin = "", module = "", className = ""] = token.split(":");
  const file =
    plugin === "random" ? module.replace("index/", "") : `${module}/${lowerFirst(className)}`;
  return [token, join(sdk(plugin), `${file}.d.ts`), type];
});

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

test.each(types)("%s knows every input and output of the SDK's class", (token, file, type) => {
  const className = token.split(":").at(-1) ?? "";
  const inputs = Object.keys(type.inputs).sort();
  expect(declared(file, `${className}Args`, "args")).toEqual(inputs);
  expect(declared(file, className, "class")).toEqual(
    [...inputs, ...Object.keys(type.outputs)].sort(),
  );
});

test.each(["ConnectionArgs", "ProxyConnectionArgs"])(
  "a connection knows every field of %s",
  (name) => {
    const fields = declared(join(sdk("command"), "types/input.d.ts"), name, "args");
    expect(fields.filter((field) => field !== "proxy")).toEqual([...endpointFields].sort());
  },
);

test("the resource types that a stand-in lacks are known", () => {
  const files = (directory: string) =>
    readdirSync(directory)
      .filter((file) => file.endsWith(".d.ts"))
      .map((file) => readFileSync(join(directory, file), "utf8"));
  const classes = (directory: string) =>
    files(directory).flatMap((text) =>
      [...text.matchAll(/export declare class (\w+) extends pulumi\.CustomResource/g)].map(
        ([, name]) => name ?? "",
      ),
    );
  const have = (types: object) =>
    new Set(Object.keys(types).map((token) => token.split(":").at(-1)));
  const lacking = (name: string, directory: string, types: object) =>
    classes(join(sdk(name), directory)).filter((className) => !have(types).has(className));
  expect(lacking("command", "remote", commandTypes)).toEqual(["CopyFile"]);
  expect(lacking("command", "local", commandTypes)).toEqual([]);
  expect(lacking("random", ".", randomTypes).sort()).toEqual([
    "RandomBytes",
    "RandomInteger",
    "RandomPet",
    "RandomShuffle",
    "RandomUuid",
    "RandomUuid4",
    "RandomUuid7",
  ]);
});

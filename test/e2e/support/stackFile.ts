import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { ROOT } from "./lab";

const fileOf = (stack: string): string => join(ROOT, `.lab/project/Pulumi.${stack}.yaml`);

/** Edits the lab's copy of the stack's values, as an operator would edit Pulumi.test.yaml. */
export function editStack(edit: (values: Values) => void, stack = "test"): void {
  const file = fileOf(stack);
  const document = parseDocument(readFileSync(file, "utf8"));
  edit(new Values(document));
  writeFileSync(file, document.toString());
}

/** The stack file as it is, to be put back. */
export function saveStack(stack = "test"): () => void {
  const file = fileOf(stack);
  const text = readFileSync(file, "utf8");
  return () => {
    writeFileSync(file, text);
  };
}

/** Access to values by their path below the project's namespace, e.g. `tunnels.0.peer`. */
export class Values {
  constructor(private readonly document: Document) {}

  public get(path: string): unknown {
    return this.document.getIn(keys(path));
  }

  public set(path: string, value: unknown): void {
    this.document.setIn(keys(path), this.document.createNode(value));
  }

  public delete(path: string): void {
    this.document.deleteIn(keys(path));
  }
}

function keys(path: string): (string | number)[] {
  const [first = "", ...rest] = path.split(".");
  const inside = rest.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return ["config", `openbsd-ipsec-gateway:${first}`, ...inside];
}

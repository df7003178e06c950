import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { ConfigReader } from "../../config/reader";
import { NotYaml, parseYaml } from "../../config/yamlText";
import { projectDirectory } from "../../workstation/paths";
import { isSignedByItsKey } from "../../workstation/ownSignature";
import { today } from "../../workstation/today";

/** The file cannot be read as a stack's values; nothing of it has been checked. */
export class UnreadableStack extends Error {
  public override readonly name = "UnreadableStack";
}

/** What `Pulumi.STACK.yaml` says, as the program would get it, but for the values of secrets. */
export function readStackFile(file: string): ConfigReader {
  const values = configOf(file);
  const project = projectOf(file);
  const value = (key: string) => values[`${project}:${key}`] ?? values[key];
  return {
    object: value,
    keys: { names: Object.keys(values), namespace: project },
    today: today(),
    isSigned: isSignedByItsKey,
    secret: (key) => {
      const found = value(key);
      if (found === undefined) return undefined;
      return typeof found === "string" ? found : unseenKey(key);
    },
    isUnread: (key) => value(key) !== undefined && typeof value(key) !== "string",
    file: (path) => {
      const full = resolve(dirname(file), path.replace(/^~(?=\/)/, homedir()));
      return existsSync(full) ? readFileSync(full, "utf8") : undefined;
    },
  };
}

function configOf(file: string): Record<string, unknown> {
  const { config } = mapping(yamlOf(file), file);
  return config === undefined ? {} : mapping(config, file, "config");
}

/** Keys are written with the project's name. A file of another directory may be an example of this project. */
function projectOf(file: string): string {
  const project = [dirname(file), projectDirectory()]
    .map((directory) => join(directory, "Pulumi.yaml"))
    .find((path) => existsSync(path));
  if (project === undefined) {
    throw new UnreadableStack(`${projectDirectory()}: has no Pulumi.yaml: set GATEWAY_PROJECT`);
  }
  const { name } = mapping(yamlOf(project), project);
  return typeof name === "string" ? name : "";
}

function yamlOf(file: string): unknown {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new UnreadableStack(`${file}: cannot be read: give --stack NAME or the path of a file`);
  }
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof NotYaml)) throw error;
    throw new UnreadableStack(`${basename(file)}: ${error.message}: ${error.fix}`);
  }
}

function mapping(value: unknown, file: string, key?: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  const [what, fix] =
    key === undefined
      ? ["is not a mapping", "write config: and its keys"]
      : [`${key} is not a mapping`, `write the keys under ${key}:, each with its value`];
  throw new UnreadableStack(`${basename(file)}: ${what}: ${fix}`);
}

/**
 * In the place of an encrypted key: of a right form, different for each name, and in no way a key.
 * Digits only, so that no name of a tunnel can be in it.
 */
function unseenKey(name: string): string {
  const digest = createHash("sha256").update(name).digest("hex");
  return `k0123456789${BigInt(`0x${digest}`).toString().slice(0, 40)}`;
}

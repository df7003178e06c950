import { accessSync, constants, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError, loadConfig, type LoadedStack, type Problem } from "../config/load";
import { formatProblem } from "../config/problems";
import { stylesheetProblems } from "./hypervisor/ownStylesheet";
import { askHypervisor } from "./hypervisor/preflight";
import { publicHalfFile } from "./hypervisor/installMedia";
import type { Connection } from "../config/schema";
import { isSignedByItsKey } from "../workstation/ownSignature";
import { today } from "../workstation/today";
import { expandHome } from "./ssh";

/** The stack's values, and what is there of it already. */
export interface Stack extends LoadedStack {
  /** The hypervisor has the machine that `source` asks for. */
  readonly installed: boolean;
  /** The word by which libvirt knows the machine as protected. */
  readonly mark?: string | undefined;
}

/**
 * The stack's values, checked. Ends the program with one message that lists every problem, before
 * any resource is registered.
 */
export function readStack(config: pulumi.Config): Stack {
  try {
    const stack = loadConfig({
      object: (key) => (key === "tunnelsFile" ? config.get(key) : config.getObject(key)),
      keys: { names: Object.keys(pulumi.runtime.allConfig()), namespace: config.name },
      file: textOf,
      today: today(),
      isSigned: isSignedByItsKey,
      // Config.get warns about secrets that are read in the clear; here they are only measured.
      secret: (key) => pulumi.runtime.getConfig(`${config.name}:${key}`),
    });
    const { problems, installed, mark } = askHypervisor(stack.config);
    const all = [
      ...missingFiles(stack, installed),
      ...problems,
      ...stylesheetProblems(stack.config),
    ];
    if (all.length > 0) throw new ConfigError(all);
    for (const warning of stack.warnings) void pulumi.log.warn(formatProblem(warning));
    return { ...stack, installed, mark };
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/** What an installation needs once is not looked for any more afterwards. */
function missingFiles({ config }: LoadedStack, installed: boolean): Problem[] {
  const { admin, hypervisor, source } = config;
  const iso = installed ? undefined : source.iso;
  const files: [path: string, file: string | undefined][] = [
    ["source.image.file", source.image?.file],
    ["hypervisor.xslt", hypervisor.xslt],
    ["source.iso.file", iso?.file],
    ["source.iso.signature", iso?.signature],
    ["source.iso.key", iso?.key],
    [
      "admin.identityFile",
      iso && !admin.publicKeys ? publicHalfFile(admin.identityFile ?? "") : undefined,
    ],
    ["admin.identityFile", config.admin.identityFile],
    ["admin.proxy.identityFile", config.admin.proxy?.identityFile],
    ...(config.perimeter && "connection" in config.perimeter
      ? identityFiles("perimeter.connection", config.perimeter.connection)
      : []),
    ...config.lan.routes.flatMap(({ connection }, index) =>
      identityFiles(`lan.routes[${index}].connection`, connection),
    ),
  ];
  return files.flatMap(([path, file]) =>
    file === undefined || readable(file)
      ? []
      : [
          {
            code: "GW002",
            path,
            message: `${file} cannot be read`,
            fix: "write the path of a file that this user may read",
          },
        ],
  );
}

function textOf(file: string): string | undefined {
  return readable(file) ? readFileSync(expandHome(file), "utf8") : undefined;
}

function identityFiles(
  path: string,
  { identityFile, proxy }: Connection,
): [string, string | undefined][] {
  return [
    [`${path}.identityFile`, identityFile],
    [`${path}.proxy.identityFile`, proxy?.identityFile],
  ];
}

function readable(file: string): boolean {
  try {
    accessSync(expandHome(file), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, loadConfig } from "../../../config/load";
import { projectDirectory } from "../../../workstation/paths";
import type { StackConfig } from "../../../config/schema";
import { pin } from "../../../hypervisor/connection";
import { readStackFile, UnreadableStack } from "../../check/stackFile";
import { Refusal } from "../../command";
import { runPulumi } from "../../stack/pulumi";
import type { Disk } from "../../../contract/libvirt";

const PREFIX = "openbsd-ipsec-gateway";
const RETAINED = `${PREFIX}:retained`;

/** A disk that a gateway ran from, and the way back to it. */
const retained = z.array(z.object({ volume: z.string(), hostKey: z.string() }));
export type Retained = z.output<typeof retained>[number];

/** @throws Refusal with everything that is wrong */
export function valuesOf(stack: string): StackConfig {
  try {
    const { config } = loadConfig(readStackFile(fileOf(stack)));
    pin(config.hypervisor);
    return config;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof UnreadableStack) {
      throw new Refusal(`stack ${stack}: ${error.message}`);
    }
    throw error;
  }
}

const fileOf = (stack: string): string => join(projectDirectory(), `Pulumi.${stack}.yaml`);

/** Names of the machines of the project's other stacks, as far as their files say. */
export function otherMachines(stack: string, name: string): string[] {
  return readdirSync(projectDirectory()).flatMap((file) => {
    const other = /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1];
    if (other === undefined || other === stack) return [];
    const machine = machineIn(join(projectDirectory(), file));
    return machine === undefined || machine === name ? [] : [machine];
  });
}

/** Also of a file that is not whole, or not ours. */
function machineIn(file: string): string | undefined {
  try {
    return z.object({ name: z.string() }).safeParse(readStackFile(file).object("machine")).data
      ?.name;
  } catch (error) {
    if (error instanceof UnreadableStack) return undefined;
    throw error;
  }
}

/** The disk that a stack's gateway runs from, or is to. */
export function diskOf({ hypervisor, machine, source }: StackConfig): Disk {
  const { uri, pool } = hypervisor;
  return { uri, pool, volume: source.disk?.volume ?? machine.name };
}

/** The disks before, the last one last. */
export function retainedBy(stack: string): readonly Retained[] {
  return retained.safeParse(readStackFile(fileOf(stack)).object("retained")).data ?? [];
}

/**
 * The stack is to run from this disk, in its configuration; what it ran from until now is noted as
 * retained.
 */
export async function chooseDisk(
  stack: string,
  disk: Readonly<Record<string, string>>,
  before: readonly Retained[],
  signal: AbortSignal,
): Promise<void> {
  const pulumi = (...args: string[]): Promise<string> => runPulumi(args, { stack, signal });
  // A list cannot be set as a whole.
  await pulumi("config", "rm", RETAINED);
  const values = [
    ...before.flatMap(({ volume, hostKey }, index) => [
      `${RETAINED}[${index}].volume=${volume}`,
      `${RETAINED}[${index}].hostKey=${hostKey}`,
    ]),
    ...Object.entries(disk).map(([key, value]) => `${PREFIX}:source.disk.${key}=${value}`),
  ];
  await pulumi("config", "rm", "--path", `${PREFIX}:source`);
  await pulumi("config", "set-all", "--path", ...values.flatMap((one) => ["--plaintext", one]));
}

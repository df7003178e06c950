import { z } from "zod";
import { pin } from "../../hypervisor/connection";
import { Refusal } from "../command";
import { runPulumi, type StackSelection } from "./pulumi";

/** Where a stack's machine is, or will be. */
export interface MachineLocation {
  readonly domain: string;
  /** libvirt connection URI. */
  readonly uri: string;
}

const entry = <T extends z.ZodType>(schema: T) => z.object({ objectValue: schema });
const config = z.object({
  "openbsd-ipsec-gateway:machine": entry(z.object({ name: z.string() })),
  "openbsd-ipsec-gateway:hypervisor": entry(
    z.object({ uri: z.string(), hostKey: z.string().optional() }),
  ),
});

/**
 * From the stack's configuration, so that it is known also before anything is deployed.
 *
 * @throws Refusal if there is no engine, no such stack, or it does not say
 */
export async function readMachineLocation(selection: StackSelection): Promise<MachineLocation> {
  const parsed = config.safeParse(JSON.parse(await runPulumi(["config", "--json"], selection)));
  if (!parsed.success) {
    throw new Refusal("the stack's configuration has no machine.name or no hypervisor.uri");
  }
  const { data } = parsed;
  const hypervisor = data["openbsd-ipsec-gateway:hypervisor"].objectValue;
  pin(hypervisor);
  return {
    domain: data["openbsd-ipsec-gateway:machine"].objectValue.name,
    uri: hypervisor.uri,
  };
}

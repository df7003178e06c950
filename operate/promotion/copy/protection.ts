import { z } from "zod";
import { NOT_PROTECTED, PROTECTION } from "../../../config/protectionMark";
import { Refusal } from "../../command";
import { isNoDomain } from "../../../hypervisor/domain";
import { virsh, VirshFailed } from "../../../hypervisor/virsh";
import { pulumi, runPulumi } from "../../stack/pulumi";
import { valuesOf } from "./values";

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  protect: z.boolean().optional(),
});
const exported = z.object({ deployment: z.object({ resources: z.array(resource).optional() }) });

/**
 * Whether another disk replaces this: the machine with what takes it away, and the volume that it does
 * not run from any more. Keys and the guard of the whole stack stay protected.
 */
export const isReplaced = ({ urn, type }: z.output<typeof resource>): boolean =>
  /^libvirt:index\/(domain:Domain|volume:Volume)$/.test(type) ||
  urn.endsWith("$command:local:Command::machine-shutdown");

/**
 * Lets the next update replace the machine and leave its volume, which stays on the hypervisor. That
 * update protects what it makes again; if it never comes, any other `pulumi up` does.
 */
export async function unprotect(stack: string, signal: AbortSignal): Promise<number> {
  const state = exported.parse(JSON.parse(await runPulumi(["stack", "export"], { stack, signal })));
  const found = (state.deployment.resources ?? []).filter(
    (one) => one.protect === true && isReplaced(one),
  );
  for (const { urn } of found) {
    const { status, stderr } = await pulumi(["state", "unprotect", urn, "--yes"], {
      stack,
      signal,
    });
    if (status !== 0) throw new Refusal(`${urn}: cannot be unprotected: ${stderr.trim()}`);
  }
  await unmark(stack);
  return found.length;
}

/** The script that takes the machine away asks libvirt, whatever the state says. */
async function unmark(stack: string): Promise<void> {
  const { hypervisor, machine } = valuesOf(stack);
  const which = ["--domain", machine.name, "--uri", PROTECTION.uri, "--config"];
  try {
    await virsh(hypervisor.uri, "metadata", ...which, "--remove");
  } catch (error) {
    if (!(error instanceof VirshFailed)) throw error;
    if (NOT_PROTECTED.test(error.message) || isNoDomain(error)) return;
    throw new Refusal(`${machine.name}: stays protected: ${error.message}`);
  }
}

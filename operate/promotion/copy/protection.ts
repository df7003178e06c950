import { z } from "zod";
import { pulumi, runPulumi } from "../../stack/pulumi";
import { Refusal } from "../../command";

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ urn: z.string(), type: z.string(), protect: z.boolean().optional() }))
      .optional(),
  }),
});

/** What another disk replaces: the machine, and the volume that it does not run from any more. */
const REPLACED = /^libvirt:index\/(domain:Domain|volume:Volume)$/;

/**
 * Lets the next update replace the machine and leave its volume, which stays on the hypervisor. That
 * update protects what it makes again.
 */
export async function unprotect(stack: string, signal: AbortSignal): Promise<number> {
  const state = exported.parse(JSON.parse(await runPulumi(["stack", "export"], { stack, signal })));
  const found = (state.deployment.resources ?? []).filter(
    ({ type, protect }) => protect === true && REPLACED.test(type),
  );
  for (const { urn } of found) {
    const { status, stderr } = await pulumi(["state", "unprotect", urn, "--yes"], {
      stack,
      signal,
    });
    if (status !== 0) throw new Refusal(`${urn}: cannot be unprotected: ${stderr.trim()}`);
  }
  return found.length;
}

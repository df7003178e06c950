import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import type { Errata } from "../../contract/stackOutputs";
import { parsePatches } from "../../parse/patches";
import { rebootProbes } from "../../render/rebootProbes";
import { GWCTL } from "./gwctlScript";
import type { RemoteStep } from "./remoteStep";
import { step, type StepContext } from "./step";

/** How long the tunnels that were proven before a reboot may take to be proven again, in seconds. */
const PROVEN_SECONDS = 180;

export interface PatchSteps {
  /** What the IKE daemon has to wait for. */
  readonly ready: RemoteStep[];
  /** The steps that look, or install, anew when they run again. */
  readonly steps: RemoteStep[];
  /** What the last run of these steps found; undefined where the stack does not look. */
  readonly report: pulumi.Output<Errata> | undefined;
}

/**
 * Errata. `apply` runs before the IKE daemon is touched, and after everything else on the gateway: a
 * patched kernel reboots it. `reboot` asks for that and returns; `rebooted` is a connection of its own,
 * which waits for the machine that comes up, then for the tunnels that were proven before. The mirror
 * is asked when a step runs, so the report is as old as that; `gateway drift` asks again.
 */
export function patches(
  context: StepContext,
  config: StackConfig,
  after: readonly pulumi.Resource[],
): PatchSteps {
  const { patches: policy, rebootWindow } = config.system;
  if (policy === "off") return { ready: [], steps: [], report: undefined };

  // The report is data of the step, not its result: the input says what was asked for.
  const look = step(context, "patches", {
    after,
    run: `${GWCTL} patches ${policy}`,
    stdin: "",
  });
  // Secret only because the connection is.
  const report = pulumi.unsecret(look.stdout).apply((text) => {
    const { installed, missing, unknown } = parsePatches(text);
    return { installed, missing, ...(unknown !== undefined && { unknown }) };
  });
  if (policy === "report") return { ready: [], steps: [look], report };

  const probes = rebootProbes(config);
  const window = rebootWindow === undefined ? "" : ` --window ${rebootWindow}`;
  const reboot = step(context, "reboot", {
    after: [look],
    run: `${GWCTL} reboot begin${window}`,
    stdin: pulumi.interpolate`${probes}${asked(look)}`,
  });
  const rebooted = step(context, "rebooted", {
    after: [reboot],
    run: `${GWCTL} reboot end ${PROVEN_SECONDS}`,
    stdin: pulumi.interpolate`${probes}${asked(look)}`,
  });
  return { ready: [rebooted], steps: [look, reboot, rebooted], report };
}

/** A comment that changes with what was installed, so that the steps behind it run again. */
function asked(look: RemoteStep): pulumi.Output<string> {
  return pulumi
    .unsecret(look.stdout)
    .apply((text) => `# ${parsePatches(text).installed.join(" ")}\n`);
}

import type { Applied } from "../../contract/applied";
import { parseGwctlDrift } from "../../parse/gwctlDrift";
import { parseGwctlState } from "../../parse/gwctlState";
import { Refusal } from "../command";
import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import type { GatewayOutput } from "../../contract/stackOutputs";
import { compare } from "./compare";
import type { DriftSource } from "./finding";

const NOT_FOUND = 127;

/** The gateway itself, in one SSH connection. */
export function gatewaySource(
  gateway: GatewayOutput,
  applied: Applied,
  signal: AbortSignal,
): DriftSource {
  return async () => {
    const target = gatewayTarget(gateway);
    const errata = applied.patches.policy === "off" ? "" : " errata";
    const { status, stdout, stderr } = await runRemote(
      target,
      `/usr/local/sbin/gwctl drift${errata}`,
      { input: applied.packages.names.map((name) => `${name}\n`).join(""), signal },
    );
    if (status === NOT_FOUND) {
      throw new Refusal(
        `${target.name} has no gwctl: run pulumi up with --target-replace of the step gwctl`,
      );
    }
    const state = parseGwctlState(stdout);
    if (status !== 0 || state.version === undefined) {
      const said = stderr.trim().split("\n").at(-1) ?? "";
      throw new Refusal(`${target.name}: gwctl drift: ${said || `status ${status}`}`);
    }
    return compare(applied, { state, drift: parseGwctlDrift(stdout) });
  };
}

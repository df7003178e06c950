import type { Applied } from "../../contract/applied";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { parseGwctlDrift } from "../../parse/gwctlDrift";
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
  { applied, tunnels }: { readonly applied: Applied; readonly tunnels: readonly DeclaredTunnel[] },
  signal: AbortSignal,
): DriftSource {
  return async () => {
    const target = gatewayTarget(gateway);
    const errata = applied.patches.policy !== "off";
    const { status, stdout, stderr } = await runRemote(
      target,
      `/usr/local/sbin/gwctl drift${errata ? " errata" : ""}`,
      { input: applied.packages.names.map((name) => `${name}\n`).join(""), signal },
    );
    if (status === NOT_FOUND) {
      throw new Refusal(
        `${target.name} has no gwctl: run pulumi up with --target-replace of the step gwctl`,
      );
    }
    const live = parseGwctlDrift(stdout, errata);
    if (status !== 0 || live.state.version === undefined) {
      const said = stderr.trim().split("\n").at(-1) ?? "";
      throw new Refusal(`${target.name}: gwctl drift: ${said || `status ${status}`}`);
    }
    const found = compare(applied, live, tunnels);
    return { ...found, unknown: found.unknown.map((reason) => `${target.name}: ${reason}`) };
  };
}

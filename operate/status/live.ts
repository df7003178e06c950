import { type LiveState, parseGwctlLive } from "../../parse/gwctlLive";
import { outputOf } from "../ssh/connection";
import type { SshTarget } from "../ssh/target";
import type { DeclaredTunnel } from "../../contract/tunnel";

export interface LiveOptions {
  /** Whether to ping through the tunnels that declare a probe. */
  readonly probe: boolean;
  readonly signal: AbortSignal;
}

/**
 * Everything that the gateway says of itself, in one connection. The probes run there, side by side:
 * with 64 at a time; where there are more, one ping is enough for a tunnel that answers it, and each dead
 * one takes 3.4 s of its lane.
 *
 * @throws Unreachable if the gateway was not reached; Refusal if it does not know the question.
 */
export async function askGateway(
  target: SshTarget,
  tunnels: readonly DeclaredTunnel[],
  { probe, signal }: LiveOptions,
): Promise<LiveState> {
  const input = probe ? tunnels.map(probeLine).join("") : "";
  return parseGwctlLive(await outputOf(target, "gwctl live", { input, signal }));
}

function probeLine({ name, enabled, probe }: DeclaredTunnel): string {
  return enabled && probe ? `${name} ${probe.source} ${probe.target}\n` : "";
}

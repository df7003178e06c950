import { UsageError } from "../command";
import type { DeclaredTunnel, StackOutputs } from "./outputs";

/** @throws UsageError that lists the tunnels there are. */
export function tunnelNamed({ tunnels }: StackOutputs, name: string): DeclaredTunnel {
  const tunnel = tunnels.find((one) => one.name === name);
  if (tunnel) return tunnel;
  const known = tunnels.map((one) => one.name).join(", ");
  throw new UsageError(`${name}: no such tunnel: the stack has ${known}`);
}

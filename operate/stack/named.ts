import { closest } from "../../config/closest";
import { UsageError } from "../command";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";

/** So many names can be read at a glance. */
const FEW = 12;

/** @throws UsageError that lists the tunnels there are. */
export function tunnelNamed({ tunnels }: StackOutputs, name: string): DeclaredTunnel {
  const tunnel = tunnels.find((one) => one.name === name);
  if (tunnel) return tunnel;
  const known = tunnels.map((one) => one.name);
  throw new UsageError(`${name}: no such tunnel: ${hint(name, known)}`);
}

function hint(name: string, known: readonly string[]): string {
  if (known.length === 0) return "the stack has none";
  if (known.length <= FEW) return `the stack has ${known.join(", ")}`;
  const meant = closest(name, known);
  const these =
    meant === undefined ? "./scripts/gateway status lists them" : `did you mean ${meant}?`;
  return `none of the stack's ${known.length}: ${these}`;
}

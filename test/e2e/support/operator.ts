import type { GatewayStatus } from "../../../contract/documents/status";
import type { Diagnosis } from "../../../contract/documents/why";
import { askUntil } from "../../../operate/askUntil";
import { lab } from "./lab";

/** What `gateway status --json` says, whatever its exit code. */
export async function gatewayStatus(): Promise<GatewayStatus> {
  const { stdout, output } = await lab("gateway", "status", "--json");
  try {
    return JSON.parse(stdout) as GatewayStatus;
  } catch {
    throw new Error(`gateway status printed no JSON:\n${output}`);
  }
}

export function stateOf({ tunnels }: GatewayStatus, name: string): string | undefined {
  return tunnels.find((tunnel) => tunnel.name === name)?.state;
}

/** Looks until the tunnel is in one of the states; what it is at the deadline otherwise. */
export async function statusWithin(
  seconds: number,
  name: string,
  states: readonly string[],
): Promise<GatewayStatus> {
  return askUntil(gatewayStatus, (status) => states.includes(stateOf(status, name) ?? ""), {
    ...{ milliseconds: seconds * 1000, every: 500 },
  });
}

export async function why(name: string): Promise<Diagnosis> {
  const { stdout, output } = await lab("gateway", "why", name, "--json");
  try {
    return JSON.parse(stdout) as Diagnosis;
  } catch {
    throw new Error(`gateway why printed no JSON:\n${output}`);
  }
}

/** Asks until the cause has the code, since a daemon tries in its own time; the last answer at the deadline. */
export async function whyWithin(seconds: number, name: string, code: string): Promise<Diagnosis> {
  return askUntil(
    () => why(name),
    ({ cause }) => cause.code === code,
    { milliseconds: seconds * 1000, every: 500 },
  );
}

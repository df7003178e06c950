import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayStatus, TunnelStatus } from "../../../operate/status/model";
import type { Diagnosis } from "../../../operate/why/diagnose";
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

export async function tunnelStatus(name: string): Promise<TunnelStatus> {
  const found = (await gatewayStatus()).tunnels.find((tunnel) => tunnel.name === name);
  if (!found) throw new Error(`gateway status has no tunnel ${name}`);
  return found;
}

/** Looks until the tunnel is in one of the states; the one it is in at the deadline otherwise. */
export async function stateWithin(
  seconds: number,
  name: string,
  states: readonly string[],
): Promise<string> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const { state } = await tunnelStatus(name);
    if (states.includes(state) || Date.now() >= until) return state;
    await sleep(500);
  }
}

export async function why(name: string): Promise<Diagnosis> {
  const { stdout, output } = await lab("gateway", "why", name, "--json");
  try {
    return JSON.parse(stdout) as Diagnosis;
  } catch {
    throw new Error(`gateway why printed no JSON:\n${output}`);
  }
}

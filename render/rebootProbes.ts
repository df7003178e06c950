import { probeSource } from "../config/probeSource";
import type { StackConfig } from "../config/schema";
import { lines } from "./text";

/**
 * What `gwctl reboot` proves the tunnels with: `NAME SOURCE TARGET`, one line for each tunnel that
 * has a probe. The first line keeps the input from being empty where there is none.
 */
export function rebootProbes(config: Pick<StackConfig, "network" | "tunnels">): string {
  return lines(
    "# name source target",
    ...config.tunnels.flatMap((tunnel) => {
      const { name, enabled, probe } = tunnel;
      const source = probeSource(config, tunnel);
      return enabled && probe && source ? [`${name} ${source} ${probe.target}`] : [];
    }),
  );
}

import type { StackConfig } from "../config/schema";
import { lines } from "./text";

/**
 * What `gwctl reboot` proves the tunnels with: `NAME SOURCE TARGET`, one line for each tunnel that
 * has a probe. The first line keeps the input from being empty where there is none.
 */
export function rebootProbes({ tunnels }: Pick<StackConfig, "tunnels">): string {
  return lines(
    "# name source target",
    ...tunnels.flatMap(({ name, enabled, probe }) =>
      enabled && probe !== undefined ? [`${name} ${probe.source} ${probe.target}`] : [],
    ),
  );
}

import { execFileSync, spawnSync } from "node:child_process";

function installed(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}

/** Debian's package `prometheus` brings both. */
export const PROMETHEUS = installed("prometheus") && installed("promtool");

export const NEEDS = "needs Prometheus: ./scripts/lab packages prometheus";

/** @throws Error with everything that promtool said. */
export function promtool(...args: string[]): string {
  return execFileSync("promtool", args, { encoding: "utf8" });
}

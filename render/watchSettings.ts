import type { StackConfig } from "../config/schema";
import { lines } from "./text";

/** /etc/gwctl.watch: input of `gwctl watch set`. Seconds, counts. */
export function watchSettings({ watchdog }: StackConfig): string {
  if (!watchdog.enabled) return lines("off");
  return lines(
    `interval ${watchdog.intervalSeconds}`,
    `failures ${watchdog.failures}`,
    `backoff ${watchdog.backoff}`,
    `cap ${watchdog.dailyCap}`,
  );
}

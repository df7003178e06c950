import { usesIpv6 } from "../config/families";
import type { StackConfig } from "../config/schema";
import { managedFor } from "../config/sysctls";
import { lines, MANAGED } from "./text";

/** The sysctls of the gateway, name and value, in the order of the file: its own, then the stack's. */
export function sysctls(config: StackConfig): readonly (readonly [string, string])[] {
  const v6 = usesIpv6(config);
  const own = Object.entries(managedFor(config.tunnels)).filter(
    ([name]) => v6 || !name.startsWith("net.inet6."),
  );
  const more = Object.entries(config.system.sysctls).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return [...own, ...more];
}

/** /etc/sysctl.conf: no blanks around `=`, no leading blanks (sysctl.conf(5)). */
export function sysctlConf(config: StackConfig): string {
  return lines(MANAGED, ...sysctls(config).map(([name, value]) => `${name}=${value}`));
}

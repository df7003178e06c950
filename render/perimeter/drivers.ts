import { lines } from "../text";
import type { Driver } from "./driver";
import type { Forward } from "../../contract/perimeter";
import { type Outside, qualified } from "./forward";
import { iptables } from "./iptables";
import { nftables } from "./nftables";
import { pf } from "./pf";
import { hostScript, printing } from "./script";

/** The firewalls the stack drives; `manual` is what it cannot. */
export const DRIVERS = { nftables, iptables, pf } as const satisfies Record<string, Driver>;
export type DriverName = keyof typeof DRIVERS;

/** Script for one forward: `sh -s apply|remove|state`. The last one to go takes the foundation along. */
export function forwardScript(driver: DriverName, forward: Forward): string {
  const { render, apply, remove, readBack, common, foundation } = DRIVERS[driver];
  const ground = foundation(forward.outside);
  const id = qualified(forward);
  return hostScript(
    { subject: `perimeter ${id}`, id },
    {
      apply: apply(forward),
      remove: remove(forward) + ground.remove,
      state: readBack(forward),
      common:
        lines(ground.common.trimEnd(), printing("rule", render(forward)).trimEnd()) +
        common(forward),
    },
  );
}

/** Script for what all forwards of a firewall stand on: it checks, and sees to the next boot. */
export function foundationScript(driver: DriverName, machine: string, outside: Outside): string {
  const name = { subject: "perimeter", id: `${machine}.perimeter` };
  return hostScript(name, DRIVERS[driver].foundation(outside));
}

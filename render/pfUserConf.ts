import type { StackConfig } from "../config/schema";
import { lines, MANAGED } from "./text";

/** The further rules of the stack: a file and an anchor of their own. */
export const USER_FILE = "/etc/pf.user.conf";
export const USER_ANCHOR = "user";
/**
 * Loads them at boot, as a command of hostname.if(5): before pf.conf, so that no packet meets pf.conf without
 * them, and by themselves, so that what is wrong in them keeps nothing else from loading.
 */
export const USER_RULES_AT_BOOT = `![ ! -f ${USER_FILE} ] || pfctl -a ${USER_ANCHOR} -f ${USER_FILE}`;

/** /etc/pf.user.conf, never a part of pf.conf: what is wrong in it cannot keep pf.conf from loading. */
export function pfUserConf({ system }: StackConfig): string {
  return lines(MANAGED, ...system.pfRules.split("\n").map((line) => line.trimEnd())).replace(
    /\n+$/,
    "\n",
  );
}

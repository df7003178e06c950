import { pskFault } from "../config/psk";
import type { Daemon } from "../config/schema";

/**
 * The key in quotes, as both parsers take it.
 * @throws RangeError for a key that the daemon would cut or misread; never shows the key.
 */
export function quotedPsk(daemon: Daemon, psk: string): string {
  const fault = pskFault(daemon, psk);
  if (fault !== undefined) throw new RangeError(`the pre-shared key ${fault}`);
  return psk.includes('"') ? `'${psk}'` : `"${psk}"`;
}

/** A logical line of several, as ipsec.conf(5) and iked.conf(5) continue them. */
export function continued(parts: readonly string[]): string {
  return parts.join(" \\\n\t");
}

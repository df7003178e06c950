import { pskProblem } from "../config/psk";

/**
 * The key in quotes, as both parsers take it.
 * @throws RangeError for a key that one of the daemons would cut or misread; never shows the key.
 */
export function quotedPsk(psk: string): string {
  const problem = pskProblem(psk);
  if (problem !== undefined) throw new RangeError(`the pre-shared key ${problem}`);
  return `"${psk}"`;
}

/** A logical line of several, as ipsec.conf(5) and iked.conf(5) continue them. */
export function continued(parts: readonly string[]): string {
  return parts.join(" \\\n\t");
}

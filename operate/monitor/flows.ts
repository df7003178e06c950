import { type Flow, parseFlow, parseSa, type SecurityAssociation } from "../../parse/ipsecctl";

/** What `gateway flows --json` prints. */
export interface Flows {
  readonly flows: readonly Flow[];
  readonly sas: readonly SecurityAssociation[];
}

/**
 * Reads what `ipsecctl -s all` printed.
 *
 * @param peer only what goes to this peer, or comes from it; undefined: everything
 */
export function flowsOf(text: string, peer?: string): Flows {
  const rows = text.split("\n").filter((row) => peer === undefined || concerns(row, peer));
  return {
    flows: rows.flatMap((row) => parseFlow(row) ?? []),
    sas: rows.flatMap((row) => parseSa(row) ?? []),
  };
}

export function concerns(row: string, peer: string): boolean {
  const sa = parseSa(row);
  return parseFlow(row)?.peer === peer || sa?.from === peer || sa?.to === peer;
}

import type { Flows } from "../../contract/documents/kernel";
import { parseFlow, parseSa } from "../../parse/ipsecctl";

/**
 * The rows of what `ipsecctl -s all` printed.
 *
 * @param peer only what goes to this peer, or comes from it; undefined: everything
 */
export function rowsOf(text: string, peer?: string): string[] {
  return text.split("\n").filter((row) => (peer === undefined ? row !== "" : concerns(row, peer)));
}

export function flowsOf(rows: readonly string[]): Flows {
  return {
    flows: rows.flatMap((row) => parseFlow(row) ?? []),
    sas: rows.flatMap((row) => parseSa(row) ?? []),
  };
}

/** Not a heading. */
export function isFlowOrSa(row: string): boolean {
  return (parseFlow(row) ?? parseSa(row)) !== undefined;
}

function concerns(row: string, peer: string): boolean {
  const sa = parseSa(row);
  return parseFlow(row)?.peer === peer || sa?.from === peer || sa?.to === peer;
}

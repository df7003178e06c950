import { GWCTL_LINE } from "../contract/gwctl";
import type { Errata } from "../contract/stackOutputs";

/** What `gwctl patches` said. */
export interface Patches extends Errata {
  /** Whether a patched kernel waits for a reboot. */
  readonly rebootNeeded: boolean;
}

/** Reads the report; lines of unknown form are passed over. Never throws. */
export function parsePatches(text: string): Patches {
  const rows = text.split(/\r?\n/);
  const errata = rows.map((row) => GWCTL_LINE.erratum.exec(row)?.groups);
  const names = (what: "installed" | "missing") =>
    errata.flatMap((one) => (one?.what === what ? (one.name ?? []) : []));
  const unknown = rows.flatMap((row) => GWCTL_LINE.errataUnknown.exec(row)?.groups?.why ?? [])[0];
  return {
    installed: names("installed"),
    missing: names("missing"),
    rebootNeeded: rows.some((row) => GWCTL_LINE.rebootNeeded.test(row)),
    ...(unknown !== undefined && { unknown }),
  };
}

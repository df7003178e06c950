import type { Errata } from "../contract/stackOutputs";

/** What `gwctl patches` said. */
export interface Patches extends Errata {
  /** Whether a patched kernel waits for a reboot. */
  readonly rebootNeeded: boolean;
}

/** Reads the report; lines of unknown form are passed over. Never throws. */
export function parsePatches(text: string): Patches {
  const rows = text.split(/\r?\n/);
  const names = (word: string) =>
    rows.flatMap((row) => new RegExp(`^${word} (\\d{3}_[\\w-]+)$`).exec(row)?.[1] ?? []);
  const unknown = rows.flatMap((row) => /^unknown (.+)$/.exec(row)?.[1] ?? [])[0];
  return {
    installed: names("installed"),
    missing: names("missing"),
    rebootNeeded: rows.includes("reboot needed"),
    ...(unknown !== undefined && { unknown }),
  };
}

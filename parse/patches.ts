/** The errata of the gateway's release. */
export interface Errata {
  /** Names such as 009_iked, oldest first. */
  readonly installed: readonly string[];
  readonly missing: readonly string[];
  /** Why it is not known what is missing: the mirror did not tell. */
  readonly unknown?: string;
}

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

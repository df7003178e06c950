import type { Daemon } from "../schema";
import type { Kind } from "./row";
import { TABLES } from "./table";

/** The declared name of what the daemon's parser takes for exactly this word, or the word itself. */
export function nameOfWord(daemon: Daemon, kind: Kind, word: string): string {
  return named(daemon, kind, (known) => known === word) ?? word;
}

/**
 * The declared name of what the daemon's parser takes the word for, or the word itself if it takes none. Of a
 * word cut short it is the first in its table that begins with it (parse_xf in ipsecctl/parse.y and
 * iked/parse.y).
 */
export function nameOfWordCutShort(daemon: Daemon, kind: Kind, word: string): string {
  return (
    named(daemon, kind, (known) => known === word) ??
    named(daemon, kind, (known) => known.startsWith(word)) ??
    word
  );
}

function named(daemon: Daemon, kind: Kind, fits: (word: string) => boolean): string | undefined {
  for (const [name, row] of TABLES[kind]) if (row[daemon]?.words.some(fits)) return name;
  return undefined;
}

/**
 * The declared name of a constant in the daemon's log; the constant itself if none has it, or several: of
 * AES-CBC isakmpd does not say how long the key is.
 */
export function nameOfConstant(daemon: Daemon, constant: string): string {
  const names = namesOf(daemon, constant);
  // iked tells a key's length behind each constant, also where there is one length only.
  const found = names.length > 0 ? names : namesOf(daemon, constant.replace(/-\d+$/, ""));
  const [name] = found;
  return found.length === 1 && name !== undefined ? name : constant;
}

function namesOf(daemon: Daemon, constant: string): string[] {
  return Object.values(TABLES).flatMap((table) =>
    [...table].flatMap(([name, row]) => (row[daemon]?.logs.includes(constant) ? [name] : [])),
  );
}

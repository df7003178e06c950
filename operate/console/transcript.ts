import { closeSync, constants, fchmodSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { stateDirectory } from "../../workstation/paths";

/** Everything a console said, byte for byte, in a file only its owner can read. */
export interface Transcript {
  readonly file: string;
  /** Bytes as they came, one character each (latin1). */
  readonly write: (bytes: string) => void;
  /** A line of our own between the guest's: what was done to it from outside, and when. */
  readonly note: (text: string) => void;
  readonly close: () => void;
}

/** Where a transcript goes when nobody says: under the user's state directory. */
export function defaultTranscript(domain: string): string {
  return join(stateDirectory(), `${domain.replace(/[^\w.-]/g, "_")}-console.log`);
}

/**
 * Opens a transcript for appending, 0600 whatever its mode was, and makes its directory (0700).
 * A symbolic link in its place is refused.
 * @param now the time for the notes
 */
export function openTranscript(file: string, now: () => Date): Transcript {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
  let descriptor: number;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    descriptor = openSync(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
    fchmodSync(descriptor, 0o600);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`transcript ${file}: ${why}: name another file with --transcript`, {
      cause: error,
    });
  }
  return {
    file,
    write: (bytes) => {
      writeSync(descriptor, Buffer.from(bytes, "latin1"));
    },
    note: (text) => {
      try {
        writeSync(descriptor, `\n=== ${now().toISOString()} ${text}\n`);
      } catch {
        // A full disk is reported by write; while cleaning up a note must not be one more failure.
      }
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

/** The files of the old gateway that the operator gave, by their place in its /etc. */
export interface OldFiles {
  /** What the operator calls the file `/etc/PATH`, or undefined if it was not given. */
  readonly find: (path: string) => string | undefined;
  /** What the operator calls each file of the folder `/etc/PATH`, sorted. */
  readonly list: (path: string) => readonly string[];
  /** The text of a file that {@link find} or {@link list} named; undefined if it cannot be read. */
  readonly text: (name: string) => string | undefined;
}

/** Only the configuration was given. */
export const NO_FILES: OldFiles = {
  find: () => undefined,
  list: () => [],
  text: () => undefined,
};

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----\s[^]*?-----END \1-----/g;

/** The PEM blocks of a file with that label. Both daemons skip other text, as `openssl x509 -text` writes it. */
export function pemBlocks(text: string, label: string): string[] {
  return [...text.matchAll(BLOCK)].filter(([, found]) => found === label).map(([block]) => block);
}

/** The same blocks as one text; the whole text where it holds a private key, which its reader then names. */
export function pemOf(text: string, label: string): string {
  return holdsPrivateKey(text) ? text : pemBlocks(text, label).join("\n");
}

/** Told from the text, as a private key may have any name. */
export function holdsPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text);
}

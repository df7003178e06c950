/** The text as one word of sh(1), whatever is in it; virsh(1) reads the same in its own command lines. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function shellLine(words: readonly (string | number)[]): string {
  return words.map((word) => shellWord(String(word))).join(" ");
}

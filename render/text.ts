/** First line of every file the stack owns on the gateway. */
export const MANAGED = "# Written by `pulumi up`: a change made here is lost at the next one.";

/** The lines as a file: each one ended by a line feed. */
export function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

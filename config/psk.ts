const USABLE = /^(?!0x)[A-Za-z0-9._~+-]{20,200}$/;

const OFFENCES: readonly (readonly [RegExp, string])[] = [
  [/\s/, "a space or line break"],
  [/#/, "a #"],
  [/["'`\\]/, "a quote or backslash"],
  [/[^\x20-\x7e\s]/, "a character outside ASCII"],
  [/[^A-Za-z0-9._~+\-\s#"'`\\\x7f-\uffff]/, "other punctuation"],
];

/**
 * What keeps a pre-shared key from being used, told by its shape alone, or undefined if nothing does.
 *
 * isakmpd's FIFO ends a value at white space and at 200 characters (ui.c), an unquoted `#` starts a
 * comment, and both daemons read a leading `0x` as hexadecimal (parse.y). One charset for both
 * daemons, so that a change of daemon never asks for a new key; 20 characters as the least length.
 */
export function pskProblem(psk: string): string | undefined {
  if (USABLE.test(psk)) return undefined;
  const offences = OFFENCES.filter(([form]) => form.test(psk)).map(([, what]) => `has ${what}`);
  if (psk.startsWith("0x")) offences.push("starts with 0x");
  if (psk.length < 20 || psk.length > 200) offences.push(`is ${psk.length} characters long`);
  return offences.join(" and ");
}

const FEWEST_CHARACTERS = 10;

/**
 * What makes a key guessable although its form is right, or undefined. A random one of 20 letters
 * and digits has fewer than ten different ones less than once in a million.
 */
export function guessable(psk: string, names: readonly string[]): string | undefined {
  const different = new Set(psk).size;
  if (different < FEWEST_CHARACTERS) return `has only ${different} different characters`;
  const spoken = names.find(
    (name) => name.length > 3 && psk.toLowerCase().includes(name.toLowerCase()),
  );
  return spoken === undefined ? undefined : "has a name of the tunnel in it";
}

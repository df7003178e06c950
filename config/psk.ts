import type { Daemon } from "./schema";

const USUAL = /^(?!0x)[A-Za-z0-9._~+-]{20,200}$/;
const HEX = /^0x(?:[0-9a-f]{2})+$/i;
export const FEWEST_CHARACTERS = 20;
const ODD_CHARACTERS: readonly (readonly [RegExp, string])[] = [
  [/ /, "has a space"],
  [/#/, "has a #"],
  [/["'`\\]/, "has a quote or a backslash"],
  [/[^A-Za-z0-9._~+\- #"'`\\]/, "has other characters than A-Z a-z 0-9 . _ ~ + -"],
];
export const MOST_CHARACTERS = 200;

/**
 * What makes the daemon refuse a pre-shared key, cut it or read it as another one, or undefined. No exception
 * helps against it. Never shows the key.
 *
 * isakmpd's FIFO ends a value at white space and at 200 characters (ui.c). Both parsers drop a backslash before
 * the quote of a text and before a blank, and have nothing for the other quote (parse.y, yylex). What follows
 * 0x is hexadecimal, for isakmpd what follows 0X as well (iked's parse.y, ike_auth.c).
 */
export function pskFault(daemon: Daemon, psk: string): string | undefined {
  if (psk === "") return "is empty";
  const hexadecimal = daemon === "iked" ? psk.startsWith("0x") : /^0x/i.test(psk);
  const faults: [found: boolean, fault: string][] = [
    [/[\x7f-\uffff]/.test(psk), "has a character outside ASCII"],
    // eslint-disable-next-line no-control-regex -- control characters are what it is about
    [/[\0-\x1f]/.test(psk), "has a line break or another control character"],
    [daemon === "isakmpd" && psk.includes(" "), "has a space, at which isakmpd ends it"],
    [psk.includes('"') && psk.includes("'"), "has both kinds of quotes"],
    [/\\(?:["' ]|$)/.test(psk), "has a backslash before a quote or a space, or at its end"],
    [hexadecimal && !HEX.test(psk), "starts with 0x, and is no whole number of bytes"],
    [psk.length > MOST_CHARACTERS, `is ${psk.length} characters long`],
  ];
  const found = faults.flatMap(([is, fault]) => (is ? [fault] : []));
  return found.length === 0 ? undefined : found.join(" and ");
}

/**
 * What an exception has to allow in the form of a pre-shared key, or undefined. Keys of one charset, that both
 * daemons and the devices take, need nothing of the kind, and a change of daemon asks for no new one.
 */
export function pskOddity(psk: string): string | undefined {
  if (USUAL.test(psk)) return undefined;
  const oddities = psk.startsWith("0x")
    ? ["is written in hexadecimal", ...short((psk.length - 2) / 2, "bytes")]
    : [
        ...ODD_CHARACTERS.flatMap(([form, oddity]) => (form.test(psk) ? [oddity] : [])),
        ...short(psk.length, "characters"),
      ];
  return oddities.join(" and ");
}

const short = (length: number, unit: string): string[] =>
  length < FEWEST_CHARACTERS ? [`is ${length} ${unit} long`] : [];

export const FEWEST_DIFFERENT = 10;

/**
 * What makes a key guessable although its form is right, or undefined. A random one of 20 letters
 * and digits has fewer than ten different ones less than once in a million.
 */
export function guessable(psk: string, names: readonly string[]): string | undefined {
  const different = new Set(psk).size;
  if (different < FEWEST_DIFFERENT) return `has only ${different} different characters`;
  const spoken = names.find(
    (name) => name.length > 3 && psk.toLowerCase().includes(name.toLowerCase()),
  );
  return spoken === undefined ? undefined : "has a name of the tunnel in it";
}

/**
 * What a terminal obeys instead of showing it: control characters of 7 and 8 bits, marks that turn the
 * direction of text, and separators that some take for a new line. A tab and the end of a line stay.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const OBEYED = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text of others as it may be shown: what a terminal would obey becomes readable, in JSON's spelling,
 * so that a JSON document stays the same document.
 */
export function harmless(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(OBEYED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

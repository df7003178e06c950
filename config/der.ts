/** Tags (X.690 8.1.2). */
export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const IDENTIFIER = 0x06;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const SEQUENCE = 0x30;
export const SET = 0x31;

/** A tag of the context, constructed, such as `[0]`. */
export const tagged = (number: number): number => 0xa0 + number;

export interface Element {
  readonly tag: number;
  readonly value: Uint8Array;
  /** With tag and length. */
  readonly whole: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

/** The element there, whatever it is (X.690 8.1); undefined for what is cut. */
export function anyElement(bytes: Uint8Array, at = 0): Element | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 0x80 ? 0 : first - 0x80;
  // A list of revoked certificates may have megabytes.
  if (more > 4) return undefined;
  const begin = at + 2 + more;
  const size = more === 0 ? first : Number.parseInt(hex(bytes.subarray(at + 2, begin)), 16);
  const end = begin + size;
  return end <= bytes.length
    ? { tag, value: bytes.subarray(begin, end), whole: bytes.subarray(at, end), end }
    : undefined;
}

/** One element of that tag. */
export function element(bytes: Uint8Array, at: number, tag: number): Element | undefined {
  const found = anyElement(bytes, at);
  return found?.tag === tag ? found : undefined;
}

/** The value of the only element, which has that tag. */
export function whole(bytes: Uint8Array, tag: number): Uint8Array | undefined {
  const found = element(bytes, 0, tag);
  return found?.end === bytes.length ? found.value : undefined;
}

/** All elements of a sequence's value; undefined if something else is between them. */
export function elements(value: Uint8Array): Element[] | undefined {
  const found: Element[] = [];
  for (let at = 0; at < value.length; at = found.at(-1)?.end ?? value.length) {
    const next = anyElement(value, at);
    if (!next) return undefined;
    found.push(next);
  }
  return found;
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One character for each byte, however many there are. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

export function decoded(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

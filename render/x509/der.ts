import {
  BIT_STRING,
  BOOLEAN,
  GENERALIZED_TIME,
  IDENTIFIER,
  INTEGER,
  OCTET_STRING,
  SEQUENCE,
  UTC_TIME,
} from "../../config/der";

/** Writes an element of DER (X.690 8.1, 10.1). */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const digits = length.toString(16);
  const bytes = [...Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex")];
  return [0x80 + bytes.length, ...bytes];
}

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array =>
  der(SEQUENCE, ...contents);

/** An object identifier by its content in hex. */
export const identifier = (hex: string): Uint8Array => der(IDENTIFIER, Buffer.from(hex, "hex"));

export const octets = (content: Uint8Array): Uint8Array => der(OCTET_STRING, content);

/** @param unused bits at the end that do not count */
export const bits = (content: Uint8Array, unused = 0): Uint8Array =>
  der(BIT_STRING, Buffer.from([unused]), content);

export const TRUE = der(BOOLEAN, Buffer.from([0xff]));

/** A number that is not negative: as such, or in hex. */
export function integer(value: number | string): Uint8Array {
  const digits = typeof value === "string" ? value : value.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  return der(INTEGER, Buffer.from((bytes[0] ?? 0) >= 0x80 ? [0] : []), bytes);
}

/** The first second of a day, YYYY-MM-DD: until 2049 in the short form (RFC 5280 4.1.2.5). */
export function midnight(day: string): Uint8Array {
  const digits = `${day.replaceAll("-", "")}000000Z`;
  return day < "2050"
    ? der(UTC_TIME, Buffer.from(digits.slice(2)))
    : der(GENERALIZED_TIME, Buffer.from(digits));
}

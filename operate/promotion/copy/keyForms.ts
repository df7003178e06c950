/** A form in which a disk can hold what it must not: bytes that begin it, and a closer look. */
export interface Form {
  readonly what: string;
  /** At least four bytes. */
  readonly begins: Buffer;
  /** Whether it is one. `at`: where `begins` stands. Default: it always is. */
  readonly is?: (bytes: Buffer, at: number) => boolean;
}

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(" ", ""), "hex");
const ascii = (bytes: Buffer, from: number, to: number): string =>
  bytes.toString("latin1", Math.max(0, from), to);

/** A private key as a file has it; a program that only knows the first line is none. */
const PEM = /-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----\r?\n[A-Za-z0-9+/=:, \r\n-]{40}/;

/** Keys in OpenBSD's own examples (etc/examples/iked.conf, sec(4)). */
const PUBLIC = [
  "tyBNv13zuo3rg1WVXlaI1g1tTYNzwk962mMUYIvaLh2x8vvvyA-replace-me",
  "7kA7evdkd50Q5YdCCF9t8eftgEgL4vk2",
];

/** How the moduli of the keys begin with which openssl(1) measures its speed: each OpenBSD has them. */
const MEASURED = ["dc9843e83d435be4", "c0c0ce3e3c53673f", "c071ac1a13888243"];

/** PKCS #1, SEC 1 and PKCS #8: the version, and what has to follow it. The sequence is before it. */
const DER = [
  ...["02 01 00 02 82 01 01 00", "02 01 00 02 82 01 81 00", "02 01 00 02 82 02 01 00"],
  ...["02 01 00 02 82 04 01 00", "02 01 00 02 81 81 00"],
  ...["02 01 00 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 04 82"],
  ...["02 01 00 30 10 06 07 2a 86 48 ce 3d 02 01", "02 01 00 30 13 06 07 2a 86 48 ce 3d 02 01"],
  ...["02 01 00 30 05 06 03 2b 65 70 04 22 04 20", "02 01 00 30 05 06 03 2b 65 6e 04 22 04 20"],
  ...["02 01 00 30 05 06 03 2b 65 71 04 3b 04 39", "02 01 00 30 05 06 03 2b 65 6f 04 3a 04 38"],
].map(hex);

/** Length of the number on the curve, and where the curve's name or the public key has to follow. */
const SEC1: readonly (readonly [Buffer, number])[] = [
  [hex("02 01 01 04 20"), 0x20],
  [hex("02 01 01 04 30"), 0x30],
  [hex("02 01 01 04 42"), 0x42],
];

/** Whatever the keys are. */
export const KEY_FORMS: readonly Form[] = [
  {
    what: "a private key",
    begins: Buffer.from("PRIVATE KEY-----"),
    is: (bytes, at) => PEM.test(ascii(bytes, at - 40, at + 200)),
  },
  ...encodings(Buffer.from("PRIVATE KEY-----")).map((begins) => ({
    what: "an encoded private key",
    begins,
  })),
  {
    what: "a private key of OpenSSH",
    begins: Buffer.from("openssh-key-v1\0\0\0\0"),
    // The length of the cipher's name, and the name.
    is: (bytes, at) =>
      (bytes[at + 18] ?? 0) < 30 && /^[a-z0-9]{4}/.test(ascii(bytes, at + 19, at + 23)),
  },
  ...DER.map((begins) => ({
    what: "a private key in DER",
    begins,
    is: (bytes: Buffer, at: number) => {
      const number = bytes.toString("hex", at + begins.length, at + begins.length + 8);
      return [2, 3, 4].some((back) => bytes[at - back] === 0x30) && !MEASURED.includes(number);
    },
  })),
  ...SEC1.map(([begins, length]) => ({
    what: "a private key in DER",
    begins,
    is: (bytes: Buffer, at: number) => {
      const next = bytes[at + begins.length + length];
      return [2, 3].some((back) => bytes[at - back] === 0x30) && (next === 0xa0 || next === 0xa1);
    },
  })),
  {
    what: "a signify secret key",
    // "Ed", "BK", and the rounds of the key derivation: signify(1) has fewer than 65536.
    begins: Buffer.from("RWRCSwAA"),
    is: (bytes, at) => /^[A-Za-z0-9+/=]{139}/.test(ascii(bytes, at, at + 140)),
  },
  {
    what: "a preshared key in a configuration",
    begins: Buffer.from('psk "'),
    is: (bytes, at) => {
      const key = /^psk "([A-Za-z0-9._~+-]{20,200})"/.exec(ascii(bytes, at, at + 206))?.[1];
      return key !== undefined && !PUBLIC.includes(key);
    },
  },
];

/** Below this a value may stand anywhere: it is looked for where a configuration has it only. */
const TELLING = 20;

/** A value in every form that is looked for. */
export function formsOf(value: string): Form[] {
  if (value.length < TELLING) {
    return [`psk "${value}"`, `psk '${value}'`].map((text) => ({
      what: "a preshared key",
      begins: Buffer.from(text),
    }));
  }
  const bytes = Buffer.from(value);
  return [
    { what: "a preshared key", begins: bytes },
    ...encodings(bytes).map((begins) => ({ what: "an encoded preshared key", begins })),
  ];
}

/**
 * Hex, and base64 wherever the value begins in the encoded text. Of base64 each half by itself: a line
 * may end within one of them.
 */
function encodings(value: Buffer): Buffer[] {
  const digits = value.toString("hex");
  const base64 = [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), value]).toString("base64");
    // Characters that also hold bits of what stands before or behind the value.
    const own = padded.replace(/=+$/, "").slice(Math.ceil((before * 4) / 3));
    const sure = own.slice(0, Math.floor((own.length - 1) / 2) * 2);
    const half = sure.length / 2;
    return half < 12 ? [sure] : [sure.slice(0, half), sure.slice(half)];
  });
  return [digits, digits.toUpperCase(), ...base64].map((text) => Buffer.from(text));
}

import { type Element, elements, hex, IDENTIFIER } from "./der";

/** Short names of attributes by their identifier in hex, as openssl has them (objects.txt). */
const NAMES: Readonly<Record<string, string>> = {
  "550403": "CN",
  "550404": "SN",
  "550405": "serialNumber",
  "550406": "C",
  "550407": "L",
  "550408": "ST",
  "550409": "street",
  "55040a": "O",
  "55040b": "OU",
  "55040c": "title",
  "55042a": "GN",
  "2a864886f70d010901": "emailAddress",
  "0992268993f22c640101": "UID",
  "0992268993f22c640119": "DC",
};

/** A name in one line, `/C=DE/O=Example AG/CN=west`, as X509_NAME_oneline(3) and the daemons' logs have it. */
export function distinguishedName({ value }: Element): string | undefined {
  const sets = elements(value);
  const attributes = sets?.map((set) => elements(set.value));
  if (!attributes || attributes.includes(undefined)) return undefined;
  return attributes
    .flatMap((list) => list ?? [])
    .map((attribute) => {
      const [id, text] = elements(attribute.value) ?? [];
      if (id?.tag !== IDENTIFIER || !text) return "/?";
      return `/${NAMES[hex(id.value)] ?? hex(id.value)}=${printable(text.value)}`;
    })
    .join("");
}

function printable(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}

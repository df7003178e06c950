import { decoded } from "./der";

/** What keeps a text from being used; the text itself is never quoted, as it may be a private key. */
export interface PemProblem {
  readonly message: string;
  readonly fix: string;
}

/** One block, as it is written to the gateway: 64 characters a line, with a last line feed (RFC 7468). */
export interface PemBlock {
  readonly der: Uint8Array;
  readonly pem: string;
}

const BLOCK =
  /\s*-----BEGIN ([A-Z0-9 ]+)-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END ([A-Z0-9 ]+)-----\s*/y;

/** The blocks of a text that holds nothing else, all with that label, or why it does not. */
export function readPem(text: string, label: string): readonly PemBlock[] | PemProblem {
  const fix = `write each from -----BEGIN ${label}----- to -----END ${label}-----, and nothing else`;
  if (text.includes("PRIVATE KEY")) {
    return {
      message: "holds a private key, which nobody but its owner may have",
      fix: "have its owner make a new one, and write what is public",
    };
  }
  const found: PemBlock[] = [];
  for (BLOCK.lastIndex = 0; BLOCK.lastIndex < text.length;) {
    const [, begin = "", body = "", end] = BLOCK.exec(text) ?? [];
    if (begin === "") return { message: `is not ${label} in PEM`, fix };
    if (begin !== label || end !== label) return { message: `holds ${begin}`, fix };
    const der = decoded(body.replaceAll(/\s/g, ""));
    if (!der) return { message: "is cut or damaged", fix };
    found.push({ der, pem: armoured(label, body.replaceAll(/\s/g, "")) });
  }
  return found.length === 0 ? { message: `is not ${label} in PEM`, fix } : found;
}

export function armoured(label: string, base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

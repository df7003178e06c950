/** One proposal of the peer, as iked logs it when it takes none; in OpenBSD's names. */
export interface PeerProposal {
  readonly protocol: "IKE" | "ESP";
  readonly encryption: readonly string[];
  readonly integrity: readonly string[];
  readonly prf: readonly string[];
  readonly group: readonly string[];
}

// Form: iked ikev2.c ikev2_log_proposal: `IKE #1 ENCR=AES_CBC-256,AES_CBC-128`.
const LINE = /^ikev2_log_proposal: (IKE|ESP) #(\d+) (ENCR|INTEGR|PRF|DH)=(\S+)$/;

const FIELDS = { ENCR: "encryption", INTEGR: "integrity", PRF: "prf", DH: "group" } as const;

/** The proposals that the messages tell of. */
export function parsePeerProposals(messages: readonly string[]): PeerProposal[] {
  const found = new Map<string, Record<(typeof FIELDS)[keyof typeof FIELDS], string[]>>();
  for (const message of messages) {
    const [, protocol, number, field, values] = LINE.exec(message) ?? [];
    if (protocol === undefined || values === undefined) continue;
    const key = `${protocol} ${String(number)}`;
    const proposal = found.get(key) ?? { encryption: [], integrity: [], prf: [], group: [] };
    proposal[FIELDS[field as keyof typeof FIELDS]].push(...values.split(",").map(openbsdName));
    found.set(key, proposal);
  }
  return [...found].map(([key, proposal]) => ({
    protocol: key.startsWith("IKE") ? "IKE" : "ESP",
    ...proposal,
  }));
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^AES_CBC-(\d+)$/, "aes-$1"],
  [/^AES_CTR-(\d+)$/, "aes-$1-ctr"],
  [/^AES_GCM_16-(\d+)$/, "aes-$1-gcm"],
  [/^AES_GCM_12-(\d+)$/, "aes-$1-gcm-12"],
  [/^CHACHA20_POLY1305$/, "chacha20-poly1305"],
  [/^3DES$/, "3des"],
  [/^HMAC_SHA2_(256|384|512)(?:_\d+)?$/, "hmac-sha2-$1"],
  [/^HMAC_SHA1(?:_\d+)?$/, "hmac-sha1"],
  [/^HMAC_MD5(?:_\d+)?$/, "hmac-md5"],
  [/^(MODP|ECP)_(\d+)$/, "$1$2"],
  [/^BRAINPOOL_P(\d+)R1$/, "brainpool$1"],
  [/^CURVE25519$/, "curve25519"],
];

/** iked's constant in the name that configuration files use; the constant itself if unknown. */
export function openbsdName(constant: string): string {
  const entry = NAMES.find(([form]) => form.test(constant));
  if (!entry) return constant;
  const name = constant.replace(entry[0], entry[1]);
  return /^(MODP|ECP)/.test(name) ? name.toLowerCase() : name;
}

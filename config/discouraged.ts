import type { Tunnel } from "./schema";

/** Since when somebody who sets standards says that an algorithm ought not to be used. */
export interface Discouraged {
  /** Month, YYYY-MM. */
  readonly since: string;
  readonly by: string;
  /** The words of the standard, short. */
  readonly says: string;
}

/**
 * Everything weaker than profile `compat` that a daemon would still take, the earliest voice first.
 * What gives no protection at all is refused altogether (algorithms.ts).
 */
export const DISCOURAGED: Readonly<Record<string, readonly Discouraged[]>> = {
  "3des": [
    { since: "2017-10", by: "RFC 8221", says: "SHOULD NOT in ESP" },
    { since: "2019-03", by: "NIST SP 800-131A r2", says: "disallowed after 2023" },
  ],
  blowfish: [
    { since: "2017-10", by: "RFC 8221", says: "MUST NOT" },
    { since: "2023-04", by: "RFC 9395", says: "deprecated" },
  ],
  cast128: [{ since: "2023-04", by: "RFC 9395", says: "deprecated" }],
  "hmac-md5": [{ since: "2017-09", by: "RFC 8247, RFC 8221", says: "MUST NOT" }],
  "hmac-ripemd160": [{ since: "2017-10", by: "RFC 8221", says: "not among the algorithms of ESP" }],
  "hmac-sha1": [
    { since: "2017-09", by: "RFC 8247, RFC 8221", says: "MUST-, to be downgraded" },
    { since: "2022-12", by: "NIST", says: "SHA-1 to be gone by the end of 2030" },
  ],
  modp1024: [
    { since: "2011-01", by: "NIST SP 800-131A", says: "disallowed after 2013" },
    { since: "2017-09", by: "RFC 8247", says: "SHOULD NOT" },
  ],
  modp1536: [
    { since: "2011-01", by: "NIST SP 800-131A", says: "below 2048 bit disallowed after 2013" },
    { since: "2017-09", by: "RFC 8247", says: "SHOULD NOT" },
  ],
};

export interface Weakness {
  /** Path in the tunnel: `phase1.group`. */
  readonly key: string;
  readonly algorithm: string;
  readonly first: Discouraged;
}

/** What a tunnel uses, by itself or through its profile, that is weaker than `compat`. */
export function weaknesses({ phase1, phase2 }: Pick<Tunnel, "phase1" | "phase2">): Weakness[] {
  const used: [key: string, algorithm: string | undefined][] = [
    ["phase1.encryption", phase1.encryption],
    ["phase1.integrity", phase1.integrity],
    ["phase1.prf", phase1.prf === phase1.integrity ? undefined : phase1.prf],
    ["phase1.group", phase1.group],
    ["phase2.encryption", phase2.encryption],
    ["phase2.integrity", phase2.integrity],
    ["phase2.group", phase2.group],
  ];
  return used.flatMap(([key, algorithm]) => {
    const [first] = algorithm === undefined ? [] : discouraged(algorithm);
    return first === undefined || algorithm === undefined ? [] : [{ key, algorithm, first }];
  });
}

function discouraged(algorithm: string): readonly Discouraged[] {
  return (Object.hasOwn(DISCOURAGED, algorithm) ? DISCOURAGED[algorithm] : undefined) ?? [];
}

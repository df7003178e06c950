import { isAead, refusal, type Role, supported } from "../algorithms";
import { closest } from "../closest";
import type { Daemon } from "../schema";
import type { DraftTunnel } from "../draft";
import { type Finding, finding, type Rule } from "./rule";

interface Named {
  readonly path: string;
  readonly role: Role;
  readonly algorithm: string;
}

/** The algorithms a tunnel names itself; a profile's need no judging. */
function named({ path, declared }: DraftTunnel): Named[] {
  const { phase1, phase2 } = declared;
  const entries: [string, Role, string | undefined][] = [
    ["phase1.encryption", "ikeEncryption", phase1?.encryption],
    ["phase1.integrity", "ikeIntegrity", phase1?.integrity],
    ["phase1.prf", "ikeIntegrity", phase1?.prf],
    ["phase1.group", "ikeGroup", phase1?.group],
    ["phase2.encryption", "espEncryption", phase2?.encryption],
    ["phase2.integrity", "espIntegrity", phase2?.integrity],
    ["phase2.group", "espGroup", phase2?.group],
  ];
  return entries.flatMap(([key, role, algorithm]) =>
    algorithm === undefined ? [] : [{ path: `${path}.${key}`, role, algorithm }],
  );
}

export const refusedAlgorithm: Rule = {
  code: "GW040",
  reason: "an algorithm that gives no protection is refused, whatever the peer can do",
  check: ({ tunnels }) =>
    tunnels.flatMap(named).flatMap(({ path, algorithm }) => {
      const why = refusal(algorithm);
      if (why === undefined) return [];
      return [finding(path, `${algorithm} ${why}`, "write a stronger one, such as the default")];
    }),
};

export const knownAlgorithm: Rule = {
  code: "GW041",
  reason: "the daemons match names by prefix and load some unknown ones without a word",
  check: ({ ike, tunnels }) => {
    if (!ike) return [];
    return tunnels
      .flatMap(named)
      .filter(({ role, algorithm }) => !supported(ike.daemon, role).includes(algorithm))
      .filter(({ algorithm }) => refusal(algorithm) === undefined)
      .map((entry) => unknownAlgorithm(ike.daemon, entry));
  },
};

/** What other vendors, and the registry of IANA by number, call an algorithm that is known here. */
function commonName(algorithm: string): string | undefined {
  const word = algorithm.toLowerCase();
  const hash = /^(?:hmac-?)?sha-?(?:2-)?(256|384|512)$/.exec(word)?.[1];
  if (hash !== undefined) return `hmac-sha2-${hash}`;
  if (/^(hmac-?)?sha-?1?$/.test(word)) return "hmac-sha1";
  const group = /^(?:dh|group|modp)?-?(\d{1,2})$/.exec(word)?.[1];
  return group === undefined ? undefined : GROUP_NUMBERS[group];
}

const GROUP_NUMBERS: Readonly<Record<string, string>> = {
  ...{ 2: "modp1024", 5: "modp1536", 14: "modp2048", 15: "modp3072", 16: "modp4096" },
  ...{ 17: "modp6144", 18: "modp8192", 19: "ecp256", 20: "ecp384", 21: "ecp521", 25: "ecp192" },
  ...{ 26: "ecp224", 27: "brainpool224", 28: "brainpool256", 29: "brainpool384" },
  ...{ 30: "brainpool512", 31: "curve25519" },
};

function unknownAlgorithm(daemon: Daemon, { path, role, algorithm }: Named): Finding {
  const known = supported(daemon, role);
  const meant = known.find((name) => name === commonName(algorithm)) ?? closest(algorithm, known);
  const fix = meant === undefined ? `write one of ${known.join(", ")}` : `write ${meant}`;
  return finding(path, `${algorithm} is not known to ${daemon} here`, fix);
}

export const integrityFits: Rule = {
  code: "GW042",
  reason: "AEAD ciphers authenticate themselves, the others protect nothing without integrity",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, declared }) =>
      (["phase1", "phase2"] as const).flatMap((phase) => {
        const { encryption, integrity } = declared[phase] ?? {};
        if (encryption === undefined || isAead(encryption) === (integrity === undefined)) return [];
        return isAead(encryption)
          ? [finding(`${path}.${phase}.integrity`, `is implied by ${encryption}`, "remove it")]
          : [
              finding(
                `${path}.${phase}.integrity`,
                `is missing, and ${encryption} does not authenticate`,
                "write hmac-sha2-256 or stronger",
              ),
            ];
      }),
    ),
};

export const prfFits: Rule = {
  code: "GW043",
  reason: "IKEv2 needs a pseudo-random function (RFC 7296 2.13); IKEv1 takes the integrity's hash",
  check: ({ ike, tunnels }) =>
    tunnels.flatMap(({ path, declared: { phase1 } }) => {
      if (!ike || !phase1) return [];
      const { encryption, integrity, prf } = phase1;
      const at = `${path}.phase1.prf`;
      if (ike.daemon === "isakmpd") {
        return prf === undefined || prf === integrity
          ? []
          : [finding(at, "cannot be chosen in IKEv1", "remove it")];
      }
      return isAead(encryption) && prf === undefined
        ? [finding(at, `is missing, and ${encryption} implies none`, "write hmac-sha2-384")]
        : [];
    }),
};

export const lifetimeOrder: Rule = {
  code: "GW044",
  reason: "a child SA that outlives its IKE SA cannot be renewed or deleted in time",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { phase1, phase2 } }) =>
      phase2.lifetime < phase1.lifetime
        ? []
        : [
            finding(
              `${path}.phase2.lifetime`,
              `${phase2.lifetime} is not shorter than phase 1's ${phase1.lifetime}`,
              "write a shorter one, or a longer phase1.lifetime",
            ),
          ],
    ),
};

export const onlyIkeV2: Rule = {
  code: "GW079",
  reason: "ipsec.conf(5) has no words for bytes and extended sequence numbers",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "isakmpd"
      ? []
      : tunnels.flatMap(({ path, declared: { phase2 } }) =>
          (["bytes", "esn"] as const)
            .filter((key) => phase2?.[key] !== undefined)
            .map((key) =>
              finding(`${path}.phase2.${key}`, "cannot be said to isakmpd", "remove it"),
            ),
        ),
};

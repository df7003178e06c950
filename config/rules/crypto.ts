import { isAead, kindOf, refusal, type Role, supported } from "../algorithms";
import { absentHere, declaredFor, proposalIn } from "../algorithms/otherNames";
import { closest } from "../closest";
import type { DraftTunnel } from "../draft";
import { declaredProposals } from "../proposals";
import type { Daemon } from "../schema";
import { type Finding, finding, type Rule } from "./rule";

interface Named {
  readonly path: string;
  readonly role: Role;
  readonly algorithm: string;
}

/** The algorithms a tunnel names itself; a profile's need no check. */
function named({ path, declared }: DraftTunnel): Named[] {
  const { phase1, phase2 } = declaredProposals(declared);
  type Entry = [string, Role, string | undefined];
  const entries = [
    ...phase1.flatMap(({ key, proposal }): Entry[] => [
      [`${key}.encryption`, "ikeEncryption", proposal.encryption],
      [`${key}.integrity`, "ikeIntegrity", proposal.integrity],
      [`${key}.prf`, "ikeIntegrity", proposal.prf],
      [`${key}.group`, "ikeGroup", proposal.group],
    ]),
    ...phase2.flatMap(({ key, proposal }): Entry[] => [
      [`${key}.encryption`, "espEncryption", proposal.encryption],
      [`${key}.integrity`, "espIntegrity", proposal.integrity],
      [`${key}.group`, "espGroup", proposal.group],
    ]),
  ];
  return entries.flatMap(([key, role, algorithm]) =>
    algorithm === undefined ? [] : [{ path: `${path}.${key}`, role, algorithm }],
  );
}

function refusedUnderAnyName({ role, algorithm }: Named): string | undefined {
  return refusal(algorithm) ?? refusal(declaredFor(kindOf(role), algorithm) ?? "");
}

export const refusedAlgorithm: Rule = {
  code: "GW040",
  check: ({ tunnels }) =>
    tunnels.flatMap(named).flatMap((entry) => {
      const why = refusedUnderAnyName(entry);
      if (why === undefined) return [];
      const { path, algorithm } = entry;
      return [finding(path, `${algorithm} ${why}`, "write a stronger one, such as the default")];
    }),
};

export const knownAlgorithm: Rule = {
  code: "GW041",
  check: ({ ike, tunnels }) => {
    if (!ike) return [];
    return tunnels
      .flatMap(named)
      .filter(({ role, algorithm }) => !supported(ike.daemon, role).includes(algorithm))
      .filter((entry) => refusedUnderAnyName(entry) === undefined)
      .map((entry) => unknownAlgorithm(ike.daemon, entry));
  },
};

function unknownAlgorithm(daemon: Daemon, { path, role, algorithm }: Named): Finding {
  const known = supported(daemon, role);
  const unknown = (fix: string, name = algorithm) =>
    finding(path, `${name} is not known to ${daemon} here`, fix);
  const oneOf = `write one of ${known.join(", ")}`;
  const proposal = proposalIn(algorithm);
  if (proposal !== undefined) {
    const keys = Object.entries(proposal).map(([key, name]) => `${key}: ${name}`);
    return finding(path, `${algorithm} is a whole proposal`, `write ${keys.join(", ")}`);
  }
  const meant = declaredFor(kindOf(role), algorithm);
  if (meant !== undefined) {
    return known.includes(meant)
      ? unknown(`write ${meant}`)
      : unknown(oneOf, meant === algorithm ? algorithm : `${algorithm}, which is ${meant},`);
  }
  const absent = absentHere(algorithm);
  if (absent !== undefined) {
    return unknown(
      `OpenBSD does not have ${absent}: agree one of ${known.join(", ")} with the peer`,
    );
  }
  const close = closest(algorithm, known);
  return unknown(close === undefined ? oneOf : `write ${close}`);
}

export const integrityFits: Rule = {
  code: "GW042",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, declared }) => {
      const { phase1, phase2 } = declaredProposals(declared);
      return [...phase1, ...phase2].flatMap(({ key, proposal: { encryption, integrity } }) => {
        if (isAead(encryption) === (integrity === undefined)) return [];
        const at = `${path}.${key}.integrity`;
        return isAead(encryption)
          ? [finding(at, `is implied by ${encryption}`, "remove it")]
          : [
              finding(
                at,
                `is missing, and ${encryption} does not authenticate`,
                "write hmac-sha2-256 or stronger",
              ),
            ];
      });
    }),
};

export const prfFits: Rule = {
  code: "GW043",
  check: ({ ike, tunnels }) =>
    tunnels.flatMap(({ path, declared }) =>
      declaredProposals(declared).phase1.flatMap(
        ({ key, proposal: { encryption, integrity, prf } }) => {
          const at = `${path}.${key}.prf`;
          if (ike?.daemon === "isakmpd") {
            return prf === undefined || prf === integrity
              ? []
              : [finding(at, "cannot be chosen in IKEv1", "remove it")];
          }
          return ike && isAead(encryption) && prf === undefined
            ? [finding(at, `is missing, and ${encryption} implies none`, "write hmac-sha2-384")]
            : [];
        },
      ),
    ),
};

export const onlyIkeV2: Rule = {
  code: "GW079",
  check: ({ ike, tunnels }) =>
    ike?.daemon !== "isakmpd"
      ? []
      : tunnels.flatMap(({ path, declared }) =>
          declaredProposals(declared).phase2.flatMap(({ key: phase, proposal }) =>
            (["bytes", "esn"] as const)
              .filter((key) => proposal[key] !== undefined)
              .map((key) =>
                finding(`${path}.${phase}.${key}`, "cannot be said to isakmpd", "remove it"),
              ),
          ),
        ),
};

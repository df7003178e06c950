import { isAead, kindOf, refusal, type Role, supported } from "../algorithms";
import { absentHere, declaredFor, proposalIn } from "../algorithms/otherNames";
import { closest } from "../closest";
import type { DraftTunnel } from "../draft";
import type { Daemon } from "../schema";
import { type Finding, finding, type Rule } from "./rule";

interface Named {
  readonly path: string;
  readonly role: Role;
  readonly algorithm: string;
}

/** The algorithms a tunnel names itself; a profile's need no check. */
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

export const onlyIkeV2: Rule = {
  code: "GW079",
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

import { type Weakness, weaknesses } from "../discouraged";
import { profiles } from "../profiles";
import type { Draft, DraftTunnel } from "../draft";
import { enabledTunnels } from "./places";
import { finding, type Rule } from "./rule";

export const profileOfDaemon: Rule = {
  code: "GW061",
  check: ({ ike, tunnels }) => {
    if (!ike) return [];
    const known = Object.keys(profiles[ike.daemon]);
    const fix = `write one of ${known.join(", ")}, or another ike.daemon`;
    const own = known.includes(ike.profile)
      ? []
      : [finding("ike.profile", `${ike.daemon} has no profile ${ike.profile}`, fix)];
    const named = tunnels.flatMap(({ path, declared: { profile } }) =>
      profile === undefined || known.includes(profile)
        ? []
        : [finding(`${path}.profile`, `${ike.daemon} has no profile ${profile}`, fix)],
    );
    return [...own, ...named];
  },
};

interface Weak extends DraftTunnel {
  readonly weak: readonly [Weakness, ...Weakness[]];
}

function weakTunnels(draft: Draft): Weak[] {
  return draft.tunnels.flatMap((entry) => {
    const [first, ...more] = weaknesses(entry.tunnel);
    return first === undefined ? [] : [{ ...entry, weak: [first, ...more] as const }];
  });
}

function told({ algorithm, first }: Weakness): string {
  return `${algorithm} (${first.by} ${first.since}: ${first.says})`;
}

export const weakNeedsException: Rule = {
  code: "GW062",
  check: (draft) =>
    weakTunnels(draft)
      .filter(({ tunnel }) => tunnel.exception === undefined)
      .flatMap(({ path, weak }) =>
        weak.map((one) =>
          finding(
            `${path}.${one.key}`,
            `is weaker than profile compat: ${told(one)}`,
            "write profile: compat, or exception: {reason, expires} if the peer can do no better",
          ),
        ),
      ),
};

export const exceptionRunsOut: Rule = {
  code: "GW063",
  check: (draft) =>
    weakTunnels(draft).flatMap(({ path, tunnel: { exception } }) =>
      exception === undefined || draft.today <= exception.expires
        ? []
        : [
            finding(
              `${path}.exception.expires`,
              `was ${exception.expires}, today is ${draft.today}`,
              "write profile: compat, or a later day if the peer still can do no better",
            ),
          ],
    ),
};

export const exceptionInUse: Rule = {
  code: "GW064",
  check: (draft) =>
    weakTunnels(draft).flatMap(({ path, tunnel: { exception }, weak }) =>
      exception === undefined
        ? []
        : [
            finding(
              `${path}.exception`,
              `allows ${weak.map(told).join(", ")} until ${exception.expires}: ${exception.reason}`,
              "move the peer to profile compat before that day",
            ),
          ],
    ),
};

export const exceptionForNothing: Rule = {
  code: "GW065",
  check: (draft) =>
    draft.tunnels
      .filter(({ tunnel }) => tunnel.exception && weaknesses(tunnel).length === 0)
      .map(({ path }) =>
        finding(`${path}.exception`, "allows nothing that is in use", "remove it"),
      ),
};

export const ikev1IsHistoric: Rule = {
  code: "GW066",
  check: ({ ike }) =>
    ike?.daemon === "isakmpd"
      ? [
          finding(
            "ike.daemon",
            "isakmpd speaks IKEv1 only, which is Historic (RFC 9395)",
            "write iked as soon as every peer speaks IKEv2",
          ),
        ]
      : [],
};

export const noForwardSecrecy: Rule = {
  code: "GW067",
  check: (draft) =>
    enabledTunnels(draft)
      .filter(({ tunnel }) => tunnel.phase2.group === "none")
      .map(({ path }) =>
        finding(
          `${path}.phase2.group`,
          "none gives up perfect forward secrecy",
          "write the group of phase 1, at both ends",
        ),
      ),
};

export const groupMetLate: Rule = {
  code: "GW089",
  check: (draft) =>
    draft.ike?.daemon !== "iked"
      ? []
      : enabledTunnels(draft)
          .filter(
            ({ tunnel: { phase1, phase2 } }) => !["none", phase1.group].includes(phase2.group),
          )
          .map(({ path, tunnel: { phase1, phase2 } }) =>
            finding(
              `${path}.phase2.group`,
              `${phase2.group} is not phase 1's ${phase1.group}, and is first used at a rekey`,
              "look at the peer's PFS group, or write the same group in both",
            ),
          ),
};

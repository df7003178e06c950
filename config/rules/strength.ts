import type { Code } from "../codes";
import type { Draft, DraftTunnel } from "../draft";
import { type Excusable, excusable } from "../excusable";
import { profiles } from "../profiles";
import { allProposals } from "../proposals";
import { enabledTunnels } from "./places";
import { type Finding, finding, type Rule } from "./rule";

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

interface Excused extends DraftTunnel {
  readonly needs: readonly Excusable[];
}

function tunnelsThatNeed(draft: Draft, code?: Code): Excused[] {
  return draft.tunnels
    .map((entry) => ({
      ...entry,
      needs: excusable(entry, draft).filter((one) => code === undefined || one.code === code),
    }))
    .filter(({ needs }) => needs.length > 0);
}

/** What the code refuses of tunnels without an exception. */
function withoutException(draft: Draft, code: Code): Finding[] {
  return tunnelsThatNeed(draft, code)
    .filter(({ tunnel }) => tunnel.exception === undefined)
    .flatMap(({ path, needs }) =>
      needs.map(({ key, message, fix }) => finding(`${path}.${key}`, message, fix)),
    );
}

export const weakNeedsException: Rule = {
  code: "GW062",
  check: (draft) => withoutException(draft, "GW062"),
};

export const oddKeyNeedsException: Rule = {
  code: "GW155",
  check: (draft) => withoutException(draft, "GW155"),
};

export const randomKey: Rule = {
  code: "GW081",
  check: (draft) => withoutException(draft, "GW081"),
};

export const longLifetimeNeedsException: Rule = {
  code: "GW156",
  check: (draft) => withoutException(draft, "GW156"),
};

export const lifetimeOrder: Rule = {
  code: "GW044",
  check: (draft) => [
    ...draft.tunnels
      .filter(({ tunnel: { phase1, phase2 } }) => phase2.lifetime > phase1.lifetime)
      .map(({ path, tunnel: { phase1, phase2 } }) =>
        finding(
          `${path}.phase2.lifetime`,
          `${phase2.lifetime} is longer than phase 1's ${phase1.lifetime}`,
          "write a shorter one, or a longer phase1.lifetime",
        ),
      ),
    ...withoutException(draft, "GW044"),
  ],
};

export const exceptionRunsOut: Rule = {
  code: "GW063",
  check: (draft) =>
    tunnelsThatNeed(draft).flatMap(({ path, tunnel: { exception }, needs }) =>
      exception === undefined || draft.today <= exception.expires
        ? []
        : [
            finding(
              `${path}.exception.expires`,
              `was ${exception.expires}, today is ${draft.today}`,
              `${remedies(needs)}, or write a later day if the peer still can do no better`,
            ),
          ],
    ),
};

export const exceptionInUse: Rule = {
  code: "GW064",
  check: (draft) =>
    tunnelsThatNeed(draft).flatMap(({ path, tunnel: { exception }, needs }) =>
      exception === undefined
        ? []
        : [
            finding(
              `${path}.exception`,
              `allows ${needs.map(({ short }) => short).join(", ")} until ${exception.expires}: ${exception.reason}`,
              `${remedies(needs)} before that day`,
            ),
          ],
    ),
};

function remedies(needs: readonly Excusable[]): string {
  return [...new Set(needs.map(({ remedy }) => remedy))].join(", ");
}

export const exceptionForNothing: Rule = {
  code: "GW065",
  check: (draft) =>
    draft.tunnels
      .filter(({ tunnel: { exception, psk } }) => exception && !draft.unread?.has(psk ?? ""))
      .filter((entry) => excusable(entry, draft).length === 0)
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
    enabledTunnels(draft).flatMap(({ path, tunnel }) =>
      allProposals(tunnel)
        .phase2.filter(({ proposal }) => proposal.group === "none")
        .map(({ key }) =>
          finding(
            `${path}.${key}.group`,
            "none gives up perfect forward secrecy",
            "write the group of phase 1, at both ends",
          ),
        ),
    ),
};

export const groupMetLate: Rule = {
  code: "GW089",
  check: (draft) =>
    draft.ike?.daemon !== "iked"
      ? []
      : enabledTunnels(draft).flatMap(({ path, tunnel }) => {
          const { phase1, phase2 } = allProposals(tunnel);
          const groups = phase1.map(({ proposal }) => proposal.group);
          return phase2
            .filter(({ proposal: { group } }) => !["none", ...groups].includes(group))
            .map(({ key, proposal: { group } }) =>
              finding(
                `${path}.${key}.group`,
                `${group} is not phase 1's ${groups.join(" or ")}, and is first used at a rekey`,
                "look at the peer's PFS group, or write the same group in both",
              ),
            );
        }),
};

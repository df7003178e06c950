import type { Case } from "./case";
import { anyPeerCases } from "./anyPeer";
import { armCases } from "./arms";
import { authorityCases } from "./authority";
import { certificateCases } from "./certificates";
import { namedPeerCases } from "./namedPeer";
import { daemonCases } from "./daemons";
import { everywhereCases } from "./everywhere";
import { greCases } from "./gre";
import { groupCases } from "./groups";
import { identityCases } from "./identities";
import { nestingCases } from "./nesting";
import { pairCases } from "./pairs";
import { pfRuleCases } from "./pfRules";
import { peerPathCases } from "./peerPath";
import { perimeterCases } from "./perimeter";
import { proposalCases } from "./proposals";
import { publicKeyCases } from "./publicKeys";
import { selectorCases } from "./selectors";
import { strengthCases } from "./strength";
import { vendorCases } from "./vendors";
import { otherCases } from "./others";

/**
 * Of a rule that looks into every proposal or pair, both what stands alone and what is in a list; of one that
 * looks at the gateway's networks, with one arm and with several.
 */
export const cases: Record<string, Case[]> = {
  ...anyPeerCases,
  ...namedPeerCases,
  ...selectorCases,
  ...pfRuleCases,
  ...daemonCases,
  ...strengthCases,
  ...vendorCases,
  ...greCases,
  ...groupCases,
  ...peerPathCases,
  ...perimeterCases,
  ...publicKeyCases,
  ...certificateCases,
  ...authorityCases,
  ...identityCases,
  ...nestingCases,
  ...otherCases,
};
const more = [proposalCases, pairCases, armCases, everywhereCases].flatMap((group) =>
  Object.entries(group),
);
for (const [code, further] of more) cases[code] = [...(cases[code] ?? []), ...further];

/** The values of the config keys that the cases name. */
export const secrets = {
  pskShort: "short",
  pskSpaced: "vK3c9m2QpT7x Wz4Lr8Ns6Yb1Hd5Fg0Ja",
  pskHex: "0x76d1c3a9e0f2b48566d1c3a9e0f2b485",
  pskGood: "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja",
  pskDull: "aaaabbbbccccddddaaaabbbbccccdddd",
  pskNamed: "West.Example.Net-2026-vK3c9m2QpT",
  pskZero: "0K3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja",
};

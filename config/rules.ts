import { CODES, type Meaning } from "./codes";
import type { Draft } from "./draft";
import { Unknown } from "./known";
import type { Problem } from "./problems";
import * as anyPeer from "./rules/anyPeer";
import * as arms from "./rules/arms";
import * as authority from "./rules/authority";
import * as certificates from "./rules/certificates";
import * as certificatesOfIsakmpd from "./rules/certificatesOfIsakmpd";
import * as crypto from "./rules/crypto";
import * as daemons from "./rules/daemons";
import * as everywhere from "./rules/everywhere";
import * as gre from "./rules/gre";
import * as groups from "./rules/groups";
import * as identities from "./rules/identities";
import * as nat from "./rules/nat";
import * as namedPeer from "./rules/namedPeer";
import * as nesting from "./rules/nesting";
import * as network from "./rules/network";
import * as networks from "./rules/networks";
import * as noHost from "./rules/noHost";
import * as notation from "./rules/notation";
import * as peerPath from "./rules/peerPath";
import * as perimeter from "./rules/perimeter";
import * as pfRules from "./rules/pfRules";
import type { Finding, Rule } from "./rules/rule";
import * as proposals from "./rules/proposals";
import * as publicKeys from "./rules/publicKeys";
import * as routed from "./rules/routed";
import * as secrets from "./rules/secrets";
import * as selectors from "./rules/selectors";
import * as source from "./rules/source";
import * as strength from "./rules/strength";
import * as system from "./rules/system";
import * as tunnels from "./rules/tunnels";
import * as vendors from "./rules/vendors";
import { withUnknown } from "./unreadable";

/** The closed list of what can be known to be wrong before anything is touched, by code. */
export const rules: readonly Rule[] = [
  notation,
  noHost,
  peerPath,
  network,
  arms,
  perimeter,
  tunnels,
  networks,
  nesting,
  crypto,
  proposals,
  secrets,
  publicKeys,
  authority,
  certificates,
  certificatesOfIsakmpd,
  anyPeer,
  namedPeer,
  strength,
  identities,
  selectors,
  nat,
  routed,
  gre,
  groups,
  everywhere,
  daemons,
  source,
  system,
  pfRules,
  vendors,
]
  .flatMap((group): Rule[] => Object.values(group))
  .sort((a, b) => a.code.localeCompare(b.code));

const ofNotation: readonly Rule[] = Object.values(notation);

export interface Found {
  /** What refuses the configuration. */
  readonly errors: Problem[];
  /** What is only said. */
  readonly warnings: Problem[];
}

/** Everything that the rules find in what is known, and in what can be read as an address or network. */
export function findProblems(draft: Draft): Found {
  const unreadable = ofNotation.flatMap((rule) => ask(rule, draft));
  const rest = withUnknown(
    draft,
    unreadable.map(({ path }) => path),
  );
  const found = (level: Meaning["level"]) =>
    rules
      .filter(({ code }) => CODES[code].level === level)
      .flatMap((rule) =>
        ask(rule, ofNotation.includes(rule) ? draft : rest).map((one) => ({
          code: rule.code,
          ...one,
        })),
      );
  return { errors: found("refuses"), warnings: found("warns") };
}

/**
 * What the rule says. Where it reads something unknown it is asked again without that section, or without
 * the tunnels that lack the same: what is said of the rest holds whatever they will be.
 */
function ask(rule: Rule, draft: Draft): Finding[] {
  if (rule.wantsAllTunnels === true && draft.lacksTunnels === true) return [];
  try {
    return rule.check(draft);
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    return ask(rule, without(draft, error));
  }
}

function without(draft: Draft, { part, key }: Unknown): Draft {
  if (part !== "tunnels") return { ...draft, [part]: undefined };
  const tunnels = draft.tunnels.filter(({ unknown }) => unknown?.has(key) !== true);
  return { ...draft, tunnels, lacksTunnels: true };
}

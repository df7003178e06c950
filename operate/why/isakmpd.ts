import type { LogLine } from "../../parse/daemonLog";
import type { DeclaredTunnel } from "../stack/outputs";
import type { Cause, Evidence } from "./cause";
import * as causes from "./causes";
import type { Facts } from "./facts";
import { evidenceOf, has, within } from "./evidence";
import { DELETED, GARBLED, GIVEN_UP, linesOf, sinceUp, STALE_PHASE_1 } from "./isakmpdLines";

type Rule = readonly [
  form: RegExp,
  judge: (facts: Facts, evidence: Evidence[], since: readonly LogLine[]) => Cause,
];

const PHASE_1_DONE = /^phase 1 done /;

// Messages: isakmpd ike_auth.c, ike_phase_1.c, ike_quick_mode.c, message.c, transport.c. The surest first.
const RULES: readonly Rule[] = [
  [
    /check_policy: negotiated SA failed policy check/,
    ({ tunnel }, evidence) => ({
      code: "daemon",
      phase: "gateway",
      what: "isakmpd runs without -K and refuses every tunnel",
      evidence,
      fix: `run pulumi up: it sets the flags -K -v; then gateway tunnel restart ${tunnel.name}`,
    }),
  ],
  [
    /received remote ID other than expected/,
    ({ tunnel }, evidence) => causes.remoteId(tunnel, evidence),
  ],
  [/ike_auth_get_key: no key found/, ({ tunnel }, evidence) => causes.remoteId(tunnel, evidence)],
  [/attribute_unacceptable: /, ({ tunnel }, evidence) => attribute(tunnel, evidence)],
  [
    /invalid phase 2 IDs|INVALID_ID_INFORMATION/,
    ({ tunnel }, evidence) =>
      causes.selectors(
        tunnel,
        evidence,
        "phase 1 is done, and phase 2 is refused for its networks",
      ),
  ],
  [GARBLED, ({ tunnel }, evidence) => causes.psk(tunnel, evidence)],
  [/AUTHENTICATION_FAILED/, ({ tunnel }, evidence) => causes.authentication(tunnel, evidence)],
  [
    /no compatible proposal found|NO_PROPOSAL_CHOSEN/,
    ({ tunnel }, evidence, since) =>
      causes.proposal(tunnel, has(since, PHASE_1_DONE) ? "ESP" : "IKE", [], evidence),
  ],
  [
    GIVEN_UP,
    // The words are the same where the peer drops what it cannot decrypt.
    (facts, evidence, since) =>
      has(since, GARBLED)
        ? causes.psk(facts.tunnel, [...evidenceOf(since, GARBLED), ...evidence])
        : causes.noAnswer(facts, evidence),
  ],
  [STALE_PHASE_1, ({ tunnel }, evidence) => causes.deadPeer(tunnel, evidence)],
];

/** A daemon that looks after its tunnels every minute has told what it meets by then. */
const TOLD_WITHIN = 120;

/** Why isakmpd does not bring the tunnel up, by what its log says since it was up last. */
export function isakmpdCause(facts: Facts): Cause | undefined {
  const { up, since } = sinceUp(linesOf(facts.log, facts.tunnel));
  const telling = since.filter(({ message }) => RULES.some(([form]) => form.test(message)));
  const newest = telling.at(-1);
  const current = telling.filter((line) => newest && within(TOLD_WITHIN, line, newest));
  for (const [form, judge] of RULES) {
    if (has(current, form)) return judge(facts, evidenceOf(current, form), since);
  }
  const deleted = evidenceOf(up ? [up] : [], DELETED);
  return (
    causes.refused(facts, deleted) ??
    (deleted.length > 0 ? causes.peerDeletes(facts.tunnel, deleted) : undefined)
  );
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  ENCRYPTION_ALGORITHM: "phase1.encryption",
  KEY_LENGTH: "phase1.encryption",
  HASH_ALGORITHM: "phase1.integrity",
  GROUP_DESCRIPTION: "phase1.group",
  LIFE_DURATION: "phase1.lifetime",
  AUTHENTICATION_METHOD: "psk",
};

function attribute(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  const [, name = "", got = "?", expected = "?"] =
    evidence
      .map(({ text }) => /attribute_unacceptable: (\w+): got (\S+), expected (\S+)/.exec(text))
      .find((found) => found !== null) ?? [];
  const field = ATTRIBUTES[name] ?? "phase1";
  const code =
    field === "phase1.group"
      ? "phase1-group"
      : field === "phase1.lifetime"
        ? "phase1-lifetime"
        : "phase1-proposal";
  return {
    code,
    phase: "phase 1",
    field,
    what: `no agreement on phase 1: ${field}: we want ${expected}, the peer offers ${got}`,
    evidence,
    fix: `set ${field} of ${tunnel.name} to the peer's, or have the peer change`,
    tell: `Phase 1 does not match in ${name}: you offer ${got}, we want ${expected}.`,
  };
}

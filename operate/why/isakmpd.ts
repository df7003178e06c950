import type { LogLine } from "../../parse/daemonLog";
import { selectors } from "../../config/selectors";
import type { DeclaredTunnel } from "../stack/outputs";
import type { Cause, Evidence } from "./cause";
import * as causes from "./causes";
import type { Facts } from "./facts";
import { evidenceOf, has } from "./evidence";

type Rule = readonly [form: RegExp, judge: (facts: Facts, evidence: Evidence[]) => Cause];

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
  [
    /reserved field non-zero|invalid next payload type|payload too long|PAYLOAD_MALFORMED/,
    ({ tunnel }, evidence) => causes.psk(tunnel, evidence),
  ],
  [/AUTHENTICATION_FAILED/, ({ tunnel }, evidence) => causes.authentication(tunnel, evidence)],
  [
    /giving up on exchange .*no response from peer/,
    (facts, evidence) => causes.noAnswer(facts, evidence),
  ],
  [/INVALID_COOKIE/, ({ tunnel }, evidence) => causes.deadPeer(tunnel, evidence)],
];

const NO_PROPOSAL = /no compatible proposal found|NO_PROPOSAL_CHOSEN/;
const PHASE_1_DONE = /^phase 1 done /;
const DELETED = /made us delete live SA/;
/** Without -v isakmpd tells of no success; but what was deleted alive had been up. */
const WAS_UP = new RegExp(`^quick mode done: |${DELETED.source}`);

/** Why isakmpd does not bring the tunnel up, by what its log says since it was up last. */
export function isakmpdCause(facts: Facts): Cause | undefined {
  const own = linesOf(facts.log, facts.tunnel);
  const last = own.map(({ message }) => WAS_UP.test(message)).lastIndexOf(true);
  const recent = own.slice(last + 1);
  for (const [form, judge] of RULES) {
    if (has(recent, form)) return judge(facts, evidenceOf(recent, form));
  }
  if (has(recent, NO_PROPOSAL)) {
    const protocol = has(recent, PHASE_1_DONE) ? "ESP" : "IKE";
    return causes.proposal(facts.tunnel, protocol, [], evidenceOf(recent, NO_PROPOSAL));
  }
  const deleted = evidenceOf(own.slice(last, last + 1), DELETED);
  return (
    causes.refused(facts, deleted) ??
    (deleted.length > 0 ? causes.peerDeletes(facts.tunnel, deleted) : undefined)
  );
}

/** The tunnel's lines: those that name it, and those that name nobody where no other is named. */
export function linesOf(log: readonly LogLine[], tunnel: DeclaredTunnel): LogLine[] {
  const names = [tunnel.peer, ...selectors(tunnel).map(({ from, to }) => `from-${from}-to-${to}`)];
  const isakmpd = log.filter(({ program }) => program === "isakmpd");
  const mine = ({ message }: LogLine) => names.some((name) => mentions(message, name));
  const others = new Set(
    isakmpd
      .filter((line) => !mine(line) && NAMES_SOMEBODY.test(line.message))
      .map(({ stamp }) => stamp),
  );
  return isakmpd.filter(
    (line) => mine(line) || (!NAMES_SOMEBODY.test(line.message) && !others.has(line.stamp)),
  );
}

const NAMES_SOMEBODY = /\bpeer-|\bfrom-|\bsrc: |\bpeer \S*[\d:]|message from /;

function mentions(message: string, name: string): boolean {
  const at = message.indexOf(name);
  return at >= 0 && !/^\.?\w/.test(message.slice(at + name.length));
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

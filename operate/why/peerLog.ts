import { type PeerFinding, parsePeerLog } from "../../parse/peerLogs/read";
import type { PeerVerdict } from "../../parse/peerLogs/form";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { Cause, CauseCode, Evidence } from "../../contract/documents/why";
import * as causes from "./causes";
import type { Diagnosis } from "../../contract/documents/why";
import type { Facts } from "./facts";
import * as path from "./pathCauses";
import * as proposals from "./proposalCauses";

/** What our own log leaves open, and the peer's may tell. */
const OPEN: ReadonlySet<CauseCode> = new Set([
  "authentication",
  "no-answer",
  "never-asked",
  "own-action",
  "peer-deletes",
  "dead-peer",
  "phase2-refused",
  "stale-sa",
  "unknown",
]);

/** Ours saw these too, without the field that the other side names. */
const LEFT_OPEN: Readonly<Partial<Record<CauseCode, readonly PeerVerdict[]>>> = {
  "phase1-proposal": ["phase1-group", "ike-version"],
  "phase2-proposal": ["pfs", "selectors"],
  selectors: ["phase2-proposal", "pfs"],
};

/** One diagnosis from both logs: what ours leaves open the peer's decides, and where both speak both are shown. */
export function withPeerLog(diagnosis: Diagnosis, facts: Facts, text: string): Diagnosis {
  const { cause, notes } = diagnosis;
  const findings = parsePeerLog(text, facts.gateway.publicAddress);
  const last = findings.at(-1);
  if (!last) {
    const none = "the peer's log has no line of a known form since the tunnel was up last";
    return { ...diagnosis, notes: [...notes, none] };
  }
  const evidence = evidenceOf(findings, last);
  if (OPEN.has(cause.code) || LEFT_OPEN[cause.code]?.includes(last.verdict)) {
    const theirs = causeOf(last, facts, [...cause.evidence.slice(-MOST), ...evidence]);
    if (theirs) return { ...diagnosis, cause: theirs };
  }
  const agrees = sameStep(cause.code, last.verdict);
  return agrees
    ? { ...diagnosis, cause: { ...cause, evidence: [...cause.evidence, ...evidence] } }
    : { ...diagnosis, notes: [...notes, `the peer's log says otherwise: ${last.line}`] };
}

const MOST = 3;

/** The last line, and those before it that say the same. */
function evidenceOf(findings: readonly PeerFinding[], last: PeerFinding): Evidence[] {
  return findings
    .filter(({ verdict }) => verdict === last.verdict)
    .slice(-MOST)
    .map(({ vendor, line }) => ({ text: `peer (${vendor}): ${line}` }));
}

function sameStep(code: CauseCode, verdict: PeerVerdict): boolean {
  return code === verdict || (code.startsWith("phase1-") && verdict.startsWith("phase1-"));
}

function causeOf(
  { verdict, line }: PeerFinding,
  facts: Facts,
  evidence: readonly Evidence[],
): Cause | undefined {
  const { tunnel } = facts;
  switch (verdict) {
    case "up":
      return undefined;
    case "phase1-proposal":
      return proposals.proposal(tunnel, "IKE", [], evidence);
    case "phase1-group":
      return proposals.group(tunnel, tunnel.phase1.group, "another", evidence);
    case "ike-version":
      return proposals.version(tunnel, evidence);
    case "psk":
      return seenByPeer(tunnel, causes.secret, evidence);
    case "ids":
      return unknownToPeer(tunnel, evidence);
    case "certificates":
      return seenByPeer(tunnel, causes.method, evidence);
    case "phase2-proposal":
      return proposals.proposal(tunnel, "ESP", [], evidence);
    case "pfs":
      return proposals.pfs(tunnel, evidence);
    case "selectors":
      return causes.selectors(tunnel, evidence, `the peer refuses ours: ${line}`);
    case "silent":
      return path.neitherHears(facts, evidence);
    case "deletes":
      return causes.peerDeletes(tunnel, evidence);
    case "stale-sa":
      return path.staleSa(facts, evidence);
  }
}

/** Of a signature the peer logs what it makes of ours: the key that it has for us is another one, or none. */
function seenByPeer(
  tunnel: DeclaredTunnel,
  otherwise: typeof causes.secret,
  evidence: readonly Evidence[],
): Cause {
  const signs = tunnel.auth === "publickey" || tunnel.auth === "certificate";
  const causeOf = signs ? causes.authentication : otherwise;
  return causeOf(tunnel, evidence);
}

function unknownToPeer(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    ...causes.localId(tunnel, evidence),
    what: `the peer does not know us: it has nothing for the identity ${tunnel.localId} or for our address`,
  };
}

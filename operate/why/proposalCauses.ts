import type { PeerProposal } from "../../parse/ikedProposals";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { Cause, Evidence } from "../../contract/documents/why";
import { mismatches, phaseText } from "./proposals";

/**
 * No agreement on a proposal.
 *
 * @param proposals those of the peer, if it told them; then it is we who take none
 */
export function proposal(
  tunnel: DeclaredTunnel,
  protocol: "IKE" | "ESP",
  proposals: readonly PeerProposal[],
  evidence: readonly Evidence[],
): Cause {
  const phase = protocol === "IKE" ? 1 : 2;
  const nearest = mismatches(tunnel, proposals, protocol).filter(({ length }) => length > 0);
  const fields = [...new Set(nearest.flat().map(({ field }) => field))];
  const pairs = nearest.map((one) =>
    one
      .map(
        ({ field, wanted, offered }) => `${field}: we want ${wanted}, the peer offers ${offered}`,
      )
      .join("; "),
  );
  const many = proposals.filter((one) => one.protocol === protocol).length > 1;
  const text = `${pairs.join(", or ")}${many ? " (in the nearest of its proposals)" : ""}`;
  if (proposals.length > 0 && pairs.length === 0) return taken(tunnel, phase, evidence);
  return {
    code:
      fields.join() === "phase1.group"
        ? "phase1-group"
        : phase === 1
          ? "phase1-proposal"
          : "phase2-proposal",
    phase: phase === 1 ? "phase 1" : "phase 2",
    field: fields.join(", ") || `phase${phase}`,
    what:
      pairs.length > 0
        ? `no agreement on phase ${phase}: ${text}`
        : `no agreement on phase ${phase}: the peer takes none of what we offer (${phaseText(tunnel, phase)})`,
    evidence,
    fix:
      pairs.length > 0
        ? `change phase${phase} of ${tunnel.name} to what the peer offers, or have the peer change`
        : `ask for the peer's phase ${phase} settings; its log shows both proposals`,
    tell: `Phase ${phase} does not match. Ours is: ${phaseText(tunnel, phase)}. Please set exactly this.`,
  };
}

/** The peer has an address of its own, and iked took it for one that may have any: only that one's phase 1 fits. */
export function fitsAnotherTunnel(
  tunnel: DeclaredTunnel,
  other: string,
  evidence: readonly Evidence[],
): Cause {
  return {
    code: "phase1-proposal",
    phase: "phase 1",
    field: "phase1",
    what: `no agreement on phase 1: the peer offers that of tunnel ${other}, and not this one's (${phaseText(tunnel, 1)})`,
    evidence,
    fix: `change phase1 of ${tunnel.name} to what the peer offers, or have the peer change`,
    tell: `Phase 1 does not match. Ours is: ${phaseText(tunnel, 1)}. Please set exactly this.`,
  };
}

export function group(
  tunnel: DeclaredTunnel,
  wanted: string,
  offered: string,
  evidence: readonly Evidence[],
): Cause {
  return {
    code: "phase1-group",
    phase: "phase 1",
    field: "phase1.group",
    what: `no agreement on the Diffie-Hellman group: we want ${wanted}, the peer offers ${offered}`,
    evidence,
    fix: `set phase1.group of ${tunnel.name} to the peer's, or have the peer change`,
    tell: `Please use Diffie-Hellman group ${wanted} in phase 1.`,
  };
}

/** None of the peer's transforms is taken, and the daemon does not say for what. */
export function taken(tunnel: DeclaredTunnel, phase: 1 | 2, evidence: readonly Evidence[]): Cause {
  return {
    code: phase === 1 ? "phase1-proposal" : "phase2-proposal",
    phase: phase === 1 ? "phase 1" : "phase 2",
    field: `phase${phase}`,
    what: `no agreement on phase ${phase}: we take none of what the peer offers; ours is ${phaseText(tunnel, phase)}`,
    evidence,
    fix: `ask for the peer's phase ${phase} settings; its log shows both proposals`,
    tell: `Phase ${phase} does not match. Ours is: ${phaseText(tunnel, phase)}. Please set exactly this.`,
  };
}

/** isakmpd turns every attribute down with a line, but for the length of the key. */
export function keyLength(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  const { encryption } = tunnel.phase1;
  return {
    ...taken(tunnel, 1, evidence),
    field: "phase1.encryption",
    what: `no agreement on phase 1: phase1.encryption: the peer offers another key length than ${encryption}, the only thing that isakmpd turns down without naming it`,
    fix: `ask for the key length of the peer's phase 1 encryption, and set phase1.encryption of ${tunnel.name} to it`,
  };
}

/** isakmpd compares a transform of a peer that it knows by its address only with its own defaults. */
export function byDefaults(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "daemon",
    phase: "gateway",
    what: `isakmpd compared the proposal of ${tunnel.peer} with its defaults (3DES) instead of this tunnel's phase 1: the tunnel's rules were not loaded at that time`,
    evidence,
    fix: `gateway tunnel start-all loads the rules again; then gateway tunnel restart ${tunnel.name}`,
  };
}

export function kilobytes(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "phase1-lifetime",
    phase: "phase 1",
    field: "phase1.lifetime",
    what: "no agreement on phase 1: the peer limits it in kilobytes too, and isakmpd takes a limit in seconds only",
    evidence,
    fix: "none here: isakmpd has no limit in kilobytes for phase 1",
    tell: `Please remove the limit in kilobytes from phase 1; its lifetime is to be ${tunnel.phase1.lifetime} s.`,
  };
}

export function version(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  const [ours, theirs] = tunnel.ikeVersion === 1 ? ["1", "2"] : ["2", "1"];
  return {
    code: "ike-version",
    phase: "phase 1",
    field: "ike.daemon",
    what: `the peer speaks IKEv${theirs}, and this gateway's daemon IKEv${ours}`,
    evidence,
    fix: `set ike.daemon to ${theirs === "2" ? "iked" : "isakmpd"} if every peer speaks IKEv${theirs}, or have the peer change`,
    tell: `Please set IKEv${ours} for the connection with us.`,
  };
}

export function aggressive(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "phase1-proposal",
    phase: "phase 1",
    field: "phase1",
    what: "the peer begins phase 1 in aggressive mode, and the gateway takes main mode only",
    evidence,
    fix: "none here: aggressive mode gives the preshared key away to whoever listens",
    tell: `Please set main mode instead of aggressive mode for the connection with ${tunnel.localId}.`,
  };
}

export function pfs(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  const { group } = tunnel.phase2;
  const ours = group === "none" ? "no PFS" : `PFS group ${group}`;
  return {
    code: "phase2-proposal",
    phase: "phase 2",
    field: "phase2.group",
    what: `no agreement on phase 2: phase2.group: ours is ${ours}, the peer's is another`,
    evidence,
    fix: `set phase2.group of ${tunnel.name} to the peer's PFS group (none, where it has none), or have the peer change`,
    tell: `Phase 2 does not match in PFS. Ours is: ${ours}. Please set exactly this.`,
  };
}

/** The first child SA has no key exchange of its own: PFS is first met when it is renewed. */
export function renewalRefused(
  tunnel: DeclaredTunnel,
  proposals: readonly PeerProposal[],
  evidence: readonly Evidence[],
): Cause {
  const [differing = []] = mismatches(tunnel, proposals, "ESP", true);
  const pairs = differing.map(
    ({ field, wanted, offered }) => `${field}: we want ${wanted}, the peer offers ${offered}`,
  );
  const { group } = tunnel.phase2;
  const ours = group === "none" ? "no PFS" : `PFS group ${group}`;
  const fields = [...new Set([...differing.map(({ field }) => field), "phase2.group"])];
  return {
    ...pfs(tunnel, evidence),
    field: pairs.length > 0 ? differing.map(({ field }) => field).join(", ") : fields.join(", "),
    what:
      "the tunnel comes up, and its renewal is refused: " +
      (pairs.length > 0
        ? pairs.join("; ")
        : `the peer's PFS group is most likely another than ours (${ours}), as the first child SA comes without one`),
  };
}

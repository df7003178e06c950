import type { PeerProposal } from "../../parse/ikedProposals";
import type { DeclaredTunnel } from "../stack/outputs";
import type { Cause, Evidence } from "./cause";
import type { Facts } from "./facts";
import { mismatches, phaseText } from "./proposals";

export function psk(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "psk",
    phase: "authentication",
    field: "psk",
    what: "the preshared keys of the two ends differ",
    evidence,
    fix: `compare the keys: gateway peer ${tunnel.name} --reveal-psk shows ours; or set a new one on both ends`,
    tell: `Our gateway (${tunnel.localId}) finds that your preshared key for us is not ours. Please enter it again, without blanks around it.`,
  };
}

export function authentication(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "authentication",
    phase: "authentication",
    field: "psk",
    what:
      "the peer refused our authentication: its preshared key for us is another one, or it does not " +
      `know us as ${tunnel.localId}; only its own log tells which`,
    evidence,
    fix: `compare the preshared keys, then localId (${tunnel.localId}) and remoteId (${tunnel.remoteId}) with the peer's`,
    tell: `Your side refuses our authentication (AUTHENTICATION_FAILED). We are ${tunnel.localId} and expect you as ${tunnel.remoteId}. Does your log say wrong key or unknown identity?`,
  };
}

export function method(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "authentication",
    phase: "authentication",
    what: "the peer authenticates by a certificate, and we expect a preshared key",
    evidence,
    fix: "none here: only preshared keys are supported",
    tell: `Please authenticate to ${tunnel.localId} with the preshared key instead of a certificate.`,
  };
}

export function localId(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "ids",
    phase: "authentication",
    field: "localId",
    what: `the peer expects us under another identity than ${tunnel.localId}`,
    evidence,
    fix: "set the tunnel's localId to what the peer has configured as its remote identity",
    tell: `Please set your remote (peer) identity for us to exactly ${tunnel.localId}.`,
  };
}

export function remoteId(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "ids",
    phase: "authentication",
    field: "remoteId",
    what: `the peer shows another identity than ${tunnel.remoteId}, or asks for networks that are not declared`,
    evidence,
    fix: "set the tunnel's remoteId to the identity that the peer sends; then compare the networks",
    tell: `Please set your local identity to exactly ${tunnel.remoteId}; your networks are to be ${tunnel.remote.join(", ")}.`,
  };
}

export function proposal(
  tunnel: DeclaredTunnel,
  protocol: "IKE" | "ESP",
  proposals: readonly PeerProposal[],
  evidence: readonly Evidence[],
): Cause {
  const phase = protocol === "IKE" ? 1 : 2;
  const differing = mismatches(tunnel, proposals, protocol);
  const onlyGroup = differing.length === 1 && differing[0]?.field === "phase1.group";
  const pairs = differing.map(
    ({ field, wanted, offered }) => `${field}: we want ${wanted}, the peer offers ${offered}`,
  );
  return {
    code: onlyGroup ? "phase1-group" : phase === 1 ? "phase1-proposal" : "phase2-proposal",
    phase: phase === 1 ? "phase 1" : "phase 2",
    field: differing.map(({ field }) => field).join(", ") || `phase${phase}`,
    what:
      pairs.length > 0
        ? `no agreement on phase ${phase}: ${pairs.join("; ")}`
        : `no agreement on phase ${phase}: the peer takes none of what we offer (${phaseText(tunnel, phase)})`,
    evidence,
    fix:
      pairs.length > 0
        ? `change phase${phase} of ${tunnel.name} to what the peer offers, or have the peer change`
        : `ask for the peer's phase ${phase} settings; its log shows both proposals`,
    tell: `Phase ${phase} does not match. Ours is: ${phaseText(tunnel, phase)}. Please set exactly this.`,
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

export function selectors(
  tunnel: DeclaredTunnel,
  evidence: readonly Evidence[],
  how: string,
): Cause {
  const { local, remote } = tunnel;
  return {
    code: "selectors",
    phase: "phase 2",
    field: "local, remote",
    what: `the networks do not mirror each other: ${how}; ours are ${local.join(", ")} here and ${remote.join(", ")} there`,
    evidence,
    fix: "compare local and remote with the peer's, network by network, also the prefix lengths",
    tell: `Your networks for us do not mirror ours. On your side: local ${remote.join(", ")}, remote ${local.join(", ")}, exactly.`,
  };
}

export function noAnswer(facts: Facts, evidence: readonly Evidence[]): Cause {
  const { tunnel, gateway, peerPings } = facts;
  const closed = refused(facts, evidence);
  if (closed) return closed;
  const ping =
    peerPings === undefined
      ? ""
      : peerPings
        ? "; its host answers a ping, so UDP 500 is filtered or its IKE daemon is off"
        : "; its host does not answer a ping either, which may be off or just quiet";
  return {
    code: "no-answer",
    phase: "path",
    what: `${tunnel.peer} does not answer our first packet${ping}`,
    evidence,
    fix: `check the address ${tunnel.peer}, and that the way out lets UDP 500 and 4500 through`,
    tell: `We send IKE from ${gateway.publicAddress} to ${tunnel.peer} UDP 500 and get no answer. Is the daemon up, and are UDP 500 and 4500 from us let in?`,
  };
}

/** Of a peer whose host says that nobody listens there. */
export function refused(facts: Facts, evidence: readonly Evidence[] = []): Cause | undefined {
  const answers = facts.icmp.filter((line) =>
    /udp port (500|4500|isakmp|ipsec-nat-t|ipsec-msft) unreachable/.test(line),
  );
  return answers.length > 0
    ? peerDown(facts, [...evidence, ...answers.map((text) => ({ text }))])
    : undefined;
}

export function peerDown({ tunnel, gateway }: Facts, evidence: readonly Evidence[]): Cause {
  return {
    code: "peer-down",
    phase: "path",
    what: `the IKE daemon of ${tunnel.peer} is not running: its host refuses our packets`,
    evidence,
    fix: "none here: the gateway keeps trying",
    tell: `Your host ${tunnel.peer} answers our IKE packets from ${gateway.publicAddress} with "port unreachable": your IKE daemon is not running.`,
  };
}

export function authUnanswered(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "no-answer",
    phase: "authentication",
    what: `${tunnel.peer} answers the first packet and not the second: UDP 4500 is filtered, or the larger packet is dropped`,
    evidence,
    fix: "check that UDP 4500 and fragments get through in both directions",
    tell: "Our IKE_AUTH on UDP 4500 gets no answer. Do you let UDP 4500 and fragments in from us?",
  };
}

/** @param end how it ended, if it ever was up */
export function neverAsked(
  { tunnel, gateway }: Facts,
  end?: Pick<Cause, "what" | "evidence">,
): Cause {
  const forwards = gateway.behindNat
    ? `that UDP 500 and 4500 of ${gateway.publicAddress} are forwarded to ${gateway.address}, and `
    : "";
  return {
    code: "never-asked",
    phase: "path",
    field: "mode",
    what:
      end === undefined
        ? `we wait for ${tunnel.peer} (mode passive), and not one packet of it has arrived`
        : `${end.what}, and ${tunnel.peer}, for which we wait (mode passive), has not come back since`,
    evidence: end?.evidence ?? [{ text: `no line of ${tunnel.peer} in /var/log/daemon` }],
    fix: `check ${forwards}that the peer tries; or set mode: active`,
    tell: `We wait for your side to start, and see no packet from ${tunnel.peer}${end === undefined ? "" : " any more"}. Please initiate to ${gateway.publicAddress}, UDP 500 and 4500.`,
  };
}

export function peerDeletes(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "peer-deletes",
    phase: "phase 2",
    what: "the peer ended the tunnel by itself",
    evidence,
    fix:
      (tunnel.mode === "active" ? "the daemon tries again within a minute: ask again then; " : "") +
      `gateway tunnel restart ${tunnel.name} tries at once; if it happens often, ask the other side`,
    tell: "Your side sent us a DELETE and ended the tunnel. Was it restarted, or does an idle timeout end it?",
  };
}

export function deadPeer(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "dead-peer",
    phase: "path",
    what: "the peer stopped answering, so that the tunnel was given up",
    evidence,
    fix: "check the way to the peer; the gateway tries again every minute",
    tell: `Our dead peer detection gave ${tunnel.peer} up. Was your side down, or its way to us?`,
  };
}

import { networksText, products, remoteNetworks } from "../../config/pairs";
import { isRouted } from "../../config/tunnelInterface";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { Cause, Evidence } from "../../contract/documents/why";
import { keyName } from "../../config/identity";
import * as certificates from "./certificateCauses";
import { phaseText } from "./proposals";

/** What the peer proved its identity with is not what we know of it. */
export function secret(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  switch (tunnel.auth) {
    case "publickey":
      return peerKey(tunnel, evidence);
    case "certificate":
      return certificates.signature(evidence);
    case "psk":
    case undefined:
      return psk(tunnel, evidence);
  }
}

function psk(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
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

function peerKey(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "public-key",
    phase: "authentication",
    field: "peerKey",
    what: "the peer signs with another private key than that of peerKey",
    evidence,
    fix: "have the peer send its public key again (openssl pkey -in KEY -pubout), and write it as peerKey",
    tell: `Our gateway (${tunnel.localId}) finds that you do not sign with the key whose public half you gave us. Was the key made anew? Please send the public half of the one in use.`,
  };
}

/** @param name what the daemon looked for, such as `fqdn/west.example.net` */
export function noPeerKey(
  tunnel: DeclaredTunnel,
  evidence: readonly Evidence[],
  name?: string,
): Cause {
  const wanted = keyName(tunnel.remoteId);
  if (name !== undefined && name !== wanted) {
    const [type = "", ...rest] = name.split("/");
    return remoteId(tunnel, evidence, [type.toUpperCase(), ...rest].join("/"));
  }
  return {
    code: "public-key",
    phase: "authentication",
    field: "peerKey",
    what: `the gateway has no public key of the peer: the file pubkeys/${wanted} is missing there, or holds no key`,
    evidence,
    fix: "gateway drift --mark, then pulumi up: it writes the file again, and the next negotiation reads it",
  };
}

export function noOwnKey(evidence: readonly Evidence[]): Cause {
  return {
    code: "public-key",
    phase: "gateway",
    what: "the daemon cannot read the gateway's own private key, so it cannot sign",
    evidence,
    fix: "gateway shell, and gwctl key isakmpd there: it says what is wrong with the file, and what to do",
  };
}

export function authentication(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  const cause = authenticationOf(tunnel, evidence);
  if (tunnel.kind !== "gre") return cause;
  // iked has the same answer for a policy that is not in transport mode (ikev2.c, no compatible policy found).
  return { ...cause, fix: `${cause.fix}; and that the peer has ${inTransport(tunnel)}` };
}

function authenticationOf(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  switch (tunnel.auth) {
    case "publickey":
      return ownKeyRefused(tunnel, evidence);
    case "certificate":
      return certificates.ownRefused(tunnel, evidence);
    case "psk":
    case undefined:
      return keyRefused(tunnel, evidence);
  }
}

function inTransport({ peer, selectors: [gre] }: DeclaredTunnel): string {
  return `transport mode for GRE between ${peer} and ${gre?.local}`;
}

/** What the two ends have to agree on: of a tunnel with an interface these are not its networks. */
function agreed({ pairs, selectors, kind }: DeclaredTunnel) {
  return { pairs: isRouted({ kind }) ? selectors : pairs };
}

function agreedText(tunnel: DeclaredTunnel): string {
  const gre = tunnel.kind === "gre" ? " for GRE in transport mode" : "";
  return networksText(agreed(tunnel)) + gre;
}

function ownKeyRefused(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "authentication",
    phase: "authentication",
    field: "localId",
    what:
      "the peer refused our authentication: it has no public key of ours, an old one, or it does not " +
      `know us as ${tunnel.localId}; only its own log tells which`,
    evidence,
    fix: `hand the peer our key again: gateway peer ${tunnel.name}; then compare localId (${tunnel.localId}) and remoteId (${tunnel.remoteId})`,
    tell: `Your side refuses our authentication (AUTHENTICATION_FAILED). We are ${tunnel.localId} and expect you as ${tunnel.remoteId}. Do you have our current public key under that identity?`,
  };
}

function keyRefused(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
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
  const common = {
    code: "authentication",
    phase: "authentication",
    field: "auth",
    evidence,
  } as const;
  if (tunnel.auth === "certificate") return certificates.method(tunnel, evidence);
  return tunnel.auth === "publickey"
    ? {
        ...common,
        what: "the peer authenticates in another way, and we by public keys",
        fix: "compare auth with the peer's: a preshared key, RSA with SHA-1 and certificates are not taken here",
        tell: `Please authenticate to ${tunnel.localId} with your private key (RFC 7427, SHA-2), without a preshared key or a certificate.`,
      }
    : {
        ...common,
        what: "the peer wants certificates: it authenticates by a signature, and we by a preshared key",
        fix: "write auth: certificate, or auth: publickey if the peer can do it with raw public keys (docs/authentication.md)",
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

/** @param shown the identity that the peer sent, in iked's form such as IPV4/192.0.2.1 */
export function remoteId(tunnel: DeclaredTunnel, evidence: readonly Evidence[], shown = ""): Cause {
  const value = shown.replace(/^[A-Z0-9_]+\//, "");
  if (value === tunnel.remoteId) {
    return selectors(
      tunnel,
      evidence,
      `the peer is ${shown}, as declared, and asks for something else`,
    );
  }
  return {
    code: "ids",
    phase: "authentication",
    field: "remoteId",
    what:
      value === ""
        ? `the peer shows another identity than ${tunnel.remoteId}, or asks for networks that are not declared`
        : `the peer shows the identity ${shown}, and we expect ${tunnel.remoteId}`,
    evidence,
    fix:
      value === ""
        ? "set the tunnel's remoteId to the identity that the peer sends; then compare the networks"
        : `set the tunnel's remoteId to ${value}, or have the peer send ${tunnel.remoteId}`,
    tell: `Please set your local identity to exactly ${tunnel.remoteId}; your networks are to be ${remoteNetworks(tunnel).join(", ")}.`,
  };
}

/** The networks that the peer asks for, as isakmpd names them. */
export function askedFor(
  tunnel: DeclaredTunnel,
  message: string,
  evidence: readonly Evidence[],
): Cause {
  const [, theirs, ours] = /initiator id (\S+), responder id (\S+)/.exec(message) ?? [];
  const how =
    theirs === undefined || ours === undefined
      ? "phase 1 is done, and phase 2 is refused for its networks"
      : `phase 1 is done, and the peer asks for ${theirs} on its side and ${ours} on ours`;
  return selectors(tunnel, evidence, how);
}

/** isakmpd does not log what the peer answers; but quick mode begins only once phase 1 is done. */
export function phase2Refused(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "phase2-refused",
    phase: "phase 2",
    field: "local, remote, phase2",
    what: `phase 1 is done, and the peer refuses or drops our phase 2: networks, phase 2 proposal or PFS group; isakmpd does not log which. Ours are ${agreedText(tunnel)}, ${phaseText(tunnel, 2)}`,
    evidence,
    fix: "compare local, remote and phase2 with the peer's; its log names what it refuses",
    tell: `Phase 1 with us is up, and your side does not accept our phase 2: ${mirroredText(tunnel, " and ")} on your side, ${phaseText(tunnel, 2)}. Which of them does your log refuse?`,
  };
}

export function selectors(
  tunnel: DeclaredTunnel,
  evidence: readonly Evidence[],
  how: string,
): Cause {
  return {
    code: "selectors",
    phase: "phase 2",
    field: "local, remote",
    what: `the networks do not mirror each other: ${how}; ours are ${agreedText(tunnel)}`,
    evidence,
    fix: "compare local and remote with the peer's, network by network, also the prefix lengths",
    tell: `Your networks for us do not mirror ours. On your side: ${mirroredText(tunnel, ", ")}, exactly.`,
  };
}

/** For the other side: `local 10.20.1.0/24, remote 10.10.0.0/24`. */
function mirroredText(tunnel: DeclaredTunnel, between: string): string {
  const gre = tunnel.kind === "gre" ? ", both for GRE in transport mode" : "";
  return (
    products(agreed(tunnel))
      .map(({ local, remote }) => `local ${remote.join(", ")}${between}remote ${local.join(", ")}`)
      .join("; ") + gre
  );
}

export function peerDeletes(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "peer-deletes",
    phase: "phase 2",
    what: "the peer ended the tunnel by itself",
    evidence,
    fix: `the daemon tries again within a minute: ask again then; gateway tunnel restart ${tunnel.name} tries at once; if it happens often, ask the other side`,
    tell: "Your side sent us a DELETE and ended the tunnel. Was it restarted, or does an idle timeout end it?",
  };
}

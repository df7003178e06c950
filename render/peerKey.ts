import { keyName } from "../config/identity";
import { publicKeyOf } from "../config/publicKey";
import type { Daemon, Tunnel } from "../config/schema";

/** A file with a peer's public key, which both daemons find by the identity that the peer sends. */
export interface PeerKey {
  /** Such as `fqdn/west.example.net` (iked ca.c ca_validate_pubkey, isakmpd(8) RAW KEYS). */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** The key file of a tunnel, or undefined where it authenticates otherwise. */
export function peerKey(daemon: Daemon, tunnel: Tunnel): PeerKey | undefined {
  if (tunnel.auth !== "publickey") return undefined;
  const name = keyName(tunnel.remoteId);
  const { pem } = publicKeyOf(tunnel.peerKey);
  return { name, path: `/etc/${daemon}/pubkeys/${name}`, text: pem };
}

import type { Daemon, Tunnel } from "../config/schema";
import { signsByCurve } from "../config/vendors";
import { quotedPsk } from "./quote";

/**
 * The words for how the peer is authenticated, the same place in both files' rules.
 *
 * iked without a word takes any signature, RSA with SHA-1 among them; rfc7427 is the method that names its
 * hash, of which iked has SHA-2 only (ikev2.c ikev2_ike_auth_compatible, crypto.c). isakmpd has RSA alone.
 * ecdsa256 takes that too, and ECDSA of P-256 with SHA-256 from a peer that has no RFC 7427.
 *
 * @param psk the key of a tunnel with `auth: psk`; of no other tunnel
 * @throws RangeError for a key that one of the daemons would misread, or none; never shows it
 */
export function authentication(daemon: Daemon, tunnel: Tunnel, psk: string | undefined): string {
  const { auth } = tunnel;
  switch (auth) {
    case "psk":
      return `psk ${quotedPsk(daemon, psk ?? "")}`;
    case "certificate":
      if (daemon === "isakmpd") return "rsa";
      return signsByCurve(tunnel) ? "ecdsa256" : "rfc7427";
    case "publickey":
      return daemon === "iked" ? "rfc7427" : "rsa";
  }
}

import type { DraftTunnel } from "../draft";
import { isDistinguishedName, isKeyId, isMisspeltAddress } from "../identity";
import type { Daemon } from "../schema";
import { type Finding, finding, type Rule } from "./rule";

const RIGHT = "write the address as the peer has it, such as 198.51.100.11";
const NAME = "agree a host name or user@host name with the peer";

function identityFindings(daemon: Daemon, { path, tunnel, declared }: DraftTunnel): Finding[] {
  return (["localId", "remoteId"] as const).flatMap((key) => {
    const at = (message: string, fix: string) => [finding(`${path}.${key}`, message, fix)];
    const identity = tunnel[key];
    // An identity that is left out is the peer's or the public address, of which other rules speak.
    if (identity === declared[key] && isMisspeltAddress(identity)) {
      return at(`${identity} is no address, and ${daemon} would take it for a host name`, RIGHT);
    }
    if (isKeyId(identity)) {
      const file = daemon === "iked" ? "iked.conf(5)" : "ipsec.conf(5)";
      return at(`is a key id, for which ${file} has no word`, NAME);
    }
    if (!isDistinguishedName(identity)) return [];
    if (daemon === "isakmpd") {
      return at(
        "is a distinguished name, which ipsecctl makes a host name of",
        `${NAME}, or write ike.daemon: iked`,
      );
    }
    return tunnel.auth === "publickey"
      ? at("is a distinguished name, and iked finds a public key by other identities only", NAME)
      : [];
  });
}

/** ipsecctl and iked take the type of an identity from its text (get_id_type in both parse.y). */
export const identityOfDaemon: Rule = {
  code: "GW157",
  check: ({ ike, tunnels }) =>
    ike ? tunnels.flatMap((entry) => identityFindings(ike.daemon, entry)) : [],
};

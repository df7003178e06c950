import { ANY_PEER, peerName } from "../../config/peer";
import { hostNetwork, parseAddress } from "../../config/net";
import { identity } from "../../config/schema/forms";
import type { Place } from "../../parse/bsdConf/token";
import { LeftOut, type Notes } from "./note";

interface Ends extends Place {
  readonly peer?: string;
  readonly local?: string;
  readonly srcid?: string;
  readonly dstid?: string;
}

/** The peer's address or name. @throws LeftOut if there is no single one */
export function peerOf(rule: Ends, onlyRemoteHost?: string): string {
  // Without a peer isakmpd talks to the host that is protected itself (ipsec.conf(5)).
  const peer = rule.peer ?? onlyRemoteHost;
  if (peer === undefined || peer === ANY_PEER) {
    throw new LeftOut(
      "has no peer of its own, so anybody may answer",
      "give the peer's address, or with iked the identity of one that may have any",
    );
  }
  const address = parseAddress(peer) ?? singleHost(peer) ?? peerName(peer);
  if (address === undefined) {
    throw new LeftOut(
      `peer ${peer} is no single address`,
      "give the peer's address, or its host name with its domain",
    );
  }
  return address;
}

function singleHost(spec: string): string | undefined {
  const address = spec.replace(/\/(32|128)$/, "");
  return address === spec ? undefined : hostNetwork(address)?.address;
}

/** Says which address the stack has to have for the rule to leave from the same one. */
export function noteLocal(rule: Ends, notes: Notes): void {
  if (rule.local === undefined || rule.local === "any") return;
  notes.check(
    rule,
    `spoke from ${rule.local}, the stack speaks from network.address`,
    "make them the same, or tell the peer the new address",
  );
}

/**
 * The identities, as the daemon would have sent and expected them where none are written.
 * @throws LeftOut for one that the stack has no form for
 */
export function identitiesOf(
  rule: Ends,
  unsaid: "address" | "hostname",
  peer: string,
  notes: Notes,
): { localId?: string; remoteId?: string } {
  const ids = [rule.srcid, rule.dstid].filter((id) => id !== undefined);
  if (ids.some((id) => !identity.safeParse(id).success)) {
    throw new LeftOut(
      "has an identity in a form that the stack does not write",
      "agree an address, a host name or user@host name with the peer",
    );
  }
  if (rule.dstid === undefined && rule.peer !== undefined) {
    notes.changed(
      rule,
      `no dstid: the stack expects the peer's ${peerName(peer) === undefined ? "address" : "name"} as its identity`,
      `write remoteId if the peer says another than ${peer}`,
    );
  }
  const localId = rule.srcid ?? (unsaid === "address" ? addressOnly(rule.local) : undefined);
  if (localId === undefined) {
    notes.changed(
      rule,
      `no srcid: the daemon sent its ${unsaid}, the stack sends network.publicAddress`,
      "write localId if the peer expects the old one",
    );
  }
  return {
    ...(localId !== undefined && { localId }),
    ...(rule.dstid !== undefined && { remoteId: rule.dstid }),
  };
}

function addressOnly(local: string | undefined): string | undefined {
  return local === undefined ? undefined : parseAddress(local);
}

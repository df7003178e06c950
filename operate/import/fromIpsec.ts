import { isDistinguishedName } from "../../config/identity";
import { inFull } from "../../config/meantNetwork";
import { hostNetwork } from "../../config/net";
import type { Host } from "../../parse/bsdConf/hosts";
import type { Place } from "../../parse/bsdConf/token";
import type { IkeRule, IpsecConf } from "../../parse/ipsecConf";
import type { Candidate } from "./candidate";
import { phase1Of, phase2Of } from "./ipsecTransforms";
import { usableKey } from "./key";
import { LeftOut, type Notes, transportMode } from "./note";
import type { OldFiles } from "./oldFiles";
import { type FoundPairs, pairsOf } from "./pairs";
import { identitiesOf, noteLocal, peerOf } from "./peerAndIds";
import { routeOver } from "./routeBased";
import { signatureOf } from "./signature";

/** The tunnels of an ipsec.conf; what cannot be one is noted. */
export function fromIpsec(conf: IpsecConf, old: OldFiles, notes: Notes): Candidate[] {
  for (const { reason, ...place } of conf.notUnderstood) {
    notes.leftOut(place, reason, "correct the line: ipsecctl -nf FILE says more");
  }
  for (const { kind, type, ...place } of conf.others) {
    if (kind === "flow") {
      const what = type === undefined ? "a flow without IKE" : `a flow of type ${type}`;
      notes.leftOut(place, what, "the stack makes the flows of its tunnels; load others by hand");
    } else {
      const what = kind === "sa" ? "keys by hand" : "TCP MD5 signatures";
      notes.leftOut(place, what, "declare a tunnel with IKE, or load it by hand");
    }
  }
  return notes.each(conf.rules, (rule) => candidate(rule, old, notes));
}

function candidate(rule: IkeRule & Place, old: OldFiles, notes: Notes): Candidate {
  const unsupported = unsupportedPart(rule);
  if (unsupported !== undefined) throw new LeftOut(...unsupported);
  const found =
    rule.interface === undefined
      ? networks(rule, notes)
      : { pairs: [], route: routeOver(rule.interface, rule, old, notes) };
  const peer = peerOf(rule, singleHost(rule.to));
  const ids = identitiesOf(rule, unsaidId(rule), peer, notes);
  noteLocal(rule, notes);
  if (rule.mode === "dynamic") {
    notes.changed(
      rule,
      "dynamic becomes active",
      "ike.deadPeerSeconds says how soon a peer is dead",
    );
  }
  return {
    ...{ file: rule.file, line: rule.line, peer, ...found, ...ids },
    ...(rule.tag !== undefined && { called: rule.tag }),
    mode: rule.mode === "passive" ? "passive" : "active",
    phase1: phase1Of(rule, notes),
    phase2: phase2Of(rule, notes),
    ...authenticated(rule, { ...ids, remoteId: ids.remoteId ?? peer }, old, notes),
  };
}

function networks(rule: IkeRule & Place, notes: Notes): FoundPairs {
  const to = rule.to.map(filledUp);
  const flows = rule.from.map(filledUp).flatMap((from) => to.map((other) => ({ from, to: other })));
  return pairsOf({ ...rule, flows, protos: rule.proto === undefined ? [] : [rule.proto] }, notes);
}

function authenticated(
  rule: IkeRule & Place,
  ids: { readonly localId?: string; readonly remoteId: string },
  old: OldFiles,
  notes: Notes,
): Pick<Candidate, "auth" | "peerKey" | "enabled" | "psk"> {
  if (rule.psk === undefined) return signatureOf("isakmpd", { ...rule, ...ids }, old, notes);
  const psk = usableKey("isakmpd", rule.psk, rule, notes);
  return psk === undefined ? {} : { psk };
}

function unsaidId({ mode }: IkeRule): "address" | "hostname" {
  return mode === "dynamic" ? "hostname" : "address";
}

function unsupportedPart(rule: IkeRule): [reason: string, fix: string] | undefined {
  if (rule.protocol !== "esp") return [`is ${rule.protocol}`, "agree ESP with the peer"];
  if (rule.encapsulation === "transport") {
    return transportMode(rule.proto);
  }
  if (rule.exchange === "aggressive") {
    return ["is aggressive mode, which gives the key away", "agree main mode with the peer"];
  }
  if (rule.phase2.comp !== undefined || rule.phase1.comp !== undefined) {
    return ["compresses", "agree no compression with the peer"];
  }
  if ([rule.srcid, rule.dstid].some((id) => id !== undefined && isDistinguishedName(id))) {
    return [
      "sends a distinguished name as a host name, as ipsecctl has no other word for it",
      "agree an address, a host name or user@host name with the peer",
    ];
  }
  return undefined;
}

/** ipsecctl fills up what is left out of an IPv4 network; iked does not. */
function filledUp({ spec, nat, ...rest }: Host): Host {
  return { ...rest, spec: inFull(spec), ...(nat !== undefined && { nat: inFull(nat) }) };
}

function singleHost(to: readonly Host[]): string | undefined {
  const [only, ...more] = to;
  return more.length === 0 && hostNetwork(only?.spec ?? "") ? only?.spec : undefined;
}

import { ANY_PEER } from "../../config/peer";
import type { Place } from "../../parse/bsdConf/token";
import type { IkedConf, OtherStatement, Policy } from "../../parse/ikedConf";
import type { Candidate, IkeSettings } from "./candidate";
import { phase1Of, phase2Of } from "./ikedProposals";
import { usableKey } from "./key";
import { LeftOut, type Notes, transportMode } from "./note";
import type { OldFiles } from "./oldFiles";
import { isEverything, pairsOf } from "./pairs";
import { identitiesOf, noteLocal, peerOf } from "./peerAndIds";
import { routeOver } from "./routeBased";
import { noteSignatures, signatureOf } from "./signature";

const OTHERS: Record<OtherStatement["kind"], [reason: string, fix: string]> = {
  ipsecRule: ["a rule of ipsec.conf(5), which iked skips", "import it from ipsec.conf"],
  user: ["an EAP user", "the stack connects sites, not users"],
  radius: ["RADIUS for EAP users", "the stack connects sites, not users"],
};

/** Settings of which iked's default is not all that is to be said. */
const SETTINGS: Readonly<Record<string, string>> = {
  ocsp: "the stack goes by lists of revoked certificates: write them as ike.certificates.crl",
  cert_partial_chain: "write every authority up to its root in ike.certificates.ca",
};

const KEPT = new Set([
  ...["dpd_check_interval", "fragmentation", "nofragmentation"],
  // Always set by the stack.
  "enforcesingleikesa",
]);

/** What the settings say of the stack's section `ike`. */
export function ikeSettings({ settings }: IkedConf, notes: Notes): IkeSettings {
  const last = (...names: string[]) => settings.filter(({ name }) => names.includes(name)).at(-1);
  const interval = last("dpd_check_interval");
  const seconds = withDetection(interval, notes);
  const fragmentation = last("fragmentation", "nofragmentation")?.name;
  return {
    ...(seconds !== undefined && { deadPeerSeconds: seconds }),
    // Off unless it is set (iked.conf(5)); on is the stack's default.
    ...(fragmentation !== "fragmentation" && { fragmentation: false }),
  };
}

/** Zero switches the detection of dead peers off (iked.conf(5)), which no stack can. */
function withDetection(
  interval: IkedConf["settings"][number] | undefined,
  notes: Notes,
): number | undefined {
  const seconds = interval?.value === undefined ? undefined : Number(interval.value);
  if (interval === undefined || seconds !== 0) return seconds;
  notes.changed(
    interval,
    "set dpd_check_interval 0: no dead peer was detected, which the stack always does",
    "nothing, or write ike.deadPeerSeconds for another interval than the stack's",
  );
  return undefined;
}

/** The tunnels of an iked.conf; what cannot be one is noted. */
export function fromIked(conf: IkedConf, old: OldFiles, notes: Notes): Candidate[] {
  for (const { reason, ...place } of conf.notUnderstood) {
    notes.leftOut(place, reason, "correct the line: iked -n -f FILE says more");
  }
  for (const { kind, ...place } of conf.others) notes.leftOut(place, ...OTHERS[kind]);
  for (const { name, ...place } of conf.settings) {
    if (KEPT.has(name)) continue;
    notes.leftOut(place, `set ${name}`, SETTINGS[name] ?? "iked's default holds");
  }
  const quick = conf.policies.findIndex(({ match }) => match === "quick");
  const first = quick < 0 ? undefined : conf.policies[quick];
  if (first) {
    notes.check(
      first,
      "quick and the order of policies are not kept",
      "each peer needs its own id",
    );
  }
  return notes.each(conf.policies, (policy) => candidate(policy, old, notes));
}

function candidate(policy: Policy & Place, old: OldFiles, notes: Notes): Candidate {
  const unsupported = unsupportedPart(policy);
  if (unsupported !== undefined) throw new LeftOut(...unsupported);
  const found = isRouteBased(policy) ? overInterface(policy, old, notes) : pairsOf(policy, notes);
  // Whom such a policy is for, only its dstid says.
  const any = policy.peer === ANY_PEER && policy.dstid !== undefined;
  const peer = any ? ANY_PEER : peerOf(policy);
  const ids = identitiesOf(policy, "hostname", peer, notes);
  noteLocal(policy, notes);
  if (policy.iface !== undefined && !isRouteBased(policy)) {
    notes.leftOut(
      policy,
      `iface ${policy.iface}, where an address from the peer is put`,
      "nothing: the policy asks for no address",
    );
  }
  for (const { action, option } of policy.config) {
    notes.leftOut(policy, `${action} ${option}`, "the stack hands out no addresses");
  }
  if (policy.natt) notes.leftOut(policy, "natt", "UDP is used where a NAT is found on the path");
  if (policy.tap !== undefined) notes.leftOut(policy, "tap", "every tunnel shows on enc0");
  const called = policy.name ?? policy.tag;
  return {
    ...{ file: policy.file, line: policy.line, peer, ...found, ...ids },
    ...(called !== undefined && { called }),
    mode: policy.mode,
    phase1: phase1Of(policy, notes),
    phase2: phase2Of(policy, notes),
    ...authenticated(policy, { ...ids, remoteId: ids.remoteId ?? peer }, old, notes),
  };
}

function authenticated(
  policy: Policy & Place,
  ids: { readonly localId?: string; readonly remoteId: string },
  old: OldFiles,
  notes: Notes,
): Pick<Candidate, "auth" | "peerKey" | "enabled" | "psk"> {
  const { authentication } = policy;
  switch (authentication.method) {
    case "psk": {
      const psk = usableKey("iked", authentication.secret, policy, notes);
      return psk === undefined ? {} : { psk };
    }
    case "pskFile":
      notes.changed(
        policy,
        "the key is in a file of its own, which was not read",
        "set it as a secret, and name it in psk; else the stack generates one",
      );
      return {};
    case "signature": {
      const signed = signatureOf("iked", { ...policy, ...ids }, old, notes);
      noteSignatures(authentication.type, policy, notes);
      return signed;
    }
    case "eap":
      throw new LeftOut("authenticates users by EAP", "the stack connects sites only");
  }
}

const isRouteBased = ({ iface = "" }: Policy): boolean => /^sec\d+$/.test(iface);

/** Such a policy has no flows, whatever its networks (sec(4)); the stack's one negotiates all of them. */
function overInterface(policy: Policy & Place, old: OldFiles, notes: Notes) {
  const { iface = "", flows } = policy;
  if (flows.some(({ from, to }) => [from, to].some(({ spec }) => !isEverything(spec)))) {
    throw new LeftOut(
      `negotiates networks of its own over ${iface}`,
      "agree from any to any with the peer: the routes say what goes there",
    );
  }
  return { pairs: [], route: routeOver(iface, policy, old, notes) };
}

function unsupportedPart(policy: Policy): [reason: string, fix: string] | undefined {
  if (policy.match === "skip") return ["lets the traffic pass by", "load it by hand"];
  const requested = policy.config.find(({ action }) => action === "request");
  if (requested !== undefined) {
    return [
      `asks the peer for its ${requested.option}, as a road warrior does`,
      "the stack connects sites, each with networks of its own",
    ];
  }
  if (policy.protocol !== "esp") return ["is ah", "agree ESP with the peer"];
  if (policy.encapsulation === "transport") {
    return transportMode(policy.protos.join(" "));
  }
  if (policy.ipcomp) return ["compresses", "agree no compression with the peer"];
  if (policy.rdomain !== undefined) return ["is in a routing domain", "the stack has one"];
  return undefined;
}

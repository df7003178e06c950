import { isAead } from "../../config/algorithms";
import type { Place } from "../../parse/bsdConf/token";
import type { IkedConf, OtherStatement, Policy, Proposal } from "../../parse/ikedConf";
import type { Candidate, ImportedPhase1, ImportedPhase2, IkeSettings } from "./candidate";
import { usableKey } from "./key";
import { LeftOut, type Notes } from "./note";
import { pairsOf } from "./pairs";
import { identitiesOf, noteLocal, peerOf } from "./peerAndIds";
import { declaredName } from "./words";

// The first of iked's own proposals (iked/parse.y, ikev2_default_*), and its times (types.h).
const IKE = { enc: "aes-256", auth: "hmac-sha2-256", prf: "hmac-sha2-256", group: "curve25519" };
const ESP = { enc: "aes-256", auth: "hmac-sha2-256", group: "none" };
const CHILD_SECONDS = 10800;
/** The stack's own; iked without ikelifetime never renews an IKE SA. */
const IKE_SECONDS = 28800;

const OTHERS: Record<OtherStatement["kind"], [reason: string, fix: string]> = {
  ipsecRule: ["a rule of ipsec.conf(5), which iked skips", "import it from ipsec.conf"],
  user: ["an EAP user", "the stack connects sites by pre-shared keys only"],
  radius: ["RADIUS for EAP users", "the stack connects sites by pre-shared keys only"],
};

const KEPT = new Set([
  ...["dpd_check_interval", "fragmentation", "nofragmentation"],
  // Always set by the stack.
  "enforcesingleikesa",
]);

/** What the settings say of the stack's section `ike`. */
export function ikeSettings({ settings }: IkedConf): IkeSettings {
  const last = (...names: string[]) => settings.filter(({ name }) => names.includes(name)).at(-1);
  const seconds = last("dpd_check_interval")?.value;
  const fragmentation = last("fragmentation", "nofragmentation")?.name;
  return {
    ...(seconds !== undefined && { deadPeerSeconds: Number(seconds) }),
    // Off unless it is set (iked.conf(5)); on is the stack's default.
    ...(fragmentation !== "fragmentation" && { fragmentation: false }),
  };
}

/** The tunnels of an iked.conf; what cannot be one is noted. */
export function fromIked(conf: IkedConf, notes: Notes): Candidate[] {
  for (const { reason, ...place } of conf.notUnderstood) {
    notes.leftOut(place, reason, "correct the line: iked -n -f FILE says more");
  }
  for (const { kind, ...place } of conf.others) notes.leftOut(place, ...OTHERS[kind]);
  for (const { name, ...place } of conf.settings) {
    if (KEPT.has(name)) continue;
    notes.leftOut(place, `set ${name}`, "iked's default holds");
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
  return notes.each(conf.policies, (policy) => candidate(policy, notes));
}

function candidate(policy: Policy & Place, notes: Notes): Candidate {
  const unsupported = unsupportedPart(policy);
  if (unsupported !== undefined) throw new LeftOut(...unsupported);
  const found = pairsOf(policy, notes);
  const peer = peerOf(policy);
  const ids = identitiesOf(policy, "hostname", peer, notes);
  noteLocal(policy, notes);
  for (const { action, option } of policy.config) {
    notes.leftOut(policy, `${action} ${option}`, "the stack hands out no addresses");
  }
  if (policy.natt) notes.leftOut(policy, "natt", "UDP is used where a NAT is found on the path");
  if (policy.tap !== undefined) notes.leftOut(policy, "tap", "every tunnel shows on enc0");
  const { authentication } = policy;
  const psk =
    authentication.method === "psk" ? usableKey(authentication.secret, policy, notes) : undefined;
  if (authentication.method === "pskFile") {
    notes.changed(
      policy,
      "the key is in a file of its own, which was not read",
      "set it as a secret, and name it in psk; else the stack generates one",
    );
  }
  const called = policy.name ?? policy.tag;
  return {
    ...{ file: policy.file, line: policy.line, peer, ...found, ...ids },
    ...(called !== undefined && { called }),
    mode: policy.mode,
    phase1: phase1Of(policy, notes),
    phase2: phase2Of(policy, notes),
    ...(psk !== undefined && { psk }),
  };
}

function unsupportedPart(policy: Policy): [reason: string, fix: string] | undefined {
  if (policy.match === "skip") return ["lets the traffic pass by", "load it by hand"];
  if (policy.iface !== undefined) {
    return [
      `runs over ${policy.iface}`,
      "declare it with kind: route, and sec: { unit, address, peerAddress } from hostname.sec(5)",
    ];
  }
  if (policy.protocol !== "esp") return ["is ah", "agree ESP with the peer"];
  if (policy.encapsulation === "transport") {
    return ["is transport mode", "agree tunnel mode with the peer"];
  }
  if (policy.ipcomp) return ["compresses", "agree no compression with the peer"];
  if (policy.rdomain !== undefined) return ["is in a routing domain", "the stack has one"];
  const { method } = policy.authentication;
  if (method === "eap") return ["authenticates users by EAP", "the stack connects sites only"];
  if (method === "signature") {
    return ["authenticates by certificates", "agree a pre-shared key with the peer"];
  }
  return undefined;
}

/** One proposal with one transform of a kind is what the stack declares: the first. */
function single(
  proposals: readonly Proposal[],
  kind: "ikesa" | "childsa",
  policy: Place,
  notes: Notes,
): Proposal | undefined {
  const [first] = proposals;
  if (first === undefined) {
    notes.changed(
      policy,
      `no ${kind}: iked offered many algorithms, weak ones too; the first is declared`,
      "check that the peer accepts it",
    );
    return undefined;
  }
  const alternatives = [first.enc, first.auth, first.prf, first.group].some(
    ({ length }) => length > 1,
  );
  if (proposals.length > 1 || alternatives) {
    notes.changed(
      policy,
      `offers alternatives in ${kind}; the first of each is declared`,
      "check that the peer accepts it",
    );
  }
  return first;
}

function named(kind: "auth" | "enc" | "group", word: string): string {
  return declaredName("iked", kind, word);
}

function phase1Of(policy: Policy & Place, notes: Notes): ImportedPhase1 {
  const proposal = single(policy.ikesa, "ikesa", policy, notes);
  const encryption = named("enc", proposal?.enc[0] ?? IKE.enc);
  const integrity = named("auth", proposal?.auth[0] ?? IKE.auth);
  const prf = named("auth", proposal?.prf[0] ?? IKE.prf);
  if (!policy.ikelifetime) {
    notes.changed(
      policy,
      "no ikelifetime: the IKE SA was never renewed",
      `write phase1.lifetime for another than ${IKE_SECONDS} seconds`,
    );
  }
  return {
    encryption,
    ...(isAead(encryption) ? { prf } : { integrity, ...(prf !== integrity && { prf }) }),
    group: named("group", proposal?.group[0] ?? IKE.group),
    lifetime: policy.ikelifetime === undefined ? IKE_SECONDS : policy.ikelifetime || IKE_SECONDS,
  };
}

function phase2Of(policy: Policy & Place, notes: Notes): ImportedPhase2 {
  const proposal = single(policy.childsa, "childsa", policy, notes);
  const encryption = named("enc", proposal?.enc[0] ?? ESP.enc);
  const esn = proposal?.esn ?? [];
  if (policy.bytes === undefined) {
    notes.check(
      policy,
      "no bytes: iked renewed an SA after 4 GiB, the stack after its own default",
      "write phase2.bytes for another",
    );
  }
  return {
    encryption,
    ...(!isAead(encryption) && { integrity: named("auth", proposal?.auth[0] ?? ESP.auth) }),
    group: named("group", proposal?.group[0] ?? ESP.group),
    lifetime: policy.lifetime ?? CHILD_SECONDS,
    ...(policy.bytes !== undefined && { bytes: policy.bytes }),
    ...(esn.length === 1 && { esn: esn[0] === "esn" }),
  };
}

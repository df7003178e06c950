import { isDeepStrictEqual } from "node:util";
import { type CipherName, type GroupName, type HashName, isAead } from "../../config/algorithms";
import { nameOfWordCutShort } from "../../config/algorithms/daemonWords";
import type { Place } from "../../parse/bsdConf/token";
import type { Policy, Proposal } from "../../parse/ikedConf";
import type { ImportedPhase1, ImportedPhase2, OneOrSeveral } from "./candidate";
import { anyOf, noteLeftOpen } from "./leftOpen";
import type { Notes } from "./note";

type Kind = "enc" | "auth" | "prf" | "group";
type Defaults = Readonly<
  Partial<{ enc: readonly CipherName[]; group: readonly GroupName[] }> &
    Partial<Record<"auth" | "prf", readonly HashName[]>>
>;

const KINDS = { enc: "encryption", auth: "hash", prf: "hash", group: "group" } as const;

const HASHES: readonly HashName[] = [
  "hmac-sha2-256",
  "hmac-sha2-384",
  "hmac-sha2-512",
  "hmac-sha1",
];
const GROUPS: readonly GroupName[] = [
  ...(["curve25519", "ecp521", "ecp384", "ecp256"] as const),
  ...(["modp4096", "modp3072", "modp2048", "modp1536", "modp1024"] as const),
];

/**
 * What iked offers where a proposal names none of a kind, first choice first (iked/parse.y,
 * ikev2_default_ike_transforms and its siblings). Without a cipher it offers the AES-GCM ones as well, and
 * before these.
 */
const OFFERED: Readonly<Record<"ikesa" | "childsa", Defaults>> = {
  ikesa: {
    enc: ["aes-256", "aes-192", "aes-128", "3des"],
    ...{ auth: HASHES, prf: HASHES, group: GROUPS },
  },
  childsa: { enc: ["aes-256", "aes-192", "aes-128"], auth: HASHES, group: ["none"] },
};
const GCM_FIRST: readonly CipherName[] = ["aes-128-gcm", "aes-256-gcm"];

const CHILD_SECONDS = 10800;
/** The stack's own; iked without ikelifetime never renews an IKE SA. */
const IKE_SECONDS = 28800;

function named(kind: Kind, word: string): string {
  return nameOfWordCutShort("iked", KINDS[kind], word);
}

/** One value of each kind, as the stack declares them. */
type Chosen = Readonly<Record<Kind, string>>;

/** The first of each kind; says of every kind that had several, or none, what the peer could choose. */
function chosen(
  kind: "ikesa" | "childsa",
  first: Proposal | undefined,
  place: Place,
  notes: Notes,
): Chosen {
  const offered = OFFERED[kind];
  const words = (one: Kind) => (first?.[one] ?? []).map((word) => named(one, word));
  const hash = words("auth")[0];
  const choice = (one: Kind) => words(one)[0] ?? offered[one]?.[0] ?? "";
  // A peer that is set to one hash uses it for both purposes.
  const found: Chosen = {
    enc: choice("enc"),
    auth: choice("auth"),
    prf: words("prf")[0] ?? hash ?? choice("prf"),
    group: choice("group"),
  };
  const open = (because: string, allowed: string, declared: string) => {
    noteLeftOpen("iked", place, notes, { because, allowed, declared });
  };
  if (first === undefined) {
    const kinds = (kind === "ikesa" ? ["enc", "auth", "prf", "group"] : ["enc", "auth"]) as Kind[];
    const lists = kinds.slice(1).map((one) => `${one} ${anyOf(offered[one] ?? [])}`);
    open(
      `no ${kind}`,
      `${anyOf([...GCM_FIRST, ...(offered.enc ?? [])])}, with ${lists.join(", ")}`,
      kinds.map((one) => `${one} ${found[one]}`).join(", "),
    );
    return found;
  }
  const aead = isAead(found.enc);
  const kinds: Kind[] =
    kind === "ikesa" ? ["enc", "auth", "prf", "group"] : ["enc", "auth", "group"];
  for (const one of kinds) {
    if (one === "auth" && aead) continue;
    const given = words(one);
    const allowed = given.length > 0 ? given : (offered[one] ?? []);
    if (allowed.length < 2) continue;
    const more = one === "enc" && given.length === 0 && hash === undefined ? GCM_FIRST : [];
    open(
      given.length > 0 ? `several ${one} in ${kind}` : `no ${one} in ${kind}`,
      anyOf([...more, ...allowed]),
      found[one],
    );
  }
  return found;
}

/** One for each proposal of the policy, none of them twice; without any, what iked offered by itself. */
function each<P>(
  proposals: readonly Proposal[],
  make: (proposal: Proposal | undefined) => P,
): OneOrSeveral<P> {
  const [first, ...rest] = proposals;
  const one = make(first);
  const others = rest.map(make).filter((other) => !isDeepStrictEqual(other, one));
  const [second, ...more] = others.filter(
    (other, place) => others.findIndex((same) => isDeepStrictEqual(same, other)) === place,
  );
  return second === undefined ? one : [one, second, ...more];
}

/** The IKE SA's algorithms of a policy, with a note for everything that the policy left open. */
export function phase1Of(policy: Policy & Place, notes: Notes): OneOrSeveral<ImportedPhase1> {
  if (!policy.ikelifetime) {
    notes.changed(
      policy,
      "no ikelifetime: the IKE SA was never renewed",
      `write phase1.lifetime for another than ${IKE_SECONDS} seconds`,
    );
  }
  return each(policy.ikesa, (proposal) => {
    const { enc, auth, prf, group } = chosen("ikesa", proposal, policy, notes);
    return {
      encryption: enc,
      ...(isAead(enc) ? { prf } : { integrity: auth, ...(prf !== auth && { prf }) }),
      group,
      lifetime: policy.ikelifetime === undefined ? IKE_SECONDS : policy.ikelifetime || IKE_SECONDS,
    };
  });
}

/** The child SA's algorithms of a policy, with a note for everything that the policy left open. */
export function phase2Of(policy: Policy & Place, notes: Notes): OneOrSeveral<ImportedPhase2> {
  if (policy.lifetime === undefined) {
    notes.check(
      policy,
      `no lifetime: iked renewed a child SA after ${CHILD_SECONDS} seconds, which is declared`,
      "nothing: in IKEv2 each side has a lifetime of its own",
    );
  }
  if (policy.bytes === undefined) {
    notes.check(
      policy,
      "no bytes: iked renewed an SA after 4 GiB, the stack after its own default",
      "write phase2.bytes for another",
    );
  }
  return each(policy.childsa, (proposal) => {
    const { enc, auth, group } = chosen("childsa", proposal, policy, notes);
    const esn = proposal?.esn ?? [];
    return {
      encryption: enc,
      ...(!isAead(enc) && { integrity: auth }),
      group,
      lifetime: policy.lifetime ?? CHILD_SECONDS,
      ...(policy.bytes !== undefined && { bytes: policy.bytes }),
      ...(esn.length === 1 && { esn: esn[0] === "esn" }),
    };
  });
}

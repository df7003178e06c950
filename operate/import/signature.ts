import { isDistinguishedName, keyName } from "../../config/identity";
import { daemonKeyProblem, readPublicKey } from "../../config/publicKey";
import type { Daemon } from "../../config/schema";
import type { Place } from "../../parse/bsdConf/token";
import type { Signed } from "./candidate";
import type { Notes } from "./note";
import { holdsPrivateKey, type OldFiles, pemBlocks } from "./oldFiles";

/** What is known of a rule whose ends sign, with keys of their own. */
export interface SigningRule extends Place {
  readonly localId?: string | undefined;
  /** What the peer is expected to send, written or not. */
  readonly remoteId: string;
}

/**
 * Whether the peer is known by its public key or by a certificate. Neither file says it: both daemons take the
 * peer's key if they have it, and ask an authority else (iked ca.c ca_validate_cert, isakmpd ike_auth.c).
 */
export function signatureOf(
  daemon: Daemon,
  rule: SigningRule,
  old: OldFiles,
  notes: Notes,
): Signed {
  const { localId, remoteId } = rule;
  const named = isDistinguishedName(remoteId) || isDistinguishedName(localId ?? "");
  const path = `${daemon}/pubkeys/${keyName(remoteId)}`;
  const file = isDistinguishedName(remoteId) ? undefined : old.find(path);
  if (file !== undefined) return { auth: "publickey", ...keyIn(file, daemon, rule, old, notes) };
  const authorities = old.list(`${daemon}/ca`).length > 0;
  if (named || authorities) return { auth: "certificate", enabled: false };
  notes.changed(
    rule,
    `signs, and neither the peer's key (/etc/${path}) nor an authority (/etc/${daemon}/ca) was given: declared with auth: publickey`,
    "import again with --root and a copy of these, or write the key as peerKey, or auth: certificate",
  );
  return { auth: "publickey" };
}

function keyIn(
  file: string,
  daemon: Daemon,
  place: Place,
  old: OldFiles,
  notes: Notes,
): { peerKey?: string } {
  const text = old.text(file) ?? "";
  const [block = text] = holdsPrivateKey(text) ? [] : pemBlocks(text, "PUBLIC KEY");
  const key = readPublicKey(block);
  const problem = "message" in key ? key : daemonKeyProblem(daemon, key);
  if (problem !== undefined || "message" in key) {
    const { message, fix } = problem ?? { message: "is no key", fix: "" };
    notes.changed(place, `the peer's key is not taken: ${file} ${message}`, fix);
    return {};
  }
  notes.check(
    place,
    `${file} is the peer's key, now peerKey`,
    "nothing, if the copy is the old gateway's",
  );
  return { peerKey: key.pem };
}

/** Says what the stack's word for signatures of iked, `rfc7427`, takes no more. */
export function noteSignatures(word: string | undefined, place: Place, notes: Notes): void {
  if (word === "rfc7427") return;
  const said = word ?? "no word for the authentication";
  const took = word === undefined || word === "signature" ? "any signature" : "such signatures";
  notes.changed(
    place,
    `${said}: iked took ${took} beside those of RFC 7427 with SHA-2, which alone the stack takes`,
    "nothing for OpenBSD and strongSwan, which have them; agree a pre-shared key with a peer that has not",
  );
}

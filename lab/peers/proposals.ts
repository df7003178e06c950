import type { Phase1, Phase2 } from "../../config/schema";

const ENCRYPTION: readonly (readonly [RegExp, string])[] = [
  [/^aes-(128|192|256)$/, "aes$1"],
  [/^aes-(128|192|256)-ctr$/, "aes$1ctr"],
  [/^aes-(128|192|256)-gcm$/, "aes$1gcm16"],
  [/^aes-(128|192|256)-gcm-12$/, "aes$1gcm12"],
  [/^chacha20-poly1305$/, "chacha20poly1305"],
  [/^3des$/, "3des"],
];
const INTEGRITY: readonly (readonly [RegExp, string])[] = [
  [/^hmac-md5$/, "md5"],
  [/^hmac-sha1$/, "sha1"],
  [/^hmac-sha2-(256|384|512)$/, "sha$1"],
];
const GROUP: readonly (readonly [RegExp, string])[] = [
  [/^modp(\d+)$/, "modp$1"],
  [/^ecp(\d+)$/, "ecp$1"],
  [/^brainpool(\d+)$/, "ecp$1bp"],
  [/^curve25519$/, "curve25519"],
];

/**
 * strongSwan's proposal for a phase 1 in OpenBSD's names: aes-256, hmac-sha2-256, ecp256 →
 * `aes256-sha256-ecp256`. IKEv1 has no PRF of its own.
 * @throws Error for a name that strongSwan has no word for
 */
export function ikeProposal(phase: Phase1, ikeVersion: 1 | 2): string {
  const ownPrf = ikeVersion === 2 && phase.prf !== phase.integrity;
  return [
    translate(ENCRYPTION, phase.encryption),
    ...integrity(phase),
    ...(ownPrf ? [`prf${translate(INTEGRITY, phase.prf)}`] : []),
    translate(GROUP, phase.group),
  ].join("-");
}

/** The same for a phase 2; group `none` means no perfect forward secrecy. */
export function espProposal(phase: Phase2): string {
  return [
    translate(ENCRYPTION, phase.encryption),
    ...integrity(phase),
    ...(phase.group === "none" ? [] : [translate(GROUP, phase.group)]),
  ].join("-");
}

// With an AEAD cipher the integrity name, if any, only chose the PRF.
function integrity(phase: Phase1 | Phase2): string[] {
  const aead = /gcm|poly1305/.test(phase.encryption);
  return aead || phase.integrity === undefined ? [] : [translate(INTEGRITY, phase.integrity)];
}

function translate(names: readonly (readonly [RegExp, string])[], name: string): string {
  const entry = names.find(([pattern]) => pattern.test(name));
  if (entry === undefined) {
    throw new Error(`${name}: the lab's peers have no such algorithm; choose another in the stack`);
  }
  return name.replace(entry[0], entry[1]);
}

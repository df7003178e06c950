import { isAead } from "../../config/algorithms";
import type { DeviceRole } from "../../config/algorithms/deviceWords";
import type { Phase1, Phase2 } from "../../config/schema";
import { devices, deviceWord } from "../../config/vendors";

/**
 * strongSwan's proposal for a phase 1 in OpenBSD's names: aes-256, hmac-sha2-256, ecp256 →
 * `aes256-sha256-ecp256`. IKEv1 has no PRF of its own.
 * @throws RangeError for a name that strongSwan has no word for
 */
export function ikeProposal(phase: Phase1, ikeVersion: 1 | 2): string {
  const word = wordsOf(ikeVersion);
  const ownPrf = ikeVersion === 2 && phase.prf !== phase.integrity;
  return [
    word("ikeEncryption", phase.encryption),
    ...integrity(phase).map((name) => word("ikeIntegrity", name)),
    ...(ownPrf ? [`prf${word("ikePrf", phase.prf)}`] : []),
    word("ikeGroup", phase.group),
  ].join("-");
}

/** The same for a phase 2; group `none` means no perfect forward secrecy. */
export function espProposal(phase: Phase2, ikeVersion: 1 | 2): string {
  const word = wordsOf(ikeVersion);
  return [
    word("espEncryption", phase.encryption),
    ...integrity(phase).map((name) => word("espIntegrity", name)),
    ...(phase.group === "none" ? [] : [word("espGroup", phase.group)]),
  ].join("-");
}

function wordsOf(ikeVersion: 1 | 2): (role: DeviceRole, algorithm: string) => string {
  return (role, algorithm) => deviceWord(devices.strongswan, ikeVersion, role, algorithm);
}

// With an AEAD cipher the integrity name, if any, only chose the PRF.
function integrity(phase: Phase1 | Phase2): string[] {
  return isAead(phase.encryption) || phase.integrity === undefined ? [] : [phase.integrity];
}

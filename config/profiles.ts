import type { Daemon, Phase1, Phase2, ProfileName } from "./schema";
import { ESP_LIFETIME, IKE_LIFETIME } from "./schema/phases";

export interface Profile {
  readonly phase1: Phase1;
  readonly phase2: Phase2;
}

const aeadEsp = (group: string): Phase2 => ({
  encryption: "aes-256-gcm",
  group,
  lifetime: ESP_LIFETIME,
});

/** Encrypt-then-authenticate with one hash and one group everywhere: what every peer can be configured with. */
function plain(hash: string, group: string): Profile {
  const algorithms = { encryption: "aes-256", integrity: hash, group };
  return {
    phase1: { ...algorithms, prf: hash, lifetime: IKE_LIFETIME },
    phase2: { ...algorithms, lifetime: ESP_LIFETIME },
  };
}

function aead(group: string): Profile {
  return {
    phase1: {
      encryption: "aes-256-gcm",
      prf: "hmac-sha2-384",
      group,
      lifetime: IKE_LIFETIME,
    },
    phase2: aeadEsp(group),
  };
}

const compat = plain("hmac-sha2-256", "modp2048");

/**
 * The named sets per daemon; docs/crypto.md is the table of them. A profile that a daemon does not
 * have is refused by GW061.
 *
 * - `modern`: 256 bit AEAD and perfect forward secrecy, above the MUST lines of RFC 8221 and 8247.
 *   IKEv1 has no AEAD in phase 1 (ipsec.conf(5)).
 * - `pq`: the same with a key exchange that a quantum computer does not break, OpenBSD peers only.
 * - `compat`: the weakest that nobody discourages.
 * - `legacy-v1`: what devices of the IKEv1 age can do; needs an exception.
 */
export const profiles: Readonly<Record<Daemon, Partial<Record<ProfileName, Profile>>>> = {
  iked: {
    pq: aead("sntrup761x25519"),
    modern: aead("ecp384"),
    compat,
  },
  isakmpd: {
    modern: {
      phase1: plain("hmac-sha2-384", "ecp384").phase1,
      phase2: aeadEsp("ecp384"),
    },
    compat,
    "legacy-v1": plain("hmac-sha1", "modp1536"),
  },
};

/** The profile, or the daemon's `modern` in its place so that the other rules can still be checked. */
export function profileOf(daemon: Daemon, name: ProfileName): Profile {
  return profiles[daemon][name] ?? profiles[daemon].modern ?? compat;
}

import type { Daemon, Phase1, Phase2 } from "./schema";

export interface Profile {
  readonly phase1: Phase1;
  readonly phase2: Phase2;
}

const ESP = { encryption: "aes-256-gcm", group: "ecp384", lifetime: 3600 } as const;
const IKE_LIFETIME = 28800;

/**
 * What a tunnel without phase1 or phase2 gets: 256 bit AEAD and perfect forward secrecy, above the
 * MUST lines of RFC 8221 and RFC 8247. IKEv1 has no AEAD in phase 1 (ipsec.conf(5)).
 */
export const modern: Readonly<Record<Daemon, Profile>> = {
  iked: {
    phase1: {
      encryption: "aes-256-gcm",
      prf: "hmac-sha2-384",
      group: "ecp384",
      lifetime: IKE_LIFETIME,
    },
    phase2: ESP,
  },
  isakmpd: {
    phase1: {
      encryption: "aes-256",
      integrity: "hmac-sha2-384",
      prf: "hmac-sha2-384",
      group: "ecp384",
      lifetime: IKE_LIFETIME,
    },
    phase2: ESP,
  },
};

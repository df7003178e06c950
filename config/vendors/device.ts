import type { Role } from "../algorithms";
import type { Vendor } from "../schema";

/** A vendor whose limits are known. */
export type DeviceVendor = Exclude<Vendor, "other">;

/** In IKEv2 the pseudo-random function is chosen for itself. */
export type DeviceRole = Role | "ikePrf";

/** Declared name → the device's own word. */
export type Words = Readonly<Record<string, string>>;

export type Lifetimes = readonly [shortest: number, longest: number];

/** What a vendor's devices can be told. Sources: docs/peers.md. */
export interface Device {
  readonly title: string;
  readonly words: Readonly<Record<1 | 2, Readonly<Record<DeviceRole, Words>>>>;
  /** Whether the PRF may differ from the integrity where there is one. */
  readonly ownPrf: boolean;
  readonly phase1Lifetime: Lifetimes;
  readonly phase2Lifetime: Lifetimes;
  readonly ipv6: boolean;
  /** Kinds of tunnels; `policy` negotiates the networks, `route` 0/0. */
  readonly kinds: readonly ("policy" | "route")[];
  /** Whether selectors may be for single protocols and ports. */
  readonly traffic: boolean;
  /**
   * Most pairs of networks of one tunnel. iked puts all of them into one child SA; a device that makes
   * an SA for each pair takes the first of them and leaves the others dead.
   */
  readonly selectors?: Readonly<Partial<Record<1 | 2, number>>>;
  /** Whether extended sequence numbers can be insisted on. */
  readonly esn: boolean;
  /** How the device names itself, by IKE version. */
  readonly ownId: Readonly<Record<1 | 2, "any" | "address" | "address or user@host">>;
  /** Whether it knows us by our address only. */
  readonly knowsByAddress: boolean;
  /** The IKE version in which it only answers. */
  readonly neverStarts?: 1 | 2;
}

/** Words that are the declared names themselves, or made of them. */
export function words(names: readonly string[], word: (name: string) => string): Words {
  return Object.fromEntries(names.map((name) => [name, word(name)]));
}

/** Number that IANA gave a group (IKEv2 Transform Type 4). */
export const GROUP_NUMBERS: Readonly<Record<string, number>> = {
  ...{ modp1024: 2, modp1536: 5, modp2048: 14, modp3072: 15, modp4096: 16 },
  ...{ modp6144: 17, modp8192: 18, ecp256: 19, ecp384: 20, ecp521: 21, ecp224: 26 },
  ...{ brainpool224: 27, brainpool256: 28, brainpool384: 29, brainpool512: 30, curve25519: 31 },
};

/** The groups of these numbers, each with the word made of its number. */
export function groups(numbers: readonly number[], word: (number: number) => string): Words {
  const known = Object.entries(GROUP_NUMBERS).filter(([, number]) => numbers.includes(number));
  return Object.fromEntries(known.map(([name, number]) => [name, word(number)]));
}

export const NO_PFS: Words = { none: "none" };

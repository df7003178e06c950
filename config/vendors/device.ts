import type { DeviceWords } from "../algorithms/deviceWords";
import type { Tunnel } from "../schema";
import type { PeerInput, PeerTunnel } from "./peer";

/** In seconds. */
export type Lifetimes = readonly [shortest: number, longest: number];

/** The pre-shared keys that a device takes, of those that a daemon takes (config/psk.ts). */
export interface KeyForm {
  readonly form: RegExp;
  readonly says: string;
  /** What a generated key, letters and digits, starts with to be of the form. */
  readonly prefix: string;
}

/** One text for the other end, which `gateway peer --vendor NAME` writes. */
export interface PeerFormat {
  readonly name: string;
  readonly title: string;
  /** What the text holds. */
  readonly holds: string;
  /** Kinds of tunnels that it can be written for. */
  readonly kinds: readonly Tunnel["kind"][];
  /** Ways of authentication that it can be written for. */
  readonly auths: readonly PeerTunnel["auth"][];
  readonly render: (input: PeerInput) => string;
}

/** One vendor's devices: what they can be configured for, and how. Sources: docs/peers.md. */
export interface Device {
  readonly title: string;
  readonly words: DeviceWords;
  /** Whether the PRF may differ from the integrity where there is one. */
  readonly ownPrf: boolean;
  readonly phase1Lifetime: Lifetimes;
  readonly phase2Lifetime: Lifetimes;
  /** Limits of the seconds of its dead peer detection; null: none is known. */
  readonly deadPeerSeconds: Lifetimes | null;
  /** null: it takes every key that the daemons take. */
  readonly key: KeyForm | null;
  readonly ipv6: boolean;
  /** Kinds of tunnels; `policy` negotiates the networks, `route` 0/0, `gre` the GRE between the two ends. */
  readonly kinds: readonly Tunnel["kind"][];
  /** Single protocols and ports of selectors; `one`: in IKEv2 the same for all pairs, which are in one child SA. */
  readonly traffic: "any" | "one" | "none";
  /**
   * Most pairs of networks of one tunnel by IKE version, null: any number. iked puts all of them into one
   * child SA; a device that makes an SA for each pair takes the first of them and leaves the others dead.
   */
  readonly selectors: Readonly<Record<1 | 2, number | null>>;
  /** Whether extended sequence numbers can be insisted on. */
  readonly esn: boolean;
  /** How the device names itself, by IKE version. */
  readonly ownId: Readonly<Record<1 | 2, "any" | "address" | "address or user@host">>;
  /** Whether it knows us by our address only. */
  readonly knowsByAddress: boolean;
  /** Whether it can be told identities that are distinguished names, without a certificate. */
  readonly distinguishedNames: boolean;
  /**
   * How it signs with a certificate: `rfc7427` names the hash; `rfc4754` knows ECDSA alone, with the hash of the
   * curve. null: no text with certificates is written for it.
   */
  readonly signatures: "rfc7427" | "rfc4754" | null;
  /** The IKE version in which it only answers; null: it starts in both. */
  readonly neverStarts: 1 | 2 | null;
  /** The first one that can be of the tunnel's kind is the tunnel's. */
  readonly formats: readonly [PeerFormat, ...PeerFormat[]];
}

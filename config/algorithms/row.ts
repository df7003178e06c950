import type { Daemon } from "../schema";
import type { DeviceVendor } from "../vendors/names";

/** What an algorithm does, whatever the phase. A hash is the integrity, and in IKE also the PRF. */
export type Kind = "encryption" | "hash" | "group";

/** Phase 1 (the IKE SA) and phase 2 (the packets). */
export type Phase = "ike" | "esp";

/** How one of OpenBSD's daemons knows an algorithm. */
export interface InDaemon {
  /** Every word that its parser takes for exactly this. The first one is what we write. */
  readonly words: readonly [string, ...string[]];
  /** What its IKE can negotiate the algorithm for. */
  readonly for: readonly Phase[];
  /**
   * Its constants in what the daemon logs, without the length of a key that has one length only. Of isakmpd
   * those of phase 1: it logs no others.
   */
  readonly logs: readonly string[];
}

/** A device's word in each version of IKE, or one for both. null: the device does not have it there. */
export type Word = string | null | readonly [ikev1: string | null, ikev2: string | null];

/** A device's word by phase, or one for everything. null: the device does not have the algorithm. */
export type InDevice = Word | Readonly<Record<Phase, Word>>;

/** Since when somebody who sets standards says that an algorithm ought not to be used. */
export interface Discouraged {
  /** Month, YYYY-MM. */
  readonly since: string;
  readonly by: string;
  /** The words of the standard, short. */
  readonly says: string;
}

/** What can be declared, whether or not it ought to be. */
interface Declarable {
  /** The earliest voice first; empty: it is as strong as profile `compat`, or stronger. */
  readonly discouraged: readonly Discouraged[];
  readonly devices: Readonly<Record<DeviceVendor, InDevice>>;
}

/** What no declaration may name: how it continues `ALGORITHM …`. */
interface Refused {
  readonly refused: string;
}

interface Common extends Readonly<Record<Daemon, InDaemon | null>> {
  /** Words of other makers and of the standards, beside those of the daemons and the devices. */
  readonly alsoCalled: readonly string[];
  /** Number of the IKEv2 transform; null: IANA gave it none. Of a hash that of the PRF and of the integrity. */
  readonly iana: number | null | readonly [prf: number, integrity: number];
}

type Row = Common & (Declarable | Refused);

interface Titled {
  /** As an engineer on the other side writes it. */
  readonly title: string;
}

export type Cipher = Row &
  Titled & {
    /** Authenticates by itself, so that an integrity algorithm must not be given. */
    readonly aead: boolean;
    /** Of 64 bit blocks little may be sent with one key. null: it is a stream. */
    readonly blockBits: 64 | 128 | null;
  };

export type Hash = Row & Titled;

export type Group = Row;

/** The row of any kind. */
export type Algorithm = Cipher | Hash | Group;

export const IKE_AND_ESP = ["ike", "esp"] as const;
export const ESP = ["esp"] as const;

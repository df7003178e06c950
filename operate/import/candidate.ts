import type { Place } from "../../parse/bsdConf/token";
import type { Traffic } from "../../config/schema";

export interface ImportedPhase1 {
  readonly encryption: string;
  readonly integrity?: string;
  readonly prf?: string;
  readonly group: string;
  readonly lifetime: number;
}

export interface ImportedPhase2 {
  readonly encryption: string;
  readonly integrity?: string;
  readonly group: string;
  readonly lifetime: number;
  readonly bytes?: number;
  readonly esn?: boolean;
}

/** Proposals in the order of the file. */
export type OneOrSeveral<P> = P | readonly [P, P, ...P[]];

export interface ImportedPair {
  readonly local: string;
  readonly remote: string;
  readonly traffic?: Traffic;
}

/** How the two ends of a rule prove who they are, where each signs with a key of its own. */
export interface Signed {
  readonly auth?: "publickey" | "certificate";
  /** PEM. */
  readonly peerKey?: string;
  readonly enabled?: false;
}

export interface ImportedNat {
  readonly address?: string;
  readonly networks?: readonly { readonly local: string; readonly as: string }[];
}

/** A route-based tunnel's interface, and what is reached through it. */
export interface ImportedRoute {
  readonly sec: {
    readonly unit: number;
    readonly address: string;
    readonly peerAddress: string;
    readonly mtu: number;
  };
  readonly remote: readonly string[];
  /** The kernel's number of the routes, 1 to 63; the lowest one carries. */
  readonly priority: number;
}

/** One rule or policy that a tunnel can be made of, in the stack's words. */
export interface Candidate extends Place, Signed {
  /** What the file calls it. */
  readonly called?: string;
  readonly peer: string;
  /** None of a route-based tunnel. */
  readonly pairs: readonly ImportedPair[];
  readonly route?: ImportedRoute;
  /** Under what the peer sees our networks. */
  readonly nat?: ImportedNat;
  readonly localId?: string;
  readonly remoteId?: string;
  readonly mode: "active" | "passive";
  readonly phase1: OneOrSeveral<ImportedPhase1>;
  readonly phase2: OneOrSeveral<ImportedPhase2>;
  /** Secret. Absent without `auth`: unusable, so that a new one is generated. */
  readonly psk?: string;
}

/** The daemon's own settings. */
export interface IkeSettings {
  readonly deadPeerSeconds?: number;
  readonly fragmentation?: boolean;
  /** PEM: the authorities and their lists of revoked certificates. */
  readonly certificates?: { readonly ca: string; readonly crl?: string };
}

/** A tunnel as it goes into the stack's file; the keys in the order they are written. */
export interface ImportedTunnel extends Signed {
  readonly name: string;
  readonly peer: string;
  readonly local?: readonly string[];
  readonly remote?: readonly string[];
  readonly pairs?: readonly {
    readonly local: string;
    readonly remote: string;
    readonly traffic?: readonly Traffic[];
  }[];
  readonly traffic?: readonly Traffic[];
  readonly kind?: "route";
  readonly sec?: ImportedRoute["sec"];
  readonly probe?: { readonly source: string; readonly target: string };
  readonly group?: { readonly name: string; readonly priority: number };
  readonly nat?: ImportedNat;
  readonly localId?: string;
  readonly remoteId?: string;
  readonly mode: "active" | "passive";
  readonly profile?: string;
  readonly phase1?: OneOrSeveral<ImportedPhase1>;
  readonly phase2?: OneOrSeveral<ImportedPhase2>;
  readonly exception?: { readonly reason: string; readonly expires: string };
  /** Name of the secret config key. */
  readonly psk?: string;
}

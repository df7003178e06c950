import { text } from "node:stream/consumers";

/** The phase 1 or 2 of a tunnel, in OpenBSD's algorithm names; lifetime in seconds. */
export interface Phase {
  readonly encryption: string;
  /** Absent with an AEAD cipher. */
  readonly integrity?: string;
  readonly prf?: string;
  readonly group: string;
  readonly lifetime: number;
}

export interface Tunnel {
  readonly name: string;
  readonly ikeVersion: 1 | 2;
  /** Address of the remote site's IKE peer. */
  readonly peer: string;
  readonly local: readonly string[];
  readonly remote: readonly string[];
  readonly localId: string;
  readonly remoteId: string;
  readonly mode: "active" | "passive";
  readonly phase1: Phase;
  readonly phase2: Phase;
  readonly enabled: boolean;
}

/** What the lab reads of a stack's outputs. A stack that is not up has none of them. */
export interface Outputs {
  readonly gateway?: {
    readonly name: string;
    /** Address, with or without its prefix length. */
    readonly address: string;
    readonly publicAddress: string;
    readonly hostKey: string;
  };
  readonly tunnels?: readonly Tunnel[];
  readonly presharedKeys?: Readonly<Record<string, string>>;
}

/**
 * `pulumi stack output --json` on stdin.
 * @throws Error when it gave nothing; it has said why itself
 */
export async function readOutputs(): Promise<Outputs> {
  const json = await text(process.stdin);
  if (json.trim() === "") throw new Error("the stack's outputs cannot be read");
  return JSON.parse(json) as Outputs;
}

/** The gateway's address without the prefix length. */
export const bareAddress = (address: string): string => address.split("/")[0] ?? address;

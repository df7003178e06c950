import type { GatewayStatus, TunnelState, TunnelStatus } from "../../contract/documents/status";

/** Worst first: the order of the page, and the numbers that a history keeps. */
export const STATES = [
  "down",
  "unknown",
  "negotiating",
  "established",
  "unmanaged",
  "disabled",
  "proven",
] as const satisfies readonly TunnelState[];

/** After so many intervals without an answer nothing is known any more. */
export const STALE_INTERVALS = 3;

/** One line of the page's list. */
export interface TunnelLine {
  readonly name: string;
  readonly peer: string;
  readonly daemon: "iked" | "isakmpd";
  readonly state: TunnelState;
  readonly networks: readonly { readonly local: string; readonly remote: string }[];
  readonly byHand: boolean;
  /** How many things are not as declared. */
  readonly differences: number;
  /** ISO 8601; absent: never seen by this server. */
  readonly lastProof?: string;
  readonly rttMs?: number;
  readonly lossPercent?: number;
  /** Bytes per second between the last two looks. */
  readonly inRate?: number;
  readonly outRate?: number;
}

/** What the page gets with every event. */
export interface PageState {
  readonly intervalSeconds: number;
  /** Of the data; absent: there never was any. */
  readonly ageSeconds?: number;
  /** ISO 8601: when the gateway was last asked and answered. */
  readonly at?: string;
  /** The data is too old to say anything: every state is `unknown`. */
  readonly stale: boolean;
  /** The last try failed. */
  readonly failure?: { readonly message: string; readonly since: string };
  readonly gateway?: GatewayStatus["gateway"];
  readonly problems: readonly string[];
  /** Whether `why` can be asked. */
  readonly explains: boolean;
  readonly tunnels: readonly TunnelLine[];
}

/** For a graph: parallel arrays, oldest first. null is "not known". */
export interface History {
  /** Seconds since 1970. */
  readonly at: readonly number[];
  readonly in: readonly (number | null)[];
  readonly out: readonly (number | null)[];
  /** Indices in STATES. */
  readonly state: readonly number[];
}

/** All about one tunnel. */
export interface TunnelDetails {
  readonly line: TunnelLine;
  /** What the gateway told last, however old; absent: it never told. */
  readonly status?: TunnelStatus;
  readonly stale: boolean;
  readonly at?: string;
  /** Bytes since this server started; absent: nothing was seen yet. */
  readonly carried?: { readonly bytesIn: number; readonly bytesOut: number };
  readonly stateChanges: number;
  readonly history: History;
}

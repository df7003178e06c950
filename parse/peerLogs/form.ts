/** What a peer's log line says of the negotiation with us. */
export type PeerVerdict =
  | "up"
  | "phase1-proposal"
  | "phase1-group"
  | "ike-version"
  | "psk"
  | "ids"
  | "certificates"
  | "phase2-proposal"
  | "pfs"
  | "selectors"
  | "silent"
  | "deletes"
  | "stale-sa";

/** One form of line in the log of another vendor's device. */
export interface PeerForm {
  /** Somewhere in the line: before it stands what the collector of the logs adds. */
  readonly form: RegExp;
  readonly verdict: PeerVerdict;
  /** A line of this form, as the vendor publishes it. */
  readonly sample: string;
}

export interface PeerLog {
  readonly vendor: string;
  /** Where the forms are published. */
  readonly source: string;
  readonly forms: readonly PeerForm[];
}

/** What is wrong, by a name that scripts can rely on. */
export type CauseCode =
  | "none"
  | "disabled"
  | "by-hand"
  | "not-on-gateway"
  | "daemon"
  | "no-answer"
  | "peer-down"
  | "never-asked"
  | "phase1-proposal"
  | "phase1-group"
  | "phase1-lifetime"
  | "authentication"
  | "psk"
  | "ids"
  | "phase2-proposal"
  | "selectors"
  | "peer-deletes"
  | "dead-peer"
  | "probe"
  | "not-sent"
  | "not-answered"
  | "unknown";

export interface Evidence {
  /** As in the gateway's log; absent for what was observed just now. */
  readonly stamp?: string | undefined;
  readonly text: string;
}

export interface Cause {
  readonly code: CauseCode;
  /** Where in the tunnel's life it stops. */
  readonly phase:
    "gateway" | "path" | "phase 1" | "authentication" | "phase 2" | "traffic" | "none";
  /** The key of the declaration that it is about, where there is one. */
  readonly field?: string | undefined;
  /** One sentence. */
  readonly what: string;
  readonly evidence: readonly Evidence[];
  /** What to do on this side, one line. */
  readonly fix: string;
  /** A sentence for the administrator of the other side. Never holds a key. */
  readonly tell?: string | undefined;
}

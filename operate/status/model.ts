/**
 * - proven: a probe crossed the tunnel both ways, just now
 * - established: both ends agreed on every security association, but nothing was seen to cross it
 * - negotiating: the daemon is at it
 * - down: nothing there, though it should be
 * - disabled: not wanted, by declaration or by hand
 * - unmanaged: live on the gateway, but not declared
 * - unknown: the gateway did not tell
 */
export type TunnelState =
  "proven" | "established" | "negotiating" | "down" | "disabled" | "unmanaged" | "unknown";

/** The pair of associations that carries one pair of networks. */
export interface ChildSaStatus {
  readonly spiIn: string;
  readonly spiOut: string;
  /** OpenBSD's full name, such as `aes-256`. */
  readonly encryption: string;
  readonly integrity?: string | undefined;
  readonly group?: string | undefined;
  readonly ageSeconds?: number | undefined;
  /** Until the association ends if it is not made anew before. */
  readonly expiresSeconds?: number | undefined;
  readonly bytesIn?: number | undefined;
  readonly bytesOut?: number | undefined;
  readonly packetsIn?: number | undefined;
  readonly packetsOut?: number | undefined;
  /** Since a packet last used the association, in either direction. */
  readonly idleSeconds?: number | undefined;
}

export interface SelectorStatus {
  readonly local: string;
  readonly remote: string;
  readonly state: TunnelState;
  readonly childSa?: ChildSaStatus | undefined;
}

export interface IkeSaStatus {
  readonly ageSeconds?: number | undefined;
  readonly encryption?: string | undefined;
  readonly integrity?: string | undefined;
  readonly prf?: string | undefined;
  readonly group?: string | undefined;
  /** Whether a NAT was found between the two ends. */
  readonly natt?: boolean | undefined;
  /** As the daemon prints it, such as `FQDN/west.example.net`. */
  readonly peerId?: string | undefined;
}

export interface ProbeStatus {
  readonly source: string;
  readonly target: string;
  readonly ok: boolean;
  readonly rttMs?: number | undefined;
  readonly lossPercent?: number | undefined;
  /** Why no packet could be sent, such as a source that the gateway does not have. */
  readonly error?: string | undefined;
  /** ISO 8601. */
  readonly at: string;
}

export interface TunnelStatus {
  readonly name: string;
  readonly peer: string;
  readonly daemon: "iked" | "isakmpd";
  readonly state: TunnelState;
  /** ISO 8601: since when the gateway has the associations that it has now. */
  readonly since?: string | undefined;
  readonly selectors: readonly SelectorStatus[];
  readonly ikeSa?: IkeSaStatus | undefined;
  readonly probe?: ProbeStatus | undefined;
  /** Taken down with `tunnel down`, against the declaration. */
  readonly byHand?: "down" | undefined;
  /** How what is live differs from what is declared, one sentence each. */
  readonly differs: readonly string[];
  readonly watchdog?:
    | {
        readonly resets: number;
        readonly lastReset?: string | undefined;
        readonly reason?: string | undefined;
      }
    | undefined;
}

/** What `gateway status --json` prints. */
export interface GatewayStatus {
  /** ISO 8601: when the gateway was asked. */
  readonly at: string;
  readonly gateway: {
    readonly name: string;
    readonly address: string;
    readonly daemon: string;
    readonly uptimeSeconds?: number | undefined;
  };
  readonly tunnels: readonly TunnelStatus[];
  /** What is wrong with the gateway as a whole, one sentence each. */
  readonly problems: readonly string[];
}

import type { LogLine } from "../../parse/daemonLog";
import type { DeclaredTunnel, GatewayOutput } from "../stack/outputs";
import type { TunnelStatus } from "../status/model";

/** Everything the diagnosis works from. No secret. */
export interface Facts {
  readonly gateway: GatewayOutput;
  readonly tunnel: DeclaredTunnel;
  readonly status: TunnelStatus;
  /** What is wrong with the gateway as a whole. */
  readonly problems: readonly string[];
  /** How the gateway keeps the tunnel; undefined: not at all. */
  readonly record: "up" | "down" | "disabled" | undefined;
  readonly daemonRuns: boolean;
  /** The end of /var/log/daemon, oldest first. */
  readonly log: readonly LogLine[];
  /** What arrived from the peer in ICMP while the probe ran, as tcpdump(8) prints it. */
  readonly icmp: readonly string[];
  /** Whether the peer's host answers a plain ping; undefined: not asked. */
  readonly peerPings?: boolean | undefined;
  /** Packets of anybody that the leak guard stopped since the rules were loaded. */
  readonly guarded?: number | undefined;
  /** Packets of this tunnel's networks that the packet filter logged. */
  readonly pflog: readonly string[];
  /** Packets that left and arrived through the tunnel's associations while the probe ran. */
  readonly moved?: { readonly out: number; readonly in: number } | undefined;
}

import type { Nested } from "../../config/nesting";
import type { LogLine } from "../../parse/daemonLog";
import type { CertificatesOutput, GatewayOutput } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { TunnelStatus } from "../../contract/documents/status";
import type { SecProblem } from "../status/secProblems";

/** Everything the diagnosis works from. No secret. */
export interface Facts {
  readonly gateway: GatewayOutput;
  /** Its peer is the address that the gateway has, where it is given by name. */
  readonly tunnel: DeclaredTunnel;
  /** What the stack declares of certificates; undefined: none. */
  readonly certificates?: CertificatesOutput | undefined;
  /** The enabled tunnels whose peers may have any address, this one among them if it is one. */
  readonly anyPeers: readonly DeclaredTunnel[];
  /** Pairs of this tunnel that lie in another one's networks, whose flows hold for them while it is down. */
  readonly within: readonly Nested<DeclaredTunnel>[];
  readonly status: TunnelStatus;
  /** What keeps packets from the interface of a route-based tunnel. */
  readonly interfaceProblems: readonly SecProblem[];
  /** What a tunnel for every address is to leave out, and takes. */
  readonly exceptionsMissing: readonly string[];
  /** What is wrong with the gateway as a whole. */
  readonly problems: readonly string[];
  /** How the gateway keeps the tunnel; undefined: not at all. */
  readonly record: "up" | "down" | "disabled" | "unresolved" | undefined;
  readonly daemonRuns: boolean;
  /** The end of /var/log/daemon, oldest first. */
  readonly log: readonly LogLine[];
  /** What arrived from the peer in ICMP while the probe ran, as tcpdump(8) prints it. */
  readonly icmp: readonly string[];
  /** IKE packets that arrived from the peer meanwhile. */
  readonly ike: readonly string[];
  /** Whether the peer's host answers a plain ping; undefined: not asked. */
  readonly peerPings?: boolean | undefined;
  /** Packets of anybody that the leak guard stopped since the rules were loaded. */
  readonly guarded?: number | undefined;
  /** Packets of this tunnel's networks that the packet filter logged. */
  readonly pflog: readonly string[];
  /** Packets that left and arrived through the tunnel's SAs while the probe ran. */
  readonly moved?: { readonly out: number; readonly in: number } | undefined;
}

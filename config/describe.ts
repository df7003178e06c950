import type { Daemon, Phase1, Phase2, StackConfig, Traffic, Tunnel } from "./schema";
import { negotiated } from "./selectors";

/** One pair of networks as both ends negotiate it, seen from the gateway. */
export interface SelectorDescription {
  readonly local: string;
  readonly remote: string;
  readonly protocol?: Traffic["protocol"];
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

/** What the other side has to know of a tunnel to configure its end; no secret. */
export interface TunnelDescription {
  readonly name: string;
  readonly ikeVersion: 1 | 2;
  readonly peer: string;
  readonly vendor: Tunnel["vendor"];
  readonly kind: Tunnel["kind"];
  /** Our networks and the peer's; what goes over the wire is in `selectors`. */
  readonly local: readonly string[];
  readonly remote: readonly string[];
  /** What the peer mirrors: NAT applied, 0/0 for kind `route`. */
  readonly selectors: readonly SelectorDescription[];
  /** The addresses of the interface of kind `route`. */
  readonly sec?: Tunnel["sec"];
  /** The address under which the peer sees `local`. */
  readonly nat?: Tunnel["nat"];
  readonly localId: string;
  readonly remoteId: string;
  readonly mode: Tunnel["mode"];
  readonly phase1: Phase1;
  readonly phase2: Phase2;
  readonly pskGeneration: number;
  readonly enabled: boolean;
  readonly watchdog: boolean;
  readonly probe?: Tunnel["probe"];
}

/** iked speaks IKEv2 only, isakmpd IKEv1 only. */
export function ikeVersion(daemon: Daemon): 1 | 2 {
  return daemon === "iked" ? 2 : 1;
}

export function describeTunnel({ ike }: StackConfig, tunnel: Tunnel): TunnelDescription {
  const { name, peer, vendor, kind, local, remote, localId, remoteId, mode } = tunnel;
  const { phase1, phase2, pskGeneration, enabled, watchdog, sec, nat, probe } = tunnel;
  return {
    name,
    ikeVersion: ikeVersion(ike.daemon),
    peer,
    vendor,
    kind,
    local,
    remote,
    selectors: negotiated(tunnel).map(({ from, to, traffic }) => ({
      local: from,
      remote: to,
      ...traffic,
    })),
    ...(sec && { sec }),
    ...(nat && { nat }),
    localId,
    remoteId,
    mode,
    phase1,
    phase2,
    pskGeneration,
    enabled,
    watchdog,
    ...(probe && { probe }),
  };
}

import type { Daemon, Phase1, Phase2, StackConfig, Tunnel } from "./schema";

/** What the other side has to know of a tunnel to configure its end; no secret. */
export interface TunnelDescription {
  readonly name: string;
  readonly ikeVersion: 1 | 2;
  readonly peer: string;
  readonly local: readonly string[];
  readonly remote: readonly string[];
  readonly localId: string;
  readonly remoteId: string;
  readonly mode: Tunnel["mode"];
  readonly phase1: Phase1;
  readonly phase2: Phase2;
  readonly enabled: boolean;
  readonly probe?: Tunnel["probe"];
}

/** iked speaks IKEv2 only, isakmpd IKEv1 only. */
export function ikeVersion(daemon: Daemon): 1 | 2 {
  return daemon === "iked" ? 2 : 1;
}

export function describeTunnel({ ike }: StackConfig, tunnel: Tunnel): TunnelDescription {
  const { name, peer, local, remote, localId, remoteId, mode, phase1, phase2 } = tunnel;
  return {
    name,
    ikeVersion: ikeVersion(ike.daemon),
    peer,
    local,
    remote,
    localId,
    remoteId,
    mode,
    phase1,
    phase2,
    enabled: tunnel.enabled,
    ...(tunnel.probe && { probe: tunnel.probe }),
  };
}

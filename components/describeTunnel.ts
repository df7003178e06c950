import { outsideAddress } from "../config/arms";
import { everywhere, exceptions } from "../config/exceptions";
import { ikeVersion } from "../config/ikeVersion";
import { addressOf } from "../config/net";
import { localNetworks, remoteNetworks } from "../config/pairs";
import { probeSource } from "../config/probeSource";
import type { Phase1, Phase2, StackConfig, Tunnel } from "../config/schema";
import { negotiated } from "../config/selectors";
import { onTheWire, type TunnelDescription } from "../contract/tunnel";
import type { Complete } from "../contract/types";
import { peerKey } from "../render/peerKey";

/** What the stack says of a tunnel. */
export function describeTunnel(config: StackConfig, tunnel: Tunnel): Complete<TunnelDescription> {
  const { name, peer, vendor, kind, pairs, sec, gre, nat, localId, remoteId, mode } = tunnel;
  const { auth, pskGeneration, enabled, watchdog, probe, group } = tunnel;
  const source = probeSource(config, tunnel);
  return {
    name,
    ikeVersion: ikeVersion(config.ike.daemon),
    peer,
    vendor,
    kind,
    local: localNetworks(tunnel),
    remote: remoteNetworks(tunnel),
    pairs: pairs.map(({ local, remote, traffic }) => ({
      ...{ local, remote },
      traffic: traffic?.map(({ protocol, localPort, remotePort }) => ({
        ...{ protocol, localPort, remotePort },
      })),
    })),
    selectors: negotiated(tunnel, addressOf(outsideAddress(config.network))).map(onTheWire),
    excepted: everywhere(config) === tunnel ? exceptions(config) : undefined,
    sec,
    gre: gre && { ...gre, routing: gre.routing },
    group,
    nat: nat && { address: nat.address, networks: nat.networks },
    localId,
    remoteId,
    mode,
    auth,
    peerKey: peerKey(config.ike.daemon, tunnel)?.text,
    phase1: ikeSa(tunnel.phase1),
    phase2: childSa(tunnel.phase2),
    olderPhase1: tunnel.olderPhase1?.map(ikeSa),
    olderPhase2: tunnel.olderPhase2?.map(childSa),
    pskGeneration,
    enabled,
    watchdog,
    probe: probe && source !== undefined ? { source, target: probe.target } : undefined,
  };
}

function ikeSa({ encryption, integrity, prf, group, lifetime }: Phase1) {
  return { encryption, integrity, prf, group, lifetime };
}

function childSa({ encryption, integrity, group, lifetime, bytes, esn }: Phase2) {
  return { encryption, integrity, group, lifetime, bytes, esn };
}

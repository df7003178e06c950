import { ikeVersion } from "../config/ikeVersion";
import { probeSource } from "../config/probeSource";
import type { StackConfig, Tunnel } from "../config/schema";
import { negotiated } from "../config/selectors";
import type { TunnelDescription } from "../contract/tunnel";
import type { Complete } from "../contract/types";
import { peerKey } from "../render/peerKey";

/** What the stack says of a tunnel. */
export function describeTunnel(config: StackConfig, tunnel: Tunnel): Complete<TunnelDescription> {
  const { name, peer, vendor, kind, local, remote, sec, nat, localId, remoteId, mode, auth } =
    tunnel;
  const { phase1, phase2, pskGeneration, enabled, watchdog, probe } = tunnel;
  const source = probeSource(config, tunnel);
  return {
    name,
    ikeVersion: ikeVersion(config.ike.daemon),
    peer,
    vendor,
    kind,
    local,
    remote,
    selectors: negotiated(tunnel).map(({ from, to, traffic }) => ({
      local: from,
      remote: to,
      protocol: traffic?.protocol,
      localPort: traffic?.localPort,
      remotePort: traffic?.remotePort,
    })),
    sec,
    nat,
    localId,
    remoteId,
    mode,
    auth,
    peerKey: peerKey(config.ike.daemon, tunnel)?.text,
    phase1: {
      encryption: phase1.encryption,
      integrity: phase1.integrity,
      prf: phase1.prf,
      group: phase1.group,
      lifetime: phase1.lifetime,
    },
    phase2: {
      encryption: phase2.encryption,
      integrity: phase2.integrity,
      group: phase2.group,
      lifetime: phase2.lifetime,
      bytes: phase2.bytes,
      esn: phase2.esn,
    },
    pskGeneration,
    enabled,
    watchdog,
    probe: probe && source !== undefined ? { source, target: probe.target } : undefined,
  };
}

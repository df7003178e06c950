import { hasCertificate } from "../config/certificates";
import { keyName, typedIdentity } from "../config/identity";
import { outsideAddress } from "../config/arms";
import { addressOf } from "../config/net";
import { probeSource } from "../config/probeSource";
import type { StackConfig, Tunnel } from "../config/schema";

/** isakmpd's name of the phase 1 section that ipsecctl makes for a tunnel (ipsecctl ike.c). */
export function phase1Name({ network }: StackConfig, tunnel: Tunnel): string {
  return `peer-${tunnel.peer}-local-${addressOf(outsideAddress(network))}`;
}

/** Comment lines from which gwctl knows how to address, probe and heal the tunnel. */
export function tunnelHeader(config: StackConfig, tunnel: Tunnel): string[] {
  const { probe, watchdog } = tunnel;
  const source = probeSource(config, tunnel);
  return [
    `# gwctl peer ${tunnel.peer}`,
    `# gwctl dstid ${typedIdentity(tunnel.remoteId)}`,
    ...(tunnel.auth === "publickey" ? [`# gwctl peerkey ${keyName(tunnel.remoteId)}`] : []),
    ...(hasCertificate(tunnel) ? [`# gwctl certificate ${typedIdentity(tunnel.localId)}`] : []),
    ...(config.ike.daemon === "isakmpd" ? [`# gwctl phase1 ${phase1Name(config, tunnel)}`] : []),
    ...(probe ? [`# gwctl probe ${source} ${probe.target}`] : []),
    ...(watchdog ? [] : ["# gwctl watchdog no"]),
  ];
}

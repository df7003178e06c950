import { hasCertificate } from "../config/certificates";
import { bypasses } from "../config/exceptions";
import { keyName, typedIdentity } from "../config/identity";
import { outsideAddress, ownAddresses } from "../config/arms";
import { addressOf, family } from "../config/net";
import { peerName } from "../config/peer";
import { probeSource } from "../config/probeSource";
import type { StackConfig, Tunnel } from "../config/schema";

/** isakmpd's name of the phase 1 section that ipsecctl makes for a tunnel (ipsecctl ike.c). */
export function phase1Name({ network }: StackConfig, tunnel: Tunnel): string {
  return `peer-${tunnel.peer}-local-${addressOf(outsideAddress(network))}`;
}

/** The family that the peer has to be of, and the addresses that are ours. */
function ourSide({ network }: StackConfig): string {
  const own = addressOf(outsideAddress(network));
  const all = new Set([...ownAddresses(network), network.publicAddress]);
  return [family(own) === 6 ? "inet6" : "inet", ...all].join(" ");
}

/** Comment lines from which gwctl knows how to address, probe and heal the tunnel. */
export function tunnelHeader(config: StackConfig, tunnel: Tunnel): string[] {
  const { probe, watchdog } = tunnel;
  const source = probeSource(config, tunnel);
  const name = peerName(tunnel.peer);
  return [
    `# gwctl peer ${tunnel.peer}`,
    ...(name === undefined ? [] : [`# gwctl name ${name} ${ourSide(config)}`]),
    `# gwctl dstid ${typedIdentity(tunnel.remoteId)}`,
    ...(tunnel.auth === "publickey" ? [`# gwctl peerkey ${keyName(tunnel.remoteId)}`] : []),
    ...(hasCertificate(tunnel) ? [`# gwctl certificate ${typedIdentity(tunnel.localId)}`] : []),
    ...(config.ike.daemon === "isakmpd" ? [`# gwctl phase1 ${phase1Name(config, tunnel)}`] : []),
    ...bypasses(config, tunnel).map(({ from, to }) => `# gwctl bypass ${from} ${to}`),
    ...(probe ? [`# gwctl probe ${source} ${probe.target}`] : []),
    ...(watchdog ? [] : ["# gwctl watchdog no"]),
  ];
}

import { addressOf, inside, parseAddress } from "../config/net";
import type { StackConfig, Tunnel } from "../config/schema";

/** An identity as the daemons print it: `IPV4/…`, `IPV6/…`, `UFQDN/…` or `FQDN/…` (iked.conf(5)). */
export function typedIdentity(identity: string): string {
  const address = parseAddress(identity);
  if (address !== undefined) return `${address.includes(":") ? "IPV6" : "IPV4"}/${address}`;
  return `${identity.includes("@") ? "UFQDN" : "FQDN"}/${identity}`;
}

/** isakmpd's name of the phase 1 section that ipsecctl makes for a tunnel (ipsecctl ike.c). */
export function phase1Name({ network }: StackConfig, tunnel: Tunnel): string {
  return `peer-${tunnel.peer}-local-${addressOf(network.address)}`;
}

/**
 * Where the gateway itself can ping from: ping(8) -I takes only an address of its own. A declared
 * source that belongs to another host stands for its network, in which the gateway may have one too;
 * if it has none, gwctl says so and does not watch the tunnel.
 */
function probeSource({ network }: StackConfig, tunnel: Tunnel): string | undefined {
  if (tunnel.sec) return addressOf(tunnel.sec.address);
  const own = addressOf(network.address);
  return inside(own, tunnel.local) ? own : tunnel.probe?.source;
}

/** Comment lines from which gwctl knows how to address, probe and heal the tunnel. */
export function tunnelHeader(config: StackConfig, tunnel: Tunnel): string[] {
  const { probe, watchdog } = tunnel;
  const source = probeSource(config, tunnel);
  return [
    `# gwctl peer ${tunnel.peer}`,
    `# gwctl dstid ${typedIdentity(tunnel.remoteId)}`,
    ...(config.ike.daemon === "isakmpd" ? [`# gwctl phase1 ${phase1Name(config, tunnel)}`] : []),
    ...(probe ? [`# gwctl probe ${source} ${probe.target}`] : []),
    ...(watchdog ? [] : ["# gwctl watchdog no"]),
  ];
}

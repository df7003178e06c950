import { shownNetwork } from "../../config/nat";
import { networkPairs } from "../../config/pairs";
import type { Traffic } from "../../config/schema";
import { selectors } from "../../config/selectors";
import { isRouted } from "../../config/tunnelInterface";
import type { DeclaredTunnel } from "../../contract/tunnel";

/** One pair of a tunnel's networks, and what alone it carries. */
export interface CarriedPair {
  /** Our network before its translation: what the kernel's flow and the route are of. */
  readonly local: string;
  readonly remote: string;
  /** What the two ends agreed on in place of `local`: where there is NAT, its address or network. */
  readonly shown: string;
  readonly traffic?: Traffic | undefined;
}

/** Every pair, in the order declared. Of a tunnel with an interface nothing of them is negotiated. */
export function carriedPairs(tunnel: DeclaredTunnel): CarriedPair[] {
  const { pairs, nat } = tunnel;
  const whole = isRouted(tunnel) ? networkPairs({ pairs }) : pairs;
  return selectors({ pairs: whole }).map(({ from, to, traffic }) => ({
    local: from,
    remote: to,
    shown: shownNetwork(nat, from),
    ...(traffic && { traffic }),
  }));
}

/** `10.10.0.0/24 to 10.20.1.0/24`, and what alone is carried: `tcp port 443`. */
export function pairText({ local, remote, traffic }: Omit<CarriedPair, "shown">): string {
  return `${local} to ${remote}${traffic ? `, ${trafficText(traffic)}` : ""}`;
}

function trafficText({ protocol, localPort, remotePort }: Traffic): string {
  return [
    protocol,
    ...(localPort === undefined ? [] : [`from port ${localPort}`]),
    ...(remotePort === undefined ? [] : [`to port ${remotePort}`]),
  ].join(" ");
}

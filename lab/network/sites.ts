import { fixedAddress } from "../../config/peer";
import { contains } from "../verify/ipv4";
import sites from "./sites.json";

/** A remote site of the lab: an IKE peer with a LAN and one host behind it. */
export interface Site {
  /**
   * Also the name of its network namespace (`namespace`); the host is in that of `NAME-lan`. Sites of
   * one name share both, and the IKE daemon, as many of one machine each would be too many here.
   */
  readonly name: string;
  /** The peer's address on the internet. */
  readonly address: string;
  readonly lan: string;
  readonly router: string;
  readonly host: string;
}

/** With `count`, as many sites on one machine: the next has the next address and the next /24. */
export const SITES: readonly Site[] = sites.flatMap(({ count = 1, ...first }) =>
  Array.from({ length: count }, (_, index) => ({
    name: first.name,
    address: advanced(first.address, 3, index),
    lan: advanced(first.lan, 2, index),
    router: advanced(first.router, 2, index),
    host: advanced(first.host, 2, index),
  })),
);

function advanced(address: string, octet: number, by: number): string {
  const octets = address.split(".");
  octets[octet] = String(Number(octets[octet]) + by);
  return octets.join(".");
}

/** A host on the LAN of a gateway. */
export interface OfficeHost {
  /** Also the name of its network namespace (`namespace`). */
  readonly machine: string;
  readonly address: string;
}

export const OFFICE_HOSTS: readonly OfficeHost[] = [
  { machine: "lan", address: "10.10.0.100" },
  { machine: "lan2", address: "10.12.0.100" },
];

/** No packet from or to these may be seen outside in clear. */
export const INSIDE = ["10.10.0.0/16", "10.12.0.0/16", "10.20.0.0/16"] as const;

/** The host that one of these networks reaches. */
export const officeHostIn = (networks: readonly string[]): OfficeHost | undefined =>
  OFFICE_HOSTS.find(({ address }) => networks.some((network) => contains(network, address)));

export const siteAt = (address: string): Site | undefined =>
  SITES.find((site) => site.address === address);

/** The site that a tunnel leads to: by its address, or where that is not declared, by its LAN. */
export const siteOf = (tunnel: { peer: string; remote: readonly string[] }): Site | undefined =>
  fixedAddress(tunnel.peer) === undefined
    ? SITES.find(({ host }) => tunnel.remote.some((network) => contains(network, host)))
    : siteAt(tunnel.peer);

/** As lab/lib/common.sh names them. */
export const namespace = (name: string): string => `gwlab${process.env.LAB_NAME ?? ""}-${name}`;

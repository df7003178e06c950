import { contains } from "../verify/ipv4";
import sites from "./sites.json";

/** A remote site of the lab: an IKE peer with a LAN and one host behind it. */
export interface Site {
  /** Also the name of its network namespace (`namespace`); the host is in that of `NAME-lan`. */
  readonly name: string;
  /** The peer's address on the internet. */
  readonly address: string;
  readonly lan: string;
  readonly router: string;
  readonly host: string;
}

export const SITES: readonly Site[] = sites;

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

/** As lab/lib/common.sh names them. */
export const namespace = (name: string): string => `gwlab${process.env.LAB_NAME ?? ""}-${name}`;

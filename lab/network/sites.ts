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

/** The host on the gateway's LAN, in the namespace of `lan`. */
export const OFFICE_HOST = "10.10.0.100";

/** No packet from or to these may be seen outside in clear. */
export const INSIDE = ["10.10.0.0/16", "10.20.0.0/16"] as const;

export const siteAt = (address: string): Site | undefined =>
  SITES.find((site) => site.address === address);

/** As lab/lib/common.sh names them. */
export const namespace = (name: string): string => `gwlab${process.env.LAB_NAME ?? ""}-${name}`;

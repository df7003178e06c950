import sites from "./sites.json";

/** A remote site of the lab: an IKE peer with a LAN and one host behind it. */
export interface Site {
  /** Also the name of its network namespace, `gwlab-NAME`; the host is in `gwlab-NAME-lan`. */
  readonly name: string;
  /** The peer's address on the internet. */
  readonly address: string;
  readonly lan: string;
  readonly router: string;
  readonly host: string;
}

export const SITES: readonly Site[] = sites;

/** The host on the gateway's LAN, in `gwlab-lan`. */
export const OFFICE_HOST = "10.10.0.100";

/** No packet from or to these may be seen outside in clear. */
export const INSIDE = ["10.10.0.0/16", "10.20.0.0/16"] as const;

export const siteAt = (address: string): Site | undefined =>
  SITES.find((site) => site.address === address);

export const namespace = (name: string): string => `gwlab-${name}`;

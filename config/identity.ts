import { parseAddress } from "./net";

/** An identity as the daemons print it: `IPV4/…`, `IPV6/…`, `UFQDN/…` or `FQDN/…` (iked.conf(5)). */
export function typedIdentity(identity: string): string {
  const address = parseAddress(identity);
  if (address !== undefined) return `${address.includes(":") ? "IPV6" : "IPV4"}/${address}`;
  return `${identity.includes("@") ? "UFQDN" : "FQDN"}/${identity}`;
}

/** Where both daemons look for the key of the peer with that identity, such as `fqdn/west.example.net`. */
export function keyName(identity: string): string {
  return typedIdentity(identity).replace(/^[A-Z0-9]+/, (type) => type.toLowerCase());
}

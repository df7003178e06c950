import { isDistinguishedName } from "./identity";
import { hostNetwork, contains, parseAddress, parseNetwork } from "./net";
import type { Authority, Ike } from "./schema";

/** The authority that the stack keeps, if it keeps one. */
export function keptAuthority({ certificates }: Pick<Ike, "certificates">): Authority | undefined {
  return certificates?.authority;
}

/** The numbers of all authorities of the stack that are believed; the one that signs comes first. */
export function generationsOf({ generation, also }: Authority): number[] {
  return [generation, ...also];
}

export const isNetwork = (name: string): boolean => name.includes("/");

/**
 * Whether name constraints of these names let an identity pass (RFC 5280 4.2.1.10). Of users a constraint that is a
 * host name takes those at that very host.
 */
export function isAllowed(names: readonly string[], identity: string): boolean {
  if (isDistinguishedName(identity)) return false;
  if (parseAddress(identity) !== undefined) {
    const host = hostNetwork(identity);
    return names.some((name) => {
      const network = parseNetwork(name);
      return host !== undefined && network !== undefined && contains(network, host);
    });
  }
  const domains = names.filter((name) => !isNetwork(name));
  const [host = "", user] = identity.toLowerCase().split("@").reverse();
  return user === undefined
    ? domains.some((domain) => host === domain || host.endsWith(`.${domain}`))
    : domains.includes(host);
}

/** Of a serial number what all certificates of one request have in common; what follows is the period. */
export const REQUEST_DIGITS = 28;

/** Whether the list of revoked certificates has those of the request whose serial numbers begin like this. */
export function isRevoked({ revoked }: Authority, beginning: string): boolean {
  return revoked.some(({ serial }) => serial.startsWith(beginning));
}

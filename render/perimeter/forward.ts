import type { Forward } from "../../contract/perimeter";
import { contains, family, networkOrHost } from "../../config/net";

export type Outside = Forward["outside"];

/** Name of the forward on a firewall that several gateways share: `gw-test.udp-500`. */
export function qualified({ machine, name }: Pick<Forward, "machine" | "name">): string {
  return `${machine}.${name}`;
}

/** Who may use the forward, in its family, each address once; `any`, or possibly nobody. */
export function allowed({ sources, outside }: Forward): "any" | string[] {
  if (sources.includes("any")) return "any";
  const own = [...new Set(sources)].filter((source) => family(source) === family(outside.address));
  const networks = own.map(networkOrHost);
  // Overlapping elements are an error in a set of nft, and twice the same elsewhere.
  return own.filter((_, index) => {
    const one = networks[index];
    return !networks.some(
      (other, at) => at !== index && one && other && contains(other, one) && !contains(one, other),
    );
  });
}

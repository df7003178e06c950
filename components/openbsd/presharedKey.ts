import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tunnel } from "../../config/schema";
import { keyPrefix } from "../../config/vendors";

/** 44 characters of 62 are 262 bits; letters and digits pass every daemon and every vendor's form. */
export const PSK_LENGTH = 44;

/**
 * A key that is made once and kept in the state, until the tunnel's `pskGeneration` rises. The first
 * generation has no keeper, so that a stack from before generations keeps its keys.
 */
export function generatedKey(
  name: string,
  { vendor, pskGeneration }: Tunnel,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const keepers = pskGeneration === 1 ? {} : { keepers: { generation: String(pskGeneration) } };
  const { result } = new random.RandomPassword(
    `${name}-psk`,
    { length: PSK_LENGTH, special: false, ...keepers },
    { parent },
  );
  const prefix = keyPrefix(vendor);
  return prefix === "" ? result : pulumi.interpolate`${prefix}${result}`;
}

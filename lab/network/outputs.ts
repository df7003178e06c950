import { text } from "node:stream/consumers";
import type { WrittenOutputs } from "../../contract/stackOutputs";

export type Tunnel = WrittenOutputs["tunnels"][number];

/** What the lab reads of a stack's outputs. A stack that is not up has none of them. */
export interface Outputs extends Partial<
  Pick<WrittenOutputs, "tunnels" | "presharedKeys" | "publicKey">
> {
  readonly gateway?: Pick<
    WrittenOutputs["gateway"],
    "name" | "address" | "publicAddress" | "hostKey"
  >;
}

/**
 * `pulumi stack output --json` on stdin.
 * @throws Error when it gave nothing; it has said why itself
 */
export async function readOutputs(): Promise<Outputs> {
  const json = await text(process.stdin);
  if (json.trim() === "") throw new Error("the stack's outputs cannot be read");
  return JSON.parse(json) as Outputs;
}

/** The gateway's address without the prefix length. */
export const bareAddress = (address: string): string => address.split("/")[0] ?? address;

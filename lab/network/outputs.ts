import { text } from "node:stream/consumers";
import type { TunnelDescription } from "../../config/describe";

export type Tunnel = TunnelDescription;

/** What the lab reads of a stack's outputs. A stack that is not up has none of them. */
export interface Outputs {
  readonly gateway?: {
    readonly name: string;
    /** Address, with or without its prefix length. */
    readonly address: string;
    readonly publicAddress: string;
    readonly hostKey: string;
  };
  readonly tunnels?: readonly Tunnel[];
  readonly presharedKeys?: Readonly<Record<string, string>>;
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

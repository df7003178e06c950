import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Applied } from "../../contract/applied";
import type { StackConfig } from "../../config/schema";
import { GWCTL } from "./gwctlScript";
import { sha256, urns } from "./ledger";
import { printed, RemoteStep, type HostLifetime } from "./remoteStep";

export interface OwnKeyArgs {
  readonly connection: command.types.input.remote.ConnectionArgs;
  readonly config: StackConfig;
  readonly lifetime: HostLifetime;
}

export interface OwnKey {
  /** The public half. */
  readonly pem: pulumi.Output<string>;
  readonly applied: pulumi.Output<NonNullable<Applied["ownKey"]>>;
}

/**
 * Reads the public half of the key that rc(8) made on the gateway, where a tunnel authenticates with it. The
 * private half never leaves the gateway.
 */
export function ownKey(
  { connection, config, lifetime }: OwnKeyArgs,
  opts: pulumi.CustomResourceOptions,
): OwnKey | undefined {
  if (config.tunnels.every(({ auth }) => auth === "psk")) return undefined;
  const { daemon } = config.ike;
  const step = new RemoteStep(
    "public-key",
    { connection, run: `${GWCTL} key ${daemon}`, lifetime },
    opts,
  );
  const pem = printed(step);
  return {
    pem,
    applied: pulumi
      .all([pem, urns([step])])
      .apply(([text, steps]) => ({ daemon, sha256: sha256(text), steps })),
  };
}

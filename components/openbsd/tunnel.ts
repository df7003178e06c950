import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StackConfig, Tunnel as TunnelConfig } from "../../config/schema";
import { tunnelFile } from "../../render/tunnelFile";
import { RemoteStep, type HostLifetime } from "./remoteStep";
import { GWCTL } from "./gwctlScript";

/** 44 characters of 62 are 262 bits; letters and digits pass every daemon and every vendor's form. */
const PSK_LENGTH = 44;

export interface TunnelArgs {
  readonly connection: command.types.input.remote.ConnectionArgs;
  readonly config: StackConfig;
  readonly tunnel: TunnelConfig;
  /** The stack's own key for this tunnel. Default: a random one is made and kept in the state. */
  readonly presharedKey?: string | undefined;
  readonly lifetime: HostLifetime;
}

/** One tunnel: its key, its file on the gateway, and the activation of just that tunnel. */
export class Tunnel extends pulumi.ComponentResource {
  /** Secret. */
  public readonly presharedKey: pulumi.Output<string>;

  constructor(name: string, args: TunnelArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:openbsd:Tunnel", name, {}, opts);
    const { connection, config, tunnel, lifetime } = args;

    this.presharedKey = pulumi.secret(args.presharedKey ?? this.generateKey(name));
    const put = `${GWCTL} tunnel put ${config.ike.daemon} ${tunnel.name}`;
    new RemoteStep(
      name,
      {
        connection,
        run: tunnel.enabled ? put : `${put} disabled`,
        stdin: this.presharedKey.apply((psk) => tunnelFile(config, tunnel, psk)),
        undo: `${GWCTL} tunnel remove ${tunnel.name}`,
        lifetime,
      },
      { parent: this },
    );
    this.registerOutputs();
  }

  private generateKey(name: string): pulumi.Output<string> {
    return new random.RandomPassword(
      `${name}-psk`,
      { length: PSK_LENGTH, special: false },
      { parent: this },
    ).result;
  }
}

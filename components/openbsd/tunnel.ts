import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig, Tunnel as TunnelConfig } from "../../config/schema";
import { hostnameSec, secName } from "../../render/hostnameIf";
import { tunnelFile } from "../../render/tunnelFile";
import { generatedKey } from "./presharedKey";
import { RemoteStep, type HostLifetime } from "./remoteStep";
import { GWCTL } from "./gwctlScript";

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

    this.presharedKey = pulumi.secret(args.presharedKey ?? generatedKey(name, tunnel, this));
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
      { parent: this, dependsOn: this.interface(name, args) },
    );
    this.registerOutputs();
  }

  /** Both daemons refuse a rule for an interface that is not there. A change makes it anew. */
  private interface(name: string, args: TunnelArgs): pulumi.Resource[] {
    const { connection, tunnel, lifetime } = args;
    if (!tunnel.sec) return [];
    const sec = secName(tunnel.sec);
    const file = `/etc/hostname.${sec}`;
    const renew = `ifconfig ${sec} destroy 2>/dev/null; sh /etc/netstart ${sec} && ifconfig ${sec}`;
    return [
      new RemoteStep(
        `${name}-${sec}`,
        {
          connection,
          run: `${GWCTL} put ${file} 0640 root:wheel --activate '${renew}'`,
          stdin: hostnameSec(tunnel.sec, tunnel),
          undo: `rm -f ${file} ${file}.prev; ifconfig ${sec} destroy`,
          lifetime,
        },
        { parent: this },
      ),
    ];
  }
}

import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { AppliedTunnel } from "../../config/applied";
import type { StackConfig, Tunnel as TunnelConfig } from "../../config/schema";
import { hostnameSec, secName } from "../../render/hostnameIf";
import { tunnelFile } from "../../render/tunnelFile";
import { appliedFile } from "./ledger";
import { generatedKey } from "./presharedKey";
import { RemoteStep, type HostLifetime } from "./remoteStep";
import { GWCTL } from "./gwctlScript";
import { file, type ManagedFile } from "./step";

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
  /** Secret, as the file's hash covers the key. */
  public readonly applied: pulumi.Output<AppliedTunnel>;

  constructor(name: string, args: TunnelArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:openbsd:Tunnel", name, {}, opts);
    const { connection, config, tunnel, lifetime } = args;

    this.presharedKey = pulumi.secret(args.presharedKey ?? generatedKey(name, tunnel, this));
    const put = `${GWCTL} tunnel put ${config.ike.daemon} ${tunnel.name}`;
    const text = this.presharedKey.apply((psk) => tunnelFile(config, tunnel, psk));
    const sec = this.interface(args);
    const step = new RemoteStep(
      name,
      {
        connection,
        run: tunnel.enabled ? put : `${put} disabled`,
        stdin: text,
        undo: `${GWCTL} tunnel remove ${tunnel.name}`,
        lifetime,
      },
      { parent: this, dependsOn: sec.flatMap(({ steps }) => [...steps]) },
    );
    const folder = config.ike.daemon === "iked" ? "/etc/iked" : "/etc/ipsec";
    this.applied = pulumi.output({
      name: tunnel.name,
      enabled: tunnel.enabled,
      files: [
        { path: `${folder}/${tunnel.name}.conf`, mode: "0600", text, steps: [step] },
        ...sec,
      ].map(appliedFile),
    });
    this.registerOutputs();
  }

  /** Both daemons refuse a rule for an interface that is not there. A change makes it anew. */
  private interface({ connection, tunnel, lifetime }: TunnelArgs): ManagedFile[] {
    if (!tunnel.sec) return [];
    const sec = secName(tunnel.sec);
    const path = `/etc/hostname.${sec}`;
    const renew = `ifconfig ${sec} destroy 2>/dev/null; sh /etc/netstart ${sec} && ifconfig ${sec}`;
    return [
      file({ connection, lifetime, parent: this }, interfaceStep(tunnel.name, tunnel.sec), {
        after: [],
        path,
        mode: "0640",
        activate: renew,
        text: hostnameSec(tunnel.sec, tunnel),
        undo: `rm -f ${path} ${path}.prev; ifconfig ${sec} destroy`,
      }),
    ];
  }
}

/** Name of the step that makes a route-based tunnel's interface. */
export function interfaceStep(tunnel: string, sec: Parameters<typeof secName>[0]): string {
  return `${tunnel}-${secName(sec)}`;
}

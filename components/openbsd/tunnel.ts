import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { AppliedTunnel } from "../../contract/applied";
import { outsideAddress } from "../../config/arms";
import { addressOf } from "../../config/net";
import type { StackConfig, Tunnel as TunnelConfig } from "../../config/schema";
import { tunnelInterface, type TunnelInterface } from "../../config/tunnelInterface";
import { hostnameTunnel } from "../../render/hostnameIf";
import { peerKey } from "../../render/peerKey";
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
  /** The stack's own preshared key for this tunnel. Default: a random one is made and kept in the state. */
  readonly presharedKey?: string | undefined;
  readonly lifetime: HostLifetime;
}

/** One tunnel: its key or the peer's, its file on the gateway, and the activation of just that tunnel. */
export class Tunnel extends pulumi.ComponentResource {
  /** Secret; of a tunnel with `auth: psk`. */
  public readonly presharedKey: pulumi.Output<string> | undefined;
  /** Secret, as the file's hash covers the key. */
  public readonly applied: pulumi.Output<AppliedTunnel>;

  constructor(name: string, args: TunnelArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:openbsd:Tunnel", name, {}, opts);
    const { connection, config, tunnel, lifetime } = args;

    this.presharedKey =
      tunnel.auth === "psk"
        ? pulumi.secret(args.presharedKey ?? generatedKey(name, tunnel, this))
        : undefined;
    const put = `${GWCTL} tunnel put ${config.ike.daemon} ${tunnel.name}`;
    const text =
      this.presharedKey?.apply((psk) => tunnelFile(config, tunnel, psk)) ??
      tunnelFile(config, tunnel);
    const before = [...this.interface(args), ...this.peerKey(args)];
    const step = new RemoteStep(
      name,
      {
        connection,
        run: tunnel.enabled ? put : `${put} disabled`,
        stdin: text,
        undo: `${GWCTL} tunnel remove ${tunnel.name}`,
        lifetime,
      },
      { parent: this, dependsOn: before.flatMap(({ steps }) => [...steps]) },
    );
    const folder = config.ike.daemon === "iked" ? "/etc/iked" : "/etc/ipsec";
    this.applied = pulumi.output({
      name: tunnel.name,
      enabled: tunnel.enabled,
      files: [
        { path: `${folder}/${tunnel.name}.conf`, mode: "0600", text, steps: [step] },
        ...before,
      ].map(appliedFile),
    });
    this.registerOutputs();
  }

  /**
   * Both daemons look for it by the peer's identity: another identity or daemon is another file, and the old
   * one is removed first.
   */
  private peerKey({ connection, config, tunnel, lifetime }: TunnelArgs): ManagedFile[] {
    const key = peerKey(config.ike.daemon, tunnel);
    if (key === undefined) return [];
    const words = `${config.ike.daemon} ${key.name}`;
    const step = new RemoteStep(
      peerKeyStep(tunnel.name),
      {
        connection,
        run: `${GWCTL} peerkey put ${words}`,
        stdin: key.text,
        undo: `${GWCTL} peerkey remove ${words}`,
        redoOn: [key.path],
        lifetime,
      },
      { parent: this },
    );
    return [{ path: key.path, mode: "0644", text: key.text, steps: [step] }];
  }

  /** Both daemons refuse a rule for a sec(4) interface that is not there. */
  private interface({ connection, config, tunnel, lifetime }: TunnelArgs): ManagedFile[] {
    const own = tunnelInterface(tunnel);
    if (!own) return [];
    const path = `/etc/hostname.${own.name}`;
    return [
      file({ connection, lifetime, parent: this }, interfaceStep(tunnel.name, own), {
        after: [],
        path,
        mode: "0640",
        activate: `${GWCTL} interface ${own.name}`,
        text: hostnameTunnel(own, tunnel, addressOf(outsideAddress(config.network))),
        undo: `rm -f ${path} ${path}.prev; ifconfig ${own.name} destroy`,
      }),
    ];
  }
}

/** Name of the step that keeps the peer's public key on the gateway. */
export function peerKeyStep(tunnel: string): string {
  return `${tunnel}-peer-key`;
}

/** Name of the step that makes the interface that a tunnel's networks are routed into. */
export function interfaceStep(tunnel: string, { name }: Pick<TunnelInterface, "name">): string {
  return `${tunnel}-${name}`;
}

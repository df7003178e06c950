import type * as command from "@pulumi/command";
import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import { addressOf } from "../config/net";
import type { StackConfig } from "../config/schema";
import type { Patches } from "../parse/patches";
import { describeTunnel, type TunnelDescription } from "../config/describe";
import { domainXslt } from "../render/domainXslt";
import { DiskImage } from "./hypervisor/diskImage";
import { LogicalVolume } from "./hypervisor/logicalVolume";
import { macAddress } from "./hypervisor/macAddress";
import { VirtualMachine } from "./hypervisor/virtualMachine";
import type { HostLifetime } from "./openbsd/remoteStep";
import { System } from "./openbsd/system";
import { Tunnel } from "./openbsd/tunnel";
import { perimeterForwards } from "./perimeter/forwards";
import { HostKey, pinned } from "./ssh";

export interface GatewayArgs {
  readonly config: StackConfig;
  /** The stack's own preshared keys by tunnel name; the other tunnels get a generated one. */
  readonly presharedKeys: ReadonlyMap<string, string>;
}

/** An OpenBSD IPsec gateway: disk → machine → system → tunnels, and the forwards in front of it. */
export class Gateway extends pulumi.ComponentResource {
  /** Public host key of the gateway, one line. */
  public readonly hostKey: pulumi.Output<string>;
  public readonly tunnels: TunnelDescription[];
  /** Errata as the last run of their step found them; undefined where the stack does not look. */
  public readonly patches: pulumi.Output<Patches> | undefined;
  /** Secret; by tunnel name. */
  public readonly presharedKeys: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:index:Gateway", name, {}, opts);
    const { config } = args;

    const { machine, installation } = this.createMachine(config);
    const { connection, hostKey } = this.connect(config, machine, installation);
    const lifetime = { host: machine.domain, installation };
    const system = new System("system", { connection, config, lifetime }, { parent: this });
    const tunnels = this.createTunnels(args, connection, lifetime, system.ready);
    perimeterForwards(config, this);

    this.hostKey = hostKey;
    this.patches = system.patches;
    this.tunnels = config.tunnels.map((tunnel) => describeTunnel(config, tunnel));
    this.presharedKeys = pulumi.secret(pulumi.all(tunnels));
    this.registerOutputs({ hostKey, tunnels: this.tunnels });
  }

  private createMachine(config: StackConfig): {
    machine: VirtualMachine;
    installation: pulumi.Output<string>;
  } {
    const { hypervisor, machine, source } = config;
    const provider = new libvirt.Provider(
      "hypervisor",
      { uri: hypervisor.uri },
      // The state holds the provider's version, the program asks for the bridge's: never equal.
      { parent: this, ignoreChanges: ["version"] },
    );
    const onHypervisor = { parent: this, providers: [provider] };

    const disk = new LogicalVolume(
      "disk",
      {
        name: machine.name,
        pool: hypervisor.pool,
        sizeGiB: machine.diskGiB,
        protect: machine.protect,
      },
      onHypervisor,
    );
    const image = new DiskImage(
      "image",
      {
        uri: hypervisor.uri,
        pool: hypervisor.pool,
        volume: machine.name,
        volumeId: disk.volumeId,
        ...source.image,
      },
      onHypervisor,
    );
    const vm = new VirtualMachine(
      "machine",
      {
        uri: hypervisor.uri,
        name: machine.name,
        domainType: hypervisor.domainType,
        memoryMiB: machine.memoryMiB,
        vcpus: machine.vcpus,
        volumeId: disk.volumeId,
        bridge: hypervisor.bridge,
        mac: machine.mac ?? macAddress(machine.name),
        autostart: machine.autostart,
        protect: machine.protect,
        xslt: domainXslt(hypervisor),
        installation: image.installation,
      },
      onHypervisor,
    );
    return { machine: vm, installation: image.installation };
  }

  private connect(
    { admin, network }: StackConfig,
    machine: VirtualMachine,
    installation: pulumi.Output<string>,
  ): { connection: command.types.input.remote.ConnectionArgs; hostKey: pulumi.Output<string> } {
    const target = { ...admin, host: addressOf(network.address) };
    const { publicKey } = new HostKey(
      "gateway",
      { target, installation },
      { parent: this, dependsOn: machine },
    );
    return { connection: pinned(target, publicKey), hostKey: publicKey };
  }

  private createTunnels(
    { config, presharedKeys }: GatewayArgs,
    connection: command.types.input.remote.ConnectionArgs,
    lifetime: HostLifetime,
    after: pulumi.Resource,
  ): Record<string, pulumi.Output<string>> {
    return Object.fromEntries(
      config.tunnels.map((tunnel) => {
        const presharedKey = presharedKeys.get(tunnel.name);
        const { presharedKey: key } = new Tunnel(
          tunnel.name,
          { connection, config, tunnel, presharedKey, lifetime },
          { parent: this, dependsOn: after },
        );
        return [tunnel.name, key];
      }),
    );
  }
}

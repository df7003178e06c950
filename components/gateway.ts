import type * as command from "@pulumi/command";
import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import { addressOf } from "../config/net";
import type { DiskSource, StackConfig } from "../config/schema";
import type { Applied } from "../contract/applied";
import type { Errata, InstallationOutput } from "../contract/stackOutputs";
import type { TunnelDescription } from "../contract/tunnel";
import type { Complete } from "../contract/types";
import { describeTunnel } from "./describeTunnel";
import { LOGINS_AT_ONCE } from "../render/sshdConf";
import { withOwnXslt } from "../render/ownXslt";
import { diskContents, type DiskContents } from "./hypervisor/diskContents";
import { DiskCopy } from "./hypervisor/diskCopy";
import { LogicalVolume } from "./hypervisor/logicalVolume";
import { cardsOf } from "./hypervisor/networkCards";
import { ownStylesheet } from "./hypervisor/ownStylesheet";
import { VirtualMachine } from "./hypervisor/virtualMachine";
import { FirstBoot } from "./openbsd/firstBoot";
import { certificates, type Held } from "./openbsd/certificates";
import { ownKey } from "./openbsd/ownKey";
import type { HostLifetime } from "./openbsd/remoteStep";
import { System } from "./openbsd/system";
import { Tunnel } from "./openbsd/tunnel";
import type { PerimeterDescription } from "./perimeter/describe";
import { perimeter } from "./perimeter/perimeter";
import { HostKey } from "./ssh";
import { withoutTraces } from "./stackTraces";

/**
 * Tunnels that are worked on at once. What waits on the gateway is activated together, so that many cost little
 * more than one. A jump host has an sshd of its own, whose MaxStartups is not ours: by default it turns away
 * logins from the eleventh on that begin at once.
 */
const LANES = LOGINS_AT_ONCE;
const LANES_OVER_JUMP_HOST = 8;

export interface GatewayArgs {
  readonly config: StackConfig;
  /** The stack's own preshared keys by tunnel name; the other tunnels get a generated one. */
  readonly presharedKeys: ReadonlyMap<string, string>;
  /** The hypervisor has the machine that `source` asks for: nothing is to be installed. */
  readonly installed: boolean;
  /** The word by which libvirt knows the machine as protected, where it does. */
  readonly mark?: string | undefined;
}

/** An OpenBSD IPsec gateway: disk → machine → system → tunnels, and the forwards in front of it. */
export class Gateway extends pulumi.ComponentResource {
  /** The machine's domain. */
  public readonly domain: pulumi.Resource & { readonly id: pulumi.Output<string> };
  /** Public host key of the gateway, one line. */
  public readonly hostKey: pulumi.Output<string>;
  /** That of the jump host before it, if there is one. */
  public readonly jumpKey: pulumi.Output<string> | undefined;
  public readonly tunnels: Complete<TunnelDescription>[];
  /** Errata as the last run of their step found them; undefined where the stack does not look. */
  public readonly patches: pulumi.Output<Errata> | undefined;
  /** What is declared around the gateway. */
  public readonly perimeter: PerimeterDescription;
  /** The gateway's own, PEM; undefined where no tunnel authenticates by public keys. */
  public readonly publicKey: pulumi.Output<string> | undefined;
  /** A request for the gateway's certificate, PEM; undefined where no tunnel has `auth: certificate`. */
  public readonly certificateRequest: pulumi.Output<string> | undefined;
  /** The certificates that hold; undefined without any. */
  public readonly certificates: pulumi.Output<Held> | undefined;
  /** Secret; by tunnel name, of the tunnels that have one. */
  public readonly presharedKeys: pulumi.Output<Record<string, string>>;
  /** Secret; what the gateway is compared with to find what was changed by hand. */
  public readonly applied: pulumi.Output<Applied>;
  /** Undefined when the disk was filled from an image. */
  public readonly installation: pulumi.Output<InstallationOutput> | undefined;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:index:Gateway", name, {}, opts);
    const { config } = args;

    const { machine, contents } = this.createMachine(args);
    const { connection, key } = this.connect(config, machine, contents);
    const lifetime = { host: machine.domain, installation: contents.installation };
    const firstBoot = this.awaitFirstBoot(contents, connection, lifetime);
    const system = new System(
      "system",
      { connection, config, lifetime },
      { parent: this, ...(firstBoot && { dependsOn: firstBoot.ready }) },
    );
    const own = ownKey({ connection, config, lifetime }, { parent: this, dependsOn: system.ready });
    const x509 = certificates(
      { connection, config, lifetime },
      { parent: this, dependsOn: system.ready },
    );
    const ready = [system.ready, ...x509.steps];
    const tunnels = this.createTunnels(args, connection, lifetime, ready);
    const dependsOn = tunnels.map(({ tunnel }) => tunnel);
    this.perimeter = perimeter(config, { parent: this, dependsOn });

    this.domain = machine.domain;
    this.patches = system.patches;
    this.hostKey = key.publicKey;
    this.publicKey = own?.pem;
    this.certificateRequest = x509.request;
    this.certificates = x509.held;
    this.jumpKey = key.jumpKey;
    this.tunnels = config.tunnels.map((tunnel) => describeTunnel(config, tunnel));
    this.presharedKeys = pulumi.secret(
      pulumi.all(
        Object.fromEntries(
          tunnels.flatMap(({ name, tunnel: { presharedKey } }) =>
            presharedKey === undefined ? [] : [[name, presharedKey] as const],
          ),
        ),
      ),
    );
    this.applied = pulumi.secret(
      pulumi
        .all([
          system.applied,
          pulumi.all(tunnels.map(({ tunnel }) => tunnel.applied)),
          own?.applied,
          x509.applied,
        ])
        .apply(([rest, each, ownKey, ofX509]) => ({
          ...rest,
          files: [...rest.files, ...ofX509],
          tunnels: each,
          ownKey,
        })),
    );
    this.installation = firstBoot && summary(contents, firstBoot);
    this.registerOutputs({ hostKey: this.hostKey, tunnels: this.tunnels });
  }

  private createMachine({ config, installed, mark }: GatewayArgs): {
    machine: VirtualMachine;
    contents: DiskContents;
  } {
    const { hypervisor, machine, source } = config;
    const provider = new libvirt.Provider(
      "hypervisor",
      { uri: hypervisor.uri },
      // The state holds the provider's version, the program asks for the bridge's: never equal.
      { parent: this, ignoreChanges: ["version"] },
    );
    const onHypervisor = { parent: this, providers: [provider] };

    const { volumeId, contents } = source.disk
      ? copiedDisk(config, source.disk, onHypervisor)
      : ownDisk(config, installed, onHypervisor);
    const vm = new VirtualMachine(
      "machine",
      {
        hypervisor,
        name: machine.name,
        domainType: hypervisor.domainType,
        memoryMiB: machine.memoryMiB,
        vcpus: machine.vcpus,
        volumeId,
        cards: cardsOf(config),
        autostart: machine.autostart,
        protect: machine.protect && source.iso?.allowReinstall !== true,
        mark,
        xslt: withOwnXslt(hypervisor, ownStylesheet(config)),
        installation: contents.installation,
      },
      onHypervisor,
    );
    return { machine: vm, contents };
  }

  private connect(
    { admin, network }: StackConfig,
    machine: VirtualMachine,
    { installation, hostKey }: DiskContents,
  ): { connection: command.types.input.remote.ConnectionArgs; key: HostKey } {
    const target = { ...admin, host: addressOf(network.address) };
    const key = new HostKey(
      "gateway",
      {
        target,
        installation,
        ...(hostKey && { told: hostKey }),
      },
      { parent: this, dependsOn: machine },
    );
    return { connection: key.connect(target), key };
  }

  private awaitFirstBoot(
    { hostKey }: DiskContents,
    connection: command.types.input.remote.ConnectionArgs,
    lifetime: HostLifetime,
  ): FirstBoot | undefined {
    return hostKey && new FirstBoot("first-boot", { connection, lifetime }, { parent: this });
  }

  private createTunnels(
    { config, presharedKeys }: GatewayArgs,
    connection: command.types.input.remote.ConnectionArgs,
    lifetime: HostLifetime,
    after: readonly pulumi.Resource[],
  ): { name: string; tunnel: Tunnel }[] {
    const made: { name: string; tunnel: Tunnel }[] = [];
    const lanes = config.admin.proxy === undefined ? LANES : LANES_OVER_JUMP_HOST;
    for (const tunnel of config.tunnels) {
      const { name } = tunnel;
      const presharedKey = presharedKeys.get(name);
      const args = { connection, config, tunnel, presharedKey, lifetime };
      const before = made.at(-lanes)?.tunnel;
      const dependsOn = before === undefined ? [...after] : [...after, before];
      const make = () => new Tunnel(name, args, { parent: this, dependsOn });
      // The first ones with traces, as an error of the program shows there too.
      made.push({ name, tunnel: before === undefined ? make() : withoutTraces(make) });
    }
    return made;
  }
}

interface FilledDisk {
  readonly volumeId: pulumi.Output<string>;
  readonly contents: DiskContents;
}

function ownDisk(
  config: StackConfig,
  installed: boolean,
  opts: pulumi.ComponentResourceOptions,
): FilledDisk {
  const { name, diskGiB: sizeGiB, protect } = config.machine;
  const { pool } = config.hypervisor;
  const { volumeId } = new LogicalVolume("disk", { name, pool, sizeGiB, protect }, opts);
  return { volumeId, contents: diskContents(config, volumeId, installed, opts) };
}

function copiedDisk(
  config: StackConfig,
  source: DiskSource,
  opts: pulumi.ComponentResourceOptions,
): FilledDisk {
  const copy = new DiskCopy("copy", { config, source }, opts);
  return { volumeId: copy.volumeId, contents: copy };
}

function summary(
  { report }: DiskContents,
  firstBoot: FirstBoot,
): pulumi.Output<InstallationOutput> | undefined {
  return (
    report &&
    pulumi.all([report, firstBoot.seconds]).apply(([{ seconds, transcript }, booted]) => {
      const { media, upload, total: install } = seconds;
      return { seconds: { media, upload, install, firstBoot: booted }, transcript };
    })
  );
}

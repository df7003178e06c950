import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { IsoSource, StackConfig } from "../../config/schema";
import { type Installed, installed, type WrittenPlan } from "../../contract/install";
import { macAddress } from "../../hypervisor/macAddress";
import type { Media } from "../../contract/media";

export interface InstallationArgs {
  readonly config: StackConfig;
  readonly source: IsoSource;
  readonly media: pulumi.Input<Media>;
  /** The disk's id: a new disk is installed anew. */
  readonly volumeId: pulumi.Input<string>;
  /** The installation that is asked for is there already. */
  readonly installed: boolean;
}

/**
 * OpenBSD on the disk, by its own installer, in a machine that exists only for that. A disk that has
 * been installed on is never written again, unless source.iso.generation changes.
 */
export class Installation extends pulumi.ComponentResource {
  /** Changes with every installation; names the generation. */
  public readonly installation: pulumi.Output<string>;
  public readonly report: pulumi.Output<Installed>;

  constructor(name: string, args: InstallationArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:hypervisor:Installation", name, {}, opts);
    const { generation } = args.source;
    const run = new command.local.Command(
      name,
      {
        create: "exec ./scripts/gateway install --json --values -",
        // A changed value is for the next installation. Never absent: `create` would run instead.
        update: 'printf "%s\\n" "$PULUMI_COMMAND_STDOUT"',
        stdin: pulumi.output(args.media).apply((media) => JSON.stringify(plan(args, media))),
        logging: "stderr",
        triggers: [generation, args.volumeId],
      },
      {
        parent: this,
        // The old gateway has to be gone before its disk is written again.
        deleteBeforeReplace: true,
        ...(args.installed ? { ignoreChanges: ["create", "update", "stdin"] } : {}),
      },
    );
    this.installation = pulumi.interpolate`${run.id}, generation ${generation}`;
    this.report = pulumi.unsecret(run.stdout).apply((json) => installed.parse(JSON.parse(json)));
    this.registerOutputs({ installation: this.installation });
  }
}

/** What `gateway install --values` takes. */
function plan({ config, source }: InstallationArgs, { cds, seconds }: Media): WrittenPlan {
  const { hypervisor, machine } = config;
  return {
    uri: hypervisor.uri,
    name: machine.name,
    domainType: hypervisor.domainType,
    memoryMiB: machine.memoryMiB,
    vcpus: machine.vcpus,
    bridge: hypervisor.bridge,
    mac: machine.mac ?? macAddress(machine.name),
    tcgBufferMiB: hypervisor.tcgBufferMiB,
    disk: { pool: hypervisor.pool, volume: machine.name },
    cds: [...cds],
    path: source.path,
    before: seconds,
  };
}

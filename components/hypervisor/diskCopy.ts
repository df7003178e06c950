import { GIB } from "../../config/units";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { DiskSource, StackConfig } from "../../config/schema";
import { type CopyRequest, keptDisk, type KeptRequest } from "../../contract/adopt";
import type { DiskContents } from "./diskContents";
import { publicHalf } from "./installMedia";

export interface DiskCopyArgs {
  readonly config: StackConfig;
  readonly source: DiskSource;
}

/**
 * A volume of its own that another gateway's sealed disk is copied to, or that was kept. It is made
 * while the machine that it is for still runs from its old one, and no volume is ever deleted.
 */
export class DiskCopy extends pulumi.ComponentResource implements DiskContents {
  public readonly volumeId: pulumi.Output<string>;
  /** Changes with every disk. */
  public readonly installation: pulumi.Output<string>;
  public readonly hostKey: pulumi.Output<string>;

  constructor(name: string, args: DiskCopyArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:hypervisor:DiskCopy", name, {}, opts);
    const run = new command.local.Command(
      name,
      {
        create: "exec ./scripts/gateway adopt --json --values -",
        // A changed value is for the next copy. Never absent: `create` would run instead.
        update: 'printf "%s\\n" "$PULUMI_COMMAND_STDOUT"',
        stdin: JSON.stringify(request(args)),
        logging: "stderr",
        triggers: copyMarks(args.source),
        addPreviousOutputInEnv: true,
      },
      { parent: this },
    );
    const adopted = pulumi.unsecret(run.stdout).apply((json) => keptDisk.parse(JSON.parse(json)));
    this.volumeId = adopted.apply(({ volumeId }) => volumeId);
    this.hostKey = adopted.apply((one) => one.hostKey);
    this.installation = run.id;
    this.registerOutputs({ volumeId: this.volumeId, installation: this.installation });
  }
}

/** What a copied disk is known by: a change of these is another disk. */
export function copyMarks({ volume, from, sha256, hostKey }: DiskSource): string[] {
  return [volume, from === undefined ? "kept" : "copied", sha256 ?? hostKey ?? ""];
}

/** What `gateway adopt --values` takes. */
function request({ config, source }: DiskCopyArgs): CopyRequest | KeptRequest {
  const { hypervisor, machine, network, admin } = config;
  const { from, sha256, volume, hostKey } = source;
  const to = { uri: hypervisor.uri, pool: hypervisor.pool, volume };
  if (!from) return { to, hostKey: hostKey ?? "" };
  return {
    from,
    sha256: sha256 ?? "",
    to,
    bytes: machine.diskGiB * GIB,
    machine: {
      domainType: hypervisor.domainType,
      memoryMiB: machine.memoryMiB,
      tcgBufferMiB: hypervisor.tcgBufferMiB,
    },
    identity: {
      hostname: machine.name,
      interface: network.interface,
      address: network.address,
      gateway: network.gateway,
      dns: network.dns,
      sshPublicKeys: admin.publicKeys ?? [publicHalf(admin.identityFile ?? "")],
    },
  };
}

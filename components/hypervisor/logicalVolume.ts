import { GIB } from "../../config/units";
import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";

export interface LogicalVolumeArgs {
  /** Name of the logical volume in the volume group. A change replaces it. */
  readonly name: string;
  /** An existing libvirt pool of type `logical`; the pool and its volume group are never managed. */
  readonly pool: string;
  /** Size in GiB, a whole number of LVM extents. A change replaces the volume. */
  readonly sizeGiB: number;
  /** Keep the volume when it leaves the program, and refuse to delete it. */
  readonly protect: boolean;
}

/** The gateway's disk: a thick logical volume of its own. */
export class LogicalVolume extends pulumi.ComponentResource {
  public readonly volumeId: pulumi.Output<string>;

  constructor(name: string, args: LogicalVolumeArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:hypervisor:LogicalVolume", name, {}, opts);
    const volume = new libvirt.Volume(
      name,
      { name: args.name, pool: args.pool, size: args.sizeGiB * GIB, format: "raw" },
      {
        parent: this,
        protect: args.protect,
        retainOnDelete: args.protect,
        // Two volumes of one name cannot exist side by side.
        deleteBeforeReplace: true,
      },
    );
    this.volumeId = volume.id;
    this.registerOutputs({ volumeId: this.volumeId });
  }
}

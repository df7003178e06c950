import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import { DiskImage } from "./diskImage";
import type { Installed } from "../../contract/install";
import { Installation } from "./installation";
import { InstallMedia } from "./installMedia";

export interface DiskContents {
  /** Identity of what is on the disk. */
  readonly installation: pulumi.Output<string>;
  /** The host key it told on its console; an image brings its own along, or makes it at its start. */
  readonly hostKey?: pulumi.Output<string>;
  /** Only of an installation. */
  readonly report?: pulumi.Output<Installed>;
}

/**
 * What `source` says is on the disk.
 * @param installed the installation that is asked for is there already
 */
export function diskContents(
  config: StackConfig,
  volumeId: pulumi.Input<string>,
  installed: boolean,
  opts: pulumi.ComponentResourceOptions,
): DiskContents {
  const { hypervisor, machine, source } = config;
  if (source.iso) {
    const common = { config, source: source.iso, volumeId, installed };
    const { media } = new InstallMedia("media", common, opts);
    const { installation, report } = new Installation("installation", { ...common, media }, opts);
    return { installation, report, hostKey: report.apply(({ hostKey }) => hostKey) };
  }
  const { file = "", sha256 } = source.image ?? {};
  const disk = { hypervisor, pool: hypervisor.pool, volume: machine.name, volumeId };
  return new DiskImage("image", { ...disk, file, sha256 }, opts);
}

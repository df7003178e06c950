import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

export interface DiskImageArgs {
  /** libvirt connection URI, e.g. `qemu:///system`. */
  readonly uri: string;
  readonly pool: string;
  /** Name of the volume that takes the image. */
  readonly volume: string;
  /** The volume's id: a new volume is a new upload. */
  readonly volumeId: pulumi.Input<string>;
  /** A raw disk image on the machine that runs Pulumi, not larger than the volume. */
  readonly file: string;
  /** Expected SHA-256 of the file, in hex. Default: the file is taken as it is. */
  readonly sha256?: string | undefined;
}

// The check and the upload are one command, so that nothing unchecked is ever on the disk.
const UPLOAD = `set -eu
echo "$IMAGE_SHA256  $IMAGE_FILE" | sha256sum --check --status || {
  echo "$IMAGE_FILE: SHA-256 differs from source.image.sha256: get the image again, or correct the value" >&2
  exit 1
}
virsh -q -c "$LIBVIRT_URI" vol-upload --pool "$POOL" --vol "$VOLUME" --file "$IMAGE_FILE"`;

/** Fills a volume with a disk image. A changed image replaces what is on the disk. */
export class DiskImage extends pulumi.ComponentResource {
  /** SHA-256 of what was written. */
  public readonly sha256: string;
  /** Changes with every writing of the disk. */
  public readonly installation: pulumi.Output<string>;

  constructor(name: string, args: DiskImageArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:hypervisor:DiskImage", name, {}, opts);
    this.sha256 = args.sha256 ?? sha256OfFile(args.file);
    const upload = new command.local.Command(
      name,
      {
        create: UPLOAD,
        environment: {
          LIBVIRT_URI: args.uri,
          POOL: args.pool,
          VOLUME: args.volume,
          IMAGE_FILE: args.file,
          IMAGE_SHA256: this.sha256,
        },
        triggers: [this.sha256, args.volumeId],
        addPreviousOutputInEnv: false,
      },
      {
        parent: this,
        // The machine has to be gone before its disk is written again.
        deleteBeforeReplace: true,
        // Only contents matter: a moved file or a new URI is not a reason to write the disk.
        ignoreChanges: ["environment"],
      },
    );
    this.installation = upload.id;
    this.registerOutputs({ sha256: this.sha256, installation: this.installation });
  }
}

/** In hex. The file may be larger than the memory. */
export function sha256OfFile(path: string): string {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(1024 * 1024);
  const file = openSync(path, "r");
  try {
    for (let n = readSync(file, chunk); n > 0; n = readSync(file, chunk)) {
      hash.update(chunk.subarray(0, n));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Declared } from "../../hypervisor/connection";
import { VIRSH, virshVariables } from "../../hypervisor/script";

export interface DiskImageArgs {
  readonly hypervisor: Declared;
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

// The check and the upload are one command, so that nothing unchecked is ever on the disk: of a copy that
// nobody else can write to, as the file may be another one when it is read again.
export const UPLOAD = `${VIRSH}
folder=\${XDG_STATE_HOME:-$HOME/.local/state}/openbsd-ipsec-gateway
mkdir -p "$folder"
copy=$(mktemp -d "$folder/image.XXXXXXXX")
cp --reflink=auto --sparse=always -- "$IMAGE_FILE" "$copy/image"
[ "$(sha256sum <"$copy/image")" = "$IMAGE_SHA256  -" ] || {
  echo "$IMAGE_FILE: SHA-256 differs from source.image.sha256: get the image again, or correct the value" >&2
  exit 1
}
v vol-upload --pool "$POOL" --vol "$VOLUME" --file "$copy/image"`;

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
        // Only another image or another volume is a reason to write the disk, never another script.
        update: ":",
        environment: {
          ...virshVariables(args.hypervisor),
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

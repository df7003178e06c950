import { z } from "zod";
import { knownVersions } from "../releases";
import { identifier, matching, mirror, publicKey } from "./forms";
import { hypervisorUri, localPath } from "./reach";

const sha256 = matching(
  /^[0-9a-f]{64}$/,
  "is not a SHA-256",
  "write 64 hex digits in lower case",
).meta({ form: "SHA-256" });

const image = z
  .strictObject({
    file: localPath.meta({
      description: "Raw disk image, a file on the machine that runs the stack.",
      change: "of its contents writes the disk anew: everything on the disk is lost",
      examples: ["openbsd.img"],
    }),
    sha256: sha256.optional().meta({ description: "SHA-256 of the file.", absent: "not checked" }),
  })
  .meta({
    description: "A disk image that is written to the disk when the disk is made.",
    examples: [{ file: "openbsd.img" }],
  });

const disk = z
  .strictObject({
    volume: identifier.meta({
      description: "The volume in `hypervisor.pool`.",
      change: "restarts the gateway from the other disk; the one before stays",
      examples: ["gw-prod-20261127-1611"],
    }),
    from: z
      .strictObject({
        uri: hypervisorUri.meta({
          description: "libvirt connection URI of the hypervisor that has it.",
          examples: ["qemu:///system"],
        }),
        pool: identifier.meta({ description: "Its pool.", examples: ["vg0"] }),
        volume: identifier.meta({ description: "Its volume.", examples: ["gw-test-sealed"] }),
      })
      .meta({
        description: "The sealed disk.",
        examples: [
          {
            uri: "qemu+ssh://root@hv1/system",
            pool: "vg0",
            volume: "gw-test-sealed-20261127-1611",
          },
        ],
      })
      .optional()
      .meta({
        description: "The sealed disk that `gateway promote --copy` made and that is copied.",
        absent: "the volume is there already",
      }),
    sha256: sha256.optional().meta({
      description: "SHA-256 of the sealed disk, as `gateway promote --list` shows it.",
      absent: "none; required with `from`",
    }),
    hostKey: publicKey.optional().meta({
      description: "The SSH host key of the gateway on the disk.",
      absent: "made and told by the copied gateway; required without `from`",
    }),
  })
  .meta({
    description:
      "A copy of another gateway's disk, or one that was kept ([promotion](promotion.md#a-copy-of-the-disk)). `gateway promote` writes it.",
    examples: [{ volume: "gw-prod-old", hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHWfAbo5" }],
  });

/** YAML reads 7.9 as a number, and 8.0 as 8. */
const release = z
  .preprocess(
    (value) => (typeof value === "number" ? value.toFixed(1) : value),
    z.enum(knownVersions).meta({ examples: ["7.9"] }),
  )
  .meta({
    description:
      "The release to install. The key of this release, and no other, verifies the ISO. Warns when OpenBSD gives it no patches any more.",
  });

const iso = z
  .strictObject({
    release,
    file: localPath.optional().meta({
      description: "installNN.iso, a file on the machine that runs the stack.",
      absent: "fetched from `mirrors`, and kept in ~/.cache/openbsd-ipsec-gateway",
    }),
    signature: localPath.optional().meta({
      description: "SHA256.sig of `file`.",
      absent: "the one beside the file",
    }),
    mirrors: z.array(mirror).min(1).optional().meta({
      description: "Mirrors to fetch from, asked in this order. None of them is trusted.",
      absent: "OpenBSD's",
    }),
    key: localPath.optional().meta({
      description: "signify public key, for media that you sign yourself.",
      absent: "OpenBSD's key of the release",
    }),
    generation: z.int().min(1).max(9999).default(1).meta({
      description: "Which installation this is.",
      form: "number",
      change: "to a higher number installs anew: everything on the disk is lost",
    }),
    allowReinstall: z.boolean().default(false).meta({
      description:
        "Let a new generation replace a gateway with `machine.protect`. Run `pulumi up` with it once before the number is raised, and take it out afterwards.",
    }),
    path: z.enum(["remastered", "stock"]).default("remastered").meta({
      description:
        "`remastered`: one CD, made from the verified one, with the answers on it. `stock`: the official CD unchanged, and the answers on a second one.",
    }),
  })
  .meta({
    description:
      "OpenBSD's installer, from its signed ISO, with nobody at the console ([installation](install.md)). Except `generation`, a change counts for the next installation only.",
    examples: [{ release: "7.9" }],
  });

export const source = z
  .strictObject({
    image: image.optional().meta({ description: "A disk image.", absent: "none" }),
    iso: iso.optional().meta({ description: "OpenBSD's installer.", absent: "none" }),
    disk: disk.optional().meta({ description: "A copied or kept disk.", absent: "none" }),
  })
  .meta({
    description: "How the disk gets its contents: exactly one of the three.",
    examples: [{ iso: { release: "7.9" } }],
  });

export type ImageSource = z.output<typeof image>;
export type IsoSource = z.output<typeof iso>;
export type DiskSource = z.output<typeof disk>;

/** Exactly one of them is there (rule GW090). */
export type Source = z.output<typeof source>;
